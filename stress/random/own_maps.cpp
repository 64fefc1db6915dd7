// The maps of both halves.
#include "map_scenario.hpp"
#include "subjects.hpp"

#include <tandem/locked/map.hpp>
#include <tandem/lockfree/map.hpp>

#include <algorithm>
#include <iterator>

namespace tandem::stress {

namespace {

template <class K, class V, class Hash>
using locked_map = locked::map<K, V, Hash>;
template <class K, class V, class Hash>
using lockfree_map = lockfree::map<K, V, Hash>;

} // namespace

void add_own_maps(scenarios& all) {
    std::ranges::move(map_scenarios<locked_map>("map", "locked"), std::back_inserter(all));
    std::ranges::move(map_scenarios<lockfree_map>("map", "lockfree"), std::back_inserter(all));
}

} // namespace tandem::stress
