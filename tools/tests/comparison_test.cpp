// Known samples, known verdicts; planted misses of goals.
#include "comparison.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace tandem::tools {
namespace {

std::vector<double> around(double middle) {
    return {middle * 0.99, middle * 1.01,  middle,         middle * 0.995, middle * 1.005,
            middle,        middle * 1.002, middle * 0.998, middle};
}

json row(std::string implementation, std::string half, std::vector<double> samples) {
    return {{"workload", "stream"}, {"implementation", implementation},
            {"half", half},         {"threads", 2},
            {"placement", "split"}, {"unit", "items/s"},
            {"samples", samples}};
}

json record(std::vector<json> rows) {
    return {{"schema", 1}, {"kind", "bench"}, {"results", rows}};
}

TEST(statistics, median_of_odd_and_even) {
    EXPECT_EQ(median({3, 1, 2}), 2);
    EXPECT_EQ(median({4, 1, 3, 2}), 2.5);
    EXPECT_TRUE(std::isnan(median({})));
}

TEST(statistics, interval_holds_the_ratio_and_repeats) {
    auto const a = around(200);
    auto const b = around(100);
    auto const first = ratio_of_runs(a, b);
    EXPECT_DOUBLE_EQ(first.value, 2);
    EXPECT_LE(first.low, 2);
    EXPECT_GE(first.high, 2);
    EXPECT_GT(first.low, 1.97);
    EXPECT_LT(first.high, 2.03);
    EXPECT_EQ(first.low, ratio_of_runs(a, b).low);
}

// Drift that both sides share cancels when rounds are resampled whole, and does not when each side is.
TEST(statistics, rounds_cancel_what_both_sides_share) {
    std::vector<double> a, b;
    for (int i = 0; i < 20; ++i) {
        a.push_back(100 + 10 * i);
        b.push_back(2 * (100 + 10 * i));
    }
    auto const rounds = ratio_of_rounds(a, b);
    auto const runs = ratio_of_runs(a, b);
    EXPECT_DOUBLE_EQ(rounds.low, 0.5);
    EXPECT_DOUBLE_EQ(rounds.high, 0.5);
    EXPECT_GT(runs.high - runs.low, 0.1);
}

TEST(statistics, a_word_needs_the_interval_beyond_the_floor) {
    EXPECT_EQ(judge({1.10, 1.05, 1.15}, 0.02), verdict::faster);
    EXPECT_EQ(judge({0.90, 0.85, 0.95}, 0.02), verdict::slower);
    EXPECT_EQ(judge({1.10, 1.01, 1.20}, 0.02), verdict::no_difference_seen);
    EXPECT_EQ(judge({0.90, 0.85, 0.99}, 0.02), verdict::no_difference_seen);
}

TEST(statistics, noise_floor_is_what_a_series_shows_against_itself) {
    EXPECT_DOUBLE_EQ(noise_floor(std::vector<double>{100, 100, 100, 100}), 0.01);
    EXPECT_NEAR(noise_floor(std::vector<double>{120, 100, 120, 100}), 0.2, 1e-9);
}

TEST(compare, says_faster_slower_and_no_difference) {
    auto const first = record({row("bounded_queue", "lockfree", around(100)),
                               row("bounded_queue", "locked", around(100)), row("peer", "peer", around(100))});
    auto const second = record({row("bounded_queue", "lockfree", around(120)),
                                row("bounded_queue", "locked", around(80)), row("peer", "peer", around(100.2))});
    auto const all = compare_records(first, second);
    ASSERT_EQ(all.rows.size(), 3U);
    for (auto const& one : all.rows) {
        EXPECT_EQ(one.is, one.implementation == "lockfree.bounded_queue" ? verdict::faster
                          : one.implementation == "locked.bounded_queue" ? verdict::slower
                                                                         : verdict::no_difference_seen)
            << one.implementation;
    }
}

TEST(compare, few_samples_get_no_word) {
    auto const all = compare_records(record({row("a", "peer", {100, 100})}), record({row("a", "peer", {200, 200})}));
    ASSERT_EQ(all.rows.size(), 1U);
    EXPECT_EQ(all.rows[0].is, verdict::no_difference_seen);
    EXPECT_EQ(all.rows[0].note, "fewer than 5 samples");
}

TEST(compare, times_are_turned_into_speeds) {
    auto quick = row("a", "peer", around(100));
    auto slow = row("a", "peer", around(200));
    quick["unit"] = slow["unit"] = "ns";
    EXPECT_EQ(compare_records(record({quick}), record({slow})).rows.at(0).is, verdict::slower);
}

TEST(compare, batches_of_different_size_are_different_rows) {
    auto small = row("a", "peer", around(1));
    auto large = small;
    small["batch"] = 16;
    large["batch"] = 64;
    auto const all = compare_records(record({small, large}), record({large}));
    EXPECT_EQ(all.rows.size(), 1U);
    EXPECT_EQ(all.only_first.size(), 1U);
}

TEST(compare, a_worker_may_have_conditions_and_counters_of_its_own) {
    auto few = row("a", "peer", around(1));
    few["finds"] = 98;
    few["keys"] = "u64";
    few["bytes_per_element"] = 24.5;
    few["longest_insert_ns"] = 900;
    few["peak"] = 60;
    few["counters"] = {{"locked instructions", 2}};
    EXPECT_EQ(conditions_of(few), "stream, threads 2, placement split, finds 98, keys u64");
    EXPECT_EQ(counters_of(few),
              (std::vector<std::pair<std::string, double>>{
                  {"bytes_per_element", 24.5}, {"longest_insert_ns", 900}, {"peak", 60}, {"locked instructions", 2}}));
    auto many = few;
    many["finds"] = 50;
    EXPECT_TRUE(compare_records(record({few}), record({many})).rows.empty());
    few["bytes_per_element"] = 30;
    EXPECT_EQ(compare_records(record({few}), record({few, many})).rows.size(), 1U) << "what came out is no condition";
}

TEST(compare, rows_of_one_record_only_are_named) {
    auto const all = compare_records(record({row("a", "peer", around(1))}), record({row("b", "peer", around(1))}));
    EXPECT_TRUE(all.rows.empty());
    ASSERT_EQ(all.only_first.size(), 1U);
    EXPECT_NE(all.only_first[0].find("| a"), std::string::npos);
    EXPECT_EQ(all.only_second.size(), 1U);
}

// Half the samples were taken while the cores were far apart, and slower for that alone.
TEST(compare, samples_of_another_round_trip_regime_are_left_out) {
    auto first = row("a", "peer", {100, 100, 100, 100, 100, 100, 40, 40});
    auto second = row("a", "peer", {100, 100, 100, 100, 100, 40, 40, 40});
    first["round_trip_ns"] = {90, 90, 90, 90, 90, 90, 400, 400};
    second["round_trip_ns"] = {90, 90, 90, 90, 90, 400, 400, 400};
    auto const all = compare_records(record({first}), record({second}));
    EXPECT_DOUBLE_EQ(all.rows.at(0).ratio.low, 1);
    EXPECT_DOUBLE_EQ(all.rows.at(0).ratio.high, 1);
    EXPECT_EQ(all.rows.at(0).note, "near regime only, 5 samples left out");
}

json goal(double least) {
    return {{"schema", 1},
            {"goals",
             {{{"name", "as fast as the best peer"},
               {"rows", {{"workload", {"stream"}}, {"placement", {"split", "one"}}}},
               {"subject", {{"implementation", "bounded_queue"}, {"half", "lockfree"}}},
               {"against", {{{"implementation", "slow"}}, {{"implementation", "quick"}}}},
               {"min_ratio", least}}}}};
}

json measured() {
    return record({row("bounded_queue", "lockfree", around(95)), row("slow", "peer", around(10)),
                   row("quick", "peer", around(100))});
}

TEST(goals, the_most_demanding_peer_counts_and_what_is_missing_is_said) {
    auto const results = check_goals(goal(0.90), "goals.json", measured());
    ASSERT_EQ(results.size(), 2U); // one a placement
    auto const& split = results[0].where.find("split") != std::string::npos ? results[0] : results[1];
    auto const& one = results[0].where.find("split") != std::string::npos ? results[1] : results[0];
    EXPECT_EQ(split.state, goal_state::met);
    EXPECT_NEAR(split.ratio.value, 0.95, 1e-9);
    EXPECT_EQ(split.against, "implementation quick");
    EXPECT_EQ(one.state, goal_state::unanswered);
    EXPECT_NE(one.why.find("no row with"), std::string::npos);
}

TEST(goals, a_planted_miss_is_found) {
    auto const results = check_goals(goal(0.96), "goals.json", measured());
    EXPECT_EQ(std::ranges::count(results, goal_state::missed, &goal_result::state), 1);
}

TEST(goals, thread_counts_against_each_other) {
    auto two = row("counter", "lockfree", around(90));
    auto many = row("counter", "lockfree", around(29));
    many["threads"] = 64;
    json const goals = {{"schema", 1},
                        {"goals",
                         {{{"name", "no collapse"},
                           {"rows", {{"implementation", "counter"}}},
                           {"subject", {{"threads", 64}}},
                           {"against", {{{"threads", 2}}}},
                           {"min_ratio", 0.3334}}}}};
    EXPECT_EQ(check_goals(goals, "goals.json", record({two, many})).at(0).state, goal_state::missed);
    many["samples"] = around(31);
    EXPECT_EQ(check_goals(goals, "goals.json", record({two, many})).at(0).state, goal_state::met);
}

TEST(goals, crowds_are_listed) {
    auto const crowded = [](int producers, int consumers, double speed) {
        auto made = row("bounded_queue", "lockfree", around(speed));
        made["producers"] = producers;
        made["consumers"] = consumers;
        return made;
    };
    json const goals = {{"schema", 1},
                        {"goals",
                         {{{"name", "sides are alike"},
                           {"rows", {{"implementation", "bounded_queue"}}},
                           {"subject", {{"crowd", "2p1c"}}},
                           {"against", {{{"crowd", "1p2c"}}, {{"crowd", "4p4c"}}}},
                           {"min_ratio", 1}}}}};
    auto const all = record({crowded(2, 1, 20), crowded(1, 2, 30), crowded(4, 4, 10)});
    auto const missed = check_goals(goals, "goals.json", all).at(0);
    EXPECT_EQ(missed.state, goal_state::missed) << missed.why;
    EXPECT_EQ(missed.against, "crowd 1p2c");
}

TEST(goals, only_rounds_inside_one_regime_count) {
    auto ours = row("bounded_queue", "lockfree", {100, 100, 100, 100, 100, 20, 20});
    auto peer = row("quick", "peer", {100, 100, 100, 100, 100, 100, 100});
    ours["round_trip_ns"] = {90, 90, 90, 90, 90, 400, 400};
    peer["round_trip_ns"] = {90, 90, 90, 90, 90, 90, 90};
    json goals = goal(0.99);
    goals["goals"][0]["rows"] = {{"placement", "split"}};
    goals["goals"][0]["against"] = {{{"implementation", "quick"}}};
    EXPECT_EQ(check_goals(goals, "goals.json", record({ours, peer})).at(0).state, goal_state::met);
    peer["round_trip_ns"] = {400, 90, 90, 90, 90, 90, 90};
    auto const few = check_goals(goals, "goals.json", record({ours, peer})).at(0);
    EXPECT_EQ(few.state, goal_state::unanswered);
    EXPECT_NE(few.why.find("only 4 rounds"), std::string::npos) << few.why;
}

TEST(goals, a_broken_goal_is_named) {
    auto goals = goal(1);
    goals["goals"][0].erase("min_ratio");
    try {
        (void)check_goals(goals, "goals.json", measured());
        FAIL() << "accepted";
    } catch (bad_input const& error) {
        EXPECT_STREQ(error.what(), "goals.json: goal 1: neither min_ratio nor max_ratio is a number");
    }
    goals = goal(1);
    goals["goals"][0]["min_ration"] = 1;
    EXPECT_THROW((void)check_goals(goals, "goals.json", measured()), bad_input);
}

} // namespace
} // namespace tandem::tools
