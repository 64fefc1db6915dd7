#pragma once

#if __has_include(<concurrentqueue/concurrentqueue.h>)

#include "../queues.hpp"

#include <concurrentqueue/concurrentqueue.h>

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
    static constexpr bool waits = false;
    static constexpr bool single = false;

    explicit moodycamel_queue(setup const& s) : queue_(s.capacity, 0, static_cast<std::size_t>(s.producers)) {}
    bool push(message m) { return queue_.try_enqueue(m); } // never allocates
    bool pop(message& m) { return queue_.try_dequeue(m); }

private:
    moodycamel::ConcurrentQueue<message, moodycamel_traits> queue_;
};

inline void offer_moodycamel(catalogue& all) {
    offer_queue<moodycamel_queue>(all);
    offer_customary<moodycamel_queue>(all);
}

} // namespace tandem::bench

#else

namespace tandem::bench {
inline void offer_moodycamel(catalogue& all) {
    all.missing.push_back({"moodycamel", "libconcurrentqueue-dev"});
}
} // namespace tandem::bench

#endif
