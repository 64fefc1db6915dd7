#pragma once

// Helpers move a key to the new table by filling its place if that is empty. The key is moved by one of them and erased in the new table; another
// one, late, finds an empty place again. Cliff Click's map (2007) leaves a tombstone in an erased place, which is not empty.

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class late_helper_resurrects : public scenario_of<2> {
public:
    static constexpr label is{"logic", "late_helper_resurrects", "Click's map (2007), without its tombstones", "USER ASSERT FAILED"};

    void thread(unsigned t) override {
        move();
        if (t == 0) {
            new_.store(repaired ? tombstone : empty, order::release); // erase
        }
    }
    void after() override { require(new_.load(order::relaxed) != 7, "an erased key came back"); }

private:
    static constexpr int empty = 0;
    static constexpr int tombstone = -1;

    void move() {
        int expected = empty;
        new_.compare_exchange_strong(expected, old_.load(order::acquire), order::acq_rel, order::relaxed);
    }

    atomic<int> old_{7}, new_{empty};
};

} // namespace tandem::museum
