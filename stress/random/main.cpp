// tandem_random: randomized runs on real threads, every history checked.
#include "results.hpp"
#include "subjects.hpp"

#include <tandem/stress/engine/campaign.hpp>
#include <tandem/stress/engine/clock.hpp>
#include <tandem/stress/engine/processors.hpp>
#include <tandem/stress/engine/sanitizer.hpp>
#include <tandem/stress/engine/watchdog.hpp>
#include <tandem/stress/render.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>

namespace tandem::stress {
namespace {

using clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

std::sig_atomic_t volatile interrupted = 0;

struct options {
    std::vector<std::string> names{};
    std::string half = "both";
    double seconds = 30;
    std::uint64_t rounds = 0; // seeds a scenario; 0: as many as the time allows
    std::size_t threads = 0;
    std::uint64_t seed = 1;
    std::string shard = "1/1";
    std::string json{};
    std::string replay{};
    bool list = false;
};

struct share {
    std::uint64_t mine, of;

    static share parse(std::string const& text) {
        share s{};
        int read = 0;
        if (std::sscanf(text.c_str(), "%lu/%lu%n", &s.mine, &s.of, &read) != 2 ||
            static_cast<std::size_t>(read) != text.size() || s.mine < 1 || s.mine > s.of) {
            throw CLI::ValidationError("--shard", "wanted i/n with 1 <= i <= n, not '" + text + "'");
        }
        return s;
    }
    std::uint64_t seed(std::uint64_t first, std::uint64_t k) const { return first + k * of + mine - 1; }
};

std::string replay_command(token const& again) {
    std::string const with = sanitizer();
    return "./tools/run replay " + again.text() +
           (with == "thread" ? "" : " --sanitizer " + with); // thread is its default
}

bool selected(scenario const& s, options const& o) {
    return (o.names.empty() || std::ranges::find(o.names, s.structure) != o.names.end()) &&
           (o.half == "both" || o.half == s.half || (s.half == "foreign" && !o.names.empty()));
}

class progress {
public:
    void show(std::uint64_t calls, double share_done, scenario const& s, std::uint64_t seed) {
        auto const now = clock::now();
        if (!wanted_ || now - last_ < 500ms) {
            return;
        }
        last_ = now;
        auto const total = share_done > 0.001 ? static_cast<double>(calls) / share_done : 0.0; // 0: not known yet
        fmt::print("@progress {} {:.0f} calls {} {}, seed {}\n", calls, total, s.subject(), s.name(), seed);
        std::fflush(stdout);
    }

private:
    bool wanted_ = std::getenv("TANDEM_PROGRESS") != nullptr;
    clock::time_point last_{};
};

int list(scenarios const& all) {
    for (auto const& s : all) {
        nlohmann::json line{{"structure", s->structure},
                            {"half", s->half},
                            {"scenario", s->name()},
                            {"expected", s->expect_violation() ? "violation" : "pass"},
                            {"sanitizer", sanitizer()}};
        if (!s->note.empty()) {
            line["note"] = s->note;
        }
        fmt::print("{}\n", line.dump());
    }
    for (auto const& left : subjects_left_out()) {
        nlohmann::json const line{{"structure", left.structure},
                                  {"half", "foreign"},
                                  {"expected", "not run"},
                                  {"sanitizer", sanitizer()},
                                  {"note", left.why}};
        fmt::print("{}\n", line.dump());
    }
    return 0;
}

// What the watchdog looks after.
struct current_run {
    scenario const* what = nullptr;
    campaign const* run = nullptr;
};

// Writes what is known and ends the process: the crew's threads cannot be joined.
watchdog::alarm give_up(results& written, current_run const& current) {
    return [&](std::string const& verdict, history const& pending) {
        auto const& what = *current.what;
        auto const lost = current.run->halted();
        auto const report =
            lost ? lost->report.text
                 : render({.subject = what.subject(),
                           .verdict = verdict,
                           .recorded = pending.size(),
                           .why = "these calls do not return, and nobody is left to wake their threads"},
                          what.operations(), pending, pending.size());
        fmt::print("{}\n", report);
        nlohmann::json row{{"structure", what.structure},
                           {"half", what.half},
                           {"scenario", what.name()},
                           {"sanitizer", sanitizer()},
                           {"verdict", "violation"},
                           {"expected", "pass"},
                           {"method", "watchdog"},
                           {"report", report}};
        if (lost) {
            row["token"] = lost->token;
            row["shrunk_to"] = lost->report.calls;
        }
        written.add(std::move(row));
        written.write(false);
        std::fflush(stdout);
        std::_Exit(1);
    };
}

int replay(scenarios const& all, options const& o) {
    auto const wanted = token::parse(o.replay);
    if (!wanted || !wanted->execution.empty()) {
        fmt::print(stderr, "'{}' is no token of this program: wanted S-scenario-threads-seed\n", o.replay);
        return 2;
    }
    auto const found = std::ranges::find_if(all, [&](auto const& s) { return fingerprint(*s) == wanted->scenario; });
    if (found == all.end()) {
        fmt::print(stderr, "this build has no scenario {:04x}\n", wanted->scenario);
        return 2;
    }
    crew threads(std::max<std::size_t>(4, wanted->threads));
    campaign again(**found, threads, wanted->threads, replay_command);
    results nowhere({}, "stress");
    current_run const current{found->get(), &again};
    watchdog const guard(threads, give_up(nowhere, current));
    constexpr int attempts = 500;
    int attempt = 1;
    auto const deadline = clock::now() + 20s;
    while (!again.run(wanted->seed) && attempt != attempts && clock::now() < deadline && interrupted == 0) {
        ++attempt;
    }
    fmt::print("The token names the programs, not what the processors did with them: seed {} was run {} times.\n\n",
               wanted->seed, attempt);
    if (!again.sum().failed) {
        fmt::print("no violation this time\n");
        return interrupted != 0 ? 130 : 0;
    }
    fmt::print("{}\n", again.sum().failed->report.text);
    return 1;
}

// The scenarios asked for, or the exit code that says why there is none.
struct choice {
    std::vector<scenario const*> chosen{};
    int code = 0;
};

choice choose(scenarios const& all, options const& o) {
    choice made;
    for (auto const& s : all) {
        if (selected(*s, o)) {
            made.chosen.push_back(s.get());
        }
    }
    for (auto const& left : subjects_left_out()) {
        if (o.names.empty() || std::ranges::find(o.names, left.structure) != o.names.end()) {
            fmt::print("not run   {}: {}\n", left.structure, left.why);
            made.code = 3;
        }
    }
    for (auto const& name : o.names) {
        auto const same = [&](auto const& s) { return s->structure == name; };
        if (std::ranges::none_of(all, same) && made.code == 0) {
            fmt::print(stderr, "no structure is named '{}'; --list names them\n", name);
            made.code = 2;
        }
    }
    return made;
}

// Seed after seed, until one fails or the scenario has had its share.
class session {
public:
    session(options const& o, std::size_t scenarios)
        : options_(o), part_(share::parse(o.shard)), written_(o.json, "stress"),
          crew_(std::max<std::size_t>(4, o.threads)), guard_(crew_, give_up(written_, current_)),
          scenarios_(scenarios) {}

