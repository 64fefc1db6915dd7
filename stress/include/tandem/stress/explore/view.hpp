#pragma once

// view: what a thread knows: of each location the oldest message that can still be read, and how far each thread has come.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tandem::explore {

using thread = unsigned;
inline constexpr thread most_threads = 8; // with the one that makes the others

using location = std::uint32_t;

// Where a message stands in the modification order of its location. There is room between any two.
using stamp = std::uint64_t;

using thread_steps = std::array<std::int32_t, most_threads>;

// Of every release that a thread comes to know of it knows all that was released: so steps say whether there is anything new.
inline bool knows(thread_steps const& mine, thread_steps const& other) noexcept {
    std::int32_t news = 0;
    for (thread t = 0; t != most_threads; ++t) {
        news |= mine[t] < other[t] ? 1 : 0;
    }
    return news == 0;
}

// As it was when a thread released it: what the messages carry that share it.
struct snapshot {
    thread_steps steps{};
    std::uint32_t locations = 0; // so many of oldest; those that are missing are 0
    stamp const* oldest = nullptr;
};

struct view {
    std::vector<stamp> oldest; // of each location; those that are missing are 0
    thread_steps steps{};

    void clear() noexcept {
        oldest.clear();
        steps.fill(0);
    }
    stamp operator[](location l) const noexcept { return l < oldest.size() ? oldest[l] : 0; }
    void raise(location l, stamp s) {
        if (oldest.size() <= l) [[unlikely]] {
            oldest.resize(l + std::size_t{1});
        }
        oldest[l] = std::max(oldest[l], s);
    }
    void join(view const& other) { join(other.steps, other.oldest.data(), other.oldest.size()); }
    void join(snapshot const& other) { join(other.steps, other.oldest, other.locations); }

private:
    void join(thread_steps const& far, stamp const* from, std::size_t count) {
        if (oldest.size() < count) {
            oldest.resize(count);
        }
        for (std::size_t l = 0; l != count; ++l) {
            oldest[l] = std::max(oldest[l], from[l]);
        }
        for (thread t = 0; t != most_threads; ++t) {
            steps[t] = std::max(steps[t], far[t]);
        }
    }
};

} // namespace tandem::explore
