#pragma once

// striped_counter: a few numbers behind a mutex each; a thread adds to one of them.
//
// What lockfree::striped_counter means, in words anybody can check. A kilobyte; two threads that run at
// once seldom meet at one mutex. Sums and drains take turns: a sum that met a drain half way could show what never was.

#include <tandem/contract.hpp>
#include <tandem/mutex.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace tandem::inline TANDEM_ABI {
namespace locked {

class striped_counter {
public:
    striped_counter() = default;
    striped_counter(striped_counter const&) = delete;
    striped_counter& operator=(striped_counter const&) = delete;

    // add, sub   wait for a lock. The number wraps around.
    void add(std::int64_t n = 1) noexcept {
        auto& [guard, value] = stripes_[thread_number() % stripes_.size()];
        scoped_lock const lock(guard);
        value.write(value.read() + static_cast<std::uint64_t>(n));
    }
    void sub(std::int64_t n = 1) noexcept { add(static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(n))); }

    // sum   waits for locks; all that was added before it began, and of what others add meanwhile any part.
    std::int64_t sum() const noexcept {
        scoped_lock const turn(turn_);
        std::uint64_t all = 0;
        for (auto& one : stripes_) {
            scoped_lock const lock(one.guard);
            all += one.value.read();
        }
        return static_cast<std::int64_t>(all);
    }
    // drain   waits for locks; as sum, and takes it out: what is added is in one drain, or still there.
    std::int64_t drain() noexcept {
        scoped_lock const turn(turn_);
        std::uint64_t all = 0;
        for (auto& one : stripes_) {
            scoped_lock const lock(one.guard);
            all += one.value.read();
            one.value.write(0);
        }
        return static_cast<std::int64_t>(all);
    }

private:
    struct alignas(cache_line) stripe {
        mutable mutex guard;
        cell<std::uint64_t> value TANDEM_GUARDED_BY(guard){0};
    };
    mutable mutex turn_;
    std::array<stripe, 8> stripes_;
};

} // namespace locked
} // namespace tandem::inline TANDEM_ABI
