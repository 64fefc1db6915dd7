// The family of channel and spsc_channel: its scenarios, for both halves. This list is the one place that names them;
// those that notice a weakened order soonest come first.

#include "channel_scenarios.hpp"

namespace tandem::model {
namespace {

template <class Test, class Kind, text race>
constexpr scenario_entry entry(std::uint64_t executions) {
    return {Kind::structure, Kind::half,    name_of<Kind::prefix + race>.data(), verdict::pass,
            executions,      1,             &explore<Test>};
}

// One sender and one receiver.
template <class Kind>
constexpr auto one_to_one = std::to_array<scenario_entry>({
    entry<send_vs_recv<Kind, 1>, Kind, "send_vs_recv_of_one">(10'000),
    entry<send_vs_recv<Kind, 2>, Kind, "send_vs_recv">(10'000),
    entry<close_publishes<Kind, told_by::send>, Kind, "close_publishes_to_send">(5'000),
    entry<close_publishes<Kind, told_by::blocked_send>, Kind, "close_publishes_to_blocked_send">(5'000),
    entry<close_publishes<Kind, told_by::try_send>, Kind, "close_publishes_to_try_send">(5'000),
    entry<close_publishes<Kind, told_by::recv>, Kind, "close_publishes_to_recv">(5'000),
    entry<close_publishes<Kind, told_by::try_recv>, Kind, "close_publishes_to_try_recv">(5'000),
    entry<close_publishes<Kind, told_by::is_closed>, Kind, "close_publishes_to_channel_is_closed">(5'000),
    entry<last_sender_vs_last_receiver<Kind>, Kind, "last_sender_vs_last_receiver">(10'000),
    entry<last_receiver_vs_sends<Kind>, Kind, "last_receiver_vs_sends">(5'000),
    entry<receiver_dropped_mid_send<Kind>, Kind, "receiver_dropped_mid_send">(10'000),
    entry<sender_dropped_vs_recv<Kind>, Kind, "sender_dropped_vs_recv">(10'000),
    entry<timed_out_element_returns<Kind>, Kind, "timed_out_element_returns">(10'000),
    entry<owners_in_batches<Kind>, Kind, "owners_in_batches">(10'000),
    entry<close_vs_send<Kind, who::sender>, Kind, "close_by_sender_vs_send">(10'000),
    entry<close_vs_send<Kind, who::receiver>, Kind, "close_by_receiver_vs_send">(10'000),
    entry<drain_vs_send<Kind>, Kind, "drain_vs_send">(10'000),
    entry<close_vs_blocked_sender<Kind>, Kind, "close_vs_blocked_sender">(10'000),
    entry<close_vs_blocked_receiver<Kind>, Kind, "close_vs_blocked_receiver">(10'000),
    entry<timeout_vs_send<Kind>, Kind, "timeout_vs_send">(10'000),
    entry<timeout_vs_recv<Kind>, Kind, "timeout_vs_recv">(10'000),
    entry<time_passes<Kind>, Kind, "time_passes">(5'000),
    entry<timeout_alone<Kind>, Kind, "timeout_alone">(2'000),
    entry<stop_vs_send<Kind>, Kind, "stop_vs_send">(10'000),
    entry<stop_vs_recv<Kind>, Kind, "stop_vs_recv">(10'000),
    entry<stop_vs_blocked_receiver<Kind>, Kind, "stop_vs_blocked_receiver">(10'000),
    entry<try_vs_try<Kind>, Kind, "try_vs_try">(10'000),
    entry<send_many_vs_recv_many<Kind>, Kind, "send_many_vs_recv_many">(10'000),
    entry<send_many_vs_close<Kind>, Kind, "send_many_vs_close">(10'000),
    entry<recv_many_vs_close<Kind>, Kind, "recv_many_vs_close">(10'000),
});

// Several of a side.
template <class Kind>
constexpr auto many_to_many = std::to_array<scenario_entry>({
    entry<senders_dropped_last<Kind>, Kind, "senders_dropped_last">(10'000),
    entry<copy_vs_drop<Kind>, Kind, "copy_vs_drop">(10'000),
    entry<receivers_dropped<Kind>, Kind, "receivers_dropped">(10'000),
    entry<two_receivers_one_element<Kind>, Kind, "two_receivers_one_element">(10'000),
    entry<two_senders_one_room<Kind>, Kind, "two_senders_one_room">(10'000),
    entry<close_vs_element_in_the_making<Kind>, Kind, "close_vs_element_in_the_making">(20'000),
    entry<close_vs_room_in_the_making<Kind>, Kind, "close_vs_room_in_the_making">(20'000),
    entry<two_senders_two_receivers<Kind>, Kind, "two_senders_two_receivers">(20'000),
    entry<two_rooms_two_senders<Kind>, Kind, "two_rooms_two_senders">(20'000),
    entry<batch_vs_two_receivers<Kind>, Kind, "batch_vs_two_receivers">(10'000),
    entry<batch_vs_two_senders<Kind>, Kind, "batch_vs_two_senders">(10'000),
    entry<timeout_vs_wake<Kind>, Kind, "timeout_vs_wake">(10'000),
    entry<stop_vs_wake<Kind>, Kind, "stop_vs_wake">(10'000),
    entry<two_try_recv<Kind>, Kind, "two_try_recv">(10'000),
    entry<two_try_send<Kind>, Kind, "two_try_send">(10'000),
    entry<try_recv_vs_blocked_receiver<Kind>, Kind, "try_recv_vs_blocked_receiver">(10'000),
});

// What depends on who looks for whom.
template <class Kind>
constexpr auto lookers = std::to_array<scenario_entry>({
    entry<send_vs_recv<Kind, 1>, Kind, "send_vs_recv_of_one">(10'000),
    entry<close_vs_send<Kind, who::receiver>, Kind, "close_by_receiver_vs_send">(10'000),
    entry<close_vs_blocked_sender<Kind>, Kind, "close_vs_blocked_sender">(10'000),
    entry<close_vs_blocked_receiver<Kind>, Kind, "close_vs_blocked_receiver">(10'000),
    entry<receiver_dropped_mid_send<Kind>, Kind, "receiver_dropped_mid_send">(10'000),
    entry<timeout_vs_recv<Kind>, Kind, "timeout_vs_recv">(10'000),
});

constexpr auto of_core = std::to_array<scenario_entry>({
    entry<batch_vs_two_sleepers, lockfree_channel, "batch_vs_two_sleepers">(10'000),
});

} // namespace

std::span<scenario_entry const> scenarios() {
    static constexpr auto all = in_one_list(
        one_to_one<locked_channel>, many_to_many<locked_channel>, one_to_one<lockfree_channel>,
        many_to_many<lockfree_channel>, of_core, lookers<asymmetric_form<lockfree_channel>>, one_to_one<locked_spsc_channel>,
        one_to_one<lockfree_spsc_channel>, lookers<asymmetric_form<lockfree_spsc_channel>>);
    return all;
}

} // namespace tandem::model
