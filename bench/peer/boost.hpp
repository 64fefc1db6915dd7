#pragma once

#if __has_include(<boost/lockfree/queue.hpp>)

#include "../queues.hpp"

#include <boost/lockfree/queue.hpp>
#include <boost/lockfree/spsc_queue.hpp>

#include <cstddef>
#include <span>

namespace tandem::bench {

inline constexpr std::size_t boost_capacity = 1024; // fixed at compile time, so that nothing is allocated later

class boost_queue {
public:
    static constexpr identity who{"boost::lockfree::queue", "peer", "boost",
                                  "a linked list of pooled nodes; trivially copyable elements only"};
    static constexpr bool single = false;

    explicit boost_queue(setup const&) {}
    bool push(message m) { return queue_.push(m); }
    bool pop(message& m) { return queue_.pop(m); }

private:
    boost::lockfree::queue<message, boost::lockfree::capacity<boost_capacity>> queue_;
};

class boost_spsc_queue {
public:
    static constexpr identity who{"boost::lockfree::spsc_queue", "peer", "boost", "one producer and one consumer only"};
    static constexpr bool single = true;

    explicit boost_spsc_queue(setup const&) {}
    bool push(message m) { return queue_.push(m); }
    bool pop(message& m) { return queue_.pop(m); }
    std::size_t push_n(std::span<message> some) { return queue_.push(some.data(), some.size()); }
    std::size_t pop_n(std::span<message> room) { return queue_.pop(room.data(), room.size()); }

private:
    boost::lockfree::spsc_queue<message, boost::lockfree::capacity<boost_capacity>> queue_;
};

inline void offer_boost(catalogue& all) {
    offer_queue<boost_queue>(all);
    offer_customary<boost_queue>(all);
    offer_queue<boost_spsc_queue>(all);
    offer_customary<boost_spsc_queue>(all);
}

} // namespace tandem::bench

#else

namespace tandem::bench {
inline void offer_boost(catalogue& all) {
    all.missing.push_back({"boost", "libboost1.81-dev"});
}
} // namespace tandem::bench

#endif
