// rerun: a smaller program that still fails.
//
// Real threads do not fail on demand: a smaller program is believed to fail only once it has, and believed not to after a few
// hundred runs that did not.
#pragma once

#include <tandem/stress/engine/crew.hpp>
#include <tandem/stress/engine/scenario.hpp>

namespace tandem::stress {

struct failing_run {
    program what{};
    history calls{};
};

failing_run shrink_program(scenario const&, crew&, conditions const&, failing_run found);

} // namespace tandem::stress
