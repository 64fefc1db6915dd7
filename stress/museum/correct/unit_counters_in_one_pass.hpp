#pragma once

// Counters that only grow, and by one at a time, read one after the other: the sum of one pass is a sum that there was, at some instant of the pass.
// While they are read the true sum goes from no more than that to no less, and leaves out no number on the way (with steps of two it does).

#include "../museum.hpp"

namespace tandem::museum {

class unit_counters_in_one_pass : public scenario_of<3> {
public:
    static constexpr label is{"correct", "unit_counters_in_one_pass", "striped counters of units, read once", ""};

    void thread(unsigned t) override {
        if (t != 2) {
            for (int n = 0; n != 2; ++n) {
                begun_.fetch_add(1, order::seq_cst);
                counters_[t].fetch_add(1, order::seq_cst);
                ended_.fetch_add(1, order::seq_cst);
            }
            return;
        }
        int last = 0;
        for (int pass = 0; pass != 2; ++pass) {
            auto const ended = ended_.load(order::seq_cst);
            auto const sum = counters_[0].load(order::seq_cst) + counters_[1].load(order::seq_cst);
            require(ended <= sum && sum <= begun_.load(order::seq_cst), "a sum that there never was");
            require(std::exchange(last, sum) <= sum, "a sum went back");
        }
    }

private:
    std::array<atomic<int>, 2> counters_{};
    atomic<int> begun_{0}, ended_{0};
};

} // namespace tandem::museum
