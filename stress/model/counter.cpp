// The family of counter: its scenarios, for both halves. This list is the one place that names them;
// those that notice a weakened order soonest come first.

#include "counter_scenarios.hpp"

namespace tandem::model {
namespace {

template <class Test, class Half>
constexpr scenario_entry entry(char const* race, std::uint64_t executions) {
    return {"counter", Half::name, race, verdict::pass, executions, 1, &explore<Test>};
}

template <class Half>
constexpr auto list = std::to_array<scenario_entry>({
    entry<wait_vs_change<Half, change::add>, Half>("wait_vs_add", 50'000),
    entry<wait_vs_change<Half, change::sub>, Half>("wait_vs_sub", 50'000),
    entry<wait_vs_change<Half, change::fetch_add>, Half>("wait_vs_fetch_add", 50'000),
    entry<wait_vs_change<Half, change::exchange>, Half>("wait_vs_exchange", 50'000),
    entry<add_vs_add<Half>, Half>("add_vs_add", 60'000),
    entry<add_vs_sub<Half>, Half>("add_vs_sub", 60'000),
    entry<exchange_vs_add<Half>, Half>("exchange_vs_add", 60'000),
    entry<wraps_around<Half>, Half>("wraps_around", 20'000),
    entry<two_waiters<Half>, Half>("two_waiters", 100'000),
    entry<ping_pong<Half>, Half>("ping_pong", 60'000),
    entry<change_publishes<Half, change::add, look::load>, Half>("add_publishes_to_load", 40'000),
    entry<change_publishes<Half, change::sub, look::fetch_add>, Half>("sub_publishes_to_fetch_add", 40'000),
    entry<change_publishes<Half, change::fetch_add, look::wait_until>, Half>("fetch_add_publishes_to_wait", 40'000),
    entry<change_publishes<Half, change::exchange, look::exchange>, Half>("exchange_publishes_to_exchange", 40'000),
});

} // namespace

std::span<scenario_entry const> scenarios() {
    static constexpr auto both = in_one_list(list<locked_half>, list<lockfree_half>);
    return both;
}

} // namespace tandem::model
