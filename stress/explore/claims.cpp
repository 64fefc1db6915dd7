// What the headers claim of progress: a thread is made to stand still, at any of its steps and for good, and the others must finish. The locked halves
// claim nothing, and are held to the same: each must be found out.

#include "calls.hpp"

namespace tandem::model {
namespace {

template <class Program>
struct stands_still : Program {
    static constexpr progress_class claims = progress_class::lock_free;
};

template <class Program>
constexpr scenario_entry lock_free(char const* structure, char const* race) {
    return {structure, "lockfree", race, verdict::pass, 20'000, 1, &explore<stands_still<Program>>};
}
template <class Program>
constexpr scenario_entry blocking(char const* structure, char const* race) {
    return {structure, "locked", race, verdict::violation, 20'000, 5, &explore<stands_still<Program>>, "NOT LOCK-FREE"};
}

using in_pairs = lockfree_map<lockfree::map<int, int, one_hash>>;
using in_nodes = lockfree_map_in_nodes<lockfree::map<int, int, one_hash, own_equal>>;
using asymmetric_in_nodes = asymmetric_lockfree_map_in_nodes<lockfree::map<int, int, one_hash, own_equal>>;

constexpr auto all = std::to_array<scenario_entry>({
    lock_free<one_way<lockfree::bounded_queue<int>, 3, 2>>("bounded_queue", "bounded_queue_one_way_stands_still"),
    lock_free<both_ways<lockfree::bounded_queue<int>, 2, 1>>("bounded_queue", "bounded_queue_both_ways_stands_still"),
    blocking<both_ways<locked::bounded_queue<int>, 2, 1>>("bounded_queue", "bounded_queue_both_ways_stands_still"),
    lock_free<one_way<lockfree::spsc_queue<int>, 3, 2>>("spsc_queue", "spsc_queue_one_way_stands_still"),
    blocking<one_way<locked::bounded_queue<int>, 3, 2>>("spsc_queue", "spsc_queue_one_way_stands_still"),
    lock_free<counter_calls<lockfree::counter, 4>>("counter", "counter_stands_still"),
    blocking<counter_calls<locked::counter, 4>>("counter", "counter_stands_still"),
    lock_free<striped_calls<lockfree::striped_counter, 2>>("striped_counter", "striped_counter_stands_still"),
    blocking<striped_calls<locked::striped_counter, 2>>("striped_counter", "striped_counter_stands_still"),
    lock_free<rcu_calls<symmetric_rcu<lockfree::rcu_domain>, 2>>("rcu_domain", "rcu_domain_stands_still"),
    lock_free<rcu_calls<asymmetric_rcu<lockfree::rcu_domain>, 2>>("rcu_domain", "rcu_domain_asymmetric_stands_still"),
    blocking<rcu_calls<symmetric_rcu<locked::rcu_domain>, 2>>("rcu_domain", "rcu_domain_stands_still"),
    lock_free<map_calls<in_pairs, 2>>("map", "map_stands_still"),
    lock_free<map_calls<in_nodes, 2>>("map", "map_in_nodes_stands_still"),
    lock_free<map_calls<asymmetric_in_nodes, 2>>("map", "map_asymmetric_in_nodes_stands_still"),
    blocking<map_calls<locked_map<locked::map<int, int, one_hash>>, 2>>("map", "map_stands_still"),
});

} // namespace

std::span<scenario_entry const> scenarios() {
    return all;
}

} // namespace tandem::model
