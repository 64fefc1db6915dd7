#pragma once

// Treiber's stack (1986) with a pop that frees its node at once: another pop may be about to read the next pointer of the same node.

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class treiber_frees_in_pop : public scenario_of<2> {
public:
    static constexpr label is{"memory", "treiber_frees_in_pop", "Treiber's stack (1986), memory given back in pop",
                              "ACCESS TO FREED MEMORY|DATA RACE"};

    void before() override { top_.store(make<node>(make<node>(nullptr)), order::relaxed); }
    void thread(unsigned t) override {
        auto* top = top_.load(order::acquire);
        while (!top_.compare_exchange_strong(top, top->next.read(), order::acquire, order::acquire)) {
        }
        popped_[t] = top;
        if constexpr (!repaired) {
            free(top);
        }
    }
    void after() override {
        for (auto* const one : popped_) {
            if constexpr (repaired) {
                free(one);
            }
        }
    }

private:
    struct node {
        explicit node(node* n) : next(n) {}
        cell<node*> next;
    };

    atomic<node*> top_{nullptr};
    std::array<node*, 2> popped_{};
};

} // namespace tandem::museum
