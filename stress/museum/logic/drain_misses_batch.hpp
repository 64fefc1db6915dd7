#pragma once

// Additions are kept in a batch of the thread, and a flush takes the batch and adds it to the total. A drain that takes the total and
// the batches while a batch is in neither of them misses additions that had returned long before it began.

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class drain_misses_batch : public scenario_of<2> {
public:
    static constexpr label is{"logic", "drain_misses_batch", "counters and logs with a batch a thread", "USER ASSERT FAILED"};

    void thread(unsigned t) override {
        if (t == 0) {
            batch_.fetch_add(1, order::release);
            added_.store(true, order::release);
            flush();
        } else if (added_.load(order::acquire)) {
            require(drain() == 1, "an addition that had returned is not in the drain");
        }
    }

private:
    void flush() {
        together([&] { total_.fetch_add(batch_.exchange(0, order::acq_rel), order::acq_rel); });
    }
    int drain() {
        int sum = 0;
        together([&] { sum = total_.exchange(0, order::acq_rel) + batch_.exchange(0, order::acq_rel); });
        return sum;
    }
    template <class F>
    void together(F f) {
        if constexpr (repaired) {
            scoped_lock const lock(mutex_);
            f();
        } else {
            f();
        }
    }

    mutex mutex_;
    atomic<int> total_{0}, batch_{0};
    atomic<bool> added_{false};
};

} // namespace tandem::museum
