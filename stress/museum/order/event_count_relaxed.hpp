#pragma once

// A queue whose consumer sleeps on an event count: it announces itself, looks once more, and sleeps. The producer, after its store, looks for an
// announcement with a relaxed load, which may be answered from before the store; both miss each other, and the consumer sleeps for ever
// (the SPSC queue of Relacy's examples, a known bug in the benchmarks of CDSChecker, 2013).

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class event_count_relaxed : public scenario_of<2> {
public:
    static constexpr label is{"order", "event_count_relaxed", "SPSC queue with an event count, CDSChecker's benchmarks (2013)", "DEADLOCK"};

    void thread(unsigned t) override {
        if (t == 0) {
            items_.store(1, announces);
            signal();
        } else {
            while (items_.load(order::acquire) == 0) {
                wait();
            }
        }
    }

private:
    static constexpr auto announces = either(repaired, order::seq_cst, order::release);
    static constexpr std::uint32_t somebody_waits = 1;

    void wait() {
        auto const seen = count_.fetch_or(somebody_waits, order::seq_cst) | somebody_waits;
        if (items_.load(order::seq_cst) == 0) {
            park(count_, seen);
        }
    }
    void signal() {
        auto seen = count_.load(either(repaired, order::seq_cst, order::relaxed));
        while ((seen & somebody_waits) != 0) {
            if (count_.compare_exchange_weak(seen, (seen & ~somebody_waits) + 2, order::seq_cst, order::relaxed)) {
                unpark_all(count_);
                return;
            }
        }
    }

    atomic<int> items_{0};
    atomic<std::uint32_t> count_{0}; // of signals, times two
};

} // namespace tandem::museum
