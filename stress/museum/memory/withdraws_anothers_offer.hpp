#pragma once

// Somebody puts an offer in a slot, and later takes it back if it is still there: it compares addresses. Meanwhile the offer may have been taken
// and its memory given back, and another one made in the same place: it is withdrawn instead. Exchangers in languages that collect garbage
// (Scherer, Lea and Scott, 2005) need no count beside the pointer; ported to C++ they do.

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class withdraws_anothers_offer : public scenario_of<2> {
public:
    static constexpr label is{"memory", "withdraws_anothers_offer", "Scherer, Lea and Scott's exchanger (2005), without garbage collection",
                              "USER ASSERT FAILED"};

    void thread(unsigned t) override {
        if (t == 0) {
            auto mine = offer(1);
            if (slot_.compare_exchange_strong(mine, 0, order::acq_rel, order::acquire)) {
                end(mine, 1);
            }
        } else if (auto const its = slot_.exchange(0, order::acq_rel); its != 0) {
            end(its, 1);
            offer(2);
        }
    }
    void after() override {
        if (auto const left = slot_.load(order::relaxed); left != 0) {
            end(left, 2);
        }
    }

private:
    using word = std::uint64_t; // an address, and where that leaves bits free, a count
    static constexpr word one_more = word{1} << 48;

    word offer(int number) {
        auto const at = reinterpret_cast<word>(make<int>(number));
        auto const mine = at + (repaired ? static_cast<word>(number) * one_more : 0);
        slot_.store(mine, order::release);
        return mine;
    }
    void end(word offer, int expected) {
        auto* const it = reinterpret_cast<int*>(offer % one_more);
        require(*it == expected, "another's offer was withdrawn");
        free(it);
    }

    atomic<word> slot_{0};
};

} // namespace tandem::museum
