#pragma once

// Puts a map adapter, of message to message, into the catalogue. An adapter has
//
//   static constexpr identity who;
//   explicit adapter(std::size_t expected);    how many elements it should have room for; 0: as few as may be
//   bool find(message key, message& value);
//   bool insert(message key, message value);   false, and nothing changed, where the key is there
//   bool erase(message key);

#include "catalogue.hpp"
#include "workload/map_grow.hpp"
#include "workload/map_memory.hpp"
#include "workload/map_mix.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace tandem::bench {

template <class Map>
void offer_map_mix(catalogue& all) {
    all.offers.push_back({"map_mix",
                          Map::who,
                          crowd::threads,
                          "",
                          "",
                          true,
                          "items/s",
                          map_mix<Map>,
                          {.threads = {1, 2, 4, 16, 64}, .capacities = {262'144}, .finds = {98, 50}}});
}

// A million keys, but fewer where samples are shorter than usual.
template <class Map>
void offer_map_grow(catalogue& all) {
    all.offers.push_back({"map_grow",
                          Map::who,
                          crowd::threads,
                          "",
                          "",
                          true,
                          "items/s",
                          map_grow<Map>,
                          {.threads = {1, 2, 4}},
                          [](setup const&, std::chrono::milliseconds sample) {
                              return std::uint64_t{sample < std::chrono::milliseconds(50) ? 50'000U : 1'000'000U};
                          }});
}

template <class Map>
void offer_map_memory(catalogue& all) {
    all.offers.push_back({"map_memory",
                          Map::who,
                          crowd::one_thread,
                          "",
                          "",
                          true,
                          "bytes/element",
                          map_memory<Map>,
                          {.threads = {1}, .capacities = {1'000'000, 10'000}}, // a quick run takes the last
                          [](setup const& s, std::chrono::milliseconds) { return std::uint64_t{s.capacity}; }});
}

template <class Map>
void offer_map(catalogue& all) {
    offer_map_mix<Map>(all);
    offer_map_grow<Map>(all);
    offer_map_memory<Map>(all);
}

} // namespace tandem::bench
