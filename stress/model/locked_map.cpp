// The family of the locked map. This list is the one place that names its scenarios; those that notice a weakened order
// soonest come first.

#include "locked_map_scenarios.hpp"

#include <tandem/locked/map.hpp>

#include <functional>

namespace tandem::model {
namespace {

template <class Test>
constexpr scenario_entry entry(char const* race, std::uint64_t executions) {
    return {"map", "locked", race, verdict::pass, executions, 1, &explore<Test>};
}

using plain = locked::map<int, int, one_hash>;
using poor = locked::map<int, int, one_hash, std::equal_to<int>, poor_allocator<std::pair<int const, int>>>;
// Its keys are spread: they meet in both shards, and in several groups.
using spread = locked::map<int, int>;

constexpr auto list = std::to_array<scenario_entry>({
    entry<map_publishes<plain>>("map_publishes", 10'000),
    entry<insert_vs_insert<plain>>("insert_vs_insert", 10'000),
    entry<insert_vs_growth<plain>>("insert_vs_growth", 5'000),
    entry<insert_vs_growth<spread>>("insert_vs_growth_of_shards", 5'000),
    entry<erase_vs_move<plain>>("erase_vs_move", 5'000),
    entry<update_vs_move<plain>>("update_vs_move", 5'000),
    entry<insert_vs_erase<plain>>("insert_vs_erase", 10'000),
    entry<assign_vs_erase<plain>>("assign_vs_erase", 10'000),
    entry<clear_vs_insert<plain>>("clear_vs_insert", 5'000),
    entry<traversal_vs_growth<plain>>("traversal_vs_growth", 5'000),
    entry<traversal_vs_growth<spread>>("traversal_vs_growth_of_shards", 5'000),
    entry<erase_if_vs_growth<plain>>("erase_if_vs_growth", 5'000),
    entry<shrink_vs_find<plain>>("shrink_vs_find", 5'000),
    entry<size_vs_erase<plain>>("size_vs_erase", 5'000),
    entry<refused_growth<poor>>("refused_growth", 10'000),
});

} // namespace

std::span<scenario_entry const> scenarios() {
    return list;
}

} // namespace tandem::model
