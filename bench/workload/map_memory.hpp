#pragma once

// map_memory: s.capacity keys inserted into a map with no room; bytes for each of them, of the map and of all that it
// allocated, in the end and at the most on the way.

#include "../allocations.hpp"
#include "../sample.hpp"
#include "../team.hpp"
#include "map_keys.hpp"

#include <cstddef>
#include <memory>

namespace tandem::bench {

template <class Map>
sample map_memory(setup const& s) {
    bool all_new = true;
    double in_the_end = 0;
    double at_most = 0;
    auto result = run_team(s.cores, [&](int) {
        allocations counted;
        auto const map = std::make_unique<Map>(std::size_t{0});
        for (std::size_t n = 0; n != s.capacity; ++n) {
            all_new &= map->insert(key_of(n), value_of(key_of(n)));
        }
        auto const elements = static_cast<double>(s.capacity);
        in_the_end = static_cast<double>(counted.in_use()) / elements;
        at_most = static_cast<double>(counted.at_most()) / elements;
    });
    result.figure = in_the_end;
    result.peak = at_most;
    // Less than the keys and the values alone: something was allocated where nobody counts.
    result.intact = all_new && in_the_end >= 2 * sizeof(message);
    return result;
}

} // namespace tandem::bench
