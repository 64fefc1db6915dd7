#pragma once

// One scenario in a process of its own: nothing that it leaves behind, and no crash, reaches another.

#include "scenario_list.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tandem::model {

struct mutant {
    std::string file; // relative to the source tree
    unsigned line;
    std::string role;
    std::string to; // the weaker order; empty for the only one, or the first of two
};

struct reached_site {
    std::string file;
    unsigned line;
    std::string role;
    std::string operation;
    std::string order;
    std::vector<std::string> weaker;

    std::string name() const { return file + ":" + std::to_string(line) + ":1:" + role; }
};

struct trial {
    bool violation = false;
    std::string what{};
    std::string history{};
    std::string again{};
    std::string refused{}; // why nothing was run
    std::uint64_t executions = 0;
    bool interrupted = false;
    bool exhaustive = false;
    std::string mutated{};
    std::vector<reached_site> sites{};
};

struct trial_options {
    request search{};
    bool sites = false;
    std::optional<mutant> weakened{};
    std::function<bool(std::uint64_t)> go_on{}; // called now and then with the executions so far
};

trial run_alone(scenario_entry const& scenario, trial_options const& options);

} // namespace tandem::model
