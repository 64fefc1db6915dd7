#pragma once

// Puts a channel adapter into the catalogue: something whose operations wait by themselves. An adapter has
//
//   static constexpr identity who;
//   static constexpr char const* how;     how it waits
//   static constexpr bool single;         one producer and one consumer only
//   static constexpr bool sleeps;         who waits for long gives the processor away
//   explicit adapter(setup const&);
//   senders(), receivers(): s.producers and s.consumers ends, in a vector; called once
//
// A sender has send(message), and send_many(std::span<message>) where batches are measured; when the last one is
// destroyed, nothing more comes. A receiver has receive(message&), false when nothing more comes; and receive_many.

#include "catalogue.hpp"
#include "wait_loop.hpp"
#include "workload/burst.hpp"
#include "workload/channel_latency.hpp"
#include "workload/channel_stream.hpp"

#include <atomic>
#include <cstddef>
#include <utility>
#include <vector>

namespace tandem::bench {

inline constexpr char const* its_own = "its own"; // the wait loop of what waits by itself

// A queue with push(message) and pop(message&) that wait, as a channel. That nothing more comes is a message of its own,
// one for each receiver, as users of such queues do it. Where that may overtake other producers' messages, the queue
// has try_pop(message&), and the last receiver takes what is left.
template <class Queue>
class waiting_queue {
    static constexpr message nothing_more = ~message{0};
    static constexpr bool overtakes = requires(Queue & q, message& m) { q.try_pop(m); };

public:
    static constexpr identity who = Queue::who;
    static constexpr char const* how = Queue::how;
    static constexpr bool single = Queue::single;
    static constexpr bool sleeps = Queue::sleeps;

    explicit waiting_queue(setup const& s)
        : queue_(s), producers_(s.producers), consumers_(s.consumers), sending_(s.producers), receiving_(s.consumers) {}

    class sender {
    public:
        explicit sender(waiting_queue& all) : all_(&all) {}
        sender(sender&& other) noexcept : all_(std::exchange(other.all_, nullptr)) {}
        ~sender() {
            if (all_ != nullptr && all_->sending_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
                for (int i = 0; i != all_->consumers_; ++i) {
                    all_->queue_.push(nothing_more);
                }
            }
        }
        void send(message m) const { all_->queue_.push(m); }

    private:
        waiting_queue* all_;
    };

    class receiver {
    public:
        explicit receiver(waiting_queue& all) : all_(&all) {}
        bool receive(message& m) {
            if constexpr (overtakes) {
                if (only_the_rest_) {
                    return all_->queue_.try_pop(m);
                }
            }
            all_->queue_.pop(m);
            if (m != nothing_more) {
                return true;
            }
            if constexpr (overtakes) {
                only_the_rest_ = all_->receiving_.fetch_sub(1, std::memory_order_acq_rel) == 1;
                return only_the_rest_ && all_->queue_.try_pop(m);
            }
            return false;
        }

    private:
        waiting_queue* all_;
        bool only_the_rest_ = false;
    };

    std::vector<sender> senders() {
        std::vector<sender> ends;
        for (int i = 0; i != producers_; ++i) {
            ends.emplace_back(*this);
        }
        return ends;
    }
    std::vector<receiver> receivers() {
        return std::vector<receiver>(static_cast<std::size_t>(consumers_), receiver(*this));
    }

private:
    Queue queue_;
    int const producers_;
    int const consumers_;
    std::atomic<int> sending_;
    std::atomic<int> receiving_;
};

// A queue that never waits (queues.hpp), and the wait loop that is the same for all.
template <class Queue, class Wait>
class spinning_queue {
public:
    static constexpr identity who = Queue::who;
    static constexpr char const* how = Wait::name;
    static constexpr bool single = Queue::single;
    static constexpr bool sleeps = false;

    explicit spinning_queue(setup const& s) : setup_(s), queue_(s) {}
    void push(message m) {
        for (Wait wait(setup_); !queue_.push(m); wait()) {
        }
    }
    void pop(message& m) {
        for (Wait wait(setup_); !queue_.pop(m); wait()) {
        }
    }

private:
    setup const setup_;
    Queue queue_;
};

// Threads at both ends, as many as take turns on a core and more; small capacities make them wait more often.
template <class Channel>
void offer_channel_stream(catalogue& all) {
    all.offers.push_back({"channel_stream",
                          Channel::who,
                          Channel::single ? crowd::one_each : crowd::many_each,
                          its_own,
                          Channel::how,
                          true,
                          "items/s",
                          channel_stream<Channel>,
                          {.threads = {2, 3, 4, 8, 16, 128}, .capacities = {1, 64, 1024}}});
}
template <class Channel>
void offer_channel_batch(catalogue& all) {
    all.offers.push_back({"batch",
                          Channel::who,
                          Channel::single ? crowd::one_each : crowd::many_each,
                          its_own,
                          Channel::how,
                          true,
                          "items/s",
                          channel_batch<Channel>,
                          {.threads = {2, 4}, .capacities = {1024}, .batches = {16, 64}}});
}
template <class Channel>
void offer_channel_latency(catalogue& all) {
    all.offers.push_back({"channel_latency",
                          Channel::who,
                          crowd::one_each,
                          its_own,
                          Channel::how,
                          true,
                          "items/s",
                          channel_latency<Channel>,
                          {.threads = {2}, .capacities = {1024}}});
}
template <class Channel>
void offer_burst(catalogue& all) {
    all.offers.push_back({"burst",
                          Channel::who,
                          crowd::one_each,
                          its_own,
                          Channel::how,
                          true,
                          "items/s",
                          burst<Channel>,
                          {.threads = {2}, .capacities = {64, 1024}}});
}

// Everything but batches.
template <class Channel>
void offer_channel(catalogue& all) {
    offer_channel_stream<Channel>(all);
    offer_channel_latency<Channel>(all);
    offer_burst<Channel>(all);
}

// A spinning queue beside them.
template <class Queue>
void offer_spinning(catalogue& all) {
    using spinning = waiting_queue<spinning_queue<Queue, pause_then_yield>>;
    offer_channel_stream<spinning>(all);
    offer_channel_latency<waiting_queue<spinning_queue<Queue, pause_and_look>>>(all);
    offer_burst<spinning>(all);
}

} // namespace tandem::bench
