// session: seeds of one or several scenarios in turn, on real threads, until one fails or the time is over; what stands behind test.hpp.
#pragma once

#include <tandem/stress/engine/run.hpp>

namespace tandem::stress::detail::on_threads {

test_report run(some_scenarios const&, run_options const&, replayer const&);

// As the `main` of a program that does nothing else.
int run_as_main(some_scenarios const&, int argc, char const* const* argv);

} // namespace tandem::stress::detail::on_threads
