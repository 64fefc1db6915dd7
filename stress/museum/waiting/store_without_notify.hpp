#pragma once

// A transaction's state is an atomic that others wait for; one of the places that change it stored without notifying. Where the library's waiters
// share a few futexes, somebody else's notification woke them by chance; where each has its own, they sleep for ever (ClickHouse#108375).

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class store_without_notify : public scenario_of<2> {
public:
    static constexpr label is{"waiting", "store_without_notify", "ClickHouse/ClickHouse#108375", "DEADLOCK"};

    void thread(unsigned t) override {
        if (t == 0) {
            state_.store(committed, order::release);
            if constexpr (repaired) {
                unpark_all(state_);
            }
        } else {
            while (state_.load(order::acquire) == running) {
                park(state_, running);
            }
        }
    }

private:
    static constexpr std::uint32_t running = 0;
    static constexpr std::uint32_t committed = 1;

    atomic<std::uint32_t> state_{running};
};

} // namespace tandem::museum
