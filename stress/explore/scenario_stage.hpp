#pragma once

#include "../model/scenario.hpp"

#include <tandem/stress/explore/execution.hpp>
#include <tandem/stress/explore/failures.hpp>

#include <cstddef>
#include <memory>

namespace tandem::model {

// A scenario, in storage that outlasts executions that are cut short.
class scenario_stage {
public:
    explicit scenario_stage(maker const& m) {
        program_.prepare = [this, &m] {
            world::begin_execution();
            ++*executions_begun;
            scenario_ = m.make(storage_);
            scenario_->before();
            scenario_->together = true;
        };
        for (unsigned t = 0; t != static_cast<unsigned>(m.threads); ++t) {
            program_.bodies.emplace_back([this, t] { scenario_->thread(t); });
        }
        program_.finish = [this] {
            scenario_->together = false;
            scenario_->after();
            std::destroy_at(scenario_);
        };
        program_.claims = m.claims;
        program_.most_steps = m.most_steps;
        program_.may_stand_still = m.may_stand_still;
        program_.storage = storage_;
    }

    explore::subject subject() noexcept { return {run_, program_}; }
    explore::execution& run() noexcept { return run_; }
    explore::execution::end run(explore::chooser& with) { return run_.run(program_, with); }

private:
    explore::rules held_;
    explore::execution run_{held_};
    explore::execution::program program_;
    alignas(scenario_alignment) std::byte storage_[scenario_size];
    scenario* scenario_ = nullptr;
};

} // namespace tandem::model
