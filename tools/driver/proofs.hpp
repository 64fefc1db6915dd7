// Proofs that a mutant is equivalent within the explorer's model: all executions of the scenarios that the argument for it names are looked
// at, and none of them fails. That they can, another mutant shows.
#pragma once

#include <string>
#include <vector>

#include "logic_entries.hpp"
#include "mutants.hpp"

namespace tandem::tools {

struct proof {
    struct part {
        std::string scenario; // STRUCTURE.HALF.RACE
        std::string family;
        mutant equivalent; // both are asked about for all executions
        mutant noticed;

        [[nodiscard]] std::string problem(bool of_order) const;
    };

    std::string other{};   // the mutant that is noticed
    bool of_order = false; // the equivalent one: a scenario tells whether it reached it
    std::vector<part> parts{};

    [[nodiscard]] std::string problem() const; // why it proves nothing
    [[nodiscard]] std::string verdict() const; // on the mutant that it is about
    [[nodiscard]] std::string in_words() const;
    [[nodiscard]] json row() const;
};

// Of what an argument claims, with the scenarios of the explorer; `arguments` make the mutant of them. Throws bad_input where there is no such
// scenario.
[[nodiscard]] proof proof_of(std::string const& argument, std::vector<scenario> const& scenarios, std::vector<std::string> const& arguments);

// All of them at once. Throws bad_input where there is no such mutant.
void prove(invocation const& asked, std::vector<proof*> const& proofs);

// Those of the trials of either kind that have an argument, and that nobody has noticed.
template <class Trial>
void prove_arguments(invocation const& asked, std::vector<Trial>& trials) {
    std::vector<proof*> proofs;
    for (auto& one : trials) {
        if (one.equivalent && !one.asked.known.noticed()) {
            proofs.push_back(&*one.equivalent);
        }
    }
    prove(asked, proofs);
}

} // namespace tandem::tools
