// session: small programs of a declared structure, and for each its executions, chosen by the explorer; what stands behind test.hpp in the
// explore world.
#pragma once

#include <tandem/stress/engine/run.hpp>

namespace tandem::stress::detail::explored {

test_report run(some_scenarios const&, run_options const&, replayer const&);

// As the `main` of a program that does nothing else.
int run_as_main(some_scenarios const&, int argc, char const* const* argv);

} // namespace tandem::stress::detail::explored
