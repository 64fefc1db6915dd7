#pragma once

// Two write, relaxed; two read both, seq_cst. The readers agree on the order of the writes, since C++20 (P0668): of two loads of one word, if the first
// reads what is overwritten by what the second reads, the first is before the second in the order of all seq_cst operations.

#include "../museum.hpp"

namespace tandem::museum {

class iriw_sc_loads : public scenario_of<4> {
public:
    static constexpr label is{"correct", "iriw_sc_loads", "IRIW with seq_cst loads over relaxed stores, P0668", "", relacy::differs};

    void thread(unsigned t) override {
        if (t < 2) {
            words_[t].store(1, order::relaxed);
        } else {
            auto const first = words_[t - 2].load(order::seq_cst);
            auto const second = words_[3 - t].load(order::seq_cst);
            other_way_[t - 2] = first == 1 && second == 0;
        }
    }
    void after() override { require(!(other_way_[0] && other_way_[1]), "two readers saw two orders"); }

private:
    std::array<atomic<int>, 2> words_{};
    std::array<bool, 2> other_way_{};
};

} // namespace tandem::museum
