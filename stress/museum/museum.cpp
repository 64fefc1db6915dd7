// The museum: every specimen, in one list.

#include "museum.hpp"

#include "correct/fence_against_accesses.hpp"
#include "correct/fence_by_last_owner.hpp"
#include "correct/iriw_sc_loads.hpp"
#include "correct/left_right.hpp"
#include "correct/seqlock_without_fences.hpp"
#include "correct/unit_counters_in_one_pass.hpp"
#include "correct/update_chain.hpp"
#include "logic/drain_misses_batch.hpp"
#include "logic/harris_list_without_mark.hpp"
#include "logic/late_helper_resurrects.hpp"
#include "logic/lazy_list_without_validation.hpp"
#include "logic/limit_exceeded.hpp"
#include "logic/map_growth_loses_write.hpp"
#include "logic/put_returns_new_value.hpp"
#include "logic/snark_double_pop.hpp"
#include "logic/sum_then_reset.hpp"
#include "memory/empty_from_recycled_node.hpp"
#include "memory/epoch_tag_local.hpp"
#include "memory/hazard_cleared_early.hpp"
#include "memory/hazard_without_order.hpp"
#include "memory/list_channel_double_free.hpp"
#include "memory/mpsc_stub_twice.hpp"
#include "memory/queue_without_counts.hpp"
#include "memory/treiber_frees_in_pop.hpp"
#include "memory/waiter_gone_before_push.hpp"
#include "memory/withdraws_anothers_offer.hpp"
#include "order/arc_unique_relaxed.hpp"
#include "order/dekker_acq_rel.hpp"
#include "order/deque_grows_relaxed.hpp"
#include "order/deque_take_acq_rel.hpp"
#include "order/double_checked_relaxed.hpp"
#include "order/event_count_relaxed.hpp"
#include "order/last_one_out_release.hpp"
#include "order/peterson_acq_rel.hpp"
#include "order/ready_relaxed.hpp"
#include "order/release_sequence_store.hpp"
#include "order/seqlock_reader_acquire.hpp"
#include "order/seqlock_writer_relaxed.hpp"
#include "order/shared_ptr_lock_bit.hpp"
#include "waiting/claimed_slot_at_shutdown.hpp"
#include "waiting/closed_before_empty.hpp"
#include "waiting/mcs_unlock_without_wait.hpp"
#include "waiting/notify_when_empty.hpp"
#include "waiting/pool_task_waits_with_lock.hpp"
#include "waiting/select_keeps_token.hpp"
#include "waiting/semaphore_skips_notify.hpp"
#include "waiting/store_without_notify.hpp"
#include "waiting/tas_lock_starves.hpp"
#include "waiting/timed_out_waiter_keeps_token.hpp"

#if defined(TANDEM_MUSEUM_THREADS)
#include <tandem/stress/engine/sanitizer.hpp>

#include <string_view>
#include <vector>
#endif

namespace tandem::model {
namespace {

using namespace museum;

#if defined(TANDEM_MUSEUM_THREADS)
constexpr std::uint64_t executions = 1'000'000'000; // as many as there is time for
constexpr unsigned every_seed = 3;
#else
constexpr std::uint64_t executions = 50'000;
constexpr unsigned every_seed = 20;
#endif

// Where nothing is chosen but by the machine, a bug may show.
constexpr verdict expected(verdict rightly, [[maybe_unused]] label const& is) {
#if defined(RL_RELACY_HPP)
    return is.relacy == relacy::agrees ? rightly : rightly == verdict::pass ? verdict::violation : verdict::pass;
#elif defined(TANDEM_MUSEUM_THREADS)
    return rightly == verdict::violation ? verdict::either : rightly;
#else
    return rightly;
#endif
}
constexpr char const* found_as(label const& is) {
    return expected(verdict::violation, is) == verdict::violation ? is.found_as : "";
}

// As it was, and repaired.
template <template <bool> class Specimen>
constexpr auto shown() {
    constexpr auto is = Specimen<false>::is;
    return std::array{
        scenario_entry{"museum", is.kind, is.name, expected(verdict::violation, is), executions, every_seed, &explore<Specimen<false>>,
                       found_as(is), is.source, is.fences},
        scenario_entry{"museum", "repaired", is.name, verdict::pass, executions, 1, &explore<Specimen<true>>, "", "", is.fences},
    };
}
template <class Specimen>
constexpr auto right() {
    constexpr auto is = Specimen::is;
    return std::array{scenario_entry{"museum", is.kind, is.name, expected(verdict::pass, is), executions, 1, &explore<Specimen>, "",
                                     is.source, is.fences}};
}

constexpr auto all = in_one_list( //
    shown<arc_unique_relaxed>(),
    shown<dekker_acq_rel>(),
    shown<deque_grows_relaxed>(),
    shown<deque_take_acq_rel>(),
    shown<double_checked_relaxed>(),
    shown<event_count_relaxed>(),
    shown<last_one_out_release>(),
    shown<peterson_acq_rel>(),
    shown<ready_relaxed>(),
    shown<release_sequence_store>(),
    shown<seqlock_reader_acquire>(),
    shown<seqlock_writer_relaxed>(),
    shown<shared_ptr_lock_bit>(),
    shown<empty_from_recycled_node>(),
    shown<epoch_tag_local>(),
    shown<hazard_cleared_early>(),
    shown<hazard_without_order>(),
    shown<list_channel_double_free>(),
    shown<mpsc_stub_twice>(),
    shown<queue_without_counts>(),
    shown<treiber_frees_in_pop>(),
    shown<waiter_gone_before_push>(),
    shown<withdraws_anothers_offer>(),
    shown<drain_misses_batch>(),
    shown<harris_list_without_mark>(),
    shown<late_helper_resurrects>(),
    shown<lazy_list_without_validation>(),
    shown<limit_exceeded>(),
    shown<map_growth_loses_write>(),
    shown<put_returns_new_value>(),
    shown<snark_double_pop>(),
    shown<sum_then_reset>(),
    shown<claimed_slot_at_shutdown>(),
    shown<closed_before_empty>(),
    shown<mcs_unlock_without_wait>(),
    shown<notify_when_empty>(),
    shown<pool_task_waits_with_lock>(),
    shown<select_keeps_token>(),
    shown<semaphore_skips_notify>(),
    shown<store_without_notify>(),
    shown<tas_lock_starves>(),
    shown<timed_out_waiter_keeps_token>(),
    right<fence_against_accesses>(),
    right<fence_by_last_owner>(),
    right<iriw_sc_loads>(),
    right<left_right>(),
    right<seqlock_without_fences>(),
    right<unit_counters_in_one_pass>(),
    right<update_chain>());

} // namespace

#if defined(TANDEM_MUSEUM_THREADS)
std::span<scenario_entry const> scenarios() {
    static auto const those = [] {
        std::vector<scenario_entry> some(all.begin(), all.end());
        std::erase_if(some, [](scenario_entry const& one) { return one.fences && stress::sanitizer() == std::string_view("thread"); });
        return some;
    }();
    return those;
}
#else
std::span<scenario_entry const> scenarios() {
    return all;
}
#endif

} // namespace tandem::model
