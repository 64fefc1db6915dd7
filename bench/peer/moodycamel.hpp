#pragma once

#if __has_include(<concurrentqueue/concurrentqueue.h>)

#include "../channels.hpp"
#include "../queues.hpp"

#include <concurrentqueue/blockingconcurrentqueue.h>
#include <concurrentqueue/concurrentqueue.h>

#include <cstddef>
#include <span>

namespace tandem::bench {

// try_enqueue never allocates, so a producer's index of blocks must be large enough from the start; as small as it
// is by default, the queue can refuse for ever while it is empty (its issues 55 and 292). With tokens a producer
// keeps every block that it ever had, and the others then wait for ever: not measured.
struct moodycamel_traits : moodycamel::ConcurrentQueueDefaultTraits {
    static constexpr std::size_t IMPLICIT_INITIAL_INDEX_SIZE = 1024;
};

class moodycamel_queue {
public:
    static constexpr identity who{
        "moodycamel::ConcurrentQueue", "peer", "moodycamel",
        "not linearizable: first in, first out for each producer only; capacity at least what is asked"};
    static constexpr bool single = false;

    explicit moodycamel_queue(setup const& s) : queue_(s.capacity, 0, static_cast<std::size_t>(s.producers)) {}
    bool push(message m) { return queue_.try_enqueue(m); } // never allocates
    bool pop(message& m) { return queue_.try_dequeue(m); }
    std::size_t push_n(std::span<message> some) { // all or none
        return queue_.try_enqueue_bulk(some.begin(), some.size()) ? some.size() : 0;
    }
    std::size_t pop_n(std::span<message> room) { return queue_.try_dequeue_bulk(room.begin(), room.size()); }

private:
    moodycamel::ConcurrentQueue<message, moodycamel_traits> queue_;
};

class moodycamel_blocking {
public:
    static constexpr identity who{
        "moodycamel::BlockingConcurrentQueue", "peer", "moodycamel",
        "not linearizable; producers cannot wait: here they spin while it is full; capacity at "
        "least what is asked, and a block of 32 for each producer"};
    static constexpr char const* how = "receivers sleep on a semaphore; senders pause 1 us, retry, yield";
    static constexpr bool single = false;
    static constexpr bool sleeps = true;

    explicit moodycamel_blocking(setup const& s)
        : setup_(s), queue_(s.capacity, 0, static_cast<std::size_t>(s.producers)) {}
    void push(message m) {
        for (pause_then_yield wait(setup_); !queue_.try_enqueue(m); wait()) {
        }
    }
    void pop(message& m) { queue_.wait_dequeue(m); }
    bool try_pop(message& m) { return queue_.try_dequeue(m); }

private:
    setup const setup_;
    moodycamel::BlockingConcurrentQueue<message, moodycamel_traits> queue_;
};

inline void offer_moodycamel(catalogue& all) {
    offer_queue<moodycamel_queue>(all);
    offer_customary<moodycamel_queue>(all);
}
inline void offer_moodycamel_channels(catalogue& all) {
    offer_channel<waiting_queue<moodycamel_blocking>>(all);
}

} // namespace tandem::bench

#else

namespace tandem::bench {
inline void offer_moodycamel(catalogue& all) {
    all.missing.push_back({"moodycamel", "libconcurrentqueue-dev"});
}
inline void offer_moodycamel_channels(catalogue&) {}
} // namespace tandem::bench

#endif
