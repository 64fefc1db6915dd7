// Mutants: what the two kinds share, which are weakened memory orders and changes of logic. Scenarios are asked about a mutant until one
// notices it.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
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
[[nodiscard]] std::vector<question> rising(std::vector<scenario const*> const& scenarios, invocation const& asked);

// What is known of a mutant.
struct findings {
    std::string mutated{};  // what an order became, as a scenario that reached it says
    std::string scenario{}; // that noticed
    std::string checker{};
    double noticed_after = 0; // executions of that scenario, in that run
    double executions = 0;    // of all
    bool exhaustive = false;  // the last scenario has shown all that there are
    double seconds = 0;

    [[nodiscard]] bool noticed() const { return !scenario.empty(); }
    [[nodiscard]] std::string after() const { return noticed() ? counted(noticed_after) : std::string(); }
    void add_to(json& row) const;
};

// One that scenarios are asked about.
struct mutant {
    std::string name;
    std::vector<std::vector<std::string>> preparations{}; // commands that must succeed before anything is asked
    std::vector<std::string> arguments{};                 // of every question
    std::vector<question> questions{};
    std::size_t prepared = 0;
    std::size_t asked = 0; // of the questions
    findings known{};

    [[nodiscard]] bool ended() const { return known.noticed() || asked == questions.size(); }
    [[nodiscard]] std::string verdict() const {
        return known.noticed() ? "killed" : ended() ? "survived" : "unfinished";
    }
};

// Many mutants at once; the questions about each one after the other.
void ask(std::filesystem::path const& root, std::vector<mutant*> mutants);

// What came out, of all.
class tally {
public:
    // `argument` says why nobody can notice, and is proved where the verdict is "equivalent"; empty: nobody says so.
    void add(std::string const& verdict, std::string const& argument);
    [[nodiscard]] std::size_t count(std::string const& verdict) const;
    [[nodiscard]] std::string in_words() const;
    // Each that nobody noticed is proved equivalent, and nobody noticed what an argument says that nobody can.
    [[nodiscard]] bool as_expected() const { return count("survived") + count("unreached") + refuted_ == 0; }

private:
    std::map<std::string, std::size_t> verdicts_;
    std::size_t refuted_ = 0;
};

// The record is saved, and the answer given.
completion finished(recording record, tally const& sum, invocation const& asked);

// The structures, half and share asked for; to be asked once about each mutant, in order.
class selection {
public:
    explicit selection(invocation const& asked) : asked_(asked), share_(share_of(asked.get("--shard"))) {}
    [[nodiscard]] bool has(std::string const& structure, std::string const& half);

private:
    invocation const& asked_;
    share share_;
    std::size_t index_ = 0;
};

// locked/include/tandem/locked/counter.hpp -> counter, locked; the same from a folder in there; the ground floor has no half.
[[nodiscard]] std::pair<std::string, std::string> owner_of(std::string const& file);

completion order_mutants(invocation const&);
completion logic_mutants(invocation const&);

} // namespace tandem::tools
