#pragma once

// Sixteen small numbers in one word, of which any two can be exchanged at once: for algorithms that want a double compare-and-swap.

#include "museum.hpp"

namespace tandem::museum {

class two_at_once {
public:
    using number = std::uint64_t; // below 16

    struct change {
        number at, was, is;
    };

    number read(number at) const { return in(all_.load(order::seq_cst), at); }
    void write(number at, number is) {
        while (!exchange({at, read(at), is})) {
        }
    }
    bool exchange(change a, change b = {0, 0, 0}) {
        auto all = all_.load(order::seq_cst);
        while (in(all, a.at) == a.was && (b.was == b.is || in(all, b.at) == b.was)) {
            auto const changed = all ^ (a.was ^ a.is) << 4 * a.at ^ (b.was ^ b.is) << 4 * b.at;
            if (all_.compare_exchange_strong(all, changed, order::seq_cst, order::seq_cst)) {
                return true;
            }
        }
        return false;
    }

private:
    static number in(number all, number at) { return all >> 4 * at & 15; }

    atomic<number> all_{0};
};

} // namespace tandem::museum
