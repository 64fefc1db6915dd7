#pragma once

// std::atomic<std::shared_ptr> of libstdc++ 12 guards a plain pointer with a bit of the count's word. A load locks, copies the pointer and
// unlocks, relaxed: the next store, which locks with acquire, is not ordered after the load's read of the pointer.

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class shared_ptr_lock_bit : public scenario_of<2> {
public:
    static constexpr label is{"order", "shared_ptr_lock_bit", "libstdc++ 12, atomic<shared_ptr>::load", "DATA RACE"};

    void thread(unsigned t) override {
        lock();
        if (t == 0) {
            seen_ = pointer_.read();
            word_.fetch_sub(1, either(repaired, order::release, order::relaxed));
        } else {
            pointer_.write(1);
            word_.fetch_sub(1, order::release);
        }
    }

private:
    void lock() {
        auto seen = word_.load(order::relaxed) & ~1;
        while (!word_.compare_exchange_strong(seen, seen | 1, order::acquire, order::relaxed)) {
            seen &= ~1;
            yield();
        }
    }

    atomic<int> word_{8}; // where the count is; odd: locked
    cell<int> pointer_{0};
    int seen_ = 0;
};

} // namespace tandem::museum
