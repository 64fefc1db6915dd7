#pragma once

// A put whose exchange fails has lost to another put; it counted itself as overwritten by that one at once, and returned the value it found: the new
// one. What it put was never there, and so what it returned was not what it replaced (JCTools#319, found by Lincheck).

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class put_returns_new_value : public scenario_of<2> {
public:
    static constexpr label is{"logic", "put_returns_new_value", "NonBlockingHashMapLong, JCTools/JCTools#319", "USER ASSERT FAILED"};

    void thread(unsigned t) override { replaced_[t] = put(mine(t)); }
    void after() override {
        for (unsigned t = 0; t != 2; ++t) {
            if (replaced_[t] == mine(1 - t)) {
                require(value_.load(order::relaxed) == mine(t), "it replaced the other's value, which is still there");
            }
        }
    }

private:
    static int mine(unsigned t) { return static_cast<int>(t) + 1; }

    int put(int value) {
        int seen = value_.load(order::acquire);
        while (!value_.compare_exchange_strong(seen, value, order::acq_rel, order::acquire)) {
            if constexpr (!repaired) {
                break;
            }
        }
        return seen;
    }

    atomic<int> value_{0};
    std::array<int, 2> replaced_{};
};

} // namespace tandem::museum
