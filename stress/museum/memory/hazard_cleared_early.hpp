#pragma once

// A reader gives up its hazard pointer as soon as it has the address, and then reads through it: nothing protects the object any more. The
// classical slip with every scheme in which protection ends by hand.

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class hazard_cleared_early : public scenario_of<2> {
public:
    static constexpr label is{"memory", "hazard_cleared_early", "hazard pointers (Michael, 2004), given up before the last use",
                              "ACCESS TO FREED MEMORY|DATA RACE"};

    void before() override { source_.store(make<cell<int>>(1), order::relaxed); }
    void thread(unsigned t) override {
        if (t == 0) {
            auto* const it = source_.load(order::acquire);
            hazard_.store(it, order::seq_cst);
            if (it != nullptr && source_.load(order::seq_cst) == it) {
                if constexpr (!repaired) {
                    hazard_.store(nullptr, order::release);
                }
                require(it->read() == 1, "not what the object held");
            }
            hazard_.store(nullptr, order::release);
        } else {
            auto* const it = source_.exchange(nullptr, order::seq_cst);
            while (hazard_.load(order::seq_cst) == it) {
                yield();
            }
            free(it);
        }
    }

private:
    atomic<cell<int>*> source_{nullptr}, hazard_{nullptr};
};

} // namespace tandem::museum
