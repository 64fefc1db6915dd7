// The maps of both halves.
#include "map_scenario.hpp"
#include "subjects.hpp"

#include <tandem/locked/map.hpp>
#include <tandem/lockfree/map.hpp>

#include <iterator>

namespace tandem::stress {

void add_own_maps(scenarios& all) {
    std::ranges::move(map_scenarios<locked::map>("map", "locked"), std::back_inserter(all));
    std::ranges::move(map_scenarios<lockfree::map>("map", "lockfree"), std::back_inserter(all));
}

} // namespace tandem::stress
