// The family of striped_counter: its scenarios, for both halves. This list is the one place that names them; those
// that notice a weakened order soonest come first.

#include "striped_scenarios.hpp"

namespace tandem::model {
namespace {

template <class Test, class Half>
constexpr scenario_entry entry(char const* race, std::uint64_t executions) {
    return {"striped_counter", Half::name, race, verdict::pass, executions, 1, &explore<Test>};
}

template <class Half>
constexpr auto list = std::to_array<scenario_entry>({
    entry<add_publishes<Half>, Half>("add_publishes", 20'000),
    entry<second_add_publishes<Half>, Half>("second_add_publishes", 20'000),
    entry<add_told_then_sum<Half>, Half>("add_told_then_sum", 20'000),
    entry<exit_vs_first_add<Half>, Half>("exit_vs_first_add", 40'000),
    entry<exit_then_add<Half>, Half>("exit_then_add", 40'000),
    entry<drain_vs_add<Half>, Half>("drain_vs_add", 40'000),
    entry<drain_vs_drain<Half>, Half>("drain_vs_drain", 40'000),
    entry<sum_vs_drain<Half>, Half>("sum_vs_drain", 40'000),
    entry<sum_vs_add<Half>, Half>("sum_vs_add", 40'000),
    entry<growth_vs_sum<Half>, Half>("growth_vs_sum", 20'000),
    entry<reuse_vs_add<Half>, Half>("reuse_vs_add", 20'000),
    entry<add_vs_sub_striped<Half>, Half>("add_vs_sub", 10'000),
});

} // namespace

std::span<scenario_entry const> scenarios() {
    static constexpr auto both = in_one_list(list<locked_half>, list<lockfree_half>);
    return both;
}

} // namespace tandem::model
