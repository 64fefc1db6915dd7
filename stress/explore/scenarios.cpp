// Running a scenario under the explorer.

#include "../model/scenario.hpp"

#include <tandem/stress/explore/search.hpp>
#include <tandem/stress/explore/trace.hpp>

#include <cstddef>
#include <memory>
#include <stdexcept>

namespace tandem::model {

namespace {

// A scenario, in storage that outlasts executions that are cut short.
class stage {
public:
    explicit stage(maker const& m) {
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
        program_.storage = storage_;
    }

    explore::execution::program const& program() const noexcept { return program_; }

private:
    explore::execution::program program_;
    alignas(std::max_align_t) std::byte storage_[scenario_size];
    scenario* scenario_ = nullptr;
};

} // namespace

// A violation is run again for its history; when that run goes another way, the scenario depends on more than the search's choices, and the
// report says so.
outcome explore(maker const& scenario, request const& asked) {
    if (asked.search != strategy::random) {
        throw std::invalid_argument("the explorer searches scenarios at random only");
    }
    stage const on(scenario);
    explore::rules const held;
    explore::execution run(held);
    auto const fails = [&](std::uint64_t number) {
        explore::random_search choose(number);
        return run.run(on.program(), choose) == explore::execution::end::failed;
    };
    for (auto number = asked.first; number != asked.first + asked.executions; ++number) {
        if (!fails(number)) {
            continue;
        }
        outcome found{true, run.failed().what, {}, number};
        auto const counted = *executions_begun;
        explore::trace seen;
        run.record(&seen);
        bool const again = fails(number) && run.failed().what == found.what;
        *executions_begun = counted;
        found.history = (again ? "" : "run again, the same choices end otherwise\n") + explore::to_string(seen);
        return found;
    }
    return {};
}

} // namespace tandem::model
