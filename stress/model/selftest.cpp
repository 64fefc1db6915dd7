// The family that checks the checker: planted bugs, each to be found from every seed, and correct code never to
// be accused. This list is the one place that names them.

#include "correct_and_tricky.hpp"
#include "planted_bugs.hpp"
#include "planted_channel_bugs.hpp"
#include "planted_epochs.hpp"
#include "planted_striped_bugs.hpp"

namespace tandem::model {
namespace {

constexpr unsigned every_seed = 20;

template <class Test>
constexpr scenario_entry bug(char const* name, char const* found_as, std::uint64_t executions = 2'000) {
    return {"planted", "planted", name, verdict::violation, executions, every_seed, &explore<Test>, found_as};
}
template <class Test>
constexpr scenario_entry correct(char const* name) {
    return {"correct", "correct", name, verdict::pass, 20'000, 1, &explore<Test>};
}

constexpr scenario_entry all[] = {
    bug<planted::relaxed_publish>("relaxed_publish", "DATA RACE"),
    bug<planted::relaxed_look>("relaxed_look", "DATA RACE"),
    bug<planted::relaxed_cas_failure>("relaxed_cas_failure", "DATA RACE"),
    bug<planted::store_buffering>("store_buffering", "USER ASSERT FAILED"),
    bug<planted::stale_cas_failure>("stale_cas_failure", "USER ASSERT FAILED"),
    bug<planted::lost_update>("lost_update", "USER ASSERT FAILED"),
    bug<drain_vs_add<planted::half_that_stores_zero>>("drain_stores_zero", "USER ASSERT FAILED"),
    bug<reuse_vs_add<planted::half_that_keeps_rest>>("striped_counter_keeps_rest", "USER ASSERT FAILED"),
    bug<take_out_in_section_vs_advance<planted::planted_epochs<planted::epoch_bug::tag_from_local_epoch>>>(
        "tag_from_local_epoch", "USER ASSERT FAILED", 20'000),
    bug<look_vs_take_out<planted::planted_epochs<planted::epoch_bug::epoch_freed_one_too_early>>>(
        "epoch_freed_one_too_early", "USER ASSERT FAILED"),
    bug<look_vs_take_out<planted::planted_epochs<planted::epoch_bug::announced_without_order>>>(
        "announced_without_order", "USER ASSERT FAILED", 20'000),
    bug<look_vs_take_out<planted::planted_epochs<planted::epoch_bug::end_relaxed, thing>>>("end_relaxed", "DATA RACE"),
    bug<retire_in_anothers_section<planted::frees_at_once>>("domain_frees_at_once", "ACCESS TO FREED MEMORY"),
    bug<planted::unlocked_access>("unlocked_access", "DATA RACE"),
    bug<planted::off_by_one_lap>("off_by_one_lap", "USER ASSERT FAILED"),
    bug<planted::use_after_free>("use_after_free", "ACCESS TO FREED MEMORY"),
    bug<planted::use_after_delete>("use_after_delete", "ACCESS TO FREED MEMORY"),
    bug<planted::double_free>("double_free", "DOUBLE FREE"),
    bug<planted::over_aligned_double_free>("over_aligned_double_free", "DOUBLE FREE"),
    bug<planted::forgetful<int>>("leak", "MEMORY LEAK"),
    bug<planted::forgetful<planted::wide_block>>("over_aligned_leak", "MEMORY LEAK"),
    bug<planted::forgets_delete<int>>("leak_of_new", "MEMORY LEAK"),
    bug<planted::forgets_delete<planted::wide_block>>("over_aligned_leak_of_new", "MEMORY LEAK"),
    bug<planted::race_on_destruction>("race_on_destruction", "DATA RACE"),
    bug<planted::race_on_destruction_of_atomic>("race_on_destruction_of_atomic", "DATA RACE"),
    bug<planted::uninitialised_slot>("uninitialised_slot", "ACCESS TO UNINITIALIZED VARIABLE"),
    bug<planted::constructed_over>("constructed_over", "USER ASSERT FAILED"),
    bug<planted::element_left_in_slot>("element_left_in_slot", "MEMORY LEAK"),
    bug<planted::deadlock>("deadlock", "DEADLOCK"),
    bug<planted::missing_unpark>("missing_unpark", "DEADLOCK"),
    bug<planted::lost_wake_up>("lost_wake_up", "DEADLOCK"),
    bug<planted::wakes_one_of_two>("wakes_one_of_two", "DEADLOCK"),
    bug<planted::trusts_wake_up>("trusts_wake_up", "USER ASSERT FAILED"),
    bug<planted::livelock>("livelock", "LIVELOCK"),
    bug<planted::endless_deadline>("endless_deadline", "DEADLOCK"),
    bug<planted::trusts_deadline>("trusts_deadline", "USER ASSERT FAILED"),
    bug<planted::reads_clock_twice>("reads_clock_twice", "USER ASSERT FAILED"),
    bug<planted::two_light_sides>("two_light_sides", "USER ASSERT FAILED"),
    bug<planted::heavy_side_alone>("heavy_side_alone", "USER ASSERT FAILED"),
    bug<planted::stop_without_callback>("stop_without_callback", "DEADLOCK"),
    bug<planted::callback_outlives_its_data>("callback_outlives_its_data", "ACCESS TO FREED MEMORY|DATA RACE"),
    bug<planted::reads_what_callback_writes>("reads_what_callback_writes", "DATA RACE"),
    bug<planted::trusts_callback>("trusts_callback", "USER ASSERT FAILED"),
    bug<planted::box_closed<planted::slip::no_wake_at_close>>("missing_close_wake_up", "DEADLOCK"),
    bug<planted::box_of_two<planted::slip::notify_when_empty>>("notify_only_when_empty", "DEADLOCK"),
    bug<planted::box_of_one<planted::slip::look_before_publish>>("look_before_publish", "DEADLOCK"),
    bug<planted::box_of_one<planted::slip::enlist_after_last_attempt>>("register_after_check", "DEADLOCK"),
    bug<planted::box_with_deadline<planted::slip::over_before_last_attempt>>("timed_out_waiter_swallows_token",
                                                                               "DEADLOCK"),
    bug<planted::box_of_two<planted::slip::keeps_wake_up>>("wake_up_kept", "DEADLOCK", 20'000),
    bug<planted::two_places<true>>("wake_up_not_passed_on", "DEADLOCK"),
    bug<planted::watched_relaxed>("watched_relaxed", "USER ASSERT FAILED"),
    bug<planted::crash>("crash", "CRASHED|ABORTED"),
    bug<planted::nondeterminism>("nondeterminism", ""),

    correct<tricky::publish>("publish"),
    correct<tricky::release_sequence>("release_sequence"),
    correct<tricky::store_buffering>("store_buffering"),
    correct<tricky::independent_reads>("independent_reads"),
    correct<tricky::peterson>("peterson"),
    correct<tricky::cas_failure_stronger_than_success>("cas_failure_stronger_than_success"),
    correct<tricky::spinning>("spinning"),
    correct<tricky::weak_cas_loop>("weak_cas_loop"),
    correct<tricky::reference_count>("reference_count"),
    correct<tricky::destroys_atomic>("destroys_atomic"),
    correct<tricky::over_aligned_block>("over_aligned_block"),
    correct<tricky::over_aligned_new>("over_aligned_new"),
    correct<tricky::slot_reuse>("slot_reuse"),
    correct<tricky::same_lock_order>("same_lock_order"),
    correct<tricky::park_and_unpark>("park_and_unpark"),
    correct<tricky::word_gone_before_unpark>("word_gone_before_unpark"),
    correct<tricky::deadline_comes>("deadline_comes"),
    correct<tricky::timed_wait>("timed_wait"),
    correct<tricky::asymmetric_store_buffering>("asymmetric_store_buffering"),
    correct<tricky::callback_ends_before_its_data>("callback_ends_before_its_data"),
    correct<tricky::callback_is_called_once>("callback_is_called_once"),
    correct<tricky::callback_ends_callbacks>("callback_ends_callbacks"),
    correct<tricky::stop_state_is_freed_once>("stop_state_is_freed_once"),
    correct<planted::box_closed<planted::slip::none>>("box_closed"),
    correct<planted::box_of_two<planted::slip::none>>("box_of_two"),
    correct<planted::box_of_one<planted::slip::none>>("box_of_one"),
    correct<planted::box_with_deadline<planted::slip::none>>("box_with_deadline"),
    correct<planted::two_places<false>>("two_places"),
    correct<take_out_in_section_vs_advance<planted::planted_epochs<planted::epoch_bug::none>>>("epochs_and_an_old_tag"),
    correct<look_vs_take_out<planted::planted_epochs<planted::epoch_bug::none, thing>>>("epochs"),
};

} // namespace

std::span<scenario_entry const> scenarios() {
    return all;
}

} // namespace tandem::model
