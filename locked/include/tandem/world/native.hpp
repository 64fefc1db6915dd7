#pragma once

// The native world: what a program runs with.

#include <tandem/version.hpp>

#define TANDEM_ABI TANDEM_ABI_NAME(native)

#include <atomic>

namespace tandem::inline TANDEM_ABI {

// std::atomic with every memory order written out at every use.
// Always inlined: left to itself, g++ picks other registers than for std::atomic in some functions.
template <class T>
class atomic {
public:
    static constexpr bool is_always_lock_free = std::atomic<T>::is_always_lock_free;

    constexpr atomic() noexcept = default;
    constexpr atomic(T v) noexcept : value_(v) {}
    atomic(atomic const&) = delete;
    atomic& operator=(atomic const&) = delete;

    [[gnu::always_inline]] T load(std::memory_order order) const noexcept { return value_.load(order); }
    [[gnu::always_inline]] void store(T v, std::memory_order order) noexcept { value_.store(v, order); }
    [[gnu::always_inline]] T exchange(T v, std::memory_order order) noexcept { return value_.exchange(v, order); }

    [[gnu::always_inline]] bool compare_exchange_weak(T& expected, T desired, std::memory_order success,
                                                      std::memory_order failure) noexcept {
        return value_.compare_exchange_weak(expected, desired, success, failure);
    }
    [[gnu::always_inline]] bool compare_exchange_strong(T& expected, T desired, std::memory_order success,
                                                        std::memory_order failure) noexcept {
        return value_.compare_exchange_strong(expected, desired, success, failure);
    }

    [[gnu::always_inline]] T fetch_add(T v, std::memory_order order) noexcept { return value_.fetch_add(v, order); }
    [[gnu::always_inline]] T fetch_sub(T v, std::memory_order order) noexcept { return value_.fetch_sub(v, order); }
    [[gnu::always_inline]] T fetch_and(T v, std::memory_order order) noexcept { return value_.fetch_and(v, order); }
    [[gnu::always_inline]] T fetch_or(T v, std::memory_order order) noexcept { return value_.fetch_or(v, order); }

private:
    std::atomic<T> value_{};
};

} // namespace tandem::inline TANDEM_ABI

#include <tandem/world/system.hpp>
