// The workload model_checkers: how many executions a second each model checker runs of the same scenarios.
#pragma once

#include "commands.hpp"

namespace tandem::tools {

inline constexpr char const* model_checkers = "model_checkers";

// By turns, on one core, each sample a process of its own; the rows go into the record. The exit code.
int measure_model_checkers(invocation const& asked, recording& into);

} // namespace tandem::tools
