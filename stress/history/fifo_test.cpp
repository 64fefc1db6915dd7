#include "sample.hpp"

#include <tandem/stress/fifo.hpp>
#include <tandem/stress/search.hpp>

#include <gtest/gtest.h>

#include <stdexcept>

using namespace tandem::stress;
using tandem::status;
namespace sample = tandem::stress::sample;
using sample::close, sample::is_closed, sample::pop, sample::pop_fails, sample::pop_n, sample::push, sample::push_n;

namespace {

using q = queue_spec;
using calls = std::vector<std::size_t>;

queue_spec bounded(std::size_t capacity) {
    return {.capacity = capacity};
}
queue_spec weak() {
    return {.promise = q::strength::weak};
}

// The monitor accuses, naming these calls, and the search agrees that it is right.
void expect_accused(history const& h, calls const& named, queue_spec const& promise = {}) {
    auto const found = monitor_fifo(promise, h);
    EXPECT_EQ(found.is, verdict::violation);
    EXPECT_EQ(found.calls, named) << found.why;
    EXPECT_EQ(search<q>(promise, h).run().is, verdict::violation) << found.why;
}

void expect_not_accused(history const& h, queue_spec const& promise = {}) {
    auto const found = monitor_fifo(promise, h);
    EXPECT_NE(found.is, verdict::violation) << found.why;
    EXPECT_EQ(search<q>(promise, h).run().is, verdict::linearizable);
}

struct tally {
    int legal = 0, illegal = 0, accused = 0;
};

// Random small histories, many of them wrong: the monitor never accuses one that the search accepts.
tally compare_with_the_search(queue_spec const& promise, sample::shape shape, std::uint64_t seed, int rounds = 10'000) {
    tally sum;
    sample::generator random(seed);
    for (int round = 0; round < rounds; ++round) {
        shape.calls = 2 + sample::below(random, 11);
        shape.threads = 1 + static_cast<std::uint32_t>(sample::below(random, 4));
        shape.stretch = sample::below(random, 80);
        auto h = sample::run(random, promise, shape);
        for (auto n = sample::below(random, 4); n > 0; --n) {
            sample::corrupt(random, h);
        }
        auto const truth = search<q>(promise, h).run().is;
        auto const found = monitor_fifo(promise, h);
        EXPECT_NE(truth, verdict::unknown);
        bool const unjust = found.is == verdict::violation && truth == verdict::linearizable;
        bool const missed = found.is == verdict::linearizable && truth == verdict::violation;
        if (unjust || missed) {
            ADD_FAILURE() << (unjust ? "accused without cause: " : "missed ") << found.why << " seed " << seed
                          << " round " << round;
            break;
        }
        ++(truth == verdict::violation ? sum.illegal : sum.legal);
        sum.accused += found.is == verdict::violation ? 1 : 0;
    }
    EXPECT_GT(sum.legal, rounds / 10);
    EXPECT_GT(sum.illegal, rounds / 10);
    return sum;
}

} // namespace

TEST(fifo, invented) {
    expect_accused({push(0, 1, {1, 2}), pop(1, 7, {3, 4})}, {1});
}

TEST(fifo, invented_by_a_refused_push) {
    expect_accused({push(0, 1, {1, 2}, status::full), pop(1, 1, {3, 4})}, {1}, bounded(1));
}

TEST(fifo, doubled) {
    expect_accused({push(0, 1, {1, 2}), pop(1, 1, {3, 6}), pop(2, 1, {4, 5})}, {0, 1, 2});
}

TEST(fifo, early) {
    expect_accused({pop(0, 1, {1, 2}), push(1, 1, {3, 4})}, {1, 0});
}

TEST(fifo, inverted) {
    expect_accused({push(0, 1, {1, 2}), push(0, 2, {3, 4}), pop(1, 2, {5, 6}), pop(1, 1, {7, 8})}, {0, 1, 3, 2});
    expect_not_accused({push(0, 1, {1, 2}), push(0, 2, {3, 4}), pop(1, 2, {5, 7}), pop(2, 1, {6, 8})});
    expect_not_accused({push(0, 1, {1, 3}), push(1, 2, {3, 4}), pop(1, 2, {5, 6}), pop(1, 1, {7, 8})});
}

TEST(fifo, inverted_with_a_value_that_stays) {
    expect_accused({push(0, 1, {1, 2}), push(0, 2, {3, 4}), pop(1, 2, {5, 6})}, {0, 1, 2});
}

TEST(fifo, empty_though_a_value_was_there) {
    expect_accused({push(0, 1, {1, 2}), pop_fails(1, {3, 4})}, {0, 1});
    expect_not_accused({push(0, 1, {1, 3}), pop_fails(1, {3, 4})});
    expect_not_accused({push(0, 1, {1, 2}), pop_fails(1, {3, 5}), pop(2, 1, {4, 6})});
}

