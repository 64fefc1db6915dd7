#pragma once

// litmus: small programs whose outcomes the C++20 memory model decides. Written once, against the names of a world, and linked with one model
// checker: the explorer (explored.cpp) or Relacy (relacy.cpp).

#include <tandem/world.hpp>

#include <atomic>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace tandem::litmus {

using value = std::uint32_t; // what park() looks at

// What every test has; it uses what it needs.
struct state {
    atomic<value> x{0}, y{0}, z{0};
    cell<int> d;
    world::asymmetric_barrier barrier;
    value r1 = 99, r2 = 99, r3 = 99, r4 = 99; // what is not read
};
// In the end: the last in modification order.
inline value last(atomic<value> const& a) {
    return a.load(std::memory_order::relaxed);
}

enum class verdict : unsigned char {
    allowed,
    forbidden,
    not_produced, // allowed, and one of the two things that the explorer is known not to do
    race,         // of plain accesses, in some execution
    no_race,
    stuck, // a thread sleeps and nobody wakes it, in some execution
    never_stuck
};
char const* to_string(verdict) noexcept;
// Whether C++20 has an execution of the kind that the verdict is about.
bool possible(verdict) noexcept;

struct test {
    std::string name;
    verdict expected;
    std::vector<void (*)(state&)> threads;
    bool (*outcome)(state const&) = nullptr; // that the verdict is about; none where it is about how executions end
};
std::span<test const> tests();

struct finding {
    std::uint64_t executions = 0;
    std::uint64_t seen = 0; // those that are of that kind
    std::string accused{};  // what the checker says of an execution that ended as none should
};
// An execution went wrong, and the checker says how.
void went_wrong(test const&, std::string const& what, finding&);
// Whether the checker says what C++20 does.
bool right(test const&, finding const&) noexcept;

// By the checker that this is linked with:
void fence(std::memory_order);
// So many executions at random, the same ones each time; fewer where a checker stops at the first that goes wrong.
finding sampled(test const&, std::uint64_t executions);
inline constexpr std::uint64_t sample = 10'000;

} // namespace tandem::litmus
