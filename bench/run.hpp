#pragma once

// Runs a plan, round after round, each case once a round.

#include "options.hpp"
#include "plan.hpp"

namespace tandem::bench {

// SIGINT and SIGTERM are caught from here on.
void catch_interrupts();

enum class ending { complete, interrupted };

// Fills in what the cases have seen.
ending run(plan&, options const&, std::vector<int> const& allowed);

} // namespace tandem::bench
