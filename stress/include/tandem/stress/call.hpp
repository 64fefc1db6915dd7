// call: one operation of one thread as its caller saw it, and the history made of all of them.
//
// Times are ticks of one clock that all threads agree on. `a` came before `b` when a.returned < b.invoked; otherwise
// they overlap, and an explanation may put them in either order. A recorder that trusts its clock only within a bound
// widens its intervals by that bound: wider intervals can hide a violation but never invent one.
#pragma once

#include <tandem/contract.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <vector>

namespace tandem::stress {

inline constexpr std::size_t max_batch = 4;

// What a call takes or gives: at most max_batch integers. More throws std::out_of_range.
struct values {
    std::array<std::int64_t, max_batch> item{};
    std::uint8_t count = 0;

    constexpr values() = default;
    constexpr values(std::initializer_list<std::int64_t> list) {
        for (auto const value : list) {
            push_back(value);
        }
    }

    constexpr void push_back(std::int64_t value) { item.at(count) = value, ++count; }
    constexpr std::int64_t operator[](std::size_t i) const { return item[i]; }
    constexpr std::size_t size() const { return count; }
    constexpr bool empty() const { return count == 0; }
    constexpr std::int64_t const* begin() const { return item.data(); }
    constexpr std::int64_t const* end() const { return item.data() + count; }

    friend constexpr bool operator==(values const& a, values const& b) {
        if (a.count != b.count) {
            return false;
        }
        for (std::size_t i = 0; i < a.count; ++i) {
            if (a.item[i] != b.item[i]) {
                return false;
            }
        }
        return true;
    }
};

// The time at which a call returns that was still pending when the recording ended.
inline constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

// The answer of a call that ended in an exception. It stands outside the enumeration: no structure gives it.
inline constexpr auto threw = static_cast<status>(255);

struct call {
    std::uint32_t thread = 0;
    std::uint32_t operation = 0; // an index into the specification's `operations`
    values argument{};
    values result{}; // meaningless while pending, as is `answer`
    status answer = status::success;
    std::uint64_t invoked = 0;
    std::uint64_t returned = never;
    bool asleep = false;   // pending, and nobody was left who could have woken its thread
    std::uint8_t part = 0; // of a call that takes effect at several instants; from 1 on: after the part before it

    constexpr bool pending() const { return returned == never; }
};

constexpr bool precedes(call const& a, call const& b) {
    return a.returned < b.invoked;
}
constexpr bool overlap(call const& a, call const& b) {
    return !precedes(a, b) && !precedes(b, a);
}

using history = std::vector<call>; // in any order

} // namespace tandem::stress
