// Planted: six bugs in one small core of a channel, a ring behind a mutex with a list of waiting threads for each end.
//
//   close_without_wakeup     close wakes nobody who waits to receive
//   notify_when_empty        a send wakes a receiver only when it finds the channel empty, however many wait
//   register_after_check     a thread looks, goes on the list, and parks without looking again
//   swallowed_token          a waiter that is woken just when its time is over says timeout, and nobody else is woken
//   rest_leaked              what is left when the second end vanishes is forgotten
//   rest_destroyed_twice     what is left when the second end vanishes is destroyed, and then again
#pragma once

#include <tandem/channel.hpp>
#include <tandem/mutex.hpp>
#include <tandem/waiting.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace tandem::planted {

enum class channel_bug {
    close_without_wakeup,
    notify_when_empty,
    register_after_check,
    swallowed_token,
    rest_leaked,
    rest_destroyed_twice,
};

template <class T, channel_bug Bug>
class channel_core {
public:
    using value_type = T;
    using allocator_type = std::allocator<T>;
    static constexpr bool many_senders = true;
    static constexpr bool many_receivers = true;

    channel_core(std::size_t capacity, allocator_type const&) : ring_(capacity) {}

    template <class Limit, class V>
    status send(Limit const& limit, V&& v) {
        bool was_empty = false;
        auto const s = wait_for_change(room_, limit, [&] { return put(std::forward<V>(v), was_empty); });
        if (s == status::success && (Bug != channel_bug::notify_when_empty || was_empty)) {
            elements_.notify(1);
        }
        return s;
    }
    template <class Limit>
    result<T> receive(Limit const& limit) {
        result<T> r = status::empty;
        auto const s = wait_for_change(elements_, limit, [&] {
            r = take();
            return r.error();
        });
        if (s != status::success) {
            return s;
        }
        room_.notify(1);
        return r;
    }
    std::size_t send_some(std::span<T> items) {
        std::size_t n = 0;
        while (n != items.size() && send(limit::at_once{}, std::move(items[n])) == status::success) {
            ++n;
        }
        return n;
    }
    std::size_t receive_some(std::span<T> out) {
        for (std::size_t n = 0; n != out.size(); ++n) {
            auto r = receive(limit::at_once{});
            if (!r) {
                return n;
            }
            out[n] = *std::move(r);
        }
        return out.size();
    }

    void close() {
        {
            scoped_lock const lock(mutex_);
            if (std::exchange(closed_, true)) {
                destroy_the_rest();
            }
        }
        room_.notify_all();
        if (Bug != channel_bug::close_without_wakeup) {
            elements_.notify_all();
        }
    }
    bool is_closed() const {
        scoped_lock const lock(mutex_);
        return closed_;
    }
    std::size_t capacity() const noexcept { return ring_.size(); }
    std::size_t approx_size() const {
        scoped_lock const lock(mutex_);
        return size_;
    }

private:
    template <class V>
    status put(V&& v, bool& was_empty) {
        scoped_lock const lock(mutex_);
        if (closed_ || size_ == ring_.size()) {
            return closed_ ? status::closed : status::full;
        }
        was_empty = size_ == 0;
        ring_[(first_ + size_++) % ring_.size()].construct(std::forward<V>(v));
        return status::success;
    }
    result<T> take() {
        scoped_lock const lock(mutex_);
        if (size_ == 0) {
            return closed_ ? status::closed : status::empty;
        }
        --size_;
        return ring_[std::exchange(first_, (first_ + 1) % ring_.size())].take();
    }
    // The second close is by the last handle of the second end.
    void destroy_the_rest() TANDEM_REQUIRES(mutex_) {
        if (Bug == channel_bug::rest_leaked) {
            size_ = 0; // and nothing is destroyed
        } else if (Bug == channel_bug::rest_destroyed_twice) {
            for (std::size_t i = 0; i != size_; ++i) {
                ring_[(first_ + i) % ring_.size()].destroy(); // and they are still there
            }
        }
    }

    template <class Limit, class Attempt>
    static status wait_for_change(wait_list& list, Limit const& limit, Attempt attempt) {
        waiter self;
        [[maybe_unused]] auto const armed = limit.arm([&]() noexcept { list.cancel(self); });
        for (;;) {
            auto s = attempt();
            if (s == status::success || !limit.waits_for(s)) {
                return s;
            }
            if (limit.over()) {
                return limit.answer_to(s);
            }
            list.enlist(self);
            if (Bug != channel_bug::register_after_check) {
                s = attempt();
                if (s == status::success || !limit.waits_for(s)) {
                    bool const woken = self.notified();
                    list.delist(self);
                    if (woken || self.notified()) {
                        list.notify(1);
                    }
                    return s;
                }
            }
            while (!self.notified() && !limit.over()) {
                limit.sleep(self);
            }
            list.delist(self);
            if (Bug == channel_bug::swallowed_token && limit.over()) {
                return limit.answer_to(s); // though it may have been woken for something
            }
        }
    }

    mutable mutex mutex_;
    std::vector<slot<T>> ring_;
    std::size_t first_ TANDEM_GUARDED_BY(mutex_) = 0, size_ TANDEM_GUARDED_BY(mutex_) = 0;
    bool closed_ TANDEM_GUARDED_BY(mutex_) = false;
    wait_list elements_, room_;
};

} // namespace tandem::planted
