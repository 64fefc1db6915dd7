#include "planted.hpp"

#include "../histogram.hpp"
#include "../peer/tandem.hpp"
#include "../peer/tandem_channels.hpp"
#include "../plan.hpp"
#include "../workload/counter_add.hpp"
#include "../workload/striped_add.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <random>
#include <span>
#include <utility>
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

template <class Queue>
sample batched() {
    auto s = small(2, 2);
    s.batch = 16;
    return batch<Queue, pause_then_yield>(s);
}

TEST(batch, a_sound_queue_is_intact) {
    EXPECT_TRUE(batched<planted::sound>().intact);
    EXPECT_TRUE((batched<lockfree_queue>().intact));
}

TEST(batch, a_lost_message_is_noticed) {
    EXPECT_FALSE(batched<planted::loses_the_last_of_a_batch>().intact);
}

TEST(batch, a_doubled_message_is_noticed) {
    EXPECT_FALSE(batched<planted::takes_the_last_of_a_batch_twice>().intact);
}

template <class Fault>
using planted_channel = waiting_queue<planted::channel<Fault>>;

TEST(channel_stream, a_sound_channel_is_intact) {
    for (int consumers = 1; consumers != 4; ++consumers) {
        EXPECT_TRUE((channel_stream<planted_channel<planted::no_fault>>(small(2, consumers)).intact));
        EXPECT_TRUE((channel_stream<lockfree_channel>(small(2, consumers)).intact));
        EXPECT_TRUE((channel_stream<locked_channel>(small(2, consumers)).intact));
    }
}

TEST(channel_stream, what_is_lost_doubled_or_changed_is_noticed) {
    EXPECT_FALSE((channel_stream<planted_channel<planted::loss>>(small(2, 2)).intact));
    EXPECT_FALSE((channel_stream<planted_channel<planted::doubling>>(small(2, 2)).intact));
    EXPECT_FALSE((channel_stream<planted_channel<planted::change>>(small(2, 2)).intact));
}

// Batches of a channel that loses and doubles nothing itself.
template <class Fault>
class in_batches : public planted_channel<Fault> {
    using all = planted_channel<Fault>;

public:
    using all::all;
    struct sender {
        typename all::sender tx;
        void send_many(std::span<message> some) const {
            for (auto const m : some) {
                tx.send(m);
            }
        }
    };
    struct receiver {
        typename all::receiver rx;
        std::size_t receive_many(std::span<message> room) { return rx.receive(room[0]) ? 1 : 0; }
    };
    std::vector<sender> senders() { return of<sender>(all::senders()); }
    std::vector<receiver> receivers() { return of<receiver>(all::receivers()); }

private:
    template <class End, class Ends>
    static std::vector<End> of(Ends ends) {
        std::vector<End> wrapped;
        for (auto& one : ends) {
            wrapped.push_back({std::move(one)});
        }
        return wrapped;
    }
};

TEST(channel_batch, what_is_lost_doubled_or_changed_is_noticed) {
    auto s = small(2, 2);
    s.batch = 16;
    EXPECT_TRUE((channel_batch<in_batches<planted::no_fault>>(s).intact));
    EXPECT_TRUE((channel_batch<lockfree_channel>(s).intact));
    EXPECT_FALSE((channel_batch<in_batches<planted::loss>>(s).intact));
    EXPECT_FALSE((channel_batch<in_batches<planted::doubling>>(s).intact));
    EXPECT_FALSE((channel_batch<in_batches<planted::change>>(s).intact));
}

TEST(channel_latency, every_round_trip_is_timed_and_a_changed_answer_is_noticed) {
    auto const seen = channel_latency<planted_channel<planted::no_fault>>(small(1, 1));
    EXPECT_TRUE(seen.intact);
    EXPECT_EQ(seen.latency.count(), 1000U);
    EXPECT_FALSE((channel_latency<planted_channel<planted::change>>(small(1, 1)).intact));
    EXPECT_FALSE((channel_latency<planted_channel<planted::doubling>>(small(1, 1)).intact));
}

TEST(burst, each_is_timed_and_only_that_counts) {
    auto s = small(1, 1);
    s.capacity = 64;
    s.patience = std::chrono::seconds(10);
    auto const seen = burst<planted_channel<planted::no_fault>>(s);
    EXPECT_TRUE(seen.intact);
    EXPECT_FALSE(seen.stuck);
    EXPECT_EQ(seen.latency.count(), 16U); // the last one is smaller
    EXPECT_GT(seen.counted, 0);
    EXPECT_LT(seen.counted, seen.seconds);
}

TEST(burst, what_is_lost_doubled_or_changed_is_noticed) {
    auto s = small(1, 1);
    s.capacity = 64;
    EXPECT_TRUE((burst<planted_channel<planted::loss>>(s).stuck));
    EXPECT_FALSE((burst<planted_channel<planted::doubling>>(s).intact));
    EXPECT_FALSE((burst<planted_channel<planted::change>>(s).intact));
}

// A queue that hands out the newest first: what says that nothing more comes overtakes what was sent.
class newest_first {
public:
    static constexpr identity who{"planted, newest first", "peer", "planted", ""};
    static constexpr char const* how = "sleeps";
    static constexpr bool single = false;
    static constexpr bool sleeps = true;

    explicit newest_first(setup const&) {}
    void push(message m) {
        {
            std::lock_guard const lock(mutex_);
            messages_.push_back(m);
        }
        not_empty_.notify_one();
    }
    void pop(message& m) {
        std::unique_lock lock(mutex_);
        not_empty_.wait(lock, [&] { return !messages_.empty(); });
        m = messages_.back();
        messages_.pop_back();
    }
    bool try_pop(message& m) {
        std::lock_guard const lock(mutex_);
        if (messages_.empty()) {
            return false;
        }
        m = messages_.back();
        messages_.pop_back();
        return true;
    }

private:
    std::mutex mutex_;
    std::condition_variable not_empty_;
    std::vector<message> messages_;
};

TEST(channel_stream, an_end_that_overtakes_messages_loses_none) {
    for (int i = 0; i != 20; ++i) {
        EXPECT_TRUE((channel_stream<waiting_queue<newest_first>>(small(2, 2)).intact));
    }
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
    std::int64_t sum() const { return n; }
    std::int64_t n = 0;
};

TEST(counter_add, a_lost_update_is_noticed) {
    EXPECT_FALSE(counter_add<forgetful_counter>(small(1, 0)).intact);
}

TEST(striped_add, a_lost_update_is_noticed) {
    auto s = small(1, 0);
    s.capacity = 1;
    EXPECT_FALSE(striped_add<forgetful_counter>(s).intact);
    s.capacity = 64; // each gets too few to lose one
    EXPECT_TRUE(striped_add<forgetful_counter>(s).intact);
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
