#pragma once

// Planted: striped counters that lose or double (../planted/striped.hpp), in the scenarios that the real ones pass.

#include "../planted/striped.hpp"
#include "striped_scenarios.hpp"

namespace tandem::model::planted {

struct half_that_stores_zero {
    using striped_counter = tandem::planted::stores_zero;
};
struct half_that_keeps_rest {
    using striped_counter = tandem::planted::keeps_rest;
};

} // namespace tandem::model::planted