    // True when it went as expected.
    bool run(scenario const& s, std::chrono::duration<double> time) {
        campaign one(s, crew_, options_.threads, replay_command);
        current_ = {&s, &one};
        auto const limit = s.expect_violation() ? patience : options_.rounds != 0 ? 24h : time;
        auto const begin = clock::now();
        for (std::uint64_t k = 0; interrupted == 0; ++k) {
            std::chrono::duration<double> const passed = clock::now() - begin;
            bool const enough = options_.rounds != 0 && k == options_.rounds && !s.expect_violation();
            if (enough || passed > limit) {
                break;
            }
            auto const seed = part_.seed(options_.seed, k);
            if (one.run(seed)) {
                break;
            }
            auto const share_done =
                options_.rounds != 0 ? static_cast<double>(k) / static_cast<double>(options_.rounds) : passed / limit;
            bar_.show(calls_ + one.sum().operations,
                      (static_cast<double>(done_) + std::min(share_done, 1.0)) / static_cast<double>(scenarios_), s,
                      seed);
        }
        ++done_;
        calls_ += one.sum().operations;
        return report(s, one.sum());
    }

    void finish() { written_.write(interrupted == 0); }

private:
    static constexpr std::chrono::duration<double> patience = 60s; // with an expected violation that does not come

