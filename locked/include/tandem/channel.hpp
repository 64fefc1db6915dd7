#pragma once

// channel: the two ends of a channel, the same for every kind of channel of both halves; what differs is the core
// between them (locked/channel.hpp, lockfree/channel.hpp).
//
//   auto [tx, rx] = tandem::lockfree::channel<int>(64);
//
// Copy a handle to give another thread one of its own (the handles of a channel for one producer or one consumer
// only move); a handle is used by one thread at a time. When the last sender is gone, or either end says close(),
// nothing more can be sent; what was sent can still be received. When the last receiver is gone, the channel is
// closed and what is left in it is destroyed. A handle that was moved from may be assigned to and destroyed,
// nothing else.
//
// Edges:
//   side.leave  acq_rel => side.leave  acq_rel   the last handle of a side goes after all that the others did

#include <tandem/contract.hpp>
#include <tandem/waiting.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>

namespace tandem::inline TANDEM_ABI {

namespace detail {

class handle_count {
public:
    explicit handle_count(std::size_t n) noexcept : n_(n) {}
    void join() noexcept { n_.fetch_add(1, order::relaxed); } // relaxed: by way of a handle that stays meanwhile
    bool leave() noexcept { return n_.fetch_sub(1, order::acq_rel) == 1; } // side.leave

private:
    atomic<std::size_t> n_;
};

// What the handles of one channel share.
template <class Core>
class channel_state {
    using allocator_type =
        typename std::allocator_traits<typename Core::allocator_type>::template rebind_alloc<channel_state>;
    using traits = std::allocator_traits<allocator_type>;

public:
    Core core;
    handle_count senders{1};
    handle_count receivers{1};
    handle_count sides{2};

    channel_state(std::size_t capacity, allocator_type const& a)
        : core(capacity, typename Core::allocator_type(a)), allocator_(a) {}

    static channel_state* make(std::size_t capacity, allocator_type a) {
        struct storage {
            allocator_type& allocator;
            typename traits::pointer place = traits::allocate(allocator, 1);
            ~storage() {
                if (place != nullptr) {
                    traits::deallocate(allocator, place, 1);
                }
            }
        } fresh{a};
        auto* const state = std::construct_at(std::to_address(fresh.place), capacity, a);
        fresh.place = nullptr;
        return state;
    }
    void leave_side() noexcept {
        if (sides.leave()) {
            auto allocator = allocator_;
            auto const place = std::pointer_traits<typename traits::pointer>::pointer_to(*this);
            std::destroy_at(this);
            traits::deallocate(allocator, place, 1);
        }
    }

private:
    [[no_unique_address]] allocator_type allocator_;
};

// What both ends are.
template <class Core>
class channel_handle {
public:
    using value_type = typename Core::value_type;

    // Nothing more can be sent, by anyone; what was sent can still be received. May be repeated.
    void close() const { core().close(); }
    bool is_closed() const { return core().is_closed(); }

    friend bool same_channel(channel_handle const& a, channel_handle const& b) noexcept { return a.state_ == b.state_; }

protected:
    explicit channel_handle(channel_state<Core>* state) noexcept : state_(state) {}
    channel_handle(channel_handle const&) noexcept = default;
    channel_handle(channel_handle&& other) noexcept : state_(std::exchange(other.state_, nullptr)) {}
    channel_handle& operator=(channel_handle const&) = delete;
    ~channel_handle() = default;

    Core& core() const noexcept { return state_->core; }

