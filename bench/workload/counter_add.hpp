#pragma once

// counter_add: every thread adds one to the same counter, over and over.

#include "../sample.hpp"
#include "../team.hpp"
#include "checksum.hpp"

#include <cstdint>

namespace tandem::bench {

// Counter: add() and load().
template <class Counter>
sample counter_add(setup const& s) {
    apart<Counter> place;
    auto& counter = place.it;
    auto result = run_team(s.cores, [&s, &counter](int i) {
        for (auto left = share(s.items, i, s.producers); left != 0; --left) {
            counter.add();
        }
    });
    result.intact = static_cast<std::uint64_t>(counter.load()) == s.items;
    return result;
}

} // namespace tandem::bench
