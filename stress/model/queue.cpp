// The family of bounded_queue: its scenarios, for both halves. This list is the one place that names them;
// those that notice a weakened order soonest come first.

#include "queue_scenarios.hpp"

namespace tandem::model {
namespace {

template <class Test, class Half>
constexpr scenario_entry entry(char const* race, std::uint64_t executions) {
    return {"bounded_queue", Half::name, race, verdict::pass, executions, 1, &explore<Test>};
}

template <class Half>
constexpr auto list = std::to_array<scenario_entry>({
    entry<push_vs_pop<Half>, Half>("push_vs_pop", 50'000),
    entry<close_publishes<Half, told_by::push>, Half>("close_publishes_to_push", 30'000),
    entry<close_publishes<Half, told_by::push_when_full>, Half>("close_publishes_to_push_when_full", 30'000),
    entry<close_publishes<Half, told_by::pop>, Half>("close_publishes_to_pop", 30'000),
    entry<close_publishes<Half, told_by::is_closed>, Half>("close_publishes_to_is_closed", 30'000),
    entry<pop_then_look<Half>, Half>("pop_then_look", 30'000),
    entry<push_then_look<Half>, Half>("push_then_look", 30'000),
    entry<close_then_look<Half>, Half>("close_then_look", 30'000),
    entry<close_then_ask<Half>, Half>("close_then_ask", 30'000),
    entry<close_then_push<Half>, Half>("close_then_push", 30'000),
    entry<wrap_around_one<Half>, Half>("wrap_around_one", 100'000),
    entry<batch_vs_batch<Half>, Half>("batch_vs_batch", 100'000),
    entry<two_pushers<Half>, Half>("two_pushers", 60'000),
    entry<last_room_two_pushers<Half>, Half>("last_room_two_pushers", 60'000),
    entry<last_element_two_takers<Half>, Half>("last_element_two_takers", 60'000),
    entry<wrap_around_three<Half>, Half>("wrap_around_three", 100'000),
    entry<full_vs_pop<Half>, Half>("full_vs_pop", 100'000),
    entry<close_vs_push<Half>, Half>("close_vs_push", 100'000),
    entry<close_vs_pop<Half>, Half>("close_vs_pop", 100'000),
    entry<close_twice<Half>, Half>("close_twice", 60'000),
    entry<batch_vs_single<Half>, Half>("batch_vs_single", 100'000),
    entry<two_batch_takers<Half>, Half>("two_batch_takers", 100'000),
    entry<close_vs_batch<Half>, Half>("close_vs_batch", 100'000),
    entry<element_lifetimes<Half>, Half>("element_lifetimes", 100'000),
    entry<destroyed_with_elements<Half>, Half>("destroyed_with_elements", 60'000),
    entry<over_aligned_elements<Half>, Half>("over_aligned_elements", 40'000),
    entry<observers_vs_push<Half>, Half>("observers_vs_push", 40'000),
});

} // namespace

std::span<scenario_entry const> scenarios() {
    static constexpr auto both = in_one_list(list<locked_half>, list<lockfree_half>);
    return both;
}

} // namespace tandem::model
