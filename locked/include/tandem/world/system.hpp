#pragma once

// What the worlds that run on real threads (native, bare) have in common. Included by them,
// after TANDEM_ABI and atomic<T>.
//
// TANDEM_PORTABLE=1 turns off everything that is Linux's alone, and behaves as on a machine
// with one core.

#if !defined(TANDEM_PORTABLE) && !defined(__linux__)
#define TANDEM_PORTABLE 1
#endif

#include <cstddef>
#include <memory>
#include <thread>
#include <type_traits>
#include <utility>

#if TANDEM_PORTABLE
#include <tandem/world/park_portable.hpp>
#else
#include <tandem/world/park_futex.hpp>
#endif

namespace tandem::inline TANDEM_ABI {

// Two lines: processors fetch the neighbour of a line along with it.
inline constexpr std::size_t cache_line = 128;

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

private:
    union {
        T element_;
    };
};

// Waits that many steps of a spin loop, without touching memory.
inline void pause(int steps = 1) noexcept {
    for (; steps > 0; --steps) {
#if defined(__x86_64__)
        __builtin_ia32_pause();
#elif defined(__aarch64__)
        __asm__ __volatile__("isb" ::: "memory");
#endif
    }
}

// Looks at a lock, a pause apart, that may be worth more than a park: none when the machine has one
// core, since whoever is waited for cannot run meanwhile.
inline int spin_limit() noexcept {
#if TANDEM_PORTABLE
    return 0;
#else
    static int const limit = std::thread::hardware_concurrency() == 1 ? 0 : 4;
    return limit;
#endif
}

} // namespace tandem::inline TANDEM_ABI
