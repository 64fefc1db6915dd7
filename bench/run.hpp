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

// What to do about a sample that does not end. Called by another thread; the threads of the sample cannot be ended, so the
// process must be.
using hung_handler = std::function<void(bench_case&)>;

// Fills in what the cases have seen.
ending run(plan&, options const&, round_trip const&, hung_handler const&);

} // namespace tandem::bench