    channel_state<Core>* state_; // nullptr: moved from
};

// In the unit of tandem's clock, rounded up; beyond its range, the end of that. Compared as seconds, which do not overflow.
template <class Rep, class Period>
clock::duration saturated(std::chrono::duration<Rep, Period> d) {
    using seconds = std::chrono::duration<double>;
    if (seconds(d) >= seconds(clock::duration::max())) {
        return clock::duration::max();
    }
    return seconds(d) <= seconds(clock::duration::min()) ? clock::duration::min() : std::chrono::ceil<clock::duration>(d);
}

// In d from now; beyond the range of the clock is the same as never.
template <class Rep, class Period>
limit::until after(std::chrono::duration<Rep, Period> d) {
    auto const now = clock::now();
    auto const wait = std::max(saturated(d), clock::duration::zero());
    return limit::until(wait < clock::time_point::max() - now ? now + wait : clock::time_point::max());
}

constexpr status status_of(status s) noexcept {
    return s;
}
template <class T>
constexpr status status_of(result<T> const& r) noexcept {
    return r.error();
}

// Tries with limits on tandem's clock until `t` of another one has passed; that one may be set back and forth.
template <class Clock, class Duration, class Try>
auto until(std::chrono::time_point<Clock, Duration> t, Try attempt) {
    auto const deadline = saturated(t.time_since_epoch());
    if constexpr (std::is_same_v<Clock, clock>) {
        return attempt(limit::until(clock::time_point(deadline)));
    } else {
        for (;;) {
            auto const now = std::max(saturated(Clock::now().time_since_epoch()), clock::duration::zero());
            auto answer = attempt(after(deadline > now ? deadline - now : now.zero()));
            if (status_of(answer) != status::timeout || saturated(Clock::now().time_since_epoch()) >= deadline) {
                return answer;
            }
        }
    }
}

} // namespace detail

// The end that things go in at. A send answers success or closed, or else why it did not wait (any longer); v is moved
// from only on success. Waiting sends linearize as the core's push does.
template <class Core>
class basic_sender : public detail::channel_handle<Core> {
    using handle = detail::channel_handle<Core>;
    using handle::core;
    using handle::state_;

public:
    using typename handle::value_type;

    explicit basic_sender(detail::channel_state<Core>* state) noexcept : handle(state) {}
    basic_sender(basic_sender const& other) noexcept requires Core::many_senders : handle(other) {
        state_->senders.join();
    }
    basic_sender(basic_sender&&) noexcept = default;
    basic_sender& operator=(basic_sender other) noexcept {
        std::swap(state_, other.state_);
        return *this;
    }
    ~basic_sender() {
        if (state_ != nullptr) {
            leave(*state_);
        }
    }

    // Waits while the channel is full.
    status send(value_type&& v) const { return core().send(limit::forever{}, std::move(v)); }
    status send(value_type const& v) const { return send_copy(limit::forever{}, v); }

    // stopped: a stop was requested first.
    [[nodiscard]] status send(value_type&& v, stop_token const& stop) const {
        return core().send(limit::unless(stop), std::move(v));
    }
    [[nodiscard]] status send(value_type const& v, stop_token const& stop) const {
        return send_copy(limit::unless(stop), v);
    }

    // timeout: it was still full then.
    template <class Rep, class Period>
    [[nodiscard]] status send_for(value_type&& v, std::chrono::duration<Rep, Period> d) const {
        return core().send(detail::after(d), std::move(v));
    }
    template <class Rep, class Period>
    [[nodiscard]] status send_for(value_type const& v, std::chrono::duration<Rep, Period> d) const {
        return send_copy(detail::after(d), v);
    }
    template <class Clock, class Duration>
    [[nodiscard]] status send_until(value_type&& v, std::chrono::time_point<Clock, Duration> t) const {
        return detail::until(t, [&](limit::until const& l) { return core().send(l, std::move(v)); });
    }
    template <class Clock, class Duration>
    [[nodiscard]] status send_until(value_type const& v, std::chrono::time_point<Clock, Duration> t) const {
        return detail::until(t, [&](limit::until const& l) { return send_copy(l, v); });
    }

    // full: it is; waits only for a thread that is in the middle of an operation.
    [[nodiscard]] status try_send(value_type&& v) const { return core().send(limit::at_once{}, std::move(v)); }
    [[nodiscard]] status try_send(value_type const& v) const { return send_copy(limit::at_once{}, v); }

    // Sends all, in order, waiting for room; returns how many were sent, fewer than all only when the channel was
    // closed: items[0, returned) are moved from, the others untouched.
    std::size_t send_many(std::span<value_type> items) const {
        std::size_t sent = 0;
        while (sent != items.size()) {
            auto const n = core().send_some(items.subspan(sent));
            sent += n;
            if (n == 0) {
                if (send(std::move(items[sent])) != status::success) {
                    break;
                }
                ++sent;
            }
        }
        return sent;
    }

private:
    // Not the handle's address but the state's: the compiler may then keep the handle in a register.
    [[gnu::noinline]] static void leave(detail::channel_state<Core>& state) noexcept {
        if (state.senders.leave()) {
            state.core.close();
            state.leave_side();
        }
    }

    // A copy that may throw is made before anything else is done.
    template <class Limit>
    status send_copy(Limit const& limit, value_type const& v) const {
        if constexpr (std::is_nothrow_copy_constructible_v<value_type>) {
            return core().send(limit, v);
        } else {
            return core().send(limit, value_type(v));
        }
    }
};

// The end that things come out of.
template <class Core>
class basic_receiver : public detail::channel_handle<Core> {
    using handle = detail::channel_handle<Core>;
    using handle::core;
    using handle::state_;

public:
    using typename handle::value_type;

