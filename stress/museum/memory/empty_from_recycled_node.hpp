#pragma once

// A queue of nodes says that it is empty when the first node has no next one. Nodes are used again: between the look at the head and the look at
// its next pointer the node may have been taken out and appended once more, and has no next one where it is now. The answer is one that the
// queue never had: something was in it all the time. Michael and Scott look at the head again (1996).

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class empty_from_recycled_node : public scenario_of<2> {
public:
    static constexpr label is{"memory", "empty_from_recycled_node", "Michael and Scott's queue (1996), one look left out", "USER ASSERT FAILED"};

    void before() override { // dummy 0, then 1: one element
        next_[0].store(1, order::relaxed);
        tail_ = 1;
    }
    void thread(unsigned t) override {
        if (t == 0) {
            for (int i = 0; i != 2; ++i) {
                append(free_);
                free_ = take();
            }
        } else {
            require(!empty(), "there was an element all the time");
        }
    }

private:
    void append(int node) {
        next_[at(node)].store(none, order::seq_cst);
        next_[at(tail_)].store(node, order::seq_cst);
        tail_ = node;
    }
    int take() {
        auto const head = head_.load(order::seq_cst);
        head_.store(next_[at(head)].load(order::seq_cst), order::seq_cst);
        return head;
    }
    bool empty() const {
        for (;;) {
            auto const head = head_.load(order::seq_cst);
            auto const next = next_[at(head)].load(order::seq_cst);
            if (!repaired || head == head_.load(order::seq_cst)) {
                return next == none;
            }
        }
    }

    static constexpr int none = -1;
    static std::size_t at(int node) { return static_cast<std::size_t>(node); }

    std::array<atomic<int>, 3> next_{none, none, none};
    atomic<int> head_{0};
    int tail_ = 0, free_ = 2; // the only writer's
};

} // namespace tandem::museum
