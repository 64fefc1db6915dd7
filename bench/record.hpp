#pragma once

// What was measured, as JSON rows and as a table for people.

#include "plan.hpp"

#include <string>

namespace tandem::bench {

void write_json(std::string const& file, plan const&, bool complete);
void print_summary(plan const&);

} // namespace tandem::bench
