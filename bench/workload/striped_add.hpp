#pragma once

// striped_add: every thread adds one to each of the same counters in turn, over and over; setup.capacity says how many
// there are.

#include "../sample.hpp"
#include "../team.hpp"
#include "checksum.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace tandem::bench {

// Counter: add() and sum().
template <class Counter>
sample striped_add(setup const& s) {
    auto const counters = std::make_unique<apart<Counter>[]>(s.capacity);
    auto result = run_team(s.cores, [&s, &counters](int i) {
        auto left = share(s.items, i, s.producers);
        while (left >= s.capacity) {
            for (std::size_t at = 0; at != s.capacity; ++at) {
                counters[at].it.add();
            }
            left -= s.capacity;
        }
        for (; left != 0; --left) {
            counters[0].it.add();
        }
    });
    std::uint64_t all = 0;
    for (std::size_t at = 0; at != s.capacity; ++at) {
        all += static_cast<std::uint64_t>(counters[at].it.sum());
    }
    result.intact = all == s.items;
    return result;
}

} // namespace tandem::bench
