#pragma once

// A sorted list in which a node is taken out by one exchange of its predecessor's pointer. Whoever has just found that node as the place to insert
// after exchanges its pointer, successfully, and the new node goes with it. Harris (2001) first marks the pointer of a node that is to go.

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class harris_list_without_mark : public scenario_of<2> {
public:
    static constexpr label is{"logic", "harris_list_without_mark", "Harris's list (2001), without its mark", "USER ASSERT FAILED"};

    void thread(unsigned t) override { t == 0 ? remove(1) : insert(2); }
    void after() override {
        unsigned at = 0;
        while (at < 2) {
            at = next_[at].load(order::relaxed) % marked;
        }
        require(at == 2, "what was inserted is not there");
    }

private:
    static constexpr unsigned marked = 16;

    void insert(unsigned key) {
        for (;;) {
            unsigned before = 0;
            auto here = next_[0].load(order::acquire);
            while (here < key) {
                before = here;
                here = next_[here].load(order::acquire);
            }
            if (here >= marked) { // a node that is about to go: after the one that stays
                before = 0;
                here %= marked;
                unlink(1, here);
            }
            next_[key].store(here, order::relaxed);
            if (next_[before].compare_exchange_strong(here, key, order::release, order::relaxed)) {
                return;
            }
        }
    }
    void remove(unsigned key) {
        auto after = next_[key].load(order::acquire);
        while (repaired && !next_[key].compare_exchange_weak(after, after + marked, order::acq_rel, order::acquire)) {
        }
        unlink(key, after);
    }
    void unlink(unsigned key, unsigned after) { next_[0].compare_exchange_strong(key, after, order::acq_rel, order::relaxed); }

    std::array<atomic<unsigned>, 4> next_{1, 3, 0, 0}; // of each key: 0 -> 1 -> 3, the first and the last stay
};

} // namespace tandem::museum