TEST(fifo, empty_though_one_of_a_chain_was_always_there) {
    expect_accused(
        {push(0, 1, {1, 2}), push(0, 2, {4, 5}), pop(1, 1, {6, 7}), pop(1, 2, {11, 12}), pop_fails(2, {3, 10})},
        {0, 1, 2, 3, 4});
    expect_not_accused(
        {push(0, 1, {1, 2}), push(0, 2, {4, 7}), pop(1, 1, {6, 8}), pop(1, 2, {11, 12}), pop_fails(2, {3, 10})});
}

TEST(fifo, nothing_is_there_at_the_tick_where_one_goes_and_one_comes) {
    expect_not_accused(
        {push(0, 1, {1, 2}), push(0, 2, {3, 5}), pop(1, 1, {5, 6}), pop(1, 2, {11, 12}), pop_fails(2, {3, 10})});
}

TEST(fifo, pending_push) {
    expect_not_accused({push(0, 1, {1}), pop(1, 1, {5, 6}), pop_fails(1, {3, 4})});
    expect_not_accused({push(0, 1, {1}), pop_fails(1, {3, 4})});
    expect_accused({push(0, 1, {5}), pop(1, 1, {3, 4})}, {0, 1});
}

TEST(fifo, pending_pop_may_have_taken_what_is_missing) {
    auto const taking = sample::make(2, q::try_pop, {3});
    expect_not_accused({push(0, 1, {1, 2}), taking, pop_fails(1, {4, 5})});
    expect_accused({push(0, 1, {1, 2}), sample::make(2, q::try_pop, {6}), pop_fails(1, {4, 5})}, {0, 2});
}

TEST(fifo, full_though_there_was_room) {
    expect_accused({push(0, 1, {1, 2}), push(0, 2, {3, 4}, status::full)}, {0, 1}, bounded(2));
    expect_not_accused({push(0, 1, {1, 2}), push(0, 2, {3, 4}, status::full)}, bounded(1));
    expect_not_accused({push(0, 1, {1, 2}), push(0, 2, {3, 5}, status::full), push(1, 3, {4, 6})}, bounded(2));
    expect_accused({push(0, 1, {1, 2}), pop(0, 1, {3, 4}), push(0, 2, {5, 6}, status::full)}, {2}, bounded(1));
    expect_accused({push(0, 1, {1, 2}, status::full)}, {0});
}

TEST(fifo, full_at_the_tick_where_one_goes_and_one_comes) {
    expect_not_accused({push(0, 1, {1, 2}), pop(0, 1, {3, 6}), push(1, 2, {6, 9}), push(2, 3, {5, 8}, status::full)},
                       bounded(2));
}

TEST(fifo, overflow) {
    expect_accused({push(0, 1, {1, 2}), push(0, 2, {3, 4})}, {0, 1}, bounded(1));
    expect_not_accused({push(0, 1, {1, 2}), push(0, 2, {3, 5}), pop(1, 1, {4, 6})}, bounded(1));
}

TEST(fifo, close) {
    expect_not_accused({push(0, 1, {1, 2}), close(0, {3, 6}), push(1, 2, {4, 5}, status::closed), pop(0, 1, {7, 8}),
                        pop_fails(0, {9, 10}, status::closed)});
    expect_accused({push(0, 1, {1, 2}, status::closed), close(0, {3, 4})}, {0});
    expect_accused({close(0, {1, 2}), push(0, 1, {3, 4})}, {0, 1});
    expect_accused({close(0, {1, 2}), pop_fails(0, {3, 4})}, {0, 1});
    expect_accused({is_closed(1, true, {2, 3}), close(0, {1, 9}), is_closed(1, false, {4, 5})}, {0, 2});
    expect_accused({push(0, 1, {1, 2}), close(0, {3, 4}), pop_fails(0, {5, 6}, status::closed)}, {0, 2});
}

TEST(fifo, a_pop_finds_it_closed_only_after_the_close_and_empty_only_before) {
    expect_accused({push(0, 1, {4, 5}), close(1, {10, 30}), pop(0, 1, {22, 23}), pop_fails(2, {2, 20}, status::closed)},
                   {0, 2, 3});
    expect_not_accused(
        {push(0, 1, {4, 5}), close(1, {10, 30}), pop(0, 1, {18, 23}), pop_fails(2, {2, 20}, status::closed)});
    expect_accused({push(0, 1, {1, 2}), close(1, {5, 6}), pop(0, 1, {10, 11}), pop_fails(2, {3, 20})}, {0, 2, 3});
    expect_not_accused({push(0, 1, {1, 2}), close(1, {5, 12}), pop(0, 1, {10, 11}), pop_fails(2, {3, 20})});
}

