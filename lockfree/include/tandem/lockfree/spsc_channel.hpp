#pragma once

// spsc_channel: a spsc_queue, and waiting on top of it (blocking.hpp).
//
// One sender and one receiver; each may be handed from thread to thread, and used by one at a time.
//
// Prefer lockfree::channel when an end has to be shared.

#include <tandem/channel.hpp>
#include <tandem/lockfree/blocking.hpp>
#include <tandem/lockfree/spsc_queue.hpp>

#include <cstddef>
#include <utility>

namespace tandem::inline TANDEM_ABI {
namespace lockfree {

// What the two ends do:
//
// send, send_for, send_until, send_many   wait while the channel is full.
// recv, recv_for, recv_until, recv_many, begin   wait while it is empty.
// try_send   wait-free, 12 steps, while the other end does not wait; to wake it, it waits for a lock.
// try_recv   wait-free, 11 steps, in the same way.
// close   wait-free, 7 steps, while the other end does not wait; to wake it, it waits for a lock.
// is_closed   wait-free, 1 step.
// approx_size   wait-free, 3 steps.
// capacity, end, try_iter   wait-free, 0 steps.
template <class T, class Allocator>
class spsc_channel_core : public blocking<spsc_queue<T, Allocator>, T, Allocator> {
public:
    static constexpr bool many_senders = false;
    static constexpr bool many_receivers = false;

    using blocking<spsc_queue<T, Allocator>, T, Allocator>::blocking;
};

template <class T, class Allocator = allocator<T>>
using spsc_sender = basic_sender<spsc_channel_core<T, Allocator>>;
template <class T, class Allocator = allocator<T>>
using spsc_receiver = basic_receiver<spsc_channel_core<T, Allocator>>;

// Both ends of a channel for at most `capacity` elements. Throws std::invalid_argument for capacity 0,
// std::length_error for one beyond the address space, and what the allocator throws.
template <class T, class Allocator = allocator<T>>
std::pair<spsc_sender<T, Allocator>, spsc_receiver<T, Allocator>> spsc_channel(std::size_t capacity,
                                                                               Allocator const& a = {}) {
    return make_channel<spsc_channel_core<T, Allocator>>(capacity, a);
}

} // namespace lockfree
} // namespace tandem::inline TANDEM_ABI
