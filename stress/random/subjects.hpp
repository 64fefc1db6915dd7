// subjects: everything that tandem_random knows how to put under stress.
#pragma once

#include "scenario.hpp"

#include <memory>
#include <string>
#include <vector>

namespace tandem::stress {

// A structure that cannot be run in this build, and why.
struct left_out {
    std::string structure{}, why{};
};

using scenarios = std::vector<std::unique_ptr<scenario>>;

scenarios all_subjects();
std::vector<left_out> subjects_left_out();

void add_own_subjects(scenarios&);
void add_own_channels(scenarios&);
void add_own_maps(scenarios&);
void add_foreign_subjects(scenarios&);

} // namespace tandem::stress
