// channel_spec: what a channel promises: first in, first out, waiting at both ends, close by hand or by the last handle of
// an end.
//
//   send(v)             success, closed                    recv            success -> v, closed
//   try_send(v)         success, full, closed              try_recv        success -> v, empty, closed
//   send_for(v)         success, timeout, closed           recv_for        success -> v, timeout, closed
//   send_unless(v s)    success, stopped, closed           recv_unless(s)  success -> v, stopped, closed
//   send_many(v...)     success -> how many                recv_many(n)    success -> one to n values, closed
//   close, is_closed -> 0 or 1, stop(s)
//   copy_sender, copy_receiver, drop_sender, drop_receiver
//   account -> lost, doubled, spoiled: all 0
//
// full and empty are exact, and no answer is busy. timeout: there was nothing to take, or no room, at some instant of the
// call, or another call overlapped it. stopped: stop(s) came first. Neither takes or gives anything. send_many is a sequence of
// sends, recv_many a sequence of receives. When the last sender is dropped, or the last receiver, the channel is closed;
// with the last receiver goes what is left.
//
// account is asked when all is over: elements that were sent, and then neither received, returned to the sender nor
// destroyed; or more than once; and arguments that came back changed from a send that failed.
//
// A receive may be asleep at the end of a run only while the channel is empty and open, a send only while it is full and
// open; elsewhere its wake-up was lost. Every sent value must be unique.
#pragma once

#include <tandem/stress/spec.hpp>

namespace tandem::stress {

struct channel_spec {
    enum : std::uint32_t {
        send,
        try_send,
        send_for,
        send_unless,
        send_many,
        recv,
        try_recv,
        recv_for,
        recv_unless,
        recv_many,
        close,
        is_closed,
        stop,
        copy_sender,
        copy_receiver,
        drop_sender,
        drop_receiver,
        account,
    };
    static constexpr std::string_view operations[] = {
        "send",     "try_send",    "send_for",      "send_unless", "send_many",     "recv",
        "try_recv", "recv_for",    "recv_unless",   "recv_many",   "close",         "is_closed",
        "stop",     "copy_sender", "copy_receiver", "drop_sender", "drop_receiver", "account"};

    std::size_t capacity = queue_spec::unbounded;
    std::int64_t senders = 1, receivers = 1; // handles
    bool closed = false;
    std::vector<std::int64_t> items{}; // oldest first
    std::vector<std::int64_t> stops{}; // that were requested, ascending

    reply perform(std::uint32_t operation, values const& argument); // busy: would have to wait
    bool step(call const& c, bool overlapped);
    std::vector<call> parts(call const& c) const;
    bool waits(call const& c) const;
    finding monitor(history const& calls) const;
    history without(history const& calls, std::vector<bool> const& drop) const;
    history renumber(history calls) const;
    std::size_t hash() const;
    bool operator==(channel_spec const&) const = default;
};

static_assert(specification<channel_spec>);

} // namespace tandem::stress
