#pragma once

// A task of a pool takes a lock, splits its work, and while another thread does a part of it, its own thread looks for something else to do: a
// task that takes the same lock. The thread waits for itself (rayon#592). Repaired, it does nothing else while it waits.

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class pool_task_waits_with_lock : public scenario_of<2> {
public:
    static constexpr label is{"waiting", "pool_task_waits_with_lock", "rayon-rs/rayon#592", "DEADLOCK|LIVELOCK"};

    void thread(unsigned) override {
        while (done_.load(order::acquire) != 2) {
            if (!do_a_part() && !do_a_task()) {
                yield();
            }
        }
    }

private:
    bool do_a_part() {
        if (!take(parts_)) {
            return false;
        }
        parts_done_.fetch_add(1, order::release);
        return true;
    }
    bool do_a_task() {
        if (!take(tasks_)) {
            return false;
        }
        scoped_lock const lock(mutex_);
        auto const before = parts_done_.load(order::acquire);
        parts_.fetch_add(1, order::release);
        while (parts_done_.load(order::acquire) == before) {
            if (!do_a_part() && (repaired || !do_a_task())) {
                yield();
            }
        }
        done_.fetch_add(1, order::release);
        return true;
    }
    static bool take(atomic<int>& some) {
        auto left = some.load(order::acquire);
        while (left != 0) {
            if (some.compare_exchange_weak(left, left - 1, order::acq_rel, order::acquire)) {
                return true;
            }
        }
        return false;
    }

    mutex mutex_;
    atomic<int> tasks_{2}, parts_{0}, parts_done_{0}, done_{0};
};

} // namespace tandem::museum
