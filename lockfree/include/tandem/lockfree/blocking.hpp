#pragma once

// blocking: the core of a channel from a queue that never waits, and a list of waiting threads for each of its ends.
//
// While nobody waits, an operation is the queue's and one load, and has the queue's progress if that is never busy: where it
// would answer so, the operation waits for the thread stopped in the middle of another one. A thread that parks, and whoever
// wakes it, take a short lock (waiting.hpp). Waiting threads are woken first in, first out; whoever comes meanwhile may be faster.
//
// No wake-up is lost: a push publishes, then looks for receivers; a receiver enlists, then looks for elements. An element
// behind one that is not yet published wakes its receiver in vain; whoever waited therefore, once served, wakes
// the next when there is more.

#include <tandem/channel.hpp>

#include <cstddef>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

namespace tandem::inline TANDEM_ABI {
namespace lockfree {

template <class Queue, class T, class Allocator>
class blocking {
public:
    using value_type = T;
    using allocator_type = Allocator;

    blocking(std::size_t capacity, Allocator const& a) : queue_(capacity, a) {}

    // Linearizes as the queue's push.
    template <class Limit, class V>
    status send(Limit const& limit, V&& v) {
        auto s = look_to_send(limit, std::forward<V>(v));
        if (s != status::success && limit.waits_for(s)) {
            s = wait_to_send<Limit, passed<V>>(limit, std::forward<V>(v));
        }
        if (s == status::success) {
            receivers_.notify(1);
        }
        return s;
    }
    template <class Limit>
    result<T> receive(Limit const& limit) {
        auto r = look_to_receive(limit);
        if (!r && limit.waits_for(r.error())) {
            r = wait_to_receive(limit);
        }
        if (r) {
            senders_.notify(1);
        }
        return r;
    }

    // As much as there is room for, without waiting.
    std::size_t send_some(std::span<T> items) {
        auto const n = queue_.try_push_n(items);
        receivers_.notify(n);
        return n;
    }
    // As much as there is, without waiting.
    std::size_t receive_some(std::span<T> out) {
        auto const n = queue_.try_pop_n(out);
        senders_.notify(n);
        return n;
    }

    void close() {
        queue_.close();
        senders_.notify_all();
        receivers_.notify_all();
    }
    bool is_closed() const { return queue_.is_closed(); }
    std::size_t capacity() const noexcept { return queue_.capacity(); }
    std::size_t approx_size() const { return queue_.approx_size(); }

private:
    // Who is going to wait need not know at once why.
    template <class Limit, class V>
    status look_to_send(Limit const& limit, V&& v) {
        if constexpr (requires { queue_.weak_push(std::forward<V>(v)); }) {
            if (limit.waits_for(status::full)) {
                return queue_.weak_push(std::forward<V>(v));
            }
        }
        return queue_.try_push(std::forward<V>(v));
    }
    template <class Limit>
    result<T> look_to_receive(Limit const& limit) {
        if constexpr (requires { queue_.weak_pop(); }) {
            if (limit.waits_for(status::empty)) {
                return queue_.weak_pop();
            }
        }
        return queue_.try_pop();
    }

    // By value what fits into registers: a reference would keep the caller's element in memory, where every send
    // would store it between two locked instructions (a fifth of the speed).
    template <class V>
    using passed = std::conditional_t<std::is_trivially_copyable_v<T> && sizeof(T) <= 2 * sizeof(void*), T, V&&>;

    template <class Limit, class V>
    [[gnu::noinline]] status wait_to_send(Limit const& limit, V v) {
        auto s = status::full;
        bool const done = wait_for(
            senders_, limit,
            [&] {
                s = look_to_send(limit, std::forward<V>(v));
                return !limit.waits_for(s);
            },
            [&] {
                s = queue_.try_push(std::forward<V>(v));
                return !limit.waits_for(s);
            },
            [&] { return approx_size() < capacity(); }); // a close wakes all, and none of them in vain
        return done ? s : limit.answer_to(s);
    }
    template <class Limit>
    [[gnu::noinline]] result<T> wait_to_receive(Limit const& limit) {
        result<T> r = status::empty;
        // In place of a result without a value, which has nothing to destroy.
        auto const ask = [&](auto get) {
            ::new (static_cast<void*>(&r)) result<T>(get());
            return !limit.waits_for(r.error());
        };
        bool const done = wait_for(
            receivers_, limit, [&] { return ask([&] { return look_to_receive(limit); }); },
            [&] { return ask([&] { return queue_.try_pop(); }); },
            [&] { return approx_size() != 0 || is_closed(); });
        return done ? std::move(r) : result<T>(limit.answer_to(r.error()));
    }

    Queue queue_;
    // Read by every operation, written only by those that wait.
    alignas(cache_line) wait_list senders_;
    wait_list receivers_;
};

} // namespace lockfree
} // namespace tandem::inline TANDEM_ABI
