#pragma once

// Runs a plan, round after round, each case once a round.

#include "options.hpp"
#include "plan.hpp"

#include <functional>

namespace tandem::bench {

// SIGINT and SIGTERM are caught from here on.
void catch_interrupts();

enum class ending { complete, interrupted };

// Nanoseconds between the first two cores; 0 where there is only one.
using round_trip = std::function<double()>;

// Fills in what the cases have seen.
ending run(plan&, options const&, round_trip const&);

} // namespace tandem::bench
