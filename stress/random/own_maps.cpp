// The maps of both halves.
#include "map_scenario.hpp"
#include "subjects.hpp"

#include <tandem/locked/map.hpp>

#include <iterator>

namespace tandem::stress {

namespace {

template <class K, class V, class Hash>
using locked_map = locked::map<K, V, Hash>;

} // namespace

void add_own_maps(scenarios& all) {
    std::ranges::move(map_scenarios<locked_map>("map", "locked"), std::back_inserter(all));
}

} // namespace tandem::stress
