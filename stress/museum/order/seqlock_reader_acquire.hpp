#pragma once

// A reader of a sequence lock validates with an acquire load, which keeps later accesses behind it and not the earlier ones before it: the words
// may be read after the number is. It takes a fence between the two (CPython, gh-121368: wrong method cache entries on Apple's processors).

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class seqlock_reader_acquire : public scenario_of<2> {
public:
    static constexpr label is{"order", "seqlock_reader_acquire", "CPython _PySeqLock_EndRead, python/cpython gh-121368",
                              "USER ASSERT FAILED", relacy::agrees, true};

    void thread(unsigned t) override {
        if (t == 0) {
            number_.store(1, order::relaxed);
            fence(order::release);
            words_[0].store(1, order::relaxed);
            words_[1].store(1, order::relaxed);
            number_.store(2, order::release);
            return;
        }
        auto const first = number_.load(order::acquire);
        auto const a = words_[0].load(order::relaxed);
        auto const b = words_[1].load(order::relaxed);
        if constexpr (repaired) {
            fence(order::acquire);
        }
        auto const second = number_.load(either(repaired, order::relaxed, order::acquire));
        require(first % 2 == 1 || first != second || a == b, "half of an update passed as valid");
    }

private:
    atomic<int> number_{0}; // odd: somebody writes
    std::array<atomic<int>, 2> words_{};
};

} // namespace tandem::museum
