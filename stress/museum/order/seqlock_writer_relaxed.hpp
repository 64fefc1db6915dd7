#pragma once

// The writer of a sequence lock has its release fence after the store that says "complete" and not before: the words may become visible after
// the number that vouches for them (dora#3288, torn reads of shared memory on AArch64).

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class seqlock_writer_relaxed : public scenario_of<2> {
public:
    static constexpr label is{"order", "seqlock_writer_relaxed", "dora tensor pool, dora-rs/dora#3288", "USER ASSERT FAILED",
                              relacy::agrees, true};

    void thread(unsigned t) override {
        if (t == 0) {
            number_.store(1, order::relaxed);
            fence(order::release);
            words_[0].store(1, order::relaxed);
            words_[1].store(1, order::relaxed);
            if constexpr (repaired) {
                fence(order::release);
            }
            number_.store(2, order::relaxed);
            fence(order::release);
            return;
        }
        auto const first = number_.load(order::acquire);
        auto const a = words_[0].load(order::relaxed);
        auto const b = words_[1].load(order::relaxed);
        fence(order::acquire);
        auto const second = number_.load(order::relaxed);
        require(first % 2 == 1 || first != second || a == b, "half of an update passed as valid");
    }

private:
    atomic<int> number_{0}; // odd: somebody writes
    std::array<atomic<int>, 2> words_{};
};

} // namespace tandem::museum
