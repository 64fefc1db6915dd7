#pragma once

// A lock of one flag that everybody tries to set gives no turn: a thread may try and fail while another takes it again and again. A ticket lock
// (Reed and Kanodia, 1979; Mellor-Crummey and Scott, 1991) lets everybody else in once at most.

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class tas_lock_starves : public scenario_of<2> {
public:
    static constexpr label is{"waiting", "tas_lock_starves", "test-and-set locks, Mellor-Crummey and Scott (1991)", "USER ASSERT FAILED"};

    void thread(unsigned t) override {
        if (t == 0) {
            for (int i = 0; i != 4; ++i) {
                lock([] {});
                entered_.fetch_add(1, order::relaxed);
                unlock();
            }
        } else {
            int before = 0;
            lock([&] { before = entered_.load(order::seq_cst); });
            require(entered_.load(order::seq_cst) <= before + 1, "overtaken twice");
            unlock();
        }
    }

private:
    // Calls f when it has taken its place in the queue, where there is one, and has failed once where not.
    template <class F>
    void lock(F waits) {
        if constexpr (repaired) {
            auto const mine = tickets_.fetch_add(1, order::acq_rel);
            waits();
            while (served_.load(order::acquire) != mine) {
                yield();
            }
        } else if (taken_.exchange(true, order::acquire)) {
            waits();
            while (taken_.exchange(true, order::acquire)) {
                yield();
            }
        } else {
            waits();
        }
    }
    void unlock() { repaired ? void(served_.fetch_add(1, order::release)) : taken_.store(false, order::release); }

    atomic<bool> taken_{false};
    atomic<unsigned> tickets_{0}, served_{0};
    atomic<int> entered_{0};
};

} // namespace tandem::museum
