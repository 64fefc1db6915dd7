// Running a scenario under the explorer.

#include "../model/scenario.hpp"

#include <tandem/stress/explore/search.hpp>
#include <tandem/stress/explore/trace.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>

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
    stage const on(scenario);
    explore::rules const held;
    explore::execution run(held);
    std::uint64_t number = asked.first;
    auto const fails = [&](explore::chooser& choose) { return run.run(on.program(), choose) == explore::execution::end::failed; };
    auto const found = [&](auto once_more) {
        outcome all{true, run.failed().what, {}, number};
        auto const counted = *executions_begun;
        explore::trace seen;
        run.record(&seen);
        bool const again = once_more() && run.failed().what == all.what;
        *executions_begun = counted;
        all.history = (again ? "" : "run again, the same choices end otherwise\n") + explore::to_string(seen);
        return all;
    };
    auto const end = asked.first + asked.executions;
    if (asked.search == strategy::random) {
        for (; number != end; ++number) {
            auto const one = [&] {
                explore::random_search choose(number);
                return fails(choose);
            };
            if (one()) {
                return found(one);
            }
        }
        return {};
    }
    // Of what may come for no reason, a bounded search leaves all out, and a full one lets it come once an execution.
    explore::exhaustive_search all(asked.search == strategy::full ? 1 : 0);
    for (; number != end; ++number) {
        if (fails(all)) {
            return found([&] {
                all.repeat();
                return fails(all);
            });
        }
        if (!all.another()) {
            return {.exhaustive = true};
        }
    }
    return {};
}

} // namespace tandem::model
