// Running a scenario under Relacy. Apart from the scenarios, so that Relacy's engine is compiled once.

#include "report.hpp"
#include "scenario.hpp"
#include "scheduler.hpp"

#include <stdexcept>
#include <string>

namespace tandem::model {
namespace {

maker const* chosen = nullptr;

// What Relacy sees of every scenario with that many threads.
template <int threads>
class stage : public rl::test_suite<stage<threads>, threads> {
public:
    stage() {
        world::begin_execution();
        ++*executions_begun;
        scenario_ = chosen->make(storage_);
    }
    ~stage() { scenario_->~scenario(); }

    void before() {
        scenario_->before();
        scenario_->together = true;
    }
    void thread(unsigned index) { scenario_->thread(index); }
    void after() {
        scenario_->together = false;
        scenario_->after();
    }

private:
    alignas(scenario_alignment) std::byte storage_[scenario_size];
    scenario* scenario_;
};

template <class Test>
rl::test_result_e run(strategy search, rl::test_params& params, std::ostream& state) {
    constexpr auto threads = Test::params::thread_count;
    switch (search) {
    case strategy::full:
        params.search_type = rl::sched_full;
        return rl::run_test<Test, limited<rl::full_search_scheduler<threads>>>(params, state, false);
    case strategy::bounded:
        params.search_type = rl::sched_bound;
        params.context_bound = 2;
        return rl::run_test<Test, limited<rl::context_bound_scheduler<threads>>>(params, state, false);
    default:
        params.search_type = rl::sched_random;
        return rl::run_test<Test, random_scheduler<threads>>(params, state, false);
    }
}

rl::test_result_e run(strategy search, rl::test_params& params, std::ostream& state) {
    switch (chosen->threads) {
    case 2:
        return run<stage<2>>(search, params, state);
    case 3:
        return run<stage<3>>(search, params, state);
    case 4:
        return run<stage<4>>(search, params, state);
    default:
        throw std::logic_error("a scenario has two to four threads");
    }
}

std::string text_of(rl::ostringstream const& stream) {
    auto const text = stream.str();
    return {text.data(), text.size()};
}

} // namespace

// The verdict is what the search itself returns. A violation is then run again for its history; when
// that run goes another way, the scenario depends on more than the search's choices, and the report says so.
outcome explore(maker const& scenario, request const& wanted) {
    auto const asked = by_number(wanted);
    bool const at_random = asked.search == strategy::any || asked.search == strategy::random;
    chosen = &scenario;
    rl::ostringstream text; // never a std::ostringstream: Relacy owns its memory
    rl::ostringstream progress;
    rl::ostringstream state;
    rl::test_params params;
    params.output_stream = &text;
    params.progress_stream = &progress;
    params.execution_depth_limit = 4000;
    params.iteration_count = asked.executions;
    if (at_random) {
        params.iteration_count = asked.first + asked.executions - 1;
        params.initial_state = rl::string(std::to_string(asked.first).c_str());
    }

    auto const found = run(asked.search, params, state);
    if (found == rl::test_result_success) {
        return {};
    }
    outcome result{.violation = true, .what = rl::test_result_str(found)};
    if (at_random) {
        result.again = again_of(params.stop_iteration);
    }

    auto const counted = *executions_begun;
    params.initial_state = state.str();
    params.iteration_count = params.stop_iteration;
    params.collect_history = true;
    auto const again = run(asked.search, params, state);
    *executions_begun = counted;
    if (again != found) {
        result.history = std::string("run again, the same choices end as ") + rl::test_result_str(again) + "\n";
    }
    result.history = readable(result.history + text_of(text), TANDEM_SOURCE_ROOT);
    return result;
}

std::string again_of(std::uint64_t execution) {
    return in_hexadecimal(execution);
}

} // namespace tandem::model
