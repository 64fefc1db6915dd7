#pragma once

// A striped counter is drained by reading each stripe and then storing 0 in it: what is added in between is in no sum (sumThenReset of
// java.util.concurrent's LongAdder, as it was). Repaired, each stripe is read and emptied by one exchange.

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class sum_then_reset : public scenario_of<2> {
public:
    static constexpr label is{"logic", "sum_then_reset", "LongAdder::sumThenReset of java.util.concurrent, as it was", "USER ASSERT FAILED"};

    void thread(unsigned t) override {
        if (t == 0) {
            stripes_[0].fetch_add(1, order::relaxed);
            stripes_[1].fetch_add(1, order::relaxed);
        } else {
            drained_ += drain();
        }
    }
    void after() override { require(drained_ + drain() == 2, "an addition was lost"); }

private:
    int drain() {
        int sum = 0;
        for (auto& one : stripes_) {
            if constexpr (repaired) {
                sum += one.exchange(0, order::relaxed);
            } else {
                sum += one.load(order::relaxed);
                one.store(0, order::relaxed);
            }
        }
        return sum;
    }

    std::array<atomic<int>, 2> stripes_{};
    int drained_ = 0;
};

} // namespace tandem::museum
