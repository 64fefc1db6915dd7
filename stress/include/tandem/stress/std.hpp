// std: the world in std's shape, so that code written against std joins by aliasing one namespace:
//
//     #include <tandem/stress/std.hpp>
//     namespace mt = tandem::stress::standard; // before: namespace mt = std;
//
//     class my_ring { ... mt::atomic<unsigned> head_{0}; ... };
//
// In the native world these are std's own. Under a model checker (tandem::world_explore, tandem::world_relacy) they are its own:
//
//   atomic<T>            T of at most 8 bytes; default orders, operators, wait and notify. No fetch_xor, no ++ on pointers
//   atomic_flag, atomic_thread_fence, memory_order
//   mutex, lock_guard, unique_lock, scoped_lock, condition_variable (no waits with a time)
//   this_thread::yield   in every loop that waits; without it, that is a livelock
//   plain<T>             plain data that threads share by a protocol. std has no such thing: without it the model checker
//                        does not see a race on the data, and so not the missing release either. A report names the lines of read() and
//                        write(v); where it is used as a T, that of this header
//
// Not there, and an error to name: atomic_ref (it cannot watch a variable that it has not made), thread (its threads are those of the program
// that it runs), wait_for and wait_until.
#pragma once

#include <tandem/mutex.hpp>
#include <tandem/world.hpp>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <type_traits>
#include <utility>

namespace tandem::stress::standard {

using std::memory_order;
using std::memory_order_acq_rel;
using std::memory_order_acquire;
using std::memory_order_consume;
using std::memory_order_relaxed;
using std::memory_order_release;
using std::memory_order_seq_cst;

using std::adopt_lock;
using std::defer_lock;
using std::lock_guard;
using std::scoped_lock;
using std::try_to_lock;
using std::unique_lock;

#if !defined(TANDEM_MODELLED)

using std::atomic;
using std::atomic_flag;
using std::atomic_ref;
using std::atomic_thread_fence;
using std::condition_variable;
using std::mutex;
using std::thread;
namespace this_thread = std::this_thread;

template <class T>
class plain {
public:
    constexpr plain() = default;
    constexpr plain(T v) : value_(std::move(v)) {}
    plain(plain const&) = default;
    plain& operator=(plain const&) = default;

    T const& read() const { return value_; }
    void write(T v) { value_ = std::move(v); }

    plain& operator=(T v) {
        write(std::move(v));
        return *this;
    }
    operator T const&() const { return value_; }

private:
    T value_{};
};

#else

// std's: the order for a failed compare-exchange, where only one is given.
constexpr memory_order order_of_failure(memory_order success) {
    return success == memory_order::acq_rel   ? memory_order::acquire
           : success == memory_order::release ? memory_order::relaxed
                                              : success;
}

template <class T>
class atomic {
    using where = std::source_location;

public:
    using value_type = T;
    static constexpr bool is_always_lock_free = tandem::atomic<T>::is_always_lock_free;

    constexpr atomic(where at = where::current()) noexcept : value_(T{}, at) {}
    constexpr atomic(T v, where at = where::current()) noexcept : value_(v, at) {}
    atomic(atomic const&) = delete;
    atomic& operator=(atomic const&) = delete;

    bool is_lock_free() const noexcept { return is_always_lock_free; }

    T load(memory_order order = memory_order::seq_cst, where at = where::current()) const noexcept {
        return value_.load(order, at);
    }
    void store(T v, memory_order order = memory_order::seq_cst, where at = where::current()) noexcept {
        value_.store(v, order, at);
    }
    T exchange(T v, memory_order order = memory_order::seq_cst, where at = where::current()) noexcept {
        return value_.exchange(v, order, at);
    }
    bool compare_exchange_weak(T& expected, T desired, memory_order success, memory_order failure,
                               where at = where::current()) noexcept {
        return value_.compare_exchange_weak(expected, desired, success, failure, at);
    }
    bool compare_exchange_weak(T& expected, T desired, memory_order order = memory_order::seq_cst,
                               where at = where::current()) noexcept {
        return value_.compare_exchange_weak(expected, desired, order, order_of_failure(order), at);
    }
    bool compare_exchange_strong(T& expected, T desired, memory_order success, memory_order failure,
                                 where at = where::current()) noexcept {
        return value_.compare_exchange_strong(expected, desired, success, failure, at);
    }
    bool compare_exchange_strong(T& expected, T desired, memory_order order = memory_order::seq_cst,
                                 where at = where::current()) noexcept {
        return value_.compare_exchange_strong(expected, desired, order, order_of_failure(order), at);
    }
    T fetch_add(T v, memory_order order = memory_order::seq_cst, where at = where::current()) noexcept
        requires std::integral<T>
    {
        return value_.fetch_add(v, order, at);
    }
    T fetch_sub(T v, memory_order order = memory_order::seq_cst, where at = where::current()) noexcept
        requires std::integral<T>
    {
        return value_.fetch_sub(v, order, at);
    }
    T fetch_and(T v, memory_order order = memory_order::seq_cst, where at = where::current()) noexcept
        requires std::integral<T>
    {
        return value_.fetch_and(v, order, at);
    }
    T fetch_or(T v, memory_order order = memory_order::seq_cst, where at = where::current()) noexcept
        requires std::integral<T>
    {
        return value_.fetch_or(v, order, at);
    }

