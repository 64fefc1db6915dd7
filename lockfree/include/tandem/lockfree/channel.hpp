#pragma once

// channel: a bounded_queue, and waiting on top of it (blocking.hpp).
//
// Prefer locked::channel when memory matters more than speed; spsc_channel when each end is one thread.

#include <tandem/channel.hpp>
#include <tandem/lockfree/blocking.hpp>
#include <tandem/lockfree/bounded_queue.hpp>

#include <cstddef>
#include <utility>

namespace tandem::inline TANDEM_ABI {
namespace lockfree {

// What the two ends do:
//
// send, send_for, send_until, send_many   wait while the channel is full.
// recv, recv_for, recv_until, recv_many, begin   wait while it is empty.
// try_send, try_recv   wait for a thread that stands in the middle of an operation; and, to wake somebody, for a lock.
// close   wait-free, 5 steps, while nobody waits; to wake who does, it waits for a lock.
// is_closed   wait-free, 1 step.
// approx_size   wait-free, 2 steps.
// capacity, end, try_iter   wait-free, 0 steps.
template <class T, class Allocator>
class channel_core : public blocking<bounded_queue<T, Allocator>, T, Allocator> {
public:
    static constexpr bool many_senders = true;
    static constexpr bool many_receivers = true;

    using blocking<bounded_queue<T, Allocator>, T, Allocator>::blocking;
};

template <class T, class Allocator = allocator<T>>
using sender = basic_sender<channel_core<T, Allocator>>;
template <class T, class Allocator = allocator<T>>
using receiver = basic_receiver<channel_core<T, Allocator>>;

// Both ends of a channel for at most `capacity` elements. Throws std::invalid_argument for capacity 0,
// std::length_error for one beyond the address space, and what the allocator throws.
template <class T, class Allocator = allocator<T>>
std::pair<sender<T, Allocator>, receiver<T, Allocator>> channel(std::size_t capacity, Allocator const& a = {}) {
    return make_channel<channel_core<T, Allocator>>(capacity, a);
}

} // namespace lockfree
} // namespace tandem::inline TANDEM_ABI
