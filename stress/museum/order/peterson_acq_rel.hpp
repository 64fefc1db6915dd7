#pragma once

// Peterson's lock with release stores and acquire loads: each may miss that the other is interested. It needs a single order of all four
// accesses; written for sequentially consistent memory (Peterson, 1981), it is wrong on x86 too.

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class peterson_acq_rel : public scenario_of<2> {
public:
    static constexpr label is{"order", "peterson_acq_rel", "Peterson's algorithm (1981), with acquire and release", "DATA RACE"};

    void thread(unsigned t) override {
        auto const other = 1 - t;
        interested_[t].store(true, stores);
        turn_.store(other, stores);
        while (interested_[other].load(loads) && turn_.load(loads) == other) {
            yield();
        }
        entries_.write(entries_.read() + 1);
        interested_[t].store(false, order::release);
    }
    void after() override { require(entries_.read() == 2, "both were inside"); }

private:
    static constexpr auto stores = either(repaired, order::seq_cst, order::release);
    static constexpr auto loads = either(repaired, order::seq_cst, order::acquire);

    std::array<atomic<bool>, 2> interested_{};
    atomic<unsigned> turn_{0};
    cell<int> entries_{0};
};

} // namespace tandem::museum
