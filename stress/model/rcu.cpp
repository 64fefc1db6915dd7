// The family of rcu_domain: its scenarios, for both halves, and for the lock-free one with and without an asymmetric
// barrier. This list is the one place that names them; those that notice a weakened order soonest come first.

#include "rcu_scenarios.hpp"

namespace tandem::model {
namespace {

template <class Test, text race>
constexpr scenario_entry entry(char const* half, std::uint64_t executions) {
    return {"rcu_domain", half, name_of<race>.data(), verdict::pass, executions, 1, &explore<Test>};
}

template <class Kind>
constexpr auto list(char const* half) {
    return std::to_array<scenario_entry>({
        entry<look_vs_take_out<Kind>, Kind::prefix + text("look_vs_take_out")>(half, 40'000),
        entry<take_out_in_section_vs_advance<Kind>, Kind::prefix + text("take_out_in_section_vs_advance")>(half, 60'000),
        entry<second_look_vs_advance<Kind>, Kind::prefix + text("second_look_vs_advance")>(half, 60'000),
        entry<later_sections_vs_advance<Kind, false>, Kind::prefix + text("later_sections_vs_advance")>(half, 20'000),
        entry<later_sections_vs_advance<Kind, true>, Kind::prefix + text("others_sections_vs_advance")>(half, 20'000),
        entry<look_begins_behind_advance<Kind, true>, Kind::prefix + text("first_look_begins_behind_advance")>(half, 10'000),
        entry<look_begins_behind_advance<Kind, false>, Kind::prefix + text("look_begins_behind_advance")>(half, 10'000),
        entry<look_begins_behind_others_advance<Kind>, Kind::prefix + text("look_begins_behind_others_advance")>(half, 10'000),
        entry<two_others_advance<Kind>, Kind::prefix + text("two_others_advance")>(half, 60'000),
        entry<two_advance<Kind>, Kind::prefix + text("two_advance")>(half, 40'000),
        entry<each_takes_out<Kind>, Kind::prefix + text("each_takes_out")>(half, 40'000),
        entry<nested_look<Kind>, Kind::prefix + text("nested_look")>(half, 20'000),
        entry<exit_vs_look<Kind>, Kind::prefix + text("exit_vs_look")>(half, 40'000),
        entry<exit_in_section<Kind>, Kind::prefix + text("exit_in_section")>(half, 40'000),
        entry<synchronize_vs_look<Kind>, Kind::prefix + text("synchronize_vs_look")>(half, 20'000),
        entry<retire_in_anothers_section<Kind>, Kind::prefix + text("retire_in_anothers_section")>(half, 10'000),
        entry<barrier_vs_look<Kind>, Kind::prefix + text("barrier_vs_look")>(half, 20'000),
        entry<barrier_for_another<Kind>, Kind::prefix + text("barrier_for_another")>(half, 20'000),
        entry<barrier_vs_barrier<Kind>, Kind::prefix + text("barrier_vs_barrier")>(half, 10'000),
        entry<retire_many_vs_look<Kind>, Kind::prefix + text("retire_many_vs_look")>(half, 10'000),
        entry<deleter_retires<Kind>, Kind::prefix + text("deleter_retires")>(half, 10'000),
    });
}

} // namespace

std::span<scenario_entry const> scenarios() {
    static constexpr auto all = in_one_list(list<symmetric_rcu<locked::rcu_domain>>("locked"),
                                            list<symmetric_rcu<lockfree::rcu_domain>>("lockfree"),
                                            list<asymmetric_rcu<lockfree::rcu_domain>>("lockfree"));
    return all;
}

} // namespace tandem::model
