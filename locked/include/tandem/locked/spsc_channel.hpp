#pragma once

// spsc_channel: locked::channel with one sender and one receiver; a mutex gains nothing from knowing it.

#include <tandem/channel.hpp>
#include <tandem/locked/channel.hpp>

#include <cstddef>
#include <utility>

namespace tandem::inline TANDEM_ABI {
namespace locked {

// What the two ends do:
//
// send, send_for, send_until, send_many   wait while the channel is full.
// recv, recv_for, recv_until, recv_many, begin   wait while it is empty.
// try_send, try_recv, close, is_closed, approx_size   wait for the lock.
// capacity, end, try_iter   wait-free, 0 steps.
template <class T, class Allocator>
class spsc_channel_core : public channel_core<T, Allocator> {
public:
    static constexpr bool many_senders = false;
    static constexpr bool many_receivers = false;

    using channel_core<T, Allocator>::channel_core;
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

} // namespace locked
} // namespace tandem::inline TANDEM_ABI
