#pragma once

#if __has_include(<xenium/vyukov_bounded_queue.hpp>)

#include "../queues.hpp"

#include <xenium/vyukov_bounded_queue.hpp>

namespace tandem::bench {

// Its capacity must be a power of two.
class xenium_queue {
public:
    static constexpr identity who{
        "xenium::vyukov_bounded_queue", "peer", "xenium",
        "the strong operations: they spin on another thread's unfinished one; cannot be closed"};
    static constexpr bool single = false;

    explicit xenium_queue(setup const& s) : queue_(s.capacity) {}
    bool push(message m) { return queue_.try_push_strong(m); }
    bool pop(message& m) { return queue_.try_pop_strong(m); }

private:
    xenium::vyukov_bounded_queue<message> queue_;
};

class xenium_weak {
public:
    static constexpr identity who{
        "xenium::vyukov_bounded_queue, weak", "peer", "xenium",
        "the weak operations: they may say full or empty when it is neither; cannot be closed"};
    static constexpr bool single = false;

    explicit xenium_weak(setup const& s) : queue_(s.capacity) {}
    bool push(message m) { return queue_.try_push_weak(m); }
    bool pop(message& m) { return queue_.try_pop_weak(m); }

private:
    xenium::vyukov_bounded_queue<message> queue_;
};

inline void offer_xenium(catalogue& all) {
    offer_queue<xenium_queue>(all);
    offer_customary<xenium_queue>(all);
    offer_queue<xenium_weak>(all);
    offer_customary<xenium_weak>(all);
}

} // namespace tandem::bench

#else

namespace tandem::bench {
inline void offer_xenium(catalogue& all) {
    all.missing.push_back({"xenium", "libxenium-dev"});
}
} // namespace tandem::bench

#endif
