// What the argument for a survivor names, so that it can be proved:
//
//   ..., as in the mutant STRUCTURE.NAME; ... proved in STRUCTURE.HALF.RACE, STRUCTURE.HALF.RACE
//
// All executions of these scenarios are looked at, and none notices the survivor; the mutant of logic (stress/mutants) is noticed in each.
#pragma once

#include <string>
#include <vector>

namespace tandem::tools {

struct claim {
    std::string mutant{};
    std::vector<std::string> scenarios{};

    [[nodiscard]] bool complete() const { return !mutant.empty() && !scenarios.empty(); }
};

[[nodiscard]] claim claim_in(std::string const& argument);

} // namespace tandem::tools
