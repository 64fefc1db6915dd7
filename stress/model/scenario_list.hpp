#pragma once

// What a family of scenarios and the program that runs them know of each other.

#include <tandem/stress/explore/progress.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

namespace tandem::model {

using explore::progress_class;

enum class strategy : std::uint8_t {
    any,     // all executions where they are few, or else at random
    random,
    full,    // all
    bounded, // as that, and what comes for no reason is left out; under Relacy, few switches
};

struct request {
    strategy search = strategy::random;
    std::uint64_t executions = 1;
    std::uint64_t first = 1; // number of the first execution; random only
    std::string again{};     // what a token says of an execution: that one, and no other
    bool minimise = true;    // what is found
};

struct outcome {
    bool violation = false;
    std::string what{};      // the checker's word for it
    std::string history{};   // the violating execution, step by step
    std::string again{};     // what a token says of it; nothing: it cannot be run again
    bool exhaustive = false; // none was left out
};

// Why an execution cannot be run again.
struct refused : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// What a token says of an execution of the random search. Defined by each checker.
std::string again_of(std::uint64_t execution);

inline std::string in_hexadecimal(std::uint64_t n) {
    std::array<char, 16> digits{};
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), n, 16).ptr;
    return {digits.data(), end};
}
// Of what is no number: none.
inline std::optional<std::uint64_t> from_hexadecimal(std::string_view text) {
    std::uint64_t n = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), n, 16);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(n) : std::nullopt;
}

// For checkers whose tokens hold the number of an execution: that one.
inline request by_number(request asked) {
    if (!asked.again.empty()) {
        auto const number = from_hexadecimal(asked.again);
        if (!number) {
            throw refused("not an execution");
        }
        asked.first = *number;
        asked.executions = 1;
    }
    return asked;
}

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
