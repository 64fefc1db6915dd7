// The bounds of a striped counter: histories that it can show, and ones that it cannot.
#include "sample.hpp"

#include <tandem/stress/explain.hpp>
#include <tandem/stress/striped_counter_spec.hpp>

#include <gtest/gtest.h>

#include <limits>

using namespace tandem::stress;
using tandem::status;
using tandem::stress::sample::make;
using s = striped_counter_spec;

namespace {

using when = sample::when;

call add(std::uint32_t thread, std::int64_t n, when t) {
    return make(thread, s::add, t, {n});
}
call sub(std::uint32_t thread, std::int64_t n, when t) {
    return make(thread, s::sub, t, {n});
}
call sum(std::uint32_t thread, std::int64_t n, when t) {
    return make(thread, s::sum, t, {}, {n});
}
call drain(std::uint32_t thread, std::int64_t n, when t) {
    return make(thread, s::drain, t, {}, {n});
}

bool legal(history const& h, s const& initial = {}) {
    return check(initial, h).is == verdict::linearizable;
}

// Which results of the last call are legal, between -20 and 40.
std::pair<std::int64_t, std::int64_t> span_of(history h) {
    std::pair<std::int64_t, std::int64_t> span{40, -20};
    for (std::int64_t n = -20; n <= 40; ++n) {
        h.back().result = {n};
        if (legal(h)) {
            span = {std::min(span.first, n), std::max(span.second, n)};
        }
    }
    return span;
}

using pair = std::pair<std::int64_t, std::int64_t>;

} // namespace

TEST(striped_counter, quiet_sums_are_exact) {
    EXPECT_EQ(span_of({sum(0, 0, {1, 2})}), pair(0, 0));
    EXPECT_EQ(span_of({add(0, 5, {1, 2}), sub(1, 2, {3, 4}), sum(0, 0, {5, 6})}), pair(3, 3));
    EXPECT_EQ(span_of({add(0, 5, {1, 2}), drain(1, 5, {3, 4}), add(0, 1, {5, 6}), sum(0, 0, {7, 8})}), pair(1, 1));
}

TEST(striped_counter, what_overlaps_may_count) {
    EXPECT_EQ(span_of({add(0, 5, {1, 4}), sum(1, 0, {3, 6})}), pair(0, 5));
    EXPECT_EQ(span_of({add(0, 5, {1, 2}), sub(0, 2, {3, 9}), add(2, 3, {4, 8}), sum(1, 0, {5, 6})}), pair(3, 8));
    EXPECT_EQ(span_of({add(0, 5, {1, 2}), drain(2, 5, {3, 9}), sum(1, 0, {5, 6})}), pair(0, 5));
    EXPECT_EQ(span_of({add(0, 5, {4}), sum(1, 0, {5, 6})}), pair(0, 5)) << "one that has not returned";
    EXPECT_EQ(span_of({add(0, 5, {7, 8}), sum(1, 0, {5, 6})}), pair(0, 0)) << "one that had not begun";
}

TEST(striped_counter, a_drain_is_bounded_as_a_sum) {
    EXPECT_EQ(span_of({add(0, 5, {1, 2}), add(0, 3, {3, 6}), drain(1, 0, {4, 5})}), pair(5, 8));
    EXPECT_EQ(span_of({add(0, 5, {1, 2}), drain(1, 5, {3, 6}), drain(2, 0, {4, 5})}), pair(0, 5));
}

// Of two drains that overlap, each alone is within its bounds; what is left tells.
TEST(striped_counter, drained_twice_shows_in_what_is_left) {
    auto const both = [](std::int64_t first, std::int64_t second) {
        return history{add(0, 5, {1, 2}), drain(1, first, {3, 6}), drain(2, second, {4, 5}), sum(0, 0, {7, 8})};
    };
    EXPECT_TRUE(legal(both(5, 0)));
    EXPECT_TRUE(legal(both(2, 3)));
    EXPECT_FALSE(legal(both(5, 5)));
    EXPECT_FALSE(legal(both(2, 2)));
}

