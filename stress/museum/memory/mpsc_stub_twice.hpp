#pragma once

// An intrusive queue for one consumer keeps a stub in the list, so that its last element can be taken out. When the first element had no
// successor yet the consumer appended the stub, also when it was there already and the successor merely not linked: the stub then follows
// itself (stdexec#1812, where it was a pointer that stood for a node). Vyukov's queue appends it only when the first element is the last (2008).

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class mpsc_stub_twice : public scenario_of<2> {
public:
    static constexpr label is{"memory", "mpsc_stub_twice", "stdexec's intrusive MPSC queue, NVIDIA/stdexec#1812", "USER ASSERT FAILED|LIVELOCK"};

    void before() override { push(nodes_[0]); }
    void thread(unsigned t) override { t == 0 ? push(nodes_[1]) : void((pop(), pop())); }
    void after() override {
        while (pop()) {
        }
        require(popped_ == 2, "an element was lost");
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
            front_ = stub_.next.load(order::acquire);
        }
        if (front_ == nullptr) {
            front_ = &stub_;
            return false;
        }
        auto* next = front_->next.load(order::acquire);
        if (next == nullptr && (!repaired || front_ == back_.load(order::acquire))) {
            push(stub_);
            next = front_->next.load(order::acquire);
        }
        if (next == nullptr) {
            return false; // its place is not linked yet
        }
        require(front_ != &stub_ && ++popped_ <= 2, "the stub was taken for an element, or one came twice");
        front_ = next;
        return true;
    }

    std::array<node, 2> nodes_;
    node stub_, *front_ = &stub_;
    atomic<node*> back_{&stub_};
    int popped_ = 0;
};

} // namespace tandem::museum