    bool report(scenario const& s, tally const& sum) {
        bool const found = sum.failed.has_value();
        auto const shrunk_to = found ? sum.failed->report.calls : 0;
        bool const fine = found ? shrunk_to <= s.expect_within : !s.expect_violation() || interrupted != 0;
        auto const* const word = !fine && found && s.expect_violation() ? "NOT SHRUNK"
                                 : !fine                                ? found ? "FAIL" : "NOT FOUND"
                                 : found                                ? "expected"
                                                                        : "pass";
        auto const overlapping = 100.0 * static_cast<double>(sum.overlapping) /
                                 static_cast<double>(std::max<std::uint64_t>(sum.operations, 1));
        fmt::print("{:<9} {}.{}: {} histories, {} calls ({:.0f} % overlapping), {} seeds, {:.1f} s, by {}{}\n", word,
                   s.subject(), s.name(), sum.histories, sum.operations, overlapping, sum.seeds, sum.seconds.count(),
                   s.method(), sum.undecided != 0 ? fmt::format(", {} undecided", sum.undecided) : "");
        nlohmann::json row{{"structure", s.structure},
                           {"half", s.half},
                           {"scenario", s.name()},
                           {"sanitizer", sanitizer()},
                           {"compiler", results::compiler()},
                           {"seed_first", part_.seed(options_.seed, 0)},
                           {"seed_count", sum.seeds},
                           {"histories", sum.histories},
                           {"operations", sum.operations},
                           {"overlapping", sum.overlapping},
                           {"method", s.method()},
                           {"unknown", sum.undecided},
                           {"verdict", found ? "violation" : "pass"},
                           {"expected", s.expect_violation() ? "violation" : "pass"},
                           {"seconds", sum.seconds.count()}};
        if (found) {
            if (s.expect_violation()) {
                fmt::print("          {}\n", s.note);
            }
            fmt::print("\n{}\n", sum.failed->report.text);
            row["report"] = sum.failed->report.text;
            row["token"] = sum.failed->token;
            row["shrunk_to"] = shrunk_to;
        }
        std::fflush(stdout);
        written_.add(std::move(row));
        return fine;
    }

    options const& options_;
    share part_;
    results written_;
    crew crew_;
    current_run current_{};
    watchdog guard_;
    progress bar_{};
    std::size_t scenarios_, done_ = 0;
    std::uint64_t calls_ = 0;
};

int stress(scenarios const& all, options const& o) {
    auto const [chosen, refused] = choose(all, o);
    if (chosen.empty() || refused == 2) {
        return refused != 0 ? refused : 2;
    }
    auto const processors = allowed_processors().size();
    if (o.threads > processors) {
        fmt::print("{} threads share {} processors\n", o.threads, processors);
    }
    fmt::print("clock: {}, skew {} ticks\n", clock_name(), skew());

    session runs(o, chosen.size());
    bool as_expected = true;
    std::chrono::duration<double> time(o.seconds);
    auto sharers = std::ranges::count_if(chosen, [](auto const* s) { return !s->expect_violation(); });
    for (auto const* const s : chosen) {
        if (interrupted != 0) {
            break;
        }
        auto const begin = clock::now();
        as_expected &= runs.run(*s, time / static_cast<double>(std::max<std::ptrdiff_t>(sharers, 1)));
        if (!s->expect_violation()) {
            time -= clock::now() - begin;
            --sharers;
        }
    }
    runs.finish();
    return interrupted != 0 ? 130 : as_expected ? 0 : 1;
}

} // namespace
} // namespace tandem::stress

int main(int argc, char** argv) {
    using namespace tandem::stress;
    options o;
    CLI::App app("Randomized runs on real threads, every history checked.");
    app.add_option("names", o.names, "structures; none: all");
    app.add_option("--half", o.half, "locked, lockfree or both")->check(CLI::IsMember({"locked", "lockfree", "both"}));
    app.add_option("--for", o.seconds, "seconds, shared by all")->check(CLI::PositiveNumber);
    app.add_option("--rounds", o.rounds, "a fixed number of seeds for each, instead of a time");
    app.add_option("--threads", o.threads, "threads a history (chosen by the seed)")->check(CLI::Range(2, 64));
    app.add_option("--seed", o.seed, "the first seed");
    app.add_option("--shard", o.shard, "i/n: only the i-th of n shares of the seeds");
    app.add_option("--json", o.json, "where the results go");
    app.add_option("--replay", o.replay, "a token that a failure printed");
    app.add_flag("--list", o.list, "what there is, as JSON lines");
    try {
        app.parse(argc, argv);
        for (auto const stop : {SIGINT, SIGTERM}) {
            std::signal(stop, [](int) { interrupted = 1; });
        }
        auto const all = all_subjects();
        return o.list ? list(all) : !o.replay.empty() ? replay(all, o) : stress(all, o);
    } catch (CLI::ParseError const& e) {
        return app.exit(e) == 0 ? 0 : 2;
    }
}
