#include "../plan.hpp"
#include "../run.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <semaphore>
#include <string>
#include <vector>

namespace tandem::bench {
namespace {

std::string ran; // a letter for each run

// A workload that takes as long as it says, without taking it.
template <char Letter, bool Intact = true>
sample pretend(setup const& s) {
    ran += Letter;
    sample said;
    said.seconds = 1e-6 * static_cast<double>(s.items);
    said.intact = Intact;
    return said;
}

offer pretended(char const* name, sample (*run)(setup const&), crowd made_for = crowd::many_each) {
    return {"stream", {name, "peer", "planted", ""}, made_for, "", "", true, "items/s", run};
}

options asking(std::vector<int> threads, std::vector<int> cores, int rounds) {
    options asked;
    asked.workloads = {"stream"};
    asked.threads = std::move(threads);
    asked.cores = std::move(cores);
    asked.peers = {"all"};
    asked.placements = {"one", "split", "mixed"};
    asked.rounds = rounds;
    return asked;
}

double steady_round_trip() {
    return 100;
}

void never_hung(bench_case& one) {
    FAIL() << one.name();
}

TEST(run, every_round_runs_each_case_once_in_turn) {
    catalogue const all{{pretended("a", pretend<'a'>), pretended("b", pretend<'b'>)}, {}};
    auto const asked = asking({2}, {1}, 4);
    auto todo = make_plan(asked, all, {0});
    ran.clear();
    EXPECT_EQ(run(todo, asked, steady_round_trip, never_hung), ending::complete);
    ASSERT_GE(ran.size(), 8U);
    EXPECT_EQ(ran.substr(ran.size() - 6), "ababab"); // the first round also finds out how much work a sample needs
    for (auto const& one : todo.cases) {
        ASSERT_EQ(one.seen.size(), 4U);
        for (int round = 0; round != 4; ++round) {
            EXPECT_EQ(one.seen[static_cast<std::size_t>(round)].round, round);
        }
    }
}

TEST(run, a_sample_takes_about_as_long_as_asked) {
    catalogue const all{{pretended("a", pretend<'a'>)}, {}};
    auto asked = asking({2}, {1}, 1);
    asked.sample = std::chrono::milliseconds(30);
    auto todo = make_plan(asked, all, {0});
    run(todo, asked, steady_round_trip, never_hung);
    EXPECT_NEAR(static_cast<double>(todo.cases.at(0).items), 30'000, 300);
    EXPECT_NEAR(todo.cases.at(0).seen.at(0).value, 1e6, 1);
}

TEST(run, a_sample_during_which_the_round_trip_jumped_is_taken_again) {
    catalogue const all{{pretended("a", pretend<'a'>)}, {}};
    auto const asked = asking({2}, {2}, 1);
    auto todo = make_plan(asked, all, {0, 1});
    std::vector<double> trips{100, 400, 400, 390};
    auto next = trips.begin();
    run(
        todo, asked, [&] { return *next++; }, never_hung);
    EXPECT_EQ(next, trips.end());
    auto const& one = todo.cases.at(0);
    EXPECT_EQ(one.dropped, 1);
    ASSERT_EQ(one.seen.size(), 1U);
    EXPECT_EQ(one.seen[0].round_trip_ns, 395);
}

TEST(run, a_round_that_one_lacks_is_dropped_for_all_it_is_compared_with) {
    catalogue const all{{pretended("a", pretend<'a'>), pretended("b", pretend<'b'>)}, {}};
    auto const asked = asking({2}, {2}, 2);
    auto todo = make_plan(asked, all, {0, 1});
    int looks = 0;
    // The second case of the first round never finds a quiet moment.
    auto const look = [&] {
        ++looks;
        return looks >= 3 && looks <= 10 && looks % 2 == 0 ? 400 : 100;
    };
    run(todo, asked, look, never_hung);
    ASSERT_EQ(todo.cases.size(), 2U);
    for (auto const& one : todo.cases) {
        ASSERT_EQ(one.seen.size(), 1U) << one.name();
        EXPECT_EQ(one.seen[0].round, 1);
    }
    EXPECT_EQ(todo.cases[0].dropped, 1);
    EXPECT_EQ(todo.cases[1].dropped, 4);
}

TEST(run, what_was_lost_is_remembered) {
    catalogue const all{{pretended("a", pretend<'a'>), pretended("b", pretend<'b', false>)}, {}};
    auto const asked = asking({2}, {1}, 2);
    auto todo = make_plan(asked, all, {0});
    run(todo, asked, steady_round_trip, never_hung);
    EXPECT_TRUE(todo.cases.at(0).intact);
    EXPECT_FALSE(todo.cases.at(1).intact);
}

// Waits for something that nobody does.
sample waits_for_ever(setup const&) {
    std::binary_semaphore(0).acquire();
    return {};
}

TEST(run, a_sample_that_does_not_end_is_named) {
    catalogue const all{{pretended("a", pretend<'a'>), pretended("b", waits_for_ever)}, {}};
    auto asked = asking({2}, {1}, 1);
    asked.longest_sample = std::chrono::milliseconds(100);
    auto todo = make_plan(asked, all, {0});
    auto const hung = [](bench_case& one) {
        std::fputs(one.name().c_str(), stderr);
        std::_Exit(7);
    };
    EXPECT_EXIT(run(todo, asked, steady_round_trip, hung), testing::ExitedWithCode(7), "stream/1p1c/one of 1/b");
}

sample half_of_it_counts(setup const& s) {
    sample said;
    said.seconds = 1e-6 * static_cast<double>(s.items);
    said.counted = said.seconds / 2;
    return said;
}

TEST(run, the_speed_is_that_of_the_time_that_counts) {
    catalogue const all{{pretended("a", half_of_it_counts)}, {}};
    auto const asked = asking({2}, {1}, 1);
    auto todo = make_plan(asked, all, {0});
    run(todo, asked, steady_round_trip, never_hung);
    EXPECT_NEAR(todo.cases.at(0).seen.at(0).value, 2e6, 1);
}

sample weighs_something(setup const& s) {
    sample said;
    said.seconds = 1e-6;
    said.figure = static_cast<double>(s.items);
    said.peak = said.figure + 2;
    return said;
}

// A fixed amount is not sized by how long it takes, and not again in the next round.
TEST(run, a_workload_that_says_how_much_work_a_sample_is_gets_that) {
    auto fixed = pretended("a", weighs_something);
    fixed.unit = "bytes/element";
    fixed.amount = [](setup const& s, std::chrono::milliseconds sample) {
        return 10 * static_cast<std::uint64_t>(sample.count()) + static_cast<std::uint64_t>(s.producers);
    };
    catalogue const all{{fixed}, {}};
    auto asked = asking({2}, {1}, 3);
    asked.sample = std::chrono::milliseconds(30);
    auto todo = make_plan(asked, all, {0});
    run(todo, asked, steady_round_trip, never_hung);
    auto const& one = todo.cases.at(0);
    ASSERT_EQ(one.seen.size(), 3U);
    for (auto const& seen : one.seen) {
        EXPECT_EQ(seen.value, 301);
    }
    EXPECT_EQ(one.peak, 303);
}

std::vector<std::string> groups_of(plan const& made) {
    std::vector<std::string> names;
    for (auto const& one : made.cases) {
        names.push_back(one.group);
    }
    return names;
}

TEST(plan, odd_crowds_are_tried_both_ways) {
    catalogue const all{{pretended("a", pretend<'a'>)}, {}};
    auto const made = make_plan(asking({1, 2, 3, 8}, {1}, 1), all, {0});
    EXPECT_EQ(groups_of(made), (std::vector<std::string>{"stream/1p1c/one of 1", "stream/2p1c/one of 1",
                                                         "stream/1p2c/one of 1", "stream/4p4c/one of 1"}));
}

TEST(plan, capacities_and_batches_are_crossed_with_few_threads_and_the_usual_ones_with_many) {
    auto sized = pretended("a", pretend<'a'>);
    sized.over = {.threads = {2, 8}, .capacities = {1, 1024}, .batches = {16, 64}};
    catalogue const all{{sized}, {}};
    auto asked = asking({}, {1}, 1);
    EXPECT_EQ(
        groups_of(make_plan(asked, all, {0})),
        (std::vector<std::string>{
            "stream/1p1c/one of 1/capacity 1/batches of 16", "stream/1p1c/one of 1/capacity 1/batches of 64",
            "stream/1p1c/one of 1/capacity 1024/batches of 16", "stream/1p1c/one of 1/capacity 1024/batches of 64",
            "stream/4p4c/one of 1/capacity 1024/batches of 16", "stream/4p4c/one of 1/capacity 1024/batches of 64"}));
    asked.threads = {8};
    asked.capacities = {1};
    asked.batches = {64, 3};
    auto const chosen = make_plan(asked, all, {0});
    EXPECT_EQ(groups_of(chosen), std::vector<std::string>{"stream/4p4c/one of 1/capacity 1/batches of 64"});
    EXPECT_EQ(chosen.cases.at(0).how.capacity, 1U);
    EXPECT_EQ(chosen.cases.at(0).how.batch, 64U);
}

TEST(plan, a_quick_run_leaves_out_small_capacities_small_batches_and_some_crowds) {
    auto sized = pretended("a", pretend<'a'>);
    sized.over = {.threads = {2, 3, 16, 64}, .capacities = {1, 1024}, .batches = {16, 64}};
    catalogue const all{{sized}, {}};
    auto asked = asking({}, {1}, 1);
    asked.quick = true;
    EXPECT_EQ(groups_of(make_plan(asked, all, {0})),
              (std::vector<std::string>{"stream/1p1c/one of 1/capacity 1024/batches of 64",
                                        "stream/32p32c/one of 1/capacity 1024/batches of 64"}));
}

TEST(plan, what_is_mixed_in_several_ways_is_compared_in_each) {
    auto mixed_up = pretended("a", pretend<'a'>, crowd::threads);
    mixed_up.over = {.threads = {2}, .finds = {98, 50}};
    catalogue const all{{mixed_up, mixed_up}, {}};
    auto const made = make_plan(asking({}, {1}, 1), all, {0});
    EXPECT_EQ(groups_of(made), (std::vector<std::string>{"stream/2/one of 1/98 % finds", "stream/2/one of 1/98 % finds",
                                                         "stream/2/one of 1/50 % finds", "stream/2/one of 1/50 % finds"}));
    EXPECT_EQ(made.cases.at(0).how.finds, 98U);
    EXPECT_EQ(made.cases.at(2).how.finds, 50U);
}

TEST(plan, cores_that_are_not_there_are_said) {
    catalogue const all{{pretended("a", pretend<'a'>)}, {}};
    auto const made = make_plan(asking({2}, {1, 2}, 1), all, {5});
    EXPECT_EQ(groups_of(made), std::vector<std::string>{"stream/1p1c/one of 1"});
    ASSERT_EQ(made.left_out.size(), 1U);
    EXPECT_EQ(made.left_out[0].cores, 2);
    EXPECT_EQ(made.left_out[0].why, "2 cores asked for, 1 allowed");
}

TEST(plan, a_peer_that_was_not_built_is_said) {
    catalogue const all{{pretended("a", pretend<'a'>)}, {{"boost", "libboost1.81-dev"}}};
    auto const made = make_plan(asking({2}, {1}, 1), all, {0});
    ASSERT_EQ(made.left_out.size(), 1U);
    EXPECT_EQ(made.left_out[0].implementation, "boost");
}

// The core of every thread, producers first; -1 where it may choose.
std::vector<int> where(bench_case const& one) {
    std::vector<int> cores;
    for (auto const& set : one.how.cores) {
        int found = -1;
        for (int core = 0; core != 16 && CPU_COUNT(&set) == 1; ++core) {
            found = CPU_ISSET(static_cast<std::size_t>(core), &set) ? core : found;
        }
        cores.push_back(found);
    }
    return cores;
}

TEST(plan, placements) {
    catalogue const all{{pretended("a", pretend<'a'>)}, {}};
    auto const placed = [&](std::string placement, int threads, int cores) {
        auto asked = asking({threads}, {cores}, 1);
        asked.placements = {std::move(placement)};
        return where(make_plan(asked, all, {2, 3, 5, 7}).cases.at(0));
    };
    EXPECT_EQ(placed("one", 4, 1), (std::vector{2, 2, 2, 2}));
    EXPECT_EQ(placed("split", 2, 2), (std::vector{2, 3}));
    EXPECT_EQ(placed("split", 4, 2), (std::vector{2, 2, 3, 3}));
    EXPECT_EQ(placed("mixed", 4, 2), (std::vector{2, 3, 2, 3}));
    EXPECT_EQ(placed("split", 4, 4), (std::vector{2, 5, 3, 7}));
    EXPECT_EQ(placed("free", 4, 2), (std::vector{-1, -1, -1, -1}));
}

} // namespace
} // namespace tandem::bench
