#pragma once

// As in Dekker's algorithm, but one side has relaxed accesses with a seq_cst fence between, and the other seq_cst accesses and no fence: whoever is
// second sees the first. Event counts rely on such a mix; before C++20 the words of the standard did not quite promise it (P0668).

#include "../museum.hpp"

namespace tandem::museum {

class fence_against_accesses : public scenario_of<2> {
public:
    static constexpr label is{"correct", "fence_against_accesses", "a seq_cst fence against seq_cst accesses, P0668", "", relacy::differs, true};

    void thread(unsigned t) override {
        if (t == 0) {
            words_[0].store(1, order::relaxed);
            fence(order::seq_cst);
            seen_[0] = words_[1].load(order::relaxed);
        } else {
            words_[1].store(1, order::seq_cst);
            seen_[1] = words_[0].load(order::seq_cst);
        }
    }
    void after() override { require(seen_[0] + seen_[1] != 0, "each missed the other"); }

private:
    std::array<atomic<int>, 2> words_{};
    std::array<int, 2> seen_{};
};

} // namespace tandem::museum
