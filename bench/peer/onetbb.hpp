#pragma once

#if __has_include(<oneapi/tbb/concurrent_queue.h>)

#include "../channels.hpp"
#include "../queues.hpp"

#include <oneapi/tbb/concurrent_queue.h>

namespace tandem::bench {

class onetbb_queue {
public:
    static constexpr identity who{"tbb::concurrent_bounded_queue", "peer", "onetbb",
                                  "allocates pages as it goes; a push that fails has waited for its turn"};
    static constexpr bool single = false;

    explicit onetbb_queue(setup const& s) { queue_.set_capacity(static_cast<std::ptrdiff_t>(s.capacity)); }
    bool push(message m) { return queue_.try_push(m); }
    bool pop(message& m) { return queue_.try_pop(m); }

private:
    tbb::concurrent_bounded_queue<message> queue_;
};

class onetbb_waiting {
public:
    static constexpr identity who{"tbb::concurrent_bounded_queue", "peer", "onetbb",
                                  "allocates pages as it goes; cannot be closed, only aborted"};
    static constexpr char const* how = "push and pop spin briefly, then sleep";
    static constexpr bool single = false;
    static constexpr bool sleeps = true;

    explicit onetbb_waiting(setup const& s) { queue_.set_capacity(static_cast<std::ptrdiff_t>(s.capacity)); }
    void push(message m) { queue_.push(m); }
    void pop(message& m) { queue_.pop(m); }

private:
    tbb::concurrent_bounded_queue<message> queue_;
};

inline void offer_onetbb(catalogue& all) {
    offer_queue<onetbb_queue>(all);
}
inline void offer_onetbb_channels(catalogue& all) {
    offer_channel<waiting_queue<onetbb_waiting>>(all);
}

} // namespace tandem::bench

#else

namespace tandem::bench {
inline void offer_onetbb(catalogue& all) {
    all.missing.push_back({"onetbb", "libtbb-dev"});
}
inline void offer_onetbb_channels(catalogue&) {}
} // namespace tandem::bench

#endif
