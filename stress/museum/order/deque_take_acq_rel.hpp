#pragma once

// In a work-stealing deque the owner lowers the bottom and then reads the top, a thief reads the top and then the bottom. Without a single order
// of those four both can think that the last element is theirs alone (Chase and Lev, 2005, ported without their sequential consistency).

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class deque_take_acq_rel : public scenario_of<2> {
public:
    static constexpr label is{"order", "deque_take_acq_rel", "Chase and Lev's deque (2005), with acquire and release",
                              "USER ASSERT FAILED"};

    void thread(unsigned t) override {
        if (t == 0) {
            take();
        } else {
            steal();
            steal();
        }
    }
    void after() override {
        for (auto const& one : taken_) {
            require(one.load(order::relaxed) <= 1, "an element was taken twice");
        }
    }

private:
    static constexpr auto loads = either(repaired, order::seq_cst, order::acquire);
    static constexpr auto stores = either(repaired, order::seq_cst, order::release);

    void take() {
        auto const bottom = bottom_.load(order::relaxed) - 1;
        bottom_.store(bottom, stores);
        auto top = top_.load(loads);
        if (top < bottom) {
            taken_[static_cast<std::size_t>(bottom)].fetch_add(1, order::relaxed);
        } else {
            if (top == bottom && top_.compare_exchange_strong(top, top + 1, order::seq_cst, order::relaxed)) {
                taken_[static_cast<std::size_t>(bottom)].fetch_add(1, order::relaxed);
            }
            bottom_.store(bottom + 1, order::relaxed);
        }
    }
    void steal() {
        auto top = top_.load(loads);
        auto const bottom = bottom_.load(loads);
        if (top < bottom && top_.compare_exchange_strong(top, top + 1, order::seq_cst, order::relaxed)) {
            taken_[static_cast<std::size_t>(top)].fetch_add(1, order::relaxed);
        }
    }

    atomic<int> top_{0}, bottom_{2}; // two elements
    std::array<atomic<int>, 2> taken_{};
};

} // namespace tandem::museum
