#pragma once

// Parking on Linux: one futex call on the word itself.

#include <climits>
#include <cstdint>

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace tandem::inline TANDEM_ABI {

namespace detail {
inline long futex(atomic<std::uint32_t> const& word, int operation, std::uint32_t value) noexcept {
    static_assert(sizeof(atomic<std::uint32_t>) == sizeof(std::uint32_t));
    return ::syscall(SYS_futex, &word, operation | FUTEX_PRIVATE_FLAG, value, nullptr);
}
} // namespace detail

// Sleeps while the word holds `expected`, until an unpark of the same word; may also return for no reason.
inline void park(atomic<std::uint32_t> const& word, std::uint32_t expected) noexcept {
    detail::futex(word, FUTEX_WAIT, expected);
}

// The word is only an address here: it may belong to an object that is already gone.
inline void unpark_one(atomic<std::uint32_t> const& word) noexcept {
    detail::futex(word, FUTEX_WAKE, 1);
}
inline void unpark_all(atomic<std::uint32_t> const& word) noexcept {
    detail::futex(word, FUTEX_WAKE, INT_MAX);
}

} // namespace tandem::inline TANDEM_ABI
