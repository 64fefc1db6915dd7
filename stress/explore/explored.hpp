#pragma once

// explored: the litmus tests under the explorer.

#include "litmus.hpp"

#include <tandem/stress/explore/search.hpp>

#include <functional>

namespace tandem::litmus {

// A test as the explorer runs it; what is left is looked at in the end.
explore::execution::program program_of(test const&, std::function<void(state const&)> look);

// All executions, also those in which what may happen for no reason does, once.
class every_execution : public explore::exhaustive_search {
public:
    bool misfortune() override {
        bool const strikes = left_ && outcome(2) == 1;
        left_ = left_ && !strikes;
        return strikes;
    }
    bool another() {
        left_ = true;
        return exhaustive_search::another();
    }

private:
    bool left_ = true;
};

// All executions that differ.
finding explored(test const&, explore::rules const&);
// Whether they are what is expected of the explorer: right, but for what it does not produce.
bool as_expected(test const&, finding const&);

} // namespace tandem::litmus
