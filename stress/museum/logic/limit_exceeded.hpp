#pragma once

// A counter with a part for each processor and a limit: an addition sums the parts, compares with the limit, and adds to its own. Two that
// look at the same time both fit, and together they do not (Linux, percpu_counter_limited_add, LKML 2024).

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class limit_exceeded : public scenario_of<2> {
public:
    static constexpr label is{"logic", "limit_exceeded", "Linux percpu_counter_limited_add, LKML 2024", "USER ASSERT FAILED"};

    void thread(unsigned t) override {
        if constexpr (repaired) { // taken from what is left first
            auto left = left_.load(order::relaxed);
            while (left != 0) {
                if (left_.compare_exchange_weak(left, left - 1, order::relaxed, order::relaxed)) {
                    parts_[t].fetch_add(1, order::relaxed);
                    return;
                }
            }
        } else if (sum() < limit) {
            parts_[t].fetch_add(1, order::seq_cst);
        }
    }
    void after() override { require(sum() <= limit, "more was added than the limit allows"); }

private:
    static constexpr int limit = 1;

    int sum() const { return parts_[0].load(order::seq_cst) + parts_[1].load(order::seq_cst); }

    std::array<atomic<int>, 2> parts_{};
    atomic<int> left_{limit};
};

} // namespace tandem::museum
