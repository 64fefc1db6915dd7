// The memory model against the verdicts of the litmus tests, each rule against the tests, and the searches against each other.
#include "explored.hpp"

#include <tandem/stress/explore/meter.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <tuple>

namespace tandem::explore {
namespace {

std::string as_name(std::string text) {
    std::ranges::replace_if(text, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
    return text;
}

class litmus_test : public testing::TestWithParam<std::size_t> {};
TEST_P(litmus_test, comes_out_as_published) {
    auto const& t = litmus::tests()[GetParam()];
    auto const found = litmus::explored(t, {});
    EXPECT_TRUE(as_expected(t, found)) << t.name << ": " << to_string(t.expected) << ", seen in " << found.seen << " of "
                                       << found.executions;
}
INSTANTIATE_TEST_SUITE_P(explore, litmus_test, testing::Range<std::size_t>(0, litmus::tests().size()),
                         [](auto const& it) { return std::to_string(it.index) + "_" + as_name(litmus::tests()[it.param].name); });

class broken_rule : public testing::TestWithParam<std::size_t> {};
TEST_P(broken_rule, is_noticed_by_two_tests) {
    rules some;
    some.break_one(static_cast<rule>(GetParam()));
    EXPECT_GE(std::ranges::count_if(litmus::tests(), [&](auto const& t) { return !as_expected(t, litmus::explored(t, some)); }), 2);
}
INSTANTIATE_TEST_SUITE_P(explore, broken_rule, testing::Range<std::size_t>(0, rules_count),
                         [](auto const& it) { return std::string(rule_names[it.param]); });

TEST(litmus, only_two_things_are_not_produced) {
    std::set<std::string> missed;
    for (auto const& t : litmus::tests()) {
        if (!right(t, litmus::explored(t, {}))) {
            missed.insert(t.name);
        }
    }
    EXPECT_EQ(missed, (std::set<std::string>{"LB+rlx", "Z6.U"}));
}

// A verdict is about one kind of end; every other is an accusation, and then the checker is not right.
TEST(litmus, an_execution_that_goes_wrong_otherwise_is_an_accusation) {
    auto const judged = [](litmus::verdict expected, std::string const& what) {
        litmus::test const t{"", expected, {}, nullptr};
        litmus::finding f{.executions = 1};
        went_wrong(t, what, f);
        return right(t, f);
    };
    EXPECT_TRUE(judged(litmus::verdict::race, "DATA RACE"));
    EXPECT_TRUE(judged(litmus::verdict::stuck, "DEADLOCK"));
    EXPECT_FALSE(judged(litmus::verdict::race, "DEADLOCK"));
    EXPECT_FALSE(judged(litmus::verdict::stuck, "DATA RACE"));
    EXPECT_FALSE(judged(litmus::verdict::no_race, "DATA RACE"));
    EXPECT_FALSE(judged(litmus::verdict::never_stuck, "LIVELOCK"));
}

TEST(litmus, names_are_unique) {
    std::set<std::string> names;
    for (auto const& t : litmus::tests()) {
        EXPECT_TRUE(names.insert(t.name).second) << t.name;
    }
    EXPECT_GE(names.size(), 300);
}

// All interleavings, without leaving any out: to hold the search with sleep sets against.
class every_interleaving : public chooser {
public:
    std::size_t thread(std::span<step const> next) override { return choose(next.size()); }
    std::size_t outcome(std::size_t count) override { return choose(count); }
    bool misfortune() override {
        bool const strikes = struck_ != litmus::misfortunes && choose(2) == 1;
        struck_ += strikes ? 1 : 0;
        return strikes;
    }
    bool another() {
        depth_ = 0;
        struck_ = 0;
        while (!points_.empty() && ++points_.back().first == points_.back().second) {
            points_.pop_back();
        }
        return !points_.empty();
    }

private:
    std::size_t choose(std::size_t count) {
        if (depth_ == points_.size()) {
            points_.push_back({0, count});
        }
        return points_[depth_++].first;
    }

    std::vector<std::pair<std::size_t, std::size_t>> points_;
    std::size_t depth_ = 0;
    unsigned struck_ = 0;
};

using outcome = std::tuple<bool, value, value, value, value, value, value, value>;

struct outcomes {
    std::set<outcome> seen;
    std::size_t executions = 0;
};
template <class Search, class More>
outcomes outcomes_of(litmus::test const& t, Search& search, More more) {
    outcomes all;
    auto const p = litmus::program_of(t, [&](litmus::state const& s) {
        all.seen.insert({false, s.r1, s.r2, s.r3, s.r4, litmus::last(s.x), litmus::last(s.y), litmus::last(s.z)});
    });
    rules const held;
    execution run(held);
    do {
        ++all.executions;
        if (run.run(p, search) == execution::end::failed) {
            all.seen.insert({true, 0, 0, 0, 0, 0, 0, 0});
        }
    } while (more());
    return all;
}

TEST(exhaustive_search, leaves_out_no_outcome) {
    std::size_t with_sleep = 0, without = 0;
    for (auto const& t : litmus::tests()) {
        exhaustive_search some(litmus::misfortunes);
        every_interleaving all;
        auto const few = outcomes_of(t, some, [&] { return some.another(); });
        auto const many = outcomes_of(t, all, [&] { return all.another(); });
        ASSERT_EQ(few.seen, many.seen) << t.name;
        with_sleep += few.executions;
        without += many.executions;
    }
    EXPECT_LT(4 * with_sleep, without);
}

TEST(random_search, finds_nothing_that_exhaustive_search_does_not) {
    for (auto const& t : litmus::tests()) {
        exhaustive_search some(4); // as often as it does
        random_search any(1);
        auto const all = outcomes_of(t, some, [&] { return some.another(); });
        std::uint64_t number = 1;
        auto const found = outcomes_of(t, any, [&] {
            any = random_search(++number);
            return number != 300;
        });
        EXPECT_TRUE(std::ranges::includes(all.seen, found.seen)) << t.name;
    }
}

TEST(thread_locals, a_program_without_any_has_none_to_switch) {
    EXPECT_EQ(thread_locals().pointer(), nullptr);
}

// Misses of two threads by turns, each at its own address.
std::uint64_t misses_of(std::size_t apart, bool write) {
    explore::meter counted;
    alignas(64) std::array<std::byte, 128> const memory{};
    counted.begin_execution();
    for (explore::thread t : {1U, 2U}) {
        counted.begin_call(t, "call");
    }
    for (int i = 0; i != 10; ++i) {
        counted.access(1, &memory[0], write);
        counted.access(2, &memory[apart], write);
    }
    for (explore::thread t : {1U, 2U}) {
        counted.end_call(t);
    }
    return counted.costs().at("call").misses;
}

TEST(meter, who_shares_a_line_and_writes_misses_it_every_time) {
    EXPECT_EQ(misses_of(8, true), 20U);
    EXPECT_EQ(misses_of(64, true), 2U);
    EXPECT_EQ(misses_of(8, false), 2U);
}

} // namespace
} // namespace tandem::explore
