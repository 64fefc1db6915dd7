#pragma once

// The world of the museum's real threads: the native one, and what scenarios ask a model checker for.

#include <tandem/world/native.hpp>

#include <tandem/stress/world/site.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <source_location>

#define TANDEM_MUSEUM_THREADS 1

namespace tandem::inline TANDEM_ABI::world {

enum class wrong : std::uint8_t { assertion, leak, uninitialized };

// Ends the run; its thread goes no further.
[[noreturn]] void fail(char const* what, wrong how, std::source_location const& where);

inline thread_local std::size_t number_of_this_thread = 0; // of the scenario's
inline std::size_t current_thread() noexcept {
    return number_of_this_thread;
}

#pragma GCC diagnostic push
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wtsan" // what has fences is not run under ThreadSanitizer
#endif
inline void fence(std::memory_order order, std::source_location const&) noexcept {
    std::atomic_thread_fence(order);
}
#pragma GCC diagnostic pop

} // namespace tandem::inline TANDEM_ABI::world
