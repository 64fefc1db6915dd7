#pragma once

// channel: a ring behind a mutex, and a condition variable for each end.
//
// Nothing of the element's runs under the lock but its nothrow move and destructor; who waits is woken after the
// unlock. Waiting threads are served in no particular order.
//
// Prefer lockfree::channel when the two ends meet across cores often.

#include <tandem/channel.hpp>
#include <tandem/locked/ring.hpp>
#include <tandem/mutex.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <type_traits>
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
class channel_core {
public:
    using value_type = T;
    using allocator_type = Allocator;
    static constexpr bool many_senders = true;
    static constexpr bool many_receivers = true;

    channel_core(std::size_t capacity, Allocator const& a) : capacity_(capacity), ring_(capacity, a) {}

    // Linearizes under the lock, as everything here does.
    template <class Limit, class V>
    status send(Limit const& limit, V&& v) {
        [[maybe_unused]] auto const armed = limit.arm(waking(room_));
        {
            scoped_lock const lock(mutex_);
            for (std::optional<backoff> looks; !closed_.read() && ring_.full();) {
                if (!wait(limit, status::full, room_, looks)) {
                    return Limit::answer_to(status::full);
                }
            }
            if (closed_.read()) {
                return status::closed;
            }
            ring_.push_back(std::forward<V>(v));
        }
        elements_.notify_one();
        return status::success;
    }

    template <class Limit>
    result<T> receive(Limit const& limit) {
        [[maybe_unused]] auto const armed = limit.arm(waking(elements_));
        auto r = [&]() -> result<T> {
            scoped_lock const lock(mutex_);
            for (std::optional<backoff> looks; ring_.empty();) {
                if (closed_.read()) {
                    return status::closed;
                }
                if (!wait(limit, status::empty, elements_, looks)) {
                    return Limit::answer_to(status::empty);
                }
            }
            return ring_.pop_front();
        }();
        if (r) {
            room_.notify_one();
        }
        return r;
    }

    // As much as there is room for, without waiting.
    std::size_t send_some(std::span<T> items) {
        std::size_t n = 0;
        {
            scoped_lock const lock(mutex_);
            if (!closed_.read()) {
                n = std::min(items.size(), capacity_ - ring_.size());
                for (auto& item : items.first(n)) {
                    ring_.push_back(std::move(item));
                }
            }
        }
        notify(elements_, n);
        return n;
    }
    // As much as there is, without waiting.
    std::size_t receive_some(std::span<T> out) {
        static_assert(std::is_nothrow_move_assignable_v<T>);
        std::size_t n = 0;
        {
            scoped_lock const lock(mutex_);
            n = std::min(out.size(), ring_.size());
            for (auto& place : out.first(n)) {
                place = ring_.pop_front();
            }
        }
        notify(room_, n);
        return n;
    }

    void close() {
        {
            scoped_lock const lock(mutex_);
            closed_.write(true);
        }
        room_.notify_all();
        elements_.notify_all();
    }
    bool is_closed() const {
        scoped_lock const lock(mutex_);
        return closed_.read();
    }
    std::size_t capacity() const noexcept { return capacity_; }
    std::size_t approx_size() const {
        scoped_lock const lock(mutex_);
        return ring_.size();
    }

private:
    // Waits for a change of what `why` says; or says no.
    template <class Limit>
    bool wait(Limit const& limit, status why, condition_variable& changed, std::optional<backoff>& looks)
        TANDEM_REQUIRES(mutex_) {
        if (!limit.waits_for(why) || limit.over()) {
            return false;
        }
        if (!looks) {
            looks.emplace();
        }
        if (looks->spent()) {
            limit.sleep(changed, mutex_);
        } else {
            mutex_.unlock();
            looks->wait();
            mutex_.lock();
        }
        return true;
    }
    // What a stop request does: whoever has seen none is asleep once the mutex is free.
    auto waking(condition_variable& sleepers) noexcept {
        return [this, &sleepers]() noexcept {
            mutex_.lock();
            mutex_.unlock();
            sleepers.notify_all();
        };
    }
    static void notify(condition_variable& sleepers, std::size_t n) noexcept {
        if (n == 1) {
            sleepers.notify_one();
        } else if (n != 0) {
            sleepers.notify_all();
        }
    }

    std::size_t const capacity_;
    alignas(cache_line) mutable mutex mutex_;
    cell<bool> closed_ TANDEM_GUARDED_BY(mutex_){false};
    ring<T, Allocator> ring_ TANDEM_GUARDED_BY(mutex_);

    // Looked at after the unlock: not on the line that others lock.
    alignas(cache_line) condition_variable elements_;
    condition_variable room_;
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

} // namespace locked
} // namespace tandem::inline TANDEM_ABI
