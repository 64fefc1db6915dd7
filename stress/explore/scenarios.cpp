// Running a scenario under the explorer.

#include "scenario_stage.hpp"

#include "fingerprint.hpp" // made by fingerprint.cmake

#include <tandem/stress/engine/dice.hpp>
#include <tandem/stress/explore/failures.hpp>
#include <tandem/stress/explore/faults.hpp>
#include <tandem/stress/explore/search.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace tandem::model {

namespace {

// The same scenario, where everything has another address; made when it is asked for.
class elsewhere {
public:
    scenario_stage& of(maker const& m) {
        if (stage_ == nullptr) {
            stage_ = std::make_unique<scenario_stage>(m);
        }
        return *stage_;
    }

private:
    std::unique_ptr<scenario_stage> stage_;
};

// Executions that are not the search's are not counted.
class uncounted {
public:
    uncounted() : before_(*executions_begun) {}
    ~uncounted() { *executions_begun = before_; }
    uncounted(uncounted const&) = delete;
    uncounted& operator=(uncounted const&) = delete;

private:
    std::uint64_t before_;
};

// The first, and one in a hundred, the same ones for everybody.
bool is_run_twice(std::uint64_t number, std::uint64_t first) {
    return number == first || stress::dice(number).one_in(100);
}

outcome told(explore::finding found) {
    return {.violation = true,
            .what = std::move(found.what),
            .history = std::move(found.report),
            .again = TANDEM_FINGERPRINT "-" + explore::to_text(found.made)};
}

outcome investigated(scenario_stage& on, explore::chooser& same, request const& asked) {
    constexpr std::size_t most_tried = 20'000;
    uncounted const extra;
    return told(investigate(on.subject(), same, asked.minimise ? most_tried : 0));
}

// What a token says of an execution: the fingerprint of the sources it is of, and its choices; or, when those could not be learnt, its number.
outcome repeated(scenario_stage& on, request const& asked) {
    std::string_view const again = asked.again;
    auto const end = again.find_first_of("-.");
    auto const of = again.substr(0, end);
    if (end == again.npos) {
        throw refused("not an execution");
    }
    if (of != TANDEM_FINGERPRINT) {
        throw refused("refused: it is of sources with the fingerprint " + std::string(of) +
                      ", and these have " TANDEM_FINGERPRINT ": the same choices may lead elsewhere. Run the scenario's search again");
    }
    auto const rest = again.substr(end + 1);
    if (again[end] == '-') {
        auto const made = explore::choices_of(rest);
        if (!made) {
            throw refused("not an execution");
        }
        auto found = replay(on.subject(), *made);
        return found ? told(*std::move(found)) : outcome();
    }
    auto const number = from_hexadecimal(rest);
    if (!number) {
        throw refused("not an execution");
    }
    explore::random_search choose(*number), same(*number);
    return on.run(choose) == explore::execution::end::failed ? investigated(on, same, asked) : outcome();
}

// An execution runs nothing in a thread that takes no step: and so do all, or the scenario is not what it should be.
class seen_to_run {
public:
    void add(std::uint32_t took_steps) noexcept { took_steps_ |= took_steps; }
    // A violation when there is a thread that does nothing.
    outcome check(maker const& scenario) const {
        for (int t = 0; t != scenario.threads; ++t) {
            if ((took_steps_ >> (t + 1) & 1U) == 0) {
                return {.violation = true,
                        .what = "RUNS NOTHING",
                        .history = "RUNS NOTHING: t" + std::to_string(t) + " never takes a step, in no execution\n"};
            }
        }
        return {};
    }

private:
    std::uint32_t took_steps_ = 0; // threads, a bit each
};

// A search, execution by execution.
class watch {
public:
    watch(scenario_stage& on, maker const& scenario, request const& asked) : on_(on), scenario_(scenario), asked_(asked) {}

    // The next execution, and maybe once more elsewhere; same() is a chooser that decides as `now` did. Nothing: all is well.
    template <class Same>
    std::optional<outcome> run(explore::chooser& now, bool twice, Same same) {
        if (on_.run(now) == explore::execution::end::failed) {
            auto again = same();
            return investigated(on_, again, asked_);
        }
        seen_.add(on_.run().took_steps());
        if (twice) {
            uncounted const extra;
            auto one = same(), another = same();
            if (auto found = difference(on_.subject(), one, other_.of(scenario_).subject(), another)) {
                return told(*std::move(found));
            }
        }
        return std::nullopt;
    }
    outcome ends() const { return seen_.check(scenario_); }

private:
    scenario_stage& on_;
    maker const& scenario_;
    request const& asked_;
    elsewhere other_;
    seen_to_run seen_;
};

outcome explore_randomly(scenario_stage& on, maker const& scenario, request const& asked) {
    watch search(on, scenario, asked);
    for (auto number = asked.first; number != asked.first + asked.executions; ++number) {
        explore::random_search choose(number);
        if (auto found = search.run(choose, is_run_twice(number, asked.first), [number] { return explore::random_search(number); })) {
            return *std::move(found);
        }
    }
    return search.ends();
}

// Of what may come for no reason, a bounded search leaves all out, and a full one lets it come once an execution.
outcome explore_all(scenario_stage& on, maker const& scenario, request const& asked) {
    explore::exhaustive_search all(asked.search == strategy::full ? 1 : 0);
    auto const same = [&all] {
        all.repeat();
        return all;
    };
    watch search(on, scenario, asked);
    for (std::uint64_t done = 0; done != asked.executions; ++done) {
        if (auto found = search.run(all, is_run_twice(done, 0), same)) {
            return *std::move(found);
        }
        if (!all.another()) {
            auto end = search.ends();
            end.exhaustive = !end.violation && scenario.claims == progress_class::blocking; // nobody stood still
            return end;
        }
    }
    return search.ends();
}

outcome explore_some(scenario_stage& on, maker const& scenario, request const& asked) {
    request all = asked;
    all.search = strategy::full;
    auto found = explore_all(on, scenario, all);
    return found.violation || found.exhaustive ? found : explore_randomly(on, scenario, asked);
}

} // namespace

std::string again_of(std::uint64_t number) {
    return TANDEM_FINGERPRINT "." + in_hexadecimal(number);
}

outcome explore(maker const& scenario, request const& asked) {
    scenario_stage on(scenario);
    explore::faults const end_executions;
    return !asked.again.empty()               ? repeated(on, asked)
           : asked.search == strategy::any    ? explore_some(on, scenario, asked)
           : asked.search == strategy::random ? explore_randomly(on, scenario, asked)
                                              : explore_all(on, scenario, asked);
}

} // namespace tandem::model
