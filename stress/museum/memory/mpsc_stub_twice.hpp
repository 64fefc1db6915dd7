#pragma once

// An intrusive queue for one consumer keeps a stub in the list, so that its last element can be taken out. When the first element had no
// successor yet the consumer appended the stub, also when it was there already and the successor merely not linked: the stub then follows
// itself (stdexec#1812, where it was a pointer that stood for a node). Vyukov's queue appends it only when the first element is the last (2008).

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class mpsc_stub_twice : public scenario_of<3> {
public:
    static constexpr label is{"memory", "mpsc_stub_twice", "stdexec's intrusive MPSC queue, NVIDIA/stdexec#1812",
                              "USER ASSERT FAILED|LIVELOCK"};

    void thread(unsigned t) override {
        if (t != 2) {
            push(nodes_[t]);
            push(nodes_[t + 2]);
        }
        for (int look = 0; t == 2 && look != 4; ++look) {
            pop();
        }
    }
    void after() override {
        while (pop()) {
        }
        require(popped_ == 4, "an element was lost");
    }

private:
    struct node {
        atomic<node*> next{nullptr};
    };

    void push(node& n) {
        n.next.store(nullptr, order::relaxed);
        back_.exchange(&n, order::acq_rel)->next.store(&n, order::release);
    }
    bool pop() {
        if (front_ == &stub_) {
            auto* const first = stub_.next.load(order::acquire);
            if (first == nullptr) {
                return false;
            }
            front_ = first;
        }
        auto* next = front_->next.load(order::acquire);
        if (next == nullptr && (!repaired || front_ == back_.load(order::acquire))) {
            push(stub_);
            next = front_->next.load(order::acquire);
        }
        if (next == nullptr) {
            return false; // there is one, but its place is not linked yet
        }
        require(front_ != &stub_, "the stub was taken for an element");
        require(++popped_ <= 4, "an element came twice");
        front_ = next;
        return true;
    }

    std::array<node, 4> nodes_;
    node stub_;
    atomic<node*> back_{&stub_};
    node* front_ = &stub_;
    int popped_ = 0;
};

} // namespace tandem::museum
