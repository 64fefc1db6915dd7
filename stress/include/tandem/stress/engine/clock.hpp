// clock: time stamps for calls on real threads, without a shared ticket that would serialise them.
//
// The processor's own counter where it runs at one rate in every state of the processor, and steady_clock elsewhere.
// Whether the counters of two processors agree is measured in every run: skew() is the most by which a message seemed to
// arrive too early, and 0 when none did. Clocks that never let one arrive early cannot make a correct structure look wrong:
// caches are coherent, so a thread that misses a store has told the storing processor so before that store is complete, and
// missing is a message as much as seeing is.
#pragma once

#include <chrono>
#include <cstdint>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace tandem::stress {

namespace detail {
bool counter_is_steady();
inline bool const use_counter = counter_is_steady();

inline std::uint64_t steady_now() {
    return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
}
} // namespace detail

// Nothing after it happens before it.
inline std::uint64_t stamp_before() {
    std::uint64_t now;
#if defined(__x86_64__)
    now = detail::use_counter ? __rdtsc() : detail::steady_now();
    __asm__ __volatile__("lfence" ::: "memory");
#elif defined(__aarch64__)
    __asm__ __volatile__("mrs %0, cntvct_el0\n\tisb" : "=r"(now)::"memory");
#else
    now = detail::steady_now();
#endif
    return now;
}

// Nothing before it happens after it, but for stores that still wait in the store buffer.
inline std::uint64_t stamp_after() {
    std::uint64_t now;
#if defined(__x86_64__)
    unsigned processor;
    __asm__ __volatile__("" ::: "memory");
    now = detail::use_counter ? __rdtscp(&processor) : (_mm_lfence(), detail::steady_now());
#elif defined(__aarch64__)
    __asm__ __volatile__("isb\n\tmrs %0, cntvct_el0" : "=r"(now)::"memory");
#else
    now = detail::steady_now();
#endif
    return now;
}

// Waits until the stores of this thread are where the others see them.
inline void drain_stores() {
#if defined(__x86_64__)
    __asm__ __volatile__("mfence" ::: "memory");
#elif defined(__aarch64__)
    __asm__ __volatile__("dsb ish" ::: "memory");
#else
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
#endif
}

std::uint64_t ticks(std::chrono::nanoseconds); // of this clock
std::uint64_t skew();                          // in ticks; measured at the first call
char const* clock_name();

} // namespace tandem::stress