    explicit basic_receiver(detail::channel_state<Core>* state) noexcept : handle(state) {}
    basic_receiver(basic_receiver const& other) noexcept requires Core::many_receivers : handle(other) {
        state_->receivers.join();
    }
    basic_receiver(basic_receiver&&) noexcept = default;
    basic_receiver& operator=(basic_receiver other) noexcept {
        std::swap(state_, other.state_);
        return *this;
    }
    // The last one waits for senders that are in the middle of a send, to destroy what they leave.
    ~basic_receiver() {
        if (state_ != nullptr) {
            leave(*state_);
        }
    }

    // Waits for something; nothing: closed and drained.
    std::optional<value_type> recv() const {
        if (auto r = core().receive(limit::forever{})) {
            return std::optional<value_type>(std::move(*r));
        }
        return std::nullopt;
    }
    // closed, and drained; or stopped: a stop was requested and nothing was taken.
    result<value_type> recv(stop_token const& stop) const { return core().receive(limit::unless(stop)); }
    // closed, and drained; or timeout: nothing was taken.
    template <class Rep, class Period>
    result<value_type> recv_for(std::chrono::duration<Rep, Period> d) const {
        return core().receive(detail::after(d));
    }
    template <class Clock, class Duration>
    result<value_type> recv_until(std::chrono::time_point<Clock, Duration> t) const {
        return detail::until(t, [&](limit::until const& l) { return core().receive(l); });
    }
    // empty: it is; waits only for a thread that is in the middle of an operation.
    result<value_type> try_recv() const { return core().receive(limit::at_once{}); }

    // Waits for one, then takes what is there, at most out.size(), into out[0, returned). 0: closed and drained, or
    // there is no room in out.
    std::size_t recv_many(std::span<value_type> out) const {
        if (out.empty()) {
            return 0;
        }
        if (auto const n = core().receive_some(out)) {
            return n;
        }
        auto first = core().receive(limit::forever{});
        if (!first) {
            return 0;
        }
        out[0] = std::move(*first);
        return 1 + core().receive_some(out.subspan(1));
    }

    // for (auto& v : rx): receives until the channel is closed and drained.
    auto begin() const {
        return iterator(*this, [](basic_receiver const& rx) { return rx.recv(); });
    }
    std::default_sentinel_t end() const noexcept { return {}; }

    // for (auto& v : rx.try_iter()): receives what is there.
    auto try_iter() const {
        struct range {
            basic_receiver const& rx;
            auto begin() const {
                return iterator(rx, [](basic_receiver const& from) -> std::optional<value_type> {
                    if (auto r = from.try_recv()) {
                        return std::optional<value_type>(std::move(*r));
                    }
                    return std::nullopt;
                });
            }
            std::default_sentinel_t end() const noexcept { return {}; }
        };
        return range{*this};
    }

    std::size_t approx_size() const { return core().approx_size(); } // may be stale
    std::size_t capacity() const noexcept { return core().capacity(); }

private:
    [[gnu::noinline]] static void leave(detail::channel_state<Core>& state) noexcept { // as a sender's
        if (state.receivers.leave()) {
            state.core.close();
            while (state.core.receive(limit::forever{})) {
            }
            state.leave_side();
        }
    }

    // An input iterator: each step receives one element, which lives in the iterator.
    class iterator {
    public:
        using value_type = basic_receiver::value_type;
        using difference_type = std::ptrdiff_t;
        using source = std::optional<value_type> (*)(basic_receiver const&);

        iterator(basic_receiver const& rx, source next) : rx_(&rx), next_(next), element_(next(rx)) {}

        value_type& operator*() const noexcept { return *element_; }
        iterator& operator++() {
            element_ = next_(*rx_);
            return *this;
        }
        void operator++(int) { ++*this; }
        bool operator==(std::default_sentinel_t) const noexcept { return !element_.has_value(); }

    private:
        basic_receiver const* rx_;
        source next_;
        mutable std::optional<value_type> element_;
    };
};

// For the functions that make channels: both ends of a new one.
template <class Core>
std::pair<basic_sender<Core>, basic_receiver<Core>> make_channel(std::size_t capacity,
                                                                 typename Core::allocator_type const& a) {
    auto* const state = detail::channel_state<Core>::make(capacity, a);
    return {basic_sender<Core>(state), basic_receiver<Core>(state)};
}

} // namespace tandem::inline TANDEM_ABI
