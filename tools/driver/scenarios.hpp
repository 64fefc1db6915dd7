// The model checkers' scenarios: which there are, and running one in a fresh process.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "commands.hpp"
#include "process.hpp"

namespace tandem::tools {

struct scenario {
    std::filesystem::path worker;
    std::string structure, half, name;
    std::string expected; // pass or violation

    [[nodiscard]] bool of_explorer() const { return worker.filename().string().starts_with("tandem_explore_"); }
};

// Those of the structures and half asked for, in order.
[[nodiscard]] std::vector<scenario> list_scenarios(invocation const& asked);

// The line that runs it; `results` is where it writes.
[[nodiscard]] std::vector<std::string> scenario_command(scenario const& one, invocation const& asked,
                                                        std::filesystem::path const& results);

} // namespace tandem::tools
