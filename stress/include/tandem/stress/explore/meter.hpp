#pragma once

// meter: what the calls of a program cost, counted, not timed: the same on every machine. A call is what a program says is one.
//
//   steps         a thread's own operations on atomics, fences and barriers
//   locked        instructions that x86-64 locks: read-modify-writes, seq_cst stores and fences
//   misses        accesses to a cache line that another thread has changed, or looked at when it is to be changed, since this thread's last; or that
//                 this thread has never had. Every thread has a cache of its own without bounds, kept coherent line by line
//   allocations   of memory
//   sleeps        times that it parked, and slept
//
// Lines are those of this world: an atomic has at least four bytes, and a slot eight more than its element. What is on a stack has a line for itself, which
// its thread has had: where it is, is the compiler's affair.

#include <tandem/stress/explore/view.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

namespace tandem::explore {

struct cost {
    std::uint64_t calls = 0;
    std::uint64_t steps = 0, locked = 0, misses = 0, allocations = 0, sleeps = 0;
    std::uint64_t most_steps = 0; // of one call

    friend bool operator==(cost const&, cost const&) = default;
};

class meter {
public:
    static constexpr std::size_t line_bytes = 64;

    // Nobody has had any line. What was counted stays.
    void begin_execution();

    // A call within another counts as that.
    void begin_call(thread, std::string_view name);
    void end_call(thread);

    // It has the line for itself.
    void own(thread, void const* address);
    // Counted where a call is under way; lines are watched all the time.
    void access(thread, void const* address, bool writes);
    void step(thread, bool locked);
    void allocation(thread);
    void sleep(thread);

    std::map<std::string, cost, std::less<>> const& costs() const noexcept { return costs_; }

private:
    struct line {
        std::uint32_t shared_by = 0; // threads, a bit each
        bool changed = false;        // by the only one of them
    };
    struct call {
        cost* of = nullptr;
        cost now{};
        int depth = 0;
    };

    std::unordered_map<std::uintptr_t, line> lines_;
    std::array<call, most_threads> under_way_{};
    std::map<std::string, cost, std::less<>> costs_;
};

} // namespace tandem::explore
