#pragma once

// Producers claim a slot with one addition and fill it later. A consumer that is told to stop takes out what is there, up to the first slot that
// is not filled, and goes: that slot was claimed, and what its producer then puts there is never taken out (reviewed in helio#600).

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class claimed_slot_at_shutdown : public scenario_of<2> {
public:
    static constexpr label is{"waiting", "claimed_slot_at_shutdown", "a blocking queue of fibers, romange/helio#600", "USER ASSERT FAILED"};

    void thread(unsigned t) override {
        if (t == 0) {
            for (int i = 0; i != 2; ++i) {
                auto const slot = claimed_.fetch_add(1, order::acq_rel);
                if (slot >= stopped) {
                    return; // refused
                }
                filled_[slot].store(true, order::release);
                ++accepted_;
            }
        } else {
            auto const claimed = claimed_.fetch_or(stopped, order::acq_rel);
            while (taken_ != claimed && (repaired || filled_[taken_].load(order::acquire))) {
                if (filled_[taken_].load(order::acquire)) {
                    ++taken_;
                } else {
                    yield();
                }
            }
        }
    }
    void after() override { require(taken_ == accepted_, "a task was accepted and never run"); }

private:
    static constexpr unsigned stopped = 16;

    atomic<unsigned> claimed_{0};
    std::array<atomic<bool>, 2> filled_{};
    unsigned accepted_ = 0, taken_ = 0; // the one's, and the other's
};

} // namespace tandem::museum
