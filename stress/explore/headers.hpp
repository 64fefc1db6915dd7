#pragma once

// headers: what the shipped headers say of the progress of their operations.
//
// Above an operation stands a line with its name, or those of several; three spaces; and the class:
//
//   // try_push   lock-free; fails: ...
//   // sum, drain   waits for a lock.
//   // close   wait-free, 5 steps; ...
//   // try_pop_n   wait-free, 3 steps and 2 an element; ...
//   // try_emplace   as try_push; ...
//
// A step is an operation on an atomic, a fence or a barrier of its own. `waits` claims nothing.

#include <tandem/stress/explore/progress.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::model {

struct claim {
    explore::progress_class progress = explore::progress_class::blocking;
    std::uint64_t steps = 0, more = 0; // of what is wait-free: so many, and more for each thread, element or shard

    friend bool operator==(claim const&, claim const&) = default;
};

// A structure of one half: its public operations, and what its header claims of each.
struct claimed_structure {
    std::string name, half;
    std::map<std::string, claim, std::less<>> operations{};
};

struct claims_report {
    std::vector<claimed_structure> structures{};
    std::vector<std::string> problems{}; // FILE: what; of operations that claim nothing, and claims of what is no operation

    // Throws std::out_of_range.
    claimed_structure const& of(std::string_view structure, std::string_view half) const;
};

// The public member functions of a class, by the text of its header; constructors, operators and friends are none.
std::vector<std::string> operations_of(std::string_view class_name, std::string_view header);
// Adds to the report the claims that a header makes of these operations.
void read_claims(claims_report&, std::string const& file, std::string_view header, claimed_structure, std::vector<std::string> const& operations);
// The claims that stand in a class, of which there may be several in the header.
void read_class(claims_report&, std::string const& file, std::string_view header, std::string const& class_name, std::string const& half);
// All structures of the tree: headers that both halves have.
claims_report read_claims(std::filesystem::path const& root);

} // namespace tandem::model
