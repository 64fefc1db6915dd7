// spec: what a structure promises, as the sequential object it claims to be.
//
// A specification is the state of that object and one function: `perform` carries an operation out, as single-threaded
// code would, and says what it answers. The search copies it, compares it and remembers it by its hash. A whole one:
//
//     struct register_spec {
//         enum : std::uint32_t { load, store };
//         static constexpr std::string_view operations[] = {"load", "store"};
//
//         std::int64_t value = 0;
//
//         reply perform(std::uint32_t operation, values const& argument) {
//             if (operation == load) return {status::success, {value}};
//             value = argument[0];
//             return {};
//         }
//         std::size_t hash() const { return static_cast<std::size_t>(value); }
//         bool operator==(register_spec const&) const = default;
//     };
//
// `operations` may also be a member of each object. The rest is optional:
//   bool step(call const&, bool overlapped)
//       For an object that may answer in more than one way: is this answer legal now, and if so apply it. `overlapped`:
//       some other call was in progress meanwhile. Of a pending call any answer is legal.
//   std::vector<call> completions(call const&) const
//       A pending call may have done a part of its work: all the calls it may amount to.
//   std::vector<call> parts(call const&) const
//       A call that takes effect at several instants: the calls, each at one instant and in this order, that it amounts to.
//   bool waits(call const&) const
//       Whether that call would have to wait in this state. A call may be asleep at the end (call.hpp) only where it waits;
//       elsewhere its wake-up was lost. Of the parts of such a call any beginning may have taken effect, but not the last.
//   finding monitor(history const&) const
//       A fast checker of long histories, tried before the search.
//   static constexpr bool monitor_decides = true
//       What the monitor leaves open stays open, since the search would ask for more than is promised.
//   history without(history const&, std::vector<bool> const& drop) const
//       A smaller history for the shrinker (shrink.hpp), without the marked calls as far as the others allow it.
//   std::string describe() const
//       The state in words. With it a shrunk history may begin in the middle of the run.
//   std::size_t begins_by(history const&, std::size_t impossible) const
//       The index of the call, in the order of invocation, with which that history begins at the latest: what the impossible
//       one contradicts is still in it.
//   history renumber(history) const
//       The same history with values that are easier to read.
#pragma once

#include <tandem/stress/call.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <ranges>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::stress {

struct reply {
    status answer = status::success;
    values result{};

    bool operator==(reply const&) const = default;
};

enum class verdict { linearizable, violation, unknown };

// What a checker found, and for a violation the sentence that says why, the calls that show it, the impossible one
// last, and its name.
struct finding {
    verdict is = verdict::unknown;
    std::string why{};
    std::vector<std::size_t> calls{};
    std::string_view what = "not linearizable";
};

template <class S>
concept specification =
    std::copyable<S> && std::equality_comparable<S> && requires(S state, S const& fixed, call const& c) {
        { state.perform(c.operation, c.argument) } -> std::same_as<reply>;
        { fixed.hash() } -> std::convertible_to<std::size_t>;
        requires std::convertible_to<std::ranges::range_value_t<decltype(S::operations)>, std::string_view>;
    };

// Applies `c` to `state` and says whether its answer was legal there; `state` is worthless after a no.
// A pending call has given no answer yet, so any is legal.
template <specification S>
bool step(S& state, call const& c, bool overlapped) {
    if constexpr (requires {
                      { state.step(c, overlapped) } -> std::same_as<bool>;
                  }) {
        return state.step(c, overlapped);
    } else {
        auto const said = state.perform(c.operation, c.argument);
        return c.pending() || said == reply{c.answer, c.result};
    }
}

// A queue, first in, first out.
//
//   try_push(v)      success, full, closed, busy          try_pop        success -> v, empty, closed, busy
//   try_push_n(v...) success -> how many                  try_pop_n(n)   success -> at most n values, empty
//   close            success                              is_closed      success -> 0 or 1
//
// full: exactly `capacity` elements are there. closed: a push after close, or a pop after close from an empty queue.
// A batch takes effect at one instant and stops short only where a single push or pop would have failed; of a pending
// one any beginning may have taken effect. A weak queue may also answer busy (which does nothing), and stop a batch
// short, whenever another call overlaps. Where batches go one by one, each is a sequence of single pushes or pops.
struct queue_spec {
    enum : std::uint32_t { try_push, try_pop, try_push_n, try_pop_n, close, is_closed };
    static constexpr std::string_view operations[] = {"try_push",  "try_pop", "try_push_n",
                                                      "try_pop_n", "close",   "is_closed"};

    enum class strength : std::uint8_t { strong, weak };
    static constexpr std::size_t unbounded = std::numeric_limits<std::size_t>::max();

    std::size_t capacity = unbounded;
    strength promise = strength::strong;
    bool closed = false;
    std::vector<std::int64_t> items{}; // oldest first
    bool one_by_one = false;           // batches

    reply perform(std::uint32_t operation, values const& argument);
    bool step(call const& c, bool overlapped);
    std::vector<call> completions(call const& c) const;
    std::vector<call> parts(call const& c) const;
    finding monitor(history const& calls) const; // fifo.hpp
    history without(history const& calls, std::vector<bool> const& drop) const;
    history renumber(history calls) const; // pushed values become 1, 2, 3 ...
    std::size_t hash() const;
    bool operator==(queue_spec const&) const = default;
};

// A signed 64-bit counter that wraps around.
struct counter_spec {
    enum : std::uint32_t { add, sub, fetch_add, load, exchange };
    static constexpr std::string_view operations[] = {"add", "sub", "fetch_add", "load", "exchange"};

    std::int64_t value = 0;

    reply perform(std::uint32_t operation, values const& argument);
    history without(history const& calls, std::vector<bool> const& drop) const;
    std::string describe() const;
    std::size_t hash() const;
    bool operator==(counter_spec const&) const = default;
};

static_assert(specification<queue_spec> && specification<counter_spec>);

} // namespace tandem::stress
