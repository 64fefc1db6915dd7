// Mutants: what the two kinds share, which are weakened memory orders and changes of logic. Scenarios are asked about a mutant until one
// notices it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "scenarios.hpp"
#include "workspace.hpp"

namespace tandem::tools {

// Several scenarios of one worker, in a process that ends with the first that notices.
struct question {
    std::filesystem::path worker;
    std::vector<std::string> scenarios;
    std::string executions; // of each; empty: as many as it says
    std::string seed;

    [[nodiscard]] std::vector<std::string> command(std::filesystem::path const& results) const;
};

// In the order of the scenarios: short runs of all, then longer ones, then long ones.
[[nodiscard]] std::vector<question> rising(std::vector<scenario const*> const& asked_first, invocation const& asked);

// What is known of a mutant.
struct findings {
    std::string mutated{};  // what an order became, as a scenario that reached it says
    std::string scenario{}; // that noticed
    std::string checker{};
    double noticed_after = 0; // executions of that scenario, in that run
    double executions = 0;    // of all
    double seconds = 0;

    [[nodiscard]] bool noticed() const { return !scenario.empty(); }
    void add_to(json& row) const;
};

struct mutant {
    std::string name;
    std::vector<std::string> preparation{}; // a command, before anything is asked; what it says when it fails is an error
    std::vector<std::string> arguments{};   // of every question
    std::vector<question> questions{};
    std::size_t asked = 0; // of these
    findings known{};

    [[nodiscard]] bool ended() const { return known.noticed() || asked == questions.size(); }
};

// Many mutants at once; the questions about each one after the other.
void ask(std::filesystem::path const& root, std::vector<mutant*> mutants);

completion order_mutants(invocation const&);
completion logic_mutants(invocation const&);

} // namespace tandem::tools
