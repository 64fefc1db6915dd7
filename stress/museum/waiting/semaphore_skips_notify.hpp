#pragma once

// A semaphore's release notifies one waiter, and only when the count was zero. Two releases in a row, with two asleep: the first wakes one of them, which
// has not come to take anything yet; the second finds a count of one and wakes nobody (libc++, llvm-project#79265; libstdc++ 12 too).

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class semaphore_skips_notify : public scenario_of<3> {
public:
    static constexpr label is{"waiting", "semaphore_skips_notify", "libc++'s counting_semaphore, llvm/llvm-project#79265", "DEADLOCK"};

    void thread(unsigned t) override {
        if (t == 0) {
            release();
            release();
        } else {
            acquire();
        }
    }

private:
    void release() {
        if (count_.fetch_add(1, order::release) == 0 || repaired) {
            unpark_one(count_);
        }
    }
    void acquire() {
        for (auto seen = count_.load(order::relaxed);;) {
            if (seen == 0) {
                park(count_, 0);
                seen = count_.load(order::relaxed);
            } else if (count_.compare_exchange_weak(seen, seen - 1, order::acquire, order::relaxed)) {
                return;
            }
        }
    }

    atomic<std::uint32_t> count_{0};
};

} // namespace tandem::museum
