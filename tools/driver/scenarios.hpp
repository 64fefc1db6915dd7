// The model checkers' scenarios: which there are, and running one in a fresh process.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "commands.hpp"
#include "process.hpp"

namespace tandem::tools {

struct scenario {
    std::filesystem::path worker;
    std::string structure, half, name;
    std::string expected; // pass or violation

    [[nodiscard]] bool of_explorer() const { return worker.filename().string().starts_with(explorers); }
    [[nodiscard]] std::string family() const { return worker.filename().string().substr(explorers.size()); } // of the explorer's

    static constexpr std::string_view explorers = "tandem_explore_";
};

// Those of the structures and half asked for, in order.
[[nodiscard]] std::vector<scenario> list_scenarios(invocation const& asked);

// The line that runs it; `results` is where it writes.
[[nodiscard]] std::vector<std::string> scenario_command(scenario const& one, invocation const& asked,
                                                        std::filesystem::path const& results);

} // namespace tandem::tools
