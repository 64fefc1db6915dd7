#pragma once

// Michael and Scott's queue (1996) over a free list of its own nodes, with a head that carries no count: while one thread has read the head and
// its successor, others take both out, use the first one again, and it becomes the head once more. The exchange succeeds, and an element
// that was long gone comes out a second time.

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class queue_without_counts : public scenario_of<2> {
public:
    static constexpr label is{"memory", "queue_without_counts", "Michael and Scott's queue (1996), without its counts", "USER ASSERT FAILED"};

    void before() override { nodes_[0].next.store(1, order::relaxed); } // 0 is the dummy, 1 has element 1
    void thread(unsigned t) override {
        if (auto const freed = pop(); t == 1 && freed != none) {
            push(nodes_[freed], freed, 2);
            pop();
        }
    }
    void after() override {
        require(popped_[1].load(order::relaxed) <= 1 && popped_[2].load(order::relaxed) <= 1, "an element came twice");
    }

private:
    static constexpr unsigned none = 15;
    struct node {
        atomic<unsigned> next{none}, value{1};
    };

    void push(node& n, unsigned at, unsigned value) { // by one thread
        n.value.store(value, order::relaxed);
        n.next.store(none, order::relaxed);
        nodes_[1].next.store(at, order::release);
    }
    unsigned pop() {
        auto head = head_.load(order::acquire); // and how often it has changed
        for (;;) {
            auto const first = head % 16;
            auto const next = nodes_[first].next.load(order::acquire);
            if (next == none) {
                return none;
            }
            auto const value = nodes_[next].value.load(order::relaxed);
            auto const count = repaired ? head / 16 + 1 : 0;
            if (head_.compare_exchange_strong(head, count * 16 + next, order::acq_rel, order::acquire)) {
                popped_[value].fetch_add(1, order::relaxed);
                return first;
            }
        }
    }

    std::array<node, 2> nodes_;
    atomic<unsigned> head_{0};
    std::array<atomic<int>, 3> popped_{};
};

} // namespace tandem::museum
