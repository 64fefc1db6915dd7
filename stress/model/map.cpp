// The family of map: its scenarios, for both halves, and for the lock-free one in each of its forms, and with and without an asymmetric barrier. This
// list is the one place that names them; those that notice a weakened order soonest come first.

#include "map_scenarios.hpp"

#include <functional>

namespace tandem::model {
namespace {

template <class Test, text race>
constexpr scenario_entry entry(char const* half, std::uint64_t executions) {
    return {"map", half, name_of<race>.data(), verdict::pass, executions, 1, &explore<Test>};
}

// Maps: with one hash; with keys that are spread, so that they meet in several shards and groups; with memory that is refused.
template <template <class> class Kind, template <class...> class Map, class Value = int, class Equal = std::equal_to<int>>
struct maps {
    static constexpr text prefix = Kind<int>::prefix;
    using plain = Kind<Map<int, Value, one_hash, Equal>>;
    using spread = Kind<Map<int, Value, std::hash<int>, Equal>>;
    using poor = Kind<Map<int, Value, one_hash, Equal, poor_allocator<std::pair<int const, Value>>>>;
    using owners = Kind<Map<int, owner, one_hash, Equal>>;
};

template <class Maps>
constexpr auto list(char const* half) {
    using plain = typename Maps::plain;
    using spread = typename Maps::spread;
    return std::to_array<scenario_entry>({
        entry<map_publishes<plain>, Maps::prefix + text("map_publishes")>(half, 10'000),
        entry<insert_vs_insert<plain>, Maps::prefix + text("insert_vs_insert")>(half, 10'000),
        entry<insert_vs_growth<plain>, Maps::prefix + text("insert_vs_growth")>(half, 5'000),
        entry<insert_vs_growth<spread>, Maps::prefix + text("insert_vs_growth_spread")>(half, 5'000),
        entry<erase_vs_move<plain>, Maps::prefix + text("erase_vs_move")>(half, 5'000),
        entry<erase_vs_two_growths<plain>, Maps::prefix + text("erase_vs_two_growths")>(half, 5'000),
        entry<update_vs_move<plain>, Maps::prefix + text("update_vs_move")>(half, 5'000),
        entry<visit_vs_replace<plain>, Maps::prefix + text("visit_vs_replace")>(half, 10'000),
        entry<exit_vs_change<plain>, Maps::prefix + text("exit_vs_change")>(half, 5'000),
        entry<insert_vs_erase<plain>, Maps::prefix + text("insert_vs_erase")>(half, 10'000),
        entry<assign_vs_erase<plain>, Maps::prefix + text("assign_vs_erase")>(half, 10'000),
        entry<clear_vs_insert<plain>, Maps::prefix + text("clear_vs_insert")>(half, 5'000),
        entry<traversal_vs_growth<plain>, Maps::prefix + text("traversal_vs_growth")>(half, 5'000),
        entry<traversal_vs_growth<spread>, Maps::prefix + text("traversal_vs_growth_spread")>(half, 5'000),
        entry<erase_if_vs_growth<plain>, Maps::prefix + text("erase_if_vs_growth")>(half, 5'000),
        entry<erase_if_vs_insert<plain>, Maps::prefix + text("erase_if_vs_insert")>(half, 5'000),
        entry<shrink_vs_find<plain>, Maps::prefix + text("shrink_vs_find")>(half, 5'000),
        entry<insert_vs_shrink<plain>, Maps::prefix + text("insert_vs_shrink")>(half, 5'000),
        entry<size_vs_erase<plain>, Maps::prefix + text("size_vs_erase")>(half, 5'000),
        entry<refused_growth<typename Maps::poor>, Maps::prefix + text("refused_growth")>(half, 10'000),
    });
}
template <class Maps>
constexpr auto of_owners(char const* half) {
    return std::to_array<scenario_entry>({
        entry<owners_come_and_go<typename Maps::owners>, Maps::prefix + text("owners_come_and_go")>(half, 10'000),
    });
}
// Its functions may call the map.
template <class Maps>
constexpr auto of_lockfree() {
    return std::to_array<scenario_entry>({
        entry<function_calls_map<typename Maps::plain>, Maps::prefix + text("function_calls_map")>("lockfree", 5'000),
    });
}
template <class Maps>
constexpr auto of_nodes() {
    using spread = typename Maps::spread;
    return std::to_array<scenario_entry>({
        entry<closing_vs_key<spread, beside::insert>, Maps::prefix + text("closing_vs_insert")>("lockfree", 5'000),
        entry<closing_vs_key<spread, beside::erase>, Maps::prefix + text("closing_vs_erase")>("lockfree", 5'000),
        entry<closing_vs_key<spread, beside::find>, Maps::prefix + text("closing_vs_find")>("lockfree", 5'000),
    });
}
// Where it matters which values they are.
template <class Maps>
constexpr auto of_values() {
    using plain = typename Maps::plain;
    return std::to_array<scenario_entry>({
        entry<erase_vs_move<plain>, Maps::prefix + text("erase_vs_move")>("lockfree", 5'000),
        entry<erase_vs_two_growths<plain>, Maps::prefix + text("erase_vs_two_growths")>("lockfree", 5'000),
        entry<update_vs_move<plain>, Maps::prefix + text("update_vs_move")>("lockfree", 5'000),
        entry<visit_vs_replace<plain>, Maps::prefix + text("visit_vs_replace")>("lockfree", 10'000),
        entry<insert_vs_erase<plain>, Maps::prefix + text("insert_vs_erase")>("lockfree", 10'000),
        entry<traversal_vs_growth<plain>, Maps::prefix + text("traversal_vs_growth")>("lockfree", 5'000),
        entry<refused_growth<typename Maps::poor>, Maps::prefix + text("refused_growth")>("lockfree", 10'000),
    });
}

} // namespace

std::span<scenario_entry const> scenarios() {
    using of_locked = maps<locked_map, locked::map>;
    using in_pairs = maps<lockfree_map, lockfree::map>;
    using in_pairs_and_nodes = maps<lockfree_map_of_odd_numbers, lockfree::map, odd_number>;
    using in_nodes = maps<lockfree_map_in_nodes, lockfree::map, int, own_equal>;
    using asymmetric = maps<asymmetric_lockfree_map_in_nodes, lockfree::map, int, own_equal>;
    static constexpr auto all =
        in_one_list(list<of_locked>("locked"), of_owners<of_locked>("locked"), list<in_pairs>("lockfree"), of_lockfree<in_pairs>(),
                    of_values<in_pairs_and_nodes>(), list<in_nodes>("lockfree"), of_owners<in_nodes>("lockfree"),
                    of_lockfree<in_nodes>(), of_nodes<in_nodes>(), of_nodes<asymmetric>(), list<asymmetric>("lockfree"), of_owners<asymmetric>("lockfree"),
                    of_lockfree<asymmetric>());
    return all;
}

} // namespace tandem::model
