#pragma once

// map_grow: a map with no room is filled by all threads at once, each with keys of its own. Done twice: the first time gives the
// speed, the second time every insertion is timed, so that the clock does not slow down the first.

#include "../sample.hpp"
#include "../team.hpp"
#include "checksum.hpp"
#include "map_keys.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace tandem::bench {

// insert(map, thread, key): whether the key was not there.
template <class Map, class Insert>
sample fill_from_nothing(setup const& s, Insert const& insert) {
    auto const place = std::unique_ptr<apart<Map>>(new apart<Map>{Map(0)});
    auto& map = place->it;
    std::vector<apart<bool>> all_new(s.cores.size());
    auto result = run_team(s.cores, [&](int i) {
        bool mine = true;
        auto const [first, last] = messages_of(s, i);
        for (auto m = first; m != last; ++m) {
            mine &= insert(map, static_cast<std::size_t>(i), key_of(m));
        }
        all_new[static_cast<std::size_t>(i)].it = mine;
    });
    for (int i = 0; i != s.producers; ++i) {
        result.intact &= all_new[static_cast<std::size_t>(i)].it;
        auto const [first, last] = messages_of(s, i);
        for (auto m = first; m != last; ++m) {
            message value = 0;
            result.intact &= map.find(key_of(m), value) && value == value_of(key_of(m));
        }
    }
    return result;
}

template <class Map>
sample map_grow(setup const& s) {
    using clock = std::chrono::steady_clock;
    auto result =
        fill_from_nothing<Map>(s, [](Map& map, std::size_t, message key) { return map.insert(key, value_of(key)); });
    std::vector<apart<histogram>> times(s.cores.size());
    auto const timed = fill_from_nothing<Map>(s, [&](Map& map, std::size_t thread, message key) {
        auto const begin = clock::now();
        bool const inserted = map.insert(key, value_of(key));
        auto const took = clock::now() - begin;
        times[thread].it.record(static_cast<std::uint64_t>(std::chrono::nanoseconds(took).count()));
        return inserted;
    });
    result.intact &= timed.intact;
    for (auto const& one : times) {
        result.latency.merge(one.it);
    }
    return result;
}

} // namespace tandem::bench
