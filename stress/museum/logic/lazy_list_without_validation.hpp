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
    void thread(unsigned t) override { t == 0 ? remove(1) : add(2); }
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

    // Calls f with the last key below, both locked.
    template <class F>
    void at(unsigned key, F f) {
        for (;;) {
            unsigned before = 0;
            auto here = nodes_[0].next.load(order::acquire);
            while (here < key) {
                before = std::exchange(here, nodes_[here].next.load(order::acquire));
            }
            scoped_lock const first(nodes_[before].lock);
            scoped_lock const second(nodes_[here].lock);
            if (!repaired || (!nodes_[before].removed.load(order::relaxed) && nodes_[before].next.load(order::relaxed) == here)) {
                return f(nodes_[before], nodes_[here], here);
            }
        }
    }
    void add(unsigned key) {
        at(key, [&](node& before, node&, unsigned here) {
            nodes_[key].next.store(here, order::relaxed);
            before.next.store(key, order::release);
        });
    }
    void remove(unsigned key) {
        at(key, [](node& before, node& it, unsigned) {
            it.removed.store(true, order::relaxed);
            before.next.store(it.next.load(order::relaxed), order::release);
        });
    }

    std::array<node, 4> nodes_; // a key is its place
};

} // namespace tandem::museum
