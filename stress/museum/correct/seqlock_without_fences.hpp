#pragma once

// A sequence lock without a fence: the words themselves are stored with release and loaded with acquire. Who reads a word of an update has
// the odd number before it behind itself, and sees it when it validates (Boehm, "Can seqlocks get along with programming language
// memory models?", 2012, has the fences and other forms).

#include "../museum.hpp"

namespace tandem::museum {

class seqlock_without_fences : public scenario_of<2> {
public:
    static constexpr label is{"correct", "seqlock_without_fences", "a form of Boehm's seqlocks (2012)", ""};

    void thread(unsigned t) override {
        for (int v = 1; t == 0 && v <= 2; ++v) {
            number_.store(2 * v - 1, order::relaxed);
            words_[0].store(v, order::release);
            words_[1].store(v, order::release);
            number_.store(2 * v, order::release);
        }
        if (t == 1) {
            auto const first = number_.load(order::acquire);
            auto const a = words_[0].load(order::acquire);
            auto const b = words_[1].load(order::acquire);
            auto const second = number_.load(order::relaxed);
            require(first % 2 == 1 || first != second || (a == b && 2 * a == first), "half of an update passed as valid");
        }
    }

private:
    atomic<int> number_{0}; // odd: somebody writes
    std::array<atomic<int>, 2> words_{};
};

} // namespace tandem::museum
