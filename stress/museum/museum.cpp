// The museum: every specimen, in one list.

#include "museum.hpp"

#include "order/arc_unique_relaxed.hpp"
#include "order/dekker_acq_rel.hpp"
#include "order/double_checked_relaxed.hpp"
#include "order/last_one_out_release.hpp"
#include "order/peterson_acq_rel.hpp"
#include "order/ready_relaxed.hpp"
#include "order/release_sequence_store.hpp"
#include "order/seqlock_reader_acquire.hpp"
#include "order/seqlock_writer_relaxed.hpp"
#include "order/shared_ptr_lock_bit.hpp"

namespace tandem::model {
namespace {

using namespace museum;

constexpr std::uint64_t executions = 20'000;
constexpr unsigned every_seed = 20;

// Where nothing is chosen but by the machine, a bug may show.
constexpr verdict expected(verdict rightly, [[maybe_unused]] label const& is) {
#if defined(RL_RELACY_HPP)
    constexpr verdict other[] = {verdict::violation, verdict::pass};
    return is.relacy == relacy::agrees ? rightly : is.relacy == relacy::differs ? other[static_cast<std::size_t>(rightly)] : verdict::either;
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
template <class Bug, class Repaired>
constexpr auto shown(label const& is) {
    return std::array{
        scenario_entry{"museum", is.kind, is.name, expected(verdict::violation, is), executions, every_seed, &explore<Bug>,
                       found_as(is), is.source, is.fences},
        scenario_entry{"museum", "repaired", is.name, verdict::pass, executions, 1, &explore<Repaired>, "", "", is.fences},
    };
}
template <template <bool> class Specimen>
constexpr auto shown() {
    return shown<Specimen<false>, Specimen<true>>(Specimen<false>::is);
}

constexpr auto all = in_one_list( //
    shown<arc_unique_relaxed>(), shown<dekker_acq_rel>(), shown<double_checked_relaxed>(), shown<last_one_out_release>(),
    shown<peterson_acq_rel>(), shown<ready_relaxed>(), shown<release_sequence_store>(), shown<seqlock_reader_acquire>(),
    shown<seqlock_writer_relaxed>(), shown<shared_ptr_lock_bit>());

} // namespace

std::span<scenario_entry const> scenarios() {
    return all;
}

} // namespace tandem::model
