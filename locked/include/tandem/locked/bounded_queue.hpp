#pragma once

// bounded_queue: a ring behind a mutex.
//
// Every operation holds the lock for a few instructions; nothing of the element's runs under it
// but its nothrow move and destructor. Never answers busy.
//
// Prefer lockfree::bounded_queue when several threads on different cores meet in it often.

#include <tandem/contract.hpp>
#include <tandem/locked/ring.hpp>
#include <tandem/mutex.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>

namespace tandem::inline TANDEM_ABI {
namespace locked {

template <class T, class Allocator>
class bounded_queue {
public:
    // Throws std::invalid_argument for capacity 0, std::length_error for one beyond the address space,
    // and what the allocator throws. The destructor destroys what is left: no other thread may be using the queue.
    explicit bounded_queue(std::size_t capacity, Allocator a = {}) : capacity_(capacity), ring_(capacity, a) {}
    bounded_queue(bounded_queue const&) = delete;
    bounded_queue& operator=(bounded_queue const&) = delete;

    // try_push   waits for the lock; fails: full, closed; linearizes under the lock; v is moved from only on success.
    [[nodiscard]] status try_push(T&& v) { return try_emplace(std::move(v)); }
    [[nodiscard]] status try_push(T const& v) { return try_emplace(v); }

    // try_emplace   as try_push; a constructor that may throw runs before the queue is touched.
    template <class... Args>
    [[nodiscard]] status try_emplace(Args&&... args) {
        if constexpr (std::is_nothrow_constructible_v<T, Args...>) {
            return push(std::forward<Args>(args)...);
        } else {
            return push(T(std::forward<Args>(args)...));
        }
    }

    // try_pop   waits for the lock; fails: empty, closed (and drained); linearizes under the lock.
    [[nodiscard]] result<T> try_pop() {
        scoped_lock const lock(mutex_);
        if (ring_.empty()) {
            return closed_.read() ? status::closed : status::empty;
        }
        return ring_.pop_front();
    }

    // try_push_n   waits for the lock; moves from items[0, returned) at one instant; short when full, 0 when closed.
    std::size_t try_push_n(std::span<T> items) {
        scoped_lock const lock(mutex_);
        if (closed_.read()) {
            return 0;
        }
        std::size_t const n = std::min(items.size(), capacity_ - ring_.size());
        for (std::size_t i = 0; i != n; ++i) {
            ring_.push_back(std::move(items[i]));
        }
        return n;
    }

    // try_pop_n   waits for the lock; assigns to out[0, returned) at one instant; short when there are fewer.
    std::size_t try_pop_n(std::span<T> out) {
        static_assert(std::is_nothrow_move_assignable_v<T>);
        scoped_lock const lock(mutex_);
        std::size_t const n = std::min(out.size(), ring_.size());
        for (std::size_t i = 0; i != n; ++i) {
            out[i] = ring_.pop_front();
        }
        return n;
    }

    // close, is_closed   wait for the lock; later pushes answer closed; what is in the queue can still be popped. May be repeated.
    void close() {
        scoped_lock const lock(mutex_);
        closed_.write(true);
    }
    bool is_closed() const {
        scoped_lock const lock(mutex_);
        return closed_.read();
    }

    // capacity   wait-free, 0 steps.
    std::size_t capacity() const noexcept { return capacity_; }

    // was_empty, approx_size   wait for the lock; true at some instant of the call, and may be stale when it returns.
    bool was_empty() const { return approx_size() == 0; }
    std::size_t approx_size() const {
        scoped_lock const lock(mutex_);
        return ring_.size();
    }

private:
    template <class... Args>
    status push(Args&&... args) {
        scoped_lock const lock(mutex_);
        if (closed_.read()) {
            return status::closed;
        }
        if (ring_.full()) {
            return status::full;
        }
        ring_.push_back(std::forward<Args>(args)...);
        return status::success;
    }

    std::size_t const capacity_;
    mutable mutex mutex_;
    cell<bool> closed_ TANDEM_GUARDED_BY(mutex_){false};
    ring<T, Allocator> ring_ TANDEM_GUARDED_BY(mutex_);
};

} // namespace locked
} // namespace tandem::inline TANDEM_ABI
