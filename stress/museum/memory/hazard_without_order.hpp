#pragma once

// A hazard pointer is published and the source read again; who takes the object out reads the hazard pointers afterwards. With acquire and
// release each may miss the other, as in Dekker's algorithm, and what is protected is freed (Michael, 2004, has the barrier; ports lose it).

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class hazard_without_order : public scenario_of<2> {
public:
    static constexpr label is{"memory", "hazard_without_order", "Michael's hazard pointers (2004), without their barrier",
                              "ACCESS TO FREED MEMORY|DATA RACE"};

    void before() override { source_.store(make<cell<int>>(1), order::relaxed); }
    void thread(unsigned t) override {
        if (t == 0) {
            auto* const it = source_.load(order::acquire);
            hazard_.store(it, stores);
            if (it != nullptr && source_.load(loads) == it) {
                require(it->read() == 1, "not what the object held");
            }
            hazard_.store(nullptr, order::release);
        } else {
            auto* const it = source_.exchange(nullptr, order::seq_cst);
            if (hazard_.load(loads) != it) {
                free(it);
            } else {
                kept_ = it;
            }
        }
    }
    void after() override {
        if (kept_ != nullptr) {
            free(kept_);
        }
    }

private:
    static constexpr auto stores = either(repaired, order::seq_cst, order::release);
    static constexpr auto loads = either(repaired, order::seq_cst, order::acquire);

    atomic<cell<int>*> source_{nullptr}, hazard_{nullptr};
    cell<int>* kept_ = nullptr;
};

} // namespace tandem::museum
