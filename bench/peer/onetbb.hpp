#pragma once

#if __has_include(<oneapi/tbb/concurrent_queue.h>)

#include "../queues.hpp"

#include <oneapi/tbb/concurrent_queue.h>

namespace tandem::bench {

class onetbb_queue {
public:
    static constexpr identity who{"tbb::concurrent_bounded_queue", "peer", "onetbb",
                                  "allocates pages as it goes; a push that fails has waited for its turn"};
    static constexpr bool waits = false;
    static constexpr bool single = false;

    explicit onetbb_queue(setup const& s) { queue_.set_capacity(static_cast<std::ptrdiff_t>(s.capacity)); }
    bool push(message m) { return queue_.try_push(m); }
    bool pop(message& m) { return queue_.try_pop(m); }

private:
    tbb::concurrent_bounded_queue<message> queue_;
};

class onetbb_waiting {
public:
    static constexpr identity who = onetbb_queue::who;
    static constexpr bool waits = true;
    static constexpr bool single = false;
    static constexpr char const* how = "push and pop, which wait";

    explicit onetbb_waiting(setup const& s) { queue_.set_capacity(static_cast<std::ptrdiff_t>(s.capacity)); }
    bool push(message m) {
        queue_.push(m);
        return true;
    }
    bool pop(message& m) {
        queue_.pop(m);
        return true;
    }

private:
    tbb::concurrent_bounded_queue<message> queue_;
};

inline void offer_onetbb(catalogue& all) {
    offer_queue<onetbb_queue>(all);
    offer_customary<onetbb_waiting>(all);
}

} // namespace tandem::bench

#else

namespace tandem::bench {
inline void offer_onetbb(catalogue& all) {
    all.missing.push_back({"onetbb", "libtbb-dev"});
}
} // namespace tandem::bench

#endif
