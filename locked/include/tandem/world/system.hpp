#pragma once

// What the worlds that run on real threads (native, bare) have in common. Included by them,
// after TANDEM_ABI and atomic<T>.
//
// TANDEM_PORTABLE=1 turns off everything that is Linux's alone, and behaves as on a machine
// with one core.

#if !defined(TANDEM_PORTABLE) && !defined(__linux__)
#define TANDEM_PORTABLE 1
#endif

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <new>
#include <stop_token>
#include <thread>
#include <type_traits>
#include <utility>

namespace tandem::inline TANDEM_ABI {
using clock = std::chrono::steady_clock;
}

#if TANDEM_PORTABLE
#include <tandem/world/portable.hpp>
#else
#include <tandem/world/linux.hpp>
#endif

namespace tandem::inline TANDEM_ABI {

using std::stop_callback;
using std::stop_source;
using std::stop_token;

// Two lines: processors fetch the neighbour of a line along with it.
inline constexpr std::size_t cache_line = 128;
inline constexpr std::size_t page = 4096;

template <class T>
using allocator = std::allocator<T>;

// Plain data that several threads reach under some protocol of their own.
template <class T>
class cell {
public:
    constexpr cell() = default;
    constexpr explicit cell(T v) : value_(std::move(v)) {}
    cell(cell const&) = delete;
    cell& operator=(cell const&) = delete;

    T const& read() const noexcept { return value_; }
    void write(T v) noexcept(std::is_nothrow_move_assignable_v<T>) { value_ = std::move(v); }

private:
    T value_{};
};

// Storage for one T; whoever holds the slot says when the element begins and ends.
template <class T>
class slot {
public:
    slot() noexcept {}
    ~slot() {}
    slot(slot const&) = delete;
    slot& operator=(slot const&) = delete;

    template <class... Args>
    void construct(Args&&... args) noexcept(std::is_nothrow_constructible_v<T, Args...>) {
        std::construct_at(&element_, std::forward<Args>(args)...);
    }
    T take() noexcept {
        T taken(std::move(element_));
        destroy();
        return taken;
    }
    void destroy() noexcept { std::destroy_at(&element_); }
    T const& get() const noexcept { return element_; }
    T& modify() noexcept { return element_; }

private:
    union {
        T element_;
    };
};

namespace detail {
template <class T>
union immortal {
    constexpr immortal() noexcept : it() {}
    constexpr ~immortal() {}
    T it;
};
} // namespace detail

// The T of the process: there before anything runs, and never destroyed.
template <class T>
T& of_process() noexcept {
    static constinit detail::immortal<T> one;
    return one.it;
}
// The T of the calling thread: there as long as the thread runs anything, its thread_local destructors included.
template <class T>
[[gnu::always_inline]] inline T& of_thread() noexcept {
    static_assert(std::is_trivially_destructible_v<T>);
    static constinit thread_local T one{};
    return one;
}
// Calls f once when this thread ends; thread_local objects that were made earlier are destroyed later.
template <void (*f)() noexcept>
void at_thread_exit() noexcept {
    struct caller {
        ~caller() { f(); }
    };
    static thread_local caller const one;
    static_cast<void>(one);
}

// Counts the threads that ask.
inline std::size_t thread_number() noexcept {
    static constinit atomic<std::size_t> asked{0};
    static constinit thread_local std::size_t number = 0; // and one; 0: not yet asked
    if (number == 0) [[unlikely]] {
        number = 1 + asked.fetch_add(1, std::memory_order::relaxed); // relaxed: a number, each given once
    }
    return number - 1;
}

inline void* try_allocate(std::size_t bytes, std::size_t alignment) noexcept {
    return ::operator new(bytes, std::align_val_t(alignment), std::nothrow);
}
inline void deallocate(void* p, std::size_t, std::size_t alignment) noexcept {
    ::operator delete(p, std::align_val_t(alignment));
}

namespace detail {
inline void pause() noexcept {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ __volatile__("isb" ::: "memory");
#endif
}

// One pause takes 10 to 140 cycles, depending on the processor.
inline double measure_pauses_per_nanosecond() noexcept {
    constexpr int pauses = 64;
    double shortest = 1e9; // of a few: the thread may be interrupted in the middle of one
    for (int round = 0; round != 4; ++round) {
        auto const begin = clock::now();
        for (int i = 0; i != pauses; ++i) {
            pause();
        }
        shortest = std::min(shortest, std::chrono::duration<double, std::nano>(clock::now() - begin).count());
    }
    return pauses / std::max(shortest, 1.0);
}
} // namespace detail

// Spins for about so long without touching memory.
inline void pause_for(std::chrono::nanoseconds time) noexcept {
    static double const per_nanosecond = detail::measure_pauses_per_nanosecond();
    for (int left = static_cast<int>(static_cast<double>(time.count()) * per_nanosecond); left >= 0; --left) {
        detail::pause();
    }
}

inline void yield() noexcept {
    std::this_thread::yield();
}

// Of so many looks, a pause apart: none when this thread may run on one core only, since whoever it
// waits for cannot run meanwhile.
inline int spin_limit(int looks) noexcept {
    return detail::on_one_core() ? 0 : looks;
}
inline int yield_limit(int looks) noexcept {
    return looks;
}

// How many of something a structure is made of.
constexpr std::size_t made_of(std::size_t count) noexcept {
    return count;
}

} // namespace tandem::inline TANDEM_ABI
