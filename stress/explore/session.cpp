#include <tandem/stress/explore/session.hpp>

#include <tandem/stress/explore/faults.hpp>
#include <tandem/stress/explore/program_search.hpp>
#include <tandem/stress/explore/programs.hpp>
#include <tandem/stress/explore/report.hpp>
#include <tandem/stress/render.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <map>
#include <utility>

namespace tandem::stress::detail::explored {

namespace {

using clock = std::chrono::steady_clock;

constexpr std::uint64_t executions_of_each = 2000;
constexpr std::uint64_t executions_to_shrink = 4000;
constexpr int seeds_without_news = 1000;

struct failing_program {
    program what{};
    went_wrong how{};
};

// The program with calls left out as long as what is left goes wrong in the same way.
failing_program shrunk(scenario const& what, failing_program found) {
    for (bool progress = true; std::exchange(progress, false);) {
        for (auto& candidate : smaller(found.what)) {
            auto const renumbered = what.renumbered(candidate);
            program_search search(what, renumbered);
            auto wrong = search.all(callers::apart, executions_to_shrink / 4);
            wrong = wrong ? wrong : search.all(callers::in_touch, executions_to_shrink / 4);
            wrong = wrong ? wrong : search.at_random(0, executions_to_shrink);
            if (wrong && wrong->what == found.how.what) {
                found = {renumbered, std::move(*wrong)};
                progress = true;
                break;
            }
        }
    }
    return found;
}

// The steps, their threads named as in the table, without the explorer's own.
std::string trace_of(explore::trace const& steps, std::vector<std::uint32_t> const& threads) {
    explore::aspect const seen{.hidden = [](explore::event const& e) { return e.reads() && e.done.site.line() == 0; },
                               .name = [&](explore::thread t) {
                                   auto const lane = std::ranges::find(threads, t);
                                   return lane == threads.end() ? std::string("main") : concat({"t", std::to_string(lane - threads.begin())});
                               }};
    return in_lanes(steps, seen);
}

class session {
public:
    session(scenario const& what, run_options asked, replayer again)
        : what_(what), asked_(std::move(asked)), again_(std::move(again)), called_(what.operations().size()) {}

    test_report search() {
        auto const begin = clock::now();
        auto const over = [&](std::uint64_t seeds) {
            return asked_.rounds != 0 ? seeds == asked_.rounds : clock::now() - begin >= asked_.time;
        };
        int without_news = 0;
        for (std::uint64_t k = 0; !over(k) && without_news != seeds_without_news; ++k) {
            ++report_.seeds;
            auto const seed = asked_.seed + k;
            auto const what = small_program(what_, seed, asked_.threads);
            auto const [known, is_new] = known_.try_emplace(shape(what_, what), false);
            ++without_news;
            if (known->second) {
                continue; // all its executions have been seen
            }
            without_news = 0;
            if (auto wrong = is_new ? explore(what, seed, known->second) : explore_further(what, seed)) {
                return failed(seed, {what, std::move(*wrong)});
            }
        }
        return passed(clock::now() - begin);
    }

    test_report replay() {
        auto const wanted = *token::parse(asked_.replay);
        auto const where = execution_name::parse(wanted.execution);
        if (wanted.scenario != fingerprint(what_) || !where) {
            return {.text = concat({asked_.replay, " is of another test, or of this one with other operations or in another world\n"})};
        }
        asked_.threads = wanted.threads;
        auto const what = small_program(what_, wanted.seed, wanted.threads);
        program_search search(what_, what);
        if (auto wrong = search.again(*where)) {
            return failed(wanted.seed, {what, std::move(*wrong)});
        }
        return {.passed = true, .text = concat({"pass  ", what_.subject(), ": the execution of ", asked_.replay, " ends well\n"})};
    }

private:
    std::uint64_t allowed() const { return asked_.executions != 0 ? asked_.executions : executions_of_each; }
    // Of the executions at random of that seed's program.
    static std::uint64_t first_number(std::uint64_t seed) { return seed << 24; }

    std::optional<went_wrong> explore(program const& what, std::uint64_t seed, bool& exhausted) {
        program_search search(what_, what);
        auto const first = first_number(seed);
        auto wrong = search.goes_two_ways(first);
        wrong = wrong ? wrong : search.all(callers::apart, allowed());
        if (!wrong && search.exhausted()) {
            wrong = search.all(callers::in_touch, allowed());
        }
        exhausted = search.exhausted();
        if (!wrong) { // what comes for no reason comes only here
            wrong = search.at_random(first, first + (exhausted ? (allowed() + 9) / 10 : allowed()));
        }
        add(what, search.sum());
        return wrong;
    }
    // Of a program that has too many executions, others than before.
    std::optional<went_wrong> explore_further(program const& what, std::uint64_t seed) {
        program_search search(what_, what);
        auto const first = first_number(seed);
        auto wrong = search.at_random(first, first + allowed());
        add(what, search.sum());
        return wrong;
    }

