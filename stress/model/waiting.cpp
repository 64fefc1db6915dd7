// The family of watched, of the waiting list, and of the locks. This list is the one place that names its scenarios; those that notice
// a weakened order soonest come first.

#include "waiting_scenarios.hpp"

namespace tandem::model {
namespace {

template <class Test, text race>
constexpr scenario_entry entry(char const* structure, std::uint64_t executions) {
    return {structure, "shared", name_of<race>.data(), verdict::pass, executions, 1, &explore<Test>};
}

template <class Form>
constexpr auto list = std::to_array<scenario_entry>({
    entry<look_vs_change<Form>, Form::prefix + text("look_vs_change")>("watched", 10'000),
    entry<change_publishes_to_look<Form>, Form::prefix + text("change_publishes_to_look")>("watched", 10'000),
    entry<change_publishes_to_read<Form>, Form::prefix + text("change_publishes_to_read")>("watched", 10'000),
    entry<look_vs_change_after_subtraction<Form>, Form::prefix + text("look_vs_change_after_subtraction")>("watched",
                                                                                                           20'000),
    entry<notify_publishes<Form>, Form::prefix + text("notify_publishes")>("waiting", 10'000),
    entry<cancel_publishes<Form>, Form::prefix + text("cancel_publishes")>("waiting", 10'000),
    entry<notify_vs_enlist<Form>, Form::prefix + text("notify_vs_enlist")>("waiting", 20'000),
    entry<notify_vs_enlist_again<Form>, Form::prefix + text("notify_vs_enlist_again")>("waiting", 20'000),
    entry<notify_two_of_two<Form>, Form::prefix + text("notify_two_of_two")>("waiting", 10'000),
    entry<two_notify_one_each<Form>, Form::prefix + text("two_notify_one_each")>("waiting", 10'000),
    entry<cancel_vs_notify<Form>, Form::prefix + text("cancel_vs_notify")>("waiting", 10'000),
    entry<give_up_vs_notify<Form>, Form::prefix + text("give_up_vs_notify")>("waiting", 20'000),
    entry<notify_many<Form>, Form::prefix + text("notify_many")>("waiting", 2'000),
    entry<unlock_vs_sleep<Form>, Form::prefix + text("unlock_vs_sleep")>("brief_mutex", 20'000),
    entry<brief_hand_over<Form>, Form::prefix + text("brief_hand_over")>("brief_mutex", 20'000),
});

constexpr auto conditions = std::to_array<scenario_entry>({
    entry<condition_vs_deadline, "condition_vs_deadline">("mutex", 20'000),
    entry<notify_vs_sleep<told::one>, "notify_one_vs_sleep">("mutex", 20'000),
    entry<notify_vs_sleep<told::all>, "notify_all_vs_sleep">("mutex", 20'000),
});

} // namespace

std::span<scenario_entry const> scenarios() {
    static constexpr auto all = in_one_list(list<symmetric_form>, list<asymmetric_form>, conditions);
    return all;
}

} // namespace tandem::model
