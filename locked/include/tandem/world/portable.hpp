#pragma once

// With the standard library alone: parking by a table of mutex and condition variable, indexed by the
// word's address (words that share an entry wake one another for no reason, which park allows); no
// asymmetric barrier; one core. Included by system.hpp.

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>

namespace tandem::inline TANDEM_ABI {

namespace detail {
struct parking_bucket {
    std::mutex mutex;
    std::condition_variable unparked;
};

inline parking_bucket& bucket_of(void const* word) {
    constexpr std::size_t count = 64;
    static auto* const buckets = new parking_bucket[count]; // never destroyed: threads may be parked at exit
    auto const address = reinterpret_cast<std::uintptr_t>(word);
    return buckets[(address >> 4 ^ address >> 10) % count];
}
} // namespace detail

// Sleeps while the word holds `expected`, until an unpark of the same word; may also return for no reason.
inline void park(atomic<std::uint32_t> const& word, std::uint32_t expected) {
    auto& bucket = detail::bucket_of(&word);
    std::unique_lock lock(bucket.mutex);
    // relaxed: a change made before an unpark is seen here, or its unpark comes after this lock
    if (word.load(std::memory_order::relaxed) == expected) {
        bucket.unparked.wait(lock);
    }
}
// As park, and no longer than until the deadline.
inline void park_until(atomic<std::uint32_t> const& word, std::uint32_t expected, clock::time_point deadline) {
    auto& bucket = detail::bucket_of(&word);
    std::unique_lock lock(bucket.mutex);
    // relaxed: as in park
    if (word.load(std::memory_order::relaxed) == expected) {
        bucket.unparked.wait_until(lock, deadline);
    }
}

// The word is only an address here: it may belong to an object that is already gone.
inline void unpark_all(atomic<std::uint32_t> const& word) {
    auto& bucket = detail::bucket_of(&word);
    { std::lock_guard lock(bucket.mutex); }
    bucket.unparked.notify_all();
}
inline void unpark_one(atomic<std::uint32_t> const& word) {
    unpark_all(word); // one waiter of the entry could be another word's
}

// No barrier acts on other threads: use seq_cst or acq_rel operations on both sides.
constexpr bool asymmetric() noexcept {
    return false;
}
inline void light() noexcept {}
inline void heavy() noexcept {}

namespace detail {
constexpr bool on_one_core() noexcept {
    return true;
}
} // namespace detail

} // namespace tandem::inline TANDEM_ABI