TEST(fifo, busy) {
    expect_not_accused({push(0, 1, {1, 4}), pop_fails(1, {2, 3}, status::busy)}, weak());
    expect_accused({push(0, 1, {1, 2}), pop_fails(1, {3, 4}, status::busy)}, {1}, weak());
    expect_accused({push(0, 1, {1, 4}), pop_fails(1, {2, 3}, status::busy)}, {1});
}

TEST(fifo, batches) {
    expect_not_accused({push_n(0, {1, 2, 3}, 2, {1, 2}), pop_n(1, 3, {1, 2}, {3, 4})}, bounded(2));
    expect_accused({push_n(0, {1, 2}, 2, {1, 2}), pop_n(1, 2, {2, 1}, {3, 4})}, {0, 1});
    expect_accused({push_n(0, {1, 2}, 2, {1, 2}), pop(1, 2, {3, 4}), pop(1, 1, {5, 6})}, {0, 2, 1});
    expect_accused({push(0, 1, {1, 2}), push(0, 2, {3, 4}), pop_n(1, 2, {2, 1}, {5, 6})}, {0, 1, 2});
    expect_accused({push(0, 1, {1, 2}), pop_n(1, 2, {}, {3, 4})}, {0, 1});
    expect_accused({push_n(0, {1, 2}, 1, {1, 2})}, {0}, bounded(2));
}

TEST(fifo, a_short_batch_of_a_weak_queue_is_excused_by_overlap) {
    expect_not_accused({push(0, 1, {1, 2}), push(0, 2, {3, 8}), pop_n(1, 2, {}, {4, 5})}, weak());
    expect_accused({push(0, 1, {1, 2}), push(0, 2, {7, 8}), pop_n(1, 2, {}, {4, 5})}, {0, 2}, weak());
}

TEST(fifo, what_it_does_not_decide_it_does_not_call_linearizable) {
    EXPECT_EQ(monitor_fifo({}, {push(0, 1, {1, 2}), pop(0, 1, {3, 4})}).is, verdict::linearizable);
    EXPECT_EQ(monitor_fifo(bounded(1), {push(0, 1, {1, 2})}).is, verdict::unknown);
    EXPECT_EQ(monitor_fifo({}, {push_n(0, {1}, 1, {1, 2})}).is, verdict::unknown);
    EXPECT_EQ(monitor_fifo({}, {close(0, {1, 2})}).is, verdict::unknown);
    EXPECT_EQ(monitor_fifo({}, {sample::make(0, q::try_pop, {1})}).is, verdict::unknown);
    EXPECT_EQ(monitor_fifo({.items = {1}}, {pop(0, 1, {1, 2})}).is, verdict::unknown);
}

TEST(fifo, values_that_are_not_unique_are_refused) {
    EXPECT_THROW(monitor_fifo({}, {push(0, 1, {1, 2}), push(0, 1, {3, 4})}), std::invalid_argument);
}

TEST(fifo, decides_what_an_unbounded_queue_can_show) {
    auto const sum = compare_with_the_search({}, {.operations = {q::try_push, q::try_pop}}, 11, 30'000);
    EXPECT_EQ(sum.accused, sum.illegal);
    auto const more_pops =
        compare_with_the_search({}, {.operations = {q::try_push, q::try_pop, q::try_pop}}, 12, 30'000);
    EXPECT_EQ(more_pops.accused, more_pops.illegal);
}

TEST(fifo, never_accuses_what_the_search_accepts) {
    compare_with_the_search({}, {.operations = {q::try_push, q::try_pop}, .pending = true}, 13);
    compare_with_the_search(bounded(1), {.operations = {q::try_push, q::try_pop}, .pending = true}, 14);
    compare_with_the_search(bounded(2), {.operations = {q::try_push, q::try_push, q::try_pop}}, 15);
    compare_with_the_search(bounded(2),
                            {.operations = {q::try_push, q::try_pop, q::close, q::is_closed}, .pending = true}, 16);
    compare_with_the_search({}, {.operations = {q::try_push, q::try_pop, q::try_pop, q::close, q::is_closed}}, 17);
    compare_with_the_search(
        bounded(3), {.operations = {q::try_push, q::try_pop, q::try_push_n, q::try_pop_n}, .pending = true}, 18);
    compare_with_the_search(bounded(4), {.operations = {q::try_pop, q::try_push_n, q::try_pop_n, q::close}}, 19);
    compare_with_the_search(
        {.capacity = 2, .promise = q::strength::weak},
        {.operations = {q::try_push, q::try_pop, q::try_push_n, q::try_pop_n}, .pending = true, .busy = true}, 20);
}