    void wait(T old, memory_order order = memory_order::seq_cst, where at = where::current()) const noexcept {
        while (value_.load(order, at) == old) {
            world::sleep_while(value_, old, at);
        }
    }
    void notify_one(where at = where::current()) noexcept {
        world::wake(&value_, false, at);
    }
    void notify_all(where at = where::current()) noexcept {
        world::wake(&value_, true, at);
    }

    operator T() const noexcept { return load(); }
    T operator=(T v) noexcept { return store(v), v; }
    T operator++() noexcept { return static_cast<T>(fetch_add(1) + 1); }
    T operator++(int) noexcept { return fetch_add(1); }
    T operator--() noexcept { return static_cast<T>(fetch_sub(1) - 1); }
    T operator--(int) noexcept { return fetch_sub(1); }
    T operator+=(T v) noexcept { return static_cast<T>(fetch_add(v) + v); }
    T operator-=(T v) noexcept { return static_cast<T>(fetch_sub(v) - v); }
    T operator&=(T v) noexcept { return static_cast<T>(fetch_and(v) & v); }
    T operator|=(T v) noexcept { return static_cast<T>(fetch_or(v) | v); }

private:
    tandem::atomic<T> value_;
};

class atomic_flag {
    using where = std::source_location;

public:
    bool test(memory_order order = memory_order::seq_cst, where at = where::current()) const noexcept {
        return set_.load(order, at);
    }
    bool test_and_set(memory_order order = memory_order::seq_cst, where at = where::current()) noexcept {
        return set_.exchange(true, order, at);
    }
    void clear(memory_order order = memory_order::seq_cst, where at = where::current()) noexcept {
        set_.store(false, order, at);
    }
    void wait(bool old, memory_order order = memory_order::seq_cst, where at = where::current()) const noexcept {
        set_.wait(old, order, at);
    }
    void notify_one(where at = where::current()) noexcept { set_.notify_one(at); }
    void notify_all(where at = where::current()) noexcept { set_.notify_all(at); }

private:
    atomic<bool> set_{false};
};

inline void atomic_thread_fence(memory_order order, std::source_location at = std::source_location::current()) noexcept {
    world::fence(order, at);
}

using tandem::mutex;

class condition_variable {
public:
    void wait(unique_lock<mutex>& lock) noexcept TANDEM_ANNOTATE(no_thread_safety_analysis) { changed_.wait(*lock.mutex()); } // the lock holds it
    template <class Enough>
    void wait(unique_lock<mutex>& lock, Enough enough) {
        while (!enough()) {
            wait(lock);
        }
    }
    void notify_one() noexcept { changed_.notify_one(); }
    void notify_all() noexcept { changed_.notify_all(); }

private:
    tandem::condition_variable changed_;
};

namespace this_thread {
inline void yield(std::source_location at = std::source_location::current()) {
    tandem::yield(at);
}
} // namespace this_thread

template <class T>
class plain {
    using where = std::source_location;

public:
    constexpr plain() = default;
    constexpr plain(T v) : value_(std::move(v)) {}
    plain(plain const& other) : plain(other.read()) {}
    plain& operator=(plain const& other) { return *this = other.read(); }

    T const& read(where at = where::current()) const { return value_.read(at); }
    void write(T v, where at = where::current()) { value_.write(std::move(v), at); }

    plain& operator=(T v) {
        write(std::move(v));
        return *this;
    }
    operator T const&() const { return read(); }

private:
    cell<T> value_;
};

template <class T>
class atomic_ref {
    static_assert(!std::is_same_v<T, T>, "a model checker has no atomic_ref: it watches only what it has made; use atomic");
};

template <class... NotHere>
class basic_thread {
    static_assert(sizeof...(NotHere) != 0, "under a model checker there is no thread: it starts those of its program or scenario");
};
using thread = basic_thread<>;

#endif

} // namespace tandem::stress::standard
