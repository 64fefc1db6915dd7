// What the headers claim of progress, held against what happens. Of a program of calls the least that is claimed of one of them is claimed: a thread stands
// still, at any of its steps and for good, and the others must finish; or it goes on alone, and must. Of a call that is wait-free it is counted, in
// every program, how many steps it takes. What claims nothing is held to being lock-free all the same, and must be found out.

#include "claims.hpp"

#include "every_call.hpp"
#include "planted_claims.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <vector>

namespace tandem::model {
namespace {

constexpr auto any_number = std::numeric_limits<std::uint64_t>::max();

// "find missing" is a find.
std::string_view operation_of(std::string_view call) {
    return call.substr(0, call.find(' '));
}

progress_class least_claimed(claimed_structure const& of, std::string_view calls) {
    auto least = progress_class::wait_free;
    while (!calls.empty()) {
        auto const one = calls.substr(0, calls.find(' '));
        least = std::min(least, of.operations.at(std::string(one)).progress);
        calls.remove_prefix(std::min(one.size() + 1, calls.size()));
    }
    return least;
}

// What is lock-free beside the allocator. The pool of nodes is a part of that, and has a lock, under which there is no step but the last.
template <class Program>
struct beside_the_pool : Program {
    static bool may_stand_still(explore::step const& before) {
        std::string_view const file = before.site.file_name(), function = before.site.function_name();
        return !file.ends_with("/mutex.hpp") || function.find("unlock") == function.npos;
    }
};

template <class Program>
constexpr unsigned each_of() {
    if constexpr (requires { Program::each; }) {
        return Program::each;
    } else {
        return 0;
    }
}

// A program of calls of a structure, held to its claims; or at least to so much.
template <class Program, text structure, text half, progress_class at_least = progress_class::blocking>
struct held {
    static claimed_structure const& of() {
        static auto const& it = claims_of_headers().of(name_of<structure>.data(), name_of<half>.data());
        return it;
    }
    static std::uint64_t most_steps(std::string_view call) {
        auto const& [progress, steps, more] = of().operations.find(operation_of(call))->second;
        return progress == progress_class::wait_free ? steps + more * each_of<Program>() : any_number;
    }
    static maker const& made() {
        static maker const it{Program::threads, std::max(at_least, least_claimed(of(), Program::calls)), made_of_scenario<Program>.make, &most_steps,
                              may_stand_still()};
        return it;
    }
    static constexpr auto may_stand_still() -> bool (*)(explore::step const&) {
        if constexpr (requires { &Program::may_stand_still; }) {
            return &Program::may_stand_still;
        } else {
            return nullptr;
        }
    }
    static outcome explored(request const& asked) {
        static_assert(sizeof(Program) <= scenario_size && alignof(Program) <= scenario_alignment);
        return explore(made(), asked);
    }
    static outcome noticed(request const& asked) {
        auto quick = asked;
        quick.minimise = false; // what has no end takes long
        return explored(quick);
    }
};

template <class Program, text structure, text half, text race>
constexpr claimed_program as_claimed{
    {name_of<structure>.data(), name_of<half>.data(), name_of<race>.data(), verdict::pass, 20'000, 1, &held<Program, structure, half>::explored},
    Program::calls,
    &held<Program, structure, half>::made};

template <class Program, text structure, text half, text race>
constexpr claimed_program found_out{{name_of<structure>.data(), name_of<half>.data(), name_of<race>.data(), verdict::violation, 20'000, 5,
                                     &held<Program, structure, half, progress_class::lock_free>::explored, "NOT LOCK-FREE"},
                                    Program::calls,
                                    &held<Program, structure, half, progress_class::lock_free>::made};

template <class Program, text name>
constexpr claimed_program planted_claim(char const* found_as) {
    return {{"planted", "planted", name_of<name>.data(), verdict::violation, 2'000, 20, &held<Program, name, "planted">::noticed, found_as},
            Program::calls,
            &held<Program, name, "planted">::made};
}
template <class Program, text name>
constexpr claimed_program right_claim{
    {"correct", "correct", name_of<name>.data(), verdict::pass, 20'000, 1, &held<Program, name, "planted">::explored},
    Program::calls,
    &held<Program, name, "planted">::made};

using in_pairs = lockfree_map<lockfree::map<int, int, one_hash>>;
using in_nodes = lockfree_map_in_nodes<lockfree::map<int, int, one_hash, own_equal>>;
using asymmetric_in_nodes = asymmetric_lockfree_map_in_nodes<lockfree::map<int, int, one_hash, own_equal>>;
using of_locks = locked_map<locked::map<int, int, one_hash>>;
// A size is the sum of what whoever was before and two threads have, and of what shards have.
using asymmetric_channel = asymmetric_form<lockfree_channel>;
using asymmetric_spsc_channel = asymmetric_form<lockfree_spsc_channel>;

// Of a structure of locks: what it claims, of which wait-free calls are a part; and that it is one.
template <class Program, text structure, text race>
constexpr std::array of_a_lock{as_claimed<Program, structure, "locked", race + text("_as_claimed")>,
                               found_out<Program, structure, "locked", race + text("_stands_still")>};

constexpr std::array lockfree_programs{
    as_claimed<one_way<lockfree::bounded_queue<int>, 3, 2>, "bounded_queue", "lockfree", "bounded_queue_one_way_stands_still">,
    as_claimed<both_ways<lockfree::bounded_queue<int>, 2, 1>, "bounded_queue", "lockfree", "bounded_queue_both_ways_stands_still">,
    as_claimed<every_call_of_queue<lockfree::bounded_queue<int>, 0>, "bounded_queue", "lockfree", "bounded_queue_every_call_stands_still">,
    as_claimed<every_call_of_queue<lockfree::bounded_queue<int>, 1>, "bounded_queue", "lockfree", "bounded_queue_every_call_pop_closes_stands_still">,
    as_claimed<one_way<lockfree::spsc_queue<int>, 3, 2>, "spsc_queue", "lockfree", "spsc_queue_one_way_stands_still">,
    as_claimed<every_call_of_queue<lockfree::spsc_queue<int>, 0>, "spsc_queue", "lockfree", "spsc_queue_every_call_stands_still">,
    as_claimed<every_call_of_queue<lockfree::spsc_queue<int>, 1>, "spsc_queue", "lockfree", "spsc_queue_every_call_pop_closes_stands_still">,
    as_claimed<with_barrier<every_call_of_queue<lockfree::spsc_queue<int>, 0>>, "spsc_queue", "lockfree", "spsc_queue_asymmetric_every_call_stands_still">,
    as_claimed<with_barrier<every_call_of_queue<lockfree::spsc_queue<int>, 1>>, "spsc_queue", "lockfree",
               "spsc_queue_asymmetric_every_call_pop_closes_stands_still">,
    as_claimed<every_call_of_queue<lockfree::spsc_queue<owner>, 0, owner>, "spsc_queue", "lockfree", "spsc_queue_every_call_of_owners_stands_still">,
    as_claimed<with_barrier<every_call_of_queue<lockfree::spsc_queue<owner>, 1, owner>>, "spsc_queue", "lockfree",
               "spsc_queue_asymmetric_every_call_of_owners_pop_closes_stands_still">,
    as_claimed<counter_calls<lockfree::counter, 4>, "counter", "lockfree", "counter_stands_still">,
    as_claimed<every_call_of_counter<lockfree::counter>, "counter", "lockfree", "counter_every_call_as_claimed">,
    as_claimed<striped_calls<lockfree::striped_counter, 2>, "striped_counter", "lockfree", "striped_counter_stands_still">,
    as_claimed<every_call_of_striped_counter<lockfree::striped_counter>, "striped_counter", "lockfree", "striped_counter_every_call_stands_still">,
    as_claimed<rcu_calls<symmetric_rcu<lockfree::rcu_domain>, 2>, "rcu_domain", "lockfree", "rcu_domain_stands_still">,
    as_claimed<rcu_calls<asymmetric_rcu<lockfree::rcu_domain>, 2>, "rcu_domain", "lockfree", "rcu_domain_asymmetric_stands_still">,
    as_claimed<every_call_of_rcu_domain<symmetric_rcu<lockfree::rcu_domain>>, "rcu_domain", "lockfree", "rcu_domain_every_call_stands_still">,
    as_claimed<every_call_of_rcu_domain<asymmetric_rcu<lockfree::rcu_domain>>, "rcu_domain", "lockfree", "rcu_domain_asymmetric_every_call_stands_still">,
    as_claimed<map_calls<in_pairs, 2>, "map", "lockfree", "map_stands_still">,
    as_claimed<map_calls<in_nodes, 2>, "map", "lockfree", "map_in_nodes_stands_still">,
    as_claimed<map_calls<asymmetric_in_nodes, 2>, "map", "lockfree", "map_asymmetric_in_nodes_stands_still">,
    as_claimed<looks_at_map<in_pairs>, "map", "lockfree", "map_looks_stand_still">,
    as_claimed<looks_at_map<in_nodes>, "map", "lockfree", "map_in_nodes_looks_stand_still">,
    as_claimed<beside_the_pool<every_call_of_map<in_pairs, 3>>, "map", "lockfree", "map_every_call_stands_still">,
    as_claimed<beside_the_pool<every_call_of_map<in_nodes, 3>>, "map", "lockfree", "map_in_nodes_every_call_stands_still">,
    found_out<two_insert_into_map<in_nodes>, "map", "lockfree", "map_pool_stands_still">,
    as_claimed<impatient_calls_of_channel<lockfree_channel, 0>, "channel", "lockfree", "channel_as_claimed">,
    as_claimed<impatient_calls_of_channel<asymmetric_channel, 1>, "channel", "lockfree", "asymmetric_channel_as_claimed">,
    as_claimed<patient_calls_of_channel<lockfree_channel>, "channel", "lockfree", "channel_patient_as_claimed">,
    found_out<impatient_calls_of_channel<lockfree_channel, 0>, "channel", "lockfree", "channel_stands_still">,
    as_claimed<impatient_calls_of_channel<lockfree_spsc_channel, 0>, "spsc_channel", "lockfree", "spsc_channel_stands_still">,
    as_claimed<impatient_calls_of_channel<lockfree_spsc_channel, 1>, "spsc_channel", "lockfree", "spsc_channel_recv_closes_stands_still">,
    as_claimed<impatient_calls_of_channel<asymmetric_spsc_channel, 0>, "spsc_channel", "lockfree", "asymmetric_spsc_channel_stands_still">,
    as_claimed<impatient_calls_of_channel<asymmetric_spsc_channel, 1>, "spsc_channel", "lockfree", "asymmetric_spsc_channel_recv_closes_stands_still">,
    as_claimed<patient_calls_of_channel<lockfree_spsc_channel>, "spsc_channel", "lockfree", "spsc_channel_patient_as_claimed">,
};

constexpr std::array planted_programs{
    planted_claim<planted::two_add<planted::retried_and_wait_free>, "retried_and_wait_free">("NOT WAIT-FREE"),
    planted_claim<planted::two_pass<planted::overtaken_and_lock_free>, "overtaken_and_lock_free">("NOT LOCK-FREE"),
    planted_claim<planted::two_add<planted::spinning_and_obstruction_free>, "spinning_and_obstruction_free">("NOT OBSTRUCTION-FREE"),
    planted_claim<planted::takes_what_is_given<planted::sleeping_and_wait_free>, "sleeping_and_wait_free">("NOT WAIT-FREE"),
    right_claim<planted::two_add<planted::retried>, "retried">,
    right_claim<planted::two_pass<planted::overtaken>, "overtaken">,
    right_claim<planted::two_add<planted::spinning>, "spinning">,
    right_claim<planted::takes_what_is_given<planted::sleeping>, "sleeping">,
};

template <std::size_t... N>
constexpr auto joined(std::array<claimed_program, N> const&... parts) {
    std::array<claimed_program, (N + ...)> all{};
    auto at = all.begin();
    ((at = std::ranges::copy(parts, at).out), ...);
    return all;
}

constexpr auto all = joined(
    lockfree_programs, of_a_lock<every_call_of_queue<locked::bounded_queue<int>, 0>, "bounded_queue", "bounded_queue_every_call">,
    of_a_lock<every_call_of_queue<locked::spsc_queue<int>, 1>, "spsc_queue", "spsc_queue_every_call">,
    of_a_lock<every_call_of_counter<locked::counter>, "counter", "counter_every_call">,
    of_a_lock<every_call_of_striped_counter<locked::striped_counter>, "striped_counter", "striped_counter_every_call">,
    of_a_lock<every_call_of_rcu_domain<symmetric_rcu<locked::rcu_domain>>, "rcu_domain", "rcu_domain_every_call">,
    of_a_lock<every_call_of_map<of_locks, made_of(64)>, "map", "map_every_call">,
    of_a_lock<impatient_calls_of_channel<locked_channel, 0>, "channel", "channel">,
    of_a_lock<impatient_calls_of_channel<locked_spsc_channel, 1>, "spsc_channel", "spsc_channel">, planted_programs);

std::string text_of(std::filesystem::path const& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace

claims_report const& claims_of_headers() {
    static claims_report const all_there_are = [] {
        std::filesystem::path const root = TANDEM_SOURCE_ROOT;
        auto read = read_claims(root);
        auto const planted_here = text_of(root / "stress" / "explore" / "planted_claims.hpp");
        for (auto const& one : planted_programs) {
            read_class(read, "planted_claims.hpp", planted_here, one.listed.race, "planted");
        }
        return read;
    }();
    return all_there_are;
}

std::span<claimed_program const> claimed_programs() {
    return all;
}

std::span<scenario_entry const> scenarios() {
    static auto const listed = [] {
        std::array<scenario_entry, all.size()> entries{};
        std::ranges::transform(all, entries.begin(), &claimed_program::listed);
        return entries;
    }();
    return listed;
}

} // namespace tandem::model
