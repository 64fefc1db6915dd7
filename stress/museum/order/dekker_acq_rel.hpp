#pragma once

// Dekker's algorithm with release stores and acquire loads: the store of one's own flag may still be on its way when the other's is read, and
// both go in (Dijkstra, 1965; the example of Boehm and Adve, 2008, for why acquire and release are not enough).

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class dekker_acq_rel : public scenario_of<2> {
public:
    static constexpr label is{"order", "dekker_acq_rel", "Dekker's algorithm (1965), with acquire and release", "DATA RACE"};

    void thread(unsigned t) override {
        auto const other = 1 - t;
        wants_[t].store(true, stores);
        while (wants_[other].load(loads)) {
            if (turn_.load(loads) == other) {
                wants_[t].store(false, stores);
                while (turn_.load(loads) == other) {
                    yield();
                }
                wants_[t].store(true, stores);
            } else {
                yield();
            }
        }
        entries_.write(entries_.read() + 1);
        turn_.store(other, stores);
        wants_[t].store(false, stores);
    }
    void after() override { require(entries_.read() == 2, "both were inside"); }

private:
    static constexpr auto stores = either(repaired, order::seq_cst, order::release);
    static constexpr auto loads = either(repaired, order::seq_cst, order::acquire);

    std::array<atomic<bool>, 2> wants_{};
    atomic<unsigned> turn_{0};
    cell<int> entries_{0};
};

} // namespace tandem::museum
