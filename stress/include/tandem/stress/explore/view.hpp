#pragma once

// view: what a thread, or whoever reads a message, knows: of each location the oldest message that can still be read, and how far each thread
// has come.

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

struct view {
    std::vector<stamp> oldest; // of each location; those that are missing are 0
    std::array<std::uint32_t, most_threads> steps{};

    stamp operator[](location l) const noexcept { return l < oldest.size() ? oldest[l] : 0; }
    void raise(location l, stamp s) {
        if (oldest.size() <= l) {
            oldest.resize(l + std::size_t{1});
        }
        oldest[l] = std::max(oldest[l], s);
    }
    void join(view const& other) {
        for (location l = 0; l != other.oldest.size(); ++l) {
            raise(l, other.oldest[l]);
        }
        for (thread t = 0; t != most_threads; ++t) {
            steps[t] = std::max(steps[t], other.steps[t]);
        }
    }
};

} // namespace tandem::explore