TEST(striped_counter, a_drain_that_has_not_returned_excuses) {
    EXPECT_TRUE(legal({add(0, 5, {1, 2}), drain(1, 0, {3}), sum(0, 2, {5, 6})}));
    EXPECT_FALSE(legal({add(0, 5, {1, 2}), sum(0, 2, {3, 4}), drain(1, 0, {5})}));
}

TEST(striped_counter, sums_of_a_thread_do_not_go_back) {
    history const back{add(0, 5, {1, 20}), sum(1, 5, {2, 3}), sum(1, 0, {4, 5})};
    EXPECT_FALSE(legal(back));
    EXPECT_TRUE(legal({add(0, 5, {1, 20}), sum(1, 5, {2, 3}), sum(2, 0, {4, 5})})) << "sums of two threads may";
    EXPECT_TRUE(legal({add(0, 5, {1, 20}), sub(2, 5, {1, 20}), sum(1, 5, {2, 3}), sum(1, 0, {4, 5})}));
    EXPECT_TRUE(legal({sub(2, 5, {1, 2}), add(0, 5, {3, 20}), sum(1, -5, {4, 5}), sum(1, 0, {6, 7})}));
    EXPECT_FALSE(legal({sub(2, 5, {1, 2}), add(0, 5, {3, 20}), sum(1, 0, {4, 5}), sum(1, -5, {6, 7})}));
}

TEST(striped_counter, wraps_around) {
    constexpr auto largest = std::numeric_limits<std::int64_t>::max();
    constexpr auto smallest = std::numeric_limits<std::int64_t>::min();
    EXPECT_TRUE(legal({add(0, 2, {1, 2}), sum(1, smallest + 1, {3, 4})}, {largest}));
    EXPECT_TRUE(legal({add(0, 2, {1, 5}), sum(1, largest, {3, 4})}, {largest}));
    EXPECT_TRUE(legal({add(0, 2, {1, 9}), sum(1, largest, {3, 4}), sum(1, smallest + 1, {5, 6})}, {largest}));
    EXPECT_FALSE(legal({add(0, 2, {1, 5}), sum(1, smallest + 2, {3, 4})}, {largest}));
}

TEST(striped_counter, only_success_with_a_number) {
    EXPECT_FALSE(legal({make(0, s::sum, {1, 2}, {}, {}, status::success)}));
    EXPECT_FALSE(legal({make(0, s::add, {1, 2}, {1}, {}, status::empty)}));
}

TEST(striped_counter, every_changed_answer_of_a_quiet_history_is_noticed) {
    auto const sum_of = discern(s{}, {add(0, 5, {1, 2}), sum(1, 5, {3, 4}), drain(0, 5, {5, 6}), sum(1, 0, {7, 8})});
    EXPECT_EQ(sum_of.noticed, sum_of.tried);
    EXPECT_GE(sum_of.tried, 7u);
}

// Runs of the sequential object, stretched: whatever is linearizable is within bounds.
TEST(striped_counter, never_accuses_what_is_linearizable) {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        sample::generator random(seed);
        auto const h = sample::run(
            random, s{}, {.threads = 4, .calls = 60, .stretch = 80, .operations = {s::add, s::sub, s::sum, s::drain}});
        ASSERT_TRUE(legal(h)) << explain(s{}, h, {});
    }
}

// The last sum, with nothing beside it, shows what any drain lost.
struct loses_at_drain : s {
    int countdown = 8;
    reply perform(std::uint32_t operation, values const& argument) {
        if (operation == drain && --countdown == 0) {
            auto said = s::perform(operation, argument);
            value = 0;
            said.result.item[0] -= 1;
            return said;
        }
        return s::perform(operation, argument);
    }
};

TEST(striped_counter, a_drain_that_loses_one_is_found_and_shrinks) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        sample::generator random(seed);
        auto h = sample::run(random, loses_at_drain{},
                             {.threads = 4, .calls = 400, .stretch = 5, .operations = {s::add, s::sum, s::drain}});
        auto const example = shrink(s{}, h);
        ASSERT_FALSE(example.calls.empty());
        EXPECT_LE(example.calls.size(), 3u) << explain(s{}, h, {});
        EXPECT_EQ(check(example.initial, example.calls).is, verdict::violation);
    }
}