    void add(program const& what, tally_of_executions const& sum) {
        for (auto const& lane : what.lanes) {
            for (auto const& a : lane) {
                called_[a.operation] = true;
            }
        }
        report_.executions += sum.executions;
        report_.histories += sum.histories;
        report_.operations += sum.calls;
        report_.undecided += sum.undecided;
        tried_ += sum.noticed.tried;
        noticed_ += sum.noticed.noticed;
        saw_a_step_ |= sum.saw_a_step;
    }

    test_report passed(std::chrono::duration<double> seconds) {
        report_.programs = known_.size();
        report_.exhausted = static_cast<std::uint64_t>(std::ranges::count_if(known_, [](auto const& one) { return one.second; }));
        std::string error;
        if (report_.executions == 0) {
            error = "no execution was run";
        } else if (!saw_a_step_) {
            error = "the explorer saw no step of it: what its threads share must be atomics, mutexes and plain data of tandem's (std.hpp)";
        } else if (tried_ != 0 && noticed_ == 0) {
            error = "the specification accepts everything: of every history some answers were changed, and it never said no";
        } else if (auto const missing = never_called(); !missing.empty()) {
            error = concat({missing, " was never called: let it run longer"});
        }
        report_.passed = error.empty();
        if (!report_.passed) {
            report_.text = concat({"ERROR ", what_.subject(), ": ", error, "\n"});
            return report_;
        }
        std::array<char, 256> line;
        std::snprintf(line.data(), line.size(), ": %llu programs, %llu of them exhaustively; %llu executions, %llu histories, %llu seeds, %.1f s",
                      static_cast<unsigned long long>(report_.programs), static_cast<unsigned long long>(report_.exhausted),
                      static_cast<unsigned long long>(report_.executions), static_cast<unsigned long long>(report_.histories),
                      static_cast<unsigned long long>(report_.seeds), seconds.count());
        report_.text = concat({"pass  ", what_.subject(), line.data(),
                               report_.undecided != 0 ? concat({", ", std::to_string(report_.undecided), " undecided"}) : "", "\n"});
        return report_;
    }

    std::string never_called() const {
        for (std::uint32_t i = 0; i != called_.size(); ++i) {
            if (!called_[i] && what_.may_be_called(i)) {
                return std::string(what_.operations()[i]);
            }
        }
        return {};
    }

    test_report failed(std::uint64_t seed, failing_program found) {
        if (found.how.what == nondeterminism) {
            report_.text = concat({"FAIL  ", what_.subject(), "   ", found.how.what, "\n\n", found.how.why});
            return report_;
        }
        token const again{fingerprint(what_), asked_.threads, seed, found.how.where.text()};
        auto const recorded = found.how.calls.size();
        auto const least = shrunk(what_, std::move(found));
        program_search last(what_, least.what);
        auto const noted = last.least(least.how);
        auto const command = again_ ? again_(again) : std::string();
        auto const& how = noted ? *noted : least.how;
        auto shown = how.why.empty() ? what_.explain(least.what, how.calls, recorded, command, true)
                                     : table_of(how, recorded, command);
        report_.token = again.text();
        report_.shrunk_to = shown.calls;
        report_.text = std::move(shown.text);
        report_.text += noted ? concat({"\n", trace_of(how.trace, shown.threads)})
                             : "\nrun again, the same choices end otherwise: something else decides too\n";
        return report_;
    }

    explanation table_of(went_wrong const& how, std::size_t recorded, std::string const& command) const {
        failure_text const words{
            .subject = what_.subject(), .verdict = how.what, .recorded = recorded, .why = how.why, .again = command};
        return {render(words, what_.operations(), how.calls, how.calls.size()), how.calls.size(), threads_of(how.calls)};
    }

    scenario const& what_;
    run_options asked_;
    replayer again_;
    test_report report_{};
    std::map<std::string, bool> known_{}; // programs by shape; whether all executions were seen
    std::vector<bool> called_;
    std::size_t tried_ = 0, noticed_ = 0;
    bool saw_a_step_ = false;
};

std::string too_many_threads() {
    return concat({"the explorer runs ", std::to_string(most_threads), " threads at most\n"});
}

} // namespace

test_report run(some_scenarios const& what, run_options const& asked, replayer const& again) {
    if (asked.threads > most_threads) {
        return {.text = too_many_threads()};
    }
    explore::faults const end_executions;
    session one(*what.front(), asked, again); // of brief programs; the others are longer
    return asked.replay.empty() ? one.search() : one.replay();
}

int run_as_main(some_scenarios const& what, int argc, char const* const* argv) {
    run_options asked;
    if (auto const over = read_options(runner::explorer, argc, argv, asked)) {
        return *over;
    }
    if (asked.threads > most_threads) {
        std::fprintf(stderr, "%s", too_many_threads().c_str());
        return 2;
    }
    return print_report(run(what, asked, replay_by_program(argc, argv)), asked);
}

} // namespace tandem::stress::detail::explored
