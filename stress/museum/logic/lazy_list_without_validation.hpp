#pragma once

// A sorted list whose operations find their place without locks, and then lock the two nodes around it. Between the two the place may have gone:
// the lazy list (Heller and others, 2005) looks again, under the locks. Without that a key is linked to a node that is no longer in the list.

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class lazy_list_without_validation : public scenario_of<2> {
public:
    static constexpr label is{"logic", "lazy_list_without_validation", "Heller and others' lazy list (2005), its validation left out",
                              "USER ASSERT FAILED"};

    void before() override { // 0 -> 1 -> 3: the first and the last stay
        nodes_[0].next.store(1, order::relaxed);
        nodes_[1].next.store(3, order::relaxed);
    }
    void thread(unsigned t) override { change(t == 0 ? 1 : 2, t == 0); }
    void after() override {
        unsigned at = 0;
        while (at < 2) {
            at = nodes_[at].next.load(order::relaxed);
        }
        require(at == 2, "what was added is not there");
    }

private:
    struct node {
        mutex lock;
        atomic<unsigned> next{0};
        atomic<bool> removed{false};
    };

    void change(unsigned key, bool removes) {
        for (;;) {
            unsigned before = 0;
            auto here = nodes_[0].next.load(order::acquire);
            while (here < key) {
                before = std::exchange(here, nodes_[here].next.load(order::acquire));
            }
            auto &first = nodes_[before], &second = nodes_[here];
            scoped_lock const one(first.lock);
            scoped_lock const other(second.lock);
            if (repaired && (first.removed.load(order::relaxed) || first.next.load(order::relaxed) != here)) {
                continue;
            }
            (removes ? second.removed : nodes_[key].removed).store(removes, order::relaxed);
            nodes_[key].next.store(removes ? second.next.load(order::relaxed) : here, order::relaxed);
            return first.next.store(removes ? second.next.load(order::relaxed) : key, order::release);
        }
    }

    std::array<node, 4> nodes_; // a key is its place
};

} // namespace tandem::museum
