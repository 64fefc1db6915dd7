#pragma once

// What a family of scenarios and the program that runs them know of each other.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace tandem::model {

enum class strategy : std::uint8_t { random, full, bounded };

struct request {
    strategy search = strategy::random;
    std::uint64_t executions = 1;
    std::uint64_t first = 1; // number of the first execution; random only
};

struct outcome {
    bool violation = false;
    std::string what{};          // Relacy's word for it
    std::string history{};       // the violating execution, step by step
    std::uint64_t execution = 0; // its number
    bool exhaustive = false;     // none was left out
};

enum class verdict : std::uint8_t { pass, violation, either };

struct scenario_entry {
    char const* structure;
    char const* half;
    char const* race; // what it is named for
    verdict expected;
    std::uint64_t executions; // of the short run
    unsigned seeds;           // of the short run, each in a process of its own
    outcome (*explore)(request const&);
    char const* found_as = ""; // what a planted bug must be reported as; one of several, with | between
    char const* source = "";   // of a bug that was somebody's
    bool fences = false;       // it has some, which ThreadSanitizer does not understand

    std::string name() const { return std::string(half) + "." + race; }
};

// Several lists, one after the other.
template <std::size_t... N>
constexpr auto in_one_list(std::array<scenario_entry, N> const&... parts) {
    std::array<scenario_entry, (N + ...)> all{};
    auto at = all.begin();
    ((at = std::ranges::copy(parts, at).out), ...);
    return all;
}

// Defined once in each family.
std::span<scenario_entry const> scenarios();

// Executions begun in this process; points where the parent process can see it, even after a crash.
inline std::uint64_t own_count = 0;
inline std::uint64_t* executions_begun = &own_count;

} // namespace tandem::model
