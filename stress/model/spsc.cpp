// The family of spsc_queue: its scenarios, for each kind of slot, and where one end closes also with an asymmetric
// barrier. This list is the one place that names them; those that notice a weakened order soonest come first.

#include "named.hpp"
#include "spsc_scenarios.hpp"

namespace tandem::model {
namespace {

template <class Test, text prefix, text race>
constexpr scenario_entry entry(std::uint64_t executions) {
    return {"spsc_queue", "lockfree", name_of<prefix + race>.data(), verdict::pass, executions, 1, &explore<Test>};
}

template <class Kind, class Barrier = no_barrier>
using exact = spsc<Kind, Barrier, answers::exact>;
// A batch may be short because of what came or went after the look for it.
template <class Kind, class Barrier = no_barrier>
using batched = spsc<Kind, Barrier, answers::may_give_up>;

template <class Kind, text prefix>
constexpr auto list = std::to_array<scenario_entry>({
    entry<spsc_publishes<exact<Kind>>, prefix, "publishes">(20'000),
    entry<spsc_batch_publishes<batched<Kind>>, prefix, "batch_publishes">(20'000),
    entry<spsc_wrap_around<exact<Kind>>, prefix, "wrap_around_one">(40'000),
    entry<consumer_closes_when_full<exact<Kind>>, prefix, "consumer_closes_when_full">(40'000),
    entry<close_publishes<exact<Kind>, told_by::push>, prefix, "close_publishes_to_push">(20'000),
    entry<close_publishes<exact<Kind>, told_by::push_when_full>, prefix, "close_publishes_to_push_when_full">(20'000),
    entry<close_publishes<exact<Kind>, told_by::pop>, prefix, "close_publishes_to_pop">(20'000),
    entry<close_publishes<exact<Kind>, told_by::is_closed>, prefix, "close_publishes_to_is_closed">(20'000),
    entry<push_vs_pop<exact<Kind>>, prefix, "push_vs_pop">(40'000),
    entry<full_vs_pop<exact<Kind>>, prefix, "full_vs_pop">(40'000),
    entry<wrap_around_three<exact<Kind>>, prefix, "wrap_around_three">(40'000),
    entry<producer_closes_vs_pop<exact<Kind>>, prefix, "producer_closes_vs_pop">(40'000),
    entry<consumer_closes_vs_push<exact<Kind>>, prefix, "consumer_closes_vs_push">(60'000),
    entry<both_ends_close<exact<Kind>>, prefix, "both_ends_close">(40'000),
    entry<spsc_batch_offers_all<batched<Kind>>, prefix, "batch_offers_all">(10'000),
    entry<spsc_batch_frees_all<batched<Kind>>, prefix, "batch_frees_all">(10'000),
    entry<spsc_batch_vs_batch<batched<Kind>>, prefix, "batch_vs_batch">(40'000),
    entry<spsc_batch_vs_single<batched<Kind>>, prefix, "batch_vs_single">(40'000),
    entry<consumer_closes_vs_batch<batched<Kind>>, prefix, "consumer_closes_vs_batch">(60'000),
});

template <class Kind, text prefix>
constexpr auto closing = std::to_array<scenario_entry>({
    entry<consumer_closes_when_full<exact<Kind, world::asymmetric_barrier>>, prefix, "consumer_closes_when_full">(40'000),
    entry<consumer_closes_vs_push<exact<Kind, world::asymmetric_barrier>>, prefix, "consumer_closes_vs_push">(60'000),
    entry<producer_closes_vs_pop<exact<Kind, world::asymmetric_barrier>>, prefix, "producer_closes_vs_pop">(40'000),
    entry<both_ends_close<exact<Kind, world::asymmetric_barrier>>, prefix, "both_ends_close">(40'000),
    entry<consumer_closes_vs_batch<batched<Kind, world::asymmetric_barrier>>, prefix, "consumer_closes_vs_batch">(60'000),
});

constexpr auto of_elements = std::to_array<scenario_entry>({
    entry<element_lifetimes<exact<owned>>, "spsc_", "element_lifetimes">(40'000),
    entry<spsc_destroyed_with_elements<exact<owned>>, "spsc_", "destroyed_with_elements">(40'000),
    entry<over_aligned_elements<exact<owned>>, "spsc_", "over_aligned_elements">(20'000),
    entry<spsc_three_each, "spsc_", "three_each">(40'000),
    entry<observers_vs_push<exact<small_word>>, "spsc_", "observers_vs_push">(20'000),
});

} // namespace

std::span<scenario_entry const> scenarios() {
    static constexpr auto all = in_one_list(
        list<owned, "spsc_owned_">, list<reserved_word, "spsc_reserved_">, list<small_word, "spsc_small_">,
        closing<owned, "spsc_asymmetric_owned_">, closing<reserved_word, "spsc_asymmetric_reserved_">, of_elements);
    return all;
}

} // namespace tandem::model
