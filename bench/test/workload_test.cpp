#include "planted.hpp"

#include "../histogram.hpp"
#include "../plan.hpp"
#include "../workload/counter_add.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace tandem::bench {
namespace {

setup small(int producers, int consumers) {
    setup s;
    s.producers = producers;
    s.consumers = consumers;
    s.items = 1000;
    s.patience = std::chrono::milliseconds(50);
    cpu_set_t any;
    CPU_ZERO(&any);
    for (auto const core : allowed_cores()) {
        CPU_SET(static_cast<std::size_t>(core), &any);
    }
    s.cores.assign(static_cast<std::size_t>(producers + consumers), any);
    return s;
}

template <class Queue>
sample streamed(int producers = 2, int consumers = 2) {
    return stream<Queue, pause_then_yield>(small(producers, consumers));
}

TEST(stream, a_sound_queue_is_intact) {
    for (int consumers = 1; consumers != 4; ++consumers) {
        auto const seen = streamed<planted::sound>(2, consumers);
        EXPECT_TRUE(seen.intact);
        EXPECT_FALSE(seen.stuck);
        EXPECT_GT(seen.seconds, 0);
    }
}

TEST(stream, a_lost_message_is_noticed) {
    EXPECT_FALSE(streamed<planted::loses_one>().intact);
}

TEST(stream, a_doubled_message_is_noticed) {
    EXPECT_FALSE(streamed<planted::doubles_one>().intact);
}

TEST(stream, messages_changed_under_the_same_sum_are_noticed) {
    EXPECT_FALSE(streamed<planted::swaps_two_for_their_sum>().intact);
}

TEST(stream, a_queue_that_refuses_for_ever_is_given_up) {
    EXPECT_TRUE(streamed<planted::refuses_for_ever>().stuck);
}

TEST(latency, every_round_trip_is_timed) {
    auto const seen = latency<planted::sound, pause_and_look>(small(1, 1));
    EXPECT_TRUE(seen.intact);
    EXPECT_EQ(seen.latency.count(), 1000U);
    EXPECT_GE(seen.latency.max(), seen.latency.percentile(50));
}

TEST(latency, a_lost_message_leaves_both_waiting_and_is_given_up) {
    EXPECT_TRUE((latency<planted::loses_one, pause_and_look>(small(1, 1)).stuck));
}

TEST(pairs, a_lost_message_is_noticed) {
    EXPECT_TRUE(pairs<planted::sound>(small(1, 0)).intact);
    EXPECT_FALSE(pairs<planted::loses_one>(small(1, 0)).intact);
}

struct forgetful_counter {
    void add() { n += n == 500 ? 0 : 1; }
    std::int64_t load() const { return n; }
    std::int64_t n = 0;
};

TEST(counter_add, a_lost_update_is_noticed) {
    EXPECT_FALSE(counter_add<forgetful_counter>(small(1, 0)).intact);
}

TEST(share, adds_up_to_the_whole) {
    for (int n = 1; n != 70; ++n) {
        std::uint64_t all = 0;
        for (int i = 0; i != n; ++i) {
            all += share(1001, i, n);
        }
        EXPECT_EQ(all, 1001U) << n;
    }
}

TEST(histogram, small_values_are_exact) {
    histogram h;
    for (std::uint64_t v = 1; v <= 60; ++v) {
        h.record(v);
    }
    EXPECT_EQ(h.percentile(50), 30U);
    EXPECT_EQ(h.percentile(100), 60U);
    EXPECT_EQ(h.max(), 60U);
}

TEST(histogram, a_percentile_is_never_below_the_value_and_at_most_a_thirtysecond_above) {
    std::mt19937_64 random(1);
    for (int i = 0; i != 10'000; ++i) {
        auto const v = random() >> (random() % 64);
        histogram h;
        h.record(v);
        h.record(~std::uint64_t{0}); // so that the largest value does not bound it
        EXPECT_GE(h.percentile(50), v);
        EXPECT_LE(h.percentile(50) - v, v / 32) << v;
    }
}

TEST(histogram, merged_is_as_if_recorded_in_one) {
    histogram one, other, both;
    std::mt19937_64 random(2);
    for (int i = 0; i != 1000; ++i) {
        auto const v = random() % 100'000;
        (i % 3 == 0 ? one : other).record(v);
        both.record(v);
    }
    one.merge(other);
    EXPECT_EQ(one.count(), both.count());
    EXPECT_EQ(one.max(), both.max());
    for (double const p : {1.0, 50.0, 99.0, 99.9}) {
        EXPECT_EQ(one.percentile(p), both.percentile(p));
    }
}

} // namespace
} // namespace tandem::bench
