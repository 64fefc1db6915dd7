#pragma once

// explored: the litmus tests under the explorer.

#include "litmus.hpp"

#include <tandem/stress/explore/search.hpp>

#include <functional>

namespace tandem::litmus {

// A test as the explorer runs it; what is left is looked at in the end.
explore::execution::program program_of(test const&, std::function<void(state const&)> look);

// What may happen for no reason, so many times an execution.
inline constexpr unsigned misfortunes = 2;
// All executions that differ.
finding explored(test const&, explore::rules const&);
// Whether they are what is expected of the explorer: right, but for what it does not produce.
bool as_expected(test const&, finding const&);

} // namespace tandem::litmus
