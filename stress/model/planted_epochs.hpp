#pragma once

// Planted: domains that free too early (../planted/epochs.hpp, test_domains.hpp), in the scenarios that the real ones pass.

#include "../planted/epochs.hpp"
#include "rcu_scenarios.hpp"

#include <tandem/stress/test_domains.hpp>

namespace tandem::model::planted {

using tandem::planted::epoch_bug;

// What has ended is kept: whoever finds it can tell.
struct poisoned_thing {
    bool whole() const { return value.load(order::relaxed) == 1; }
    static void end(poisoned_thing* it) { it->value.store(0, order::relaxed); }

    atomic<int> value{1};
};

template <epoch_bug Bug, class Thing = poisoned_thing>
struct planted_epochs {
    using domain = tandem::planted::epochs<Bug>;
    using thing = Thing;
    struct barrier {};
};
using frees_at_once = symmetric_rcu<stress::immediate>;

} // namespace tandem::model::planted
