#pragma once

// What Linux gives: parking by one futex call on the word itself, membarrier, the cores a thread may run on.
// Included by system.hpp.

#include <chrono>
#include <climits>
#include <cstdint>
#include <ctime>

#include <linux/futex.h>
#include <linux/membarrier.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace tandem::inline TANDEM_ABI {

namespace detail {
inline long futex(atomic<std::uint32_t> const& word, int operation, std::uint32_t value,
                  std::timespec const* deadline = nullptr) noexcept {
    static_assert(sizeof(atomic<std::uint32_t>) == sizeof(std::uint32_t));
    return ::syscall(SYS_futex, &word, operation | FUTEX_PRIVATE_FLAG, value, deadline, nullptr,
                     FUTEX_BITSET_MATCH_ANY);
}
} // namespace detail

// Sleeps while the word holds `expected`, until an unpark of the same word; may also return for no reason.
inline void park(atomic<std::uint32_t> const& word, std::uint32_t expected) noexcept {
    detail::futex(word, FUTEX_WAIT, expected);
}
// As park, and no longer than until the deadline.
inline void park_until(atomic<std::uint32_t> const& word, std::uint32_t expected, clock::time_point deadline) noexcept {
    using namespace std::chrono;
    auto const since_boot = std::max(deadline.time_since_epoch(), clock::duration::zero()); // steady_clock: CLOCK_MONOTONIC
    auto const whole = duration_cast<seconds>(since_boot);
    std::timespec const at{.tv_sec = static_cast<std::time_t>(whole.count()),
                           .tv_nsec = static_cast<long>(nanoseconds(since_boot - whole).count())};
    detail::futex(word, FUTEX_WAIT_BITSET, expected, &at);
}

// The word is only an address here: it may belong to an object that is already gone.
inline void unpark_one(atomic<std::uint32_t> const& word) noexcept {
    detail::futex(word, FUTEX_WAKE, 1);
}
inline void unpark_all(atomic<std::uint32_t> const& word) noexcept {
    detail::futex(word, FUTEX_WAKE, INT_MAX);
}

namespace detail {
inline bool register_for_membarrier() noexcept {
#if defined(__SANITIZE_THREAD__)
    return false; // ThreadSanitizer checks what the C++ memory model says, and that knows no membarrier
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
    return false;
#endif
#endif
    return ::syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
}
} // namespace detail

// Whether heavy() acts on every thread of the process; if not, use seq_cst or acq_rel operations on both sides.
inline bool asymmetric() noexcept {
    static bool const registered = detail::register_for_membarrier();
    return registered;
}
// A store before light() and a load after it, against a store before heavy() and a load after it: at
// least one of the loads sees the other thread's store. light() costs nothing, heavy() microseconds.
// Precondition of both: asymmetric().
[[gnu::always_inline]] inline void light() noexcept {
    __asm__ __volatile__("" ::: "memory");
}
inline void heavy() noexcept {
    ::syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
}

namespace detail {
// Asked again now and then: affinity changes.
inline bool on_one_core() noexcept {
    static constinit thread_local int still_good_for = 0;
    static constinit thread_local bool one = false;
    if (still_good_for-- == 0) {
        still_good_for = 1024;
        cpu_set_t allowed;
        one = ::sched_getaffinity(0, sizeof allowed, &allowed) == 0 && CPU_COUNT(&allowed) == 1;
    }
    return one;
}
} // namespace detail

} // namespace tandem::inline TANDEM_ABI
