// striped_counter_spec: what a striped counter promises. Its sums and drains are not linearizable; each lies within bounds.
//
//   add(n), sub(n)     success
//   sum, drain         success -> n
//
// A sum counts everything that had returned before it began, and of what overlaps it any part: so it lies between the least and the
// most that those can come to. A drain is a sum whose result is taken away, as by a sub. While nothing is taken away, a
// thread's sums do not go back. Both follow from what the calls did, so that the monitor decides every history; a
// quiet sum at the end is exact, and shows whatever was lost or doubled.
#pragma once

#include <tandem/stress/spec.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::stress {

struct striped_counter_spec {
    enum : std::uint32_t { add, sub, sum, drain };
    static constexpr std::string_view operations[] = {"add", "sub", "sum", "drain"};

    std::int64_t value = 0;

    reply perform(std::uint32_t operation, values const& argument);
    finding monitor(history const& calls) const; // O(n log n); a drain that has not returned excuses what it overlaps
    history without(history const& calls, std::vector<bool> const& drop) const;
    std::string describe() const;
    std::size_t hash() const;
    bool operator==(striped_counter_spec const&) const = default;
};

static_assert(specification<striped_counter_spec>);

} // namespace tandem::stress
