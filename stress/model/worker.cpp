// The program around a family of scenarios: lists them, runs them, weakens a memory order, replays a violation.

#include "record_file.hpp"
#include "trial.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <sys/resource.h>

namespace tandem::model {
namespace {

using nlohmann::json;
using clock = std::chrono::steady_clock;

enum exit_code { as_expected = 0, not_as_expected = 1, usage = 2, cannot_answer = 3, was_interrupted = 130 };

std::sig_atomic_t volatile interrupted = 0;
extern "C" void note_interrupt(int) {
    interrupted = 1;
}

struct bad_usage : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct options {
    bool list = false;
    std::vector<std::string> names;
    std::optional<std::uint64_t> executions;
    std::optional<unsigned> seeds;
    std::string seed = "1";
    std::string search = "any";
    std::string json_file;
    bool sites = false;
    std::string mutate;
    bool until_violation = false;
    std::string replay;
};

char const* to_string(verdict v) {
    return v == verdict::pass ? "pass" : v == verdict::violation ? "violation" : "either";
}

strategy strategy_of(std::string const& name) {
    return name == "any" ? strategy::any : name == "full" ? strategy::full : name == "bounded" ? strategy::bounded : strategy::random;
}

// A prefix of 0x makes it hexadecimal.
std::uint64_t number(std::string_view text) {
    auto digits = text;
    int base = 10;
    if (digits.starts_with("0x")) {
        digits.remove_prefix(2);
        base = 16;
    }
    std::uint64_t n = 0;
    auto const* const end = digits.data() + digits.size();
    auto const [at, error] = std::from_chars(digits.data(), end, n, base);
    if (error != std::errc() || at != end) {
        throw bad_usage(fmt::format("{}: not a number", text));
    }
    return n;
}

// FILE:LINE:ORDINAL:ROLE, and where an order has two weaker neighbours, =ORDER.
mutant mutant_of(std::string text) {
    auto const whole = text;
    mutant m;
    if (auto const equals = text.find('='); equals != text.npos) {
        m.to = text.substr(equals + 1);
        text.resize(equals);
    }
    std::string parts[3];
    for (auto& part : parts) {
        auto const colon = text.rfind(':');
        if (colon == text.npos) {
            throw bad_usage(
                fmt::format("{}: a mutant is FILE:LINE:ORDINAL:ROLE, with =ORDER where two orders are weaker", whole));
        }
        part = text.substr(colon + 1);
        text.resize(colon);
    }
    m.file = text;
    m.role = parts[0];
    m.line = static_cast<unsigned>(number(parts[2]));
    if (parts[1] != "1") {
        throw bad_usage(fmt::format("{}: only the first operation of a line can be told apart at run time", whole));
    }
    if (m.role != "order" && m.role != "success" && m.role != "failure") {
        throw bad_usage(fmt::format("{}: the role is order, success or failure", whole));
    }
    return m;
}

scenario_entry const* find(std::string const& name) {
    for (auto const& one : scenarios()) {
        if (one.name() == name) {
            return &one;
        }
    }
    return nullptr;
}

// Of all scenarios of all programs.
std::string full_name(scenario_entry const& one) {
    return fmt::format("{}.{}", one.structure, one.name());
}

// A seed begins its own stretch of executions; no two short runs share one.
std::uint64_t first_of(std::uint64_t seed) {
    return (seed << 32) + 1;
}

std::string token_of(scenario_entry const& scenario, std::string const& again) {
    return fmt::format(TANDEM_TOKEN "-{}:{}", full_name(scenario), again);
}

constexpr std::uint64_t most_executions = 10'000'000; // of a search that is to see all

class progress {
public:
    explicit progress(std::uint64_t total) : total_(total) {}
    void show(std::uint64_t done, std::string const& text) {
        auto const now = clock::now();
        if (!wanted_ || now - last_ < std::chrono::milliseconds(500)) {
            return;
        }
        last_ = now;
        fmt::print("@progress {} {} executions {}\n", done, total_, text);
        std::fflush(stdout);
    }

private:
    bool wanted_ = std::getenv("TANDEM_PROGRESS") != nullptr;
    std::uint64_t total_;
    clock::time_point last_ = clock::now();
};

double seconds_since(clock::time_point begun) {
    return std::chrono::duration<double>(clock::now() - begun).count();
}

struct judged {
    json row;
    bool expected = true;
    bool complete = true;
};

bool begins_with_one_of(std::string_view what, std::string_view beginnings) {
    for (;;) {
        auto const bar = beginnings.find('|');
        if (what.starts_with(beginnings.substr(0, bar))) {
            return true;
        }
        if (bar == beginnings.npos) {
            return false;
        }
        beginnings.remove_prefix(bar + 1);
    }
}

// Of the processes that have run scenarios so far.
double processor_seconds() {
    rusage used{};
    ::getrusage(RUSAGE_CHILDREN, &used);
    auto const seconds = [](timeval const& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

// All seeds of one scenario. A planted bug counts as found when every seed finds it.
judged run(scenario_entry const& scenario, options const& asked) {
    auto const begun = clock::now();
    auto const used = processor_seconds();
    auto const seeds = asked.seeds.value_or(asked.mutate.empty() ? scenario.seeds : 1);
    // What must be found is to be found at random, from every seed.
    bool const of_seeds = scenario.expected == verdict::violation || !asked.mutate.empty();
    auto const search = asked.search == "any" && of_seeds ? strategy::random : strategy_of(asked.search);
    bool const to_the_end = search == strategy::full || search == strategy::bounded;
    auto const executions = asked.executions.value_or(to_the_end ? most_executions : scenario.executions);
    auto const first_seed = number(asked.seed);

    trial_options how;
    how.search = {search, executions, 1};
    how.sites = asked.sites;
    if (!asked.mutate.empty()) {
        how.weakened = mutant_of(asked.mutate);
    }
    progress shown(executions * seeds);
    std::uint64_t done = 0;
    std::uint64_t most = 0;
    double longest = 0;
    how.go_on = [&](std::uint64_t now) {
        shown.show(done + now, scenario.name());
        return interrupted == 0;
    };

    unsigned found = 0;
    unsigned tried = 0;
    trial told;
    bool complete = true;
    for (; tried != seeds && complete; ++tried) {
        how.search.first = first_of(first_seed + tried);
        auto const began = clock::now();
        auto one = run_alone(scenario, how);
        longest = std::max(longest, seconds_since(began));
        done += one.executions;
        most = std::max(most, one.executions);
        complete = !one.interrupted;
        found += one.violation && begins_with_one_of(one.what, scenario.found_as) ? 1 : 0;
        if (tried == 0 || one.violation) {
            told = std::move(one);
        }
    }

    bool const all = scenario.expected == verdict::violation;
    auto const result = complete && (all ? found == seeds : found != 0) ? verdict::violation : verdict::pass;
    json row{{"structure", scenario.structure},
             {"half", scenario.half},
             {"scenario", scenario.name()},
             {"checker", TANDEM_CHECKER},
             {"search", to_the_end ? asked.search : told.exhaustive ? "full" : "random"},
             {"executions", done},
             {"exhaustive", told.exhaustive}, // never by Relacy, whose full search leaves executions out
             {"verdict", complete ? to_string(result) : "interrupted"},
             {"expected", to_string(scenario.expected)},
             {"seed_first", first_seed},
             {"seed_count", seeds},
             {"found", found},
             {"slowest", most}, // executions of the seed that took longest
             {"slowest_seconds", longest},
             {"seconds", seconds_since(begun)},
             {"processor_seconds", processor_seconds() - used}};
    if (all) {
        row["bug"] = scenario.race; // the same name on every rung that plants it
    }
    if (scenario.source[0] != '\0') {
        row["source"] = scenario.source;
    }
    if (told.violation) {
        row["found_as"] = told.what;
        row["report"] = told.history.empty() ? told.what + "\n" : told.history;
        if (!told.again.empty()) {
            row["token"] = token_of(scenario, told.again);
        }
    }
    if (asked.sites) {
        row["sites_reached"] = json::array();
        row["sites"] = json::array();
        for (auto const& site : told.sites) {
            row["sites_reached"].push_back(site.name());
            row["sites"].push_back(
                {{"site", site.name()}, {"operation", site.operation}, {"order", site.order}, {"weaker", site.weaker}});
        }
    }
    if (!asked.mutate.empty()) {
        row["mutant"] = asked.mutate;
        if (!told.mutated.empty()) {
            row["mutated"] = told.mutated;
        }
    }
    return {row, scenario.expected == verdict::either || result == scenario.expected, complete};
}

void tell(judged const& one) {
    auto const& row = one.row;
    auto const found = row["seed_count"] == 1 ? std::string()
                                              : fmt::format(", found by {} of {} seeds", row["found"].get<unsigned>(),
                                                            row["seed_count"].get<unsigned>());
    fmt::print("{} {} {}: {} in {} executions{}{}, {:.2f} s\n", one.complete && one.expected ? "ok  " : "FAIL",
               row["structure"].get<std::string>(), row["scenario"].get<std::string>(),
               row["verdict"].get<std::string>(), row["executions"].get<std::uint64_t>(),
               row["exhaustive"].get<bool>() ? ", all there are" : "", found,
               row["seconds"].get<double>());
    if (!one.expected && row.contains("report")) {
        fmt::print("{}", row["report"].get<std::string>());
        if (row.contains("token")) {
            fmt::print("again  ./tools/run replay {}\n", row["token"].get<std::string>());
        }
    }
}

void list() {
    for (auto const& one : scenarios()) {
        json row{{"structure", one.structure}, {"half", one.half},
                 {"scenario", one.name()},     {"expected", to_string(one.expected)},
                 {"executions", one.executions}, {"seeds", one.seeds}};
        if (one.source[0] != '\0') {
            row["source"] = one.source;
        }
        fmt::print("{}\n", row.dump());
    }
}

int replay(std::string const& token) {
    auto const colon = token.rfind(':');
    if (!token.starts_with(TANDEM_TOKEN "-") || colon == token.npos) {
        throw bad_usage(fmt::format("{}: a token of this program is " TANDEM_TOKEN "-STRUCTURE.SCENARIO:EXECUTION, as it was printed", token));
    }
    auto const name = token.substr(2, colon - 2);
    auto const scenario = std::ranges::find(scenarios(), name, full_name);
    if (scenario == scenarios().end()) {
        throw bad_usage(fmt::format("{}: no such scenario here", name));
    }
    trial_options how;
    how.search.again = token.substr(colon + 1);
    auto const one = run_alone(*scenario, how);
    if (!one.refused.empty()) {
        fmt::print(stderr, "{}: {}\n", token, one.refused);
        return cannot_answer;
    }
    auto const* const nothing = "no violation: something has changed since\n";
    fmt::print("{} {}\n{}", scenario->structure, scenario->name(),
               !one.violation        ? nothing
               : one.history.empty() ? one.what + "\n"
                                     : one.history);
    return one.violation ? not_as_expected : as_expected;
}

int run_all(options const& asked) {
    if (!asked.mutate.empty()) {
        (void)mutant_of(asked.mutate);
    }
    (void)number(asked.seed);
    std::vector<scenario_entry const*> chosen;
    for (auto const& name : asked.names) {
        chosen.push_back(find(name));
        if (chosen.back() == nullptr) {
            throw bad_usage(fmt::format("{}: no such scenario; --list shows them", name));
        }
    }
    if (chosen.empty()) {
        for (auto const& one : scenarios()) {
            chosen.push_back(&one);
        }
    }
    std::signal(SIGINT, note_interrupt);
    std::signal(SIGTERM, note_interrupt);

    bool expected = true;
    bool complete = true;
    auto rows = json::array();
    for (auto const* scenario : chosen) {
        auto const one = run(*scenario, asked);
        rows.push_back(one.row);
        expected = expected && one.expected;
        complete = one.complete;
        tell(one);
        std::fflush(stdout); // or a child that ends in a way of its own may say it again
        if (!complete || (asked.until_violation && one.row["verdict"] == to_string(verdict::violation))) {
            break;
        }
    }
    if (!asked.json_file.empty()) {
        write_record(asked.json_file, "model", complete, std::move(rows));
    }
    return !complete ? was_interrupted : expected ? as_expected : not_as_expected;
}

} // namespace
} // namespace tandem::model

int main(int argc, char** argv) {
    using namespace tandem::model;
    options asked;
    CLI::App app("Model-checks scenarios, each in a process of its own.");
    app.add_flag("--list", asked.list, "the scenarios, one JSON object a line");
    app.add_option("--scenario", asked.names, "which (default: all)");
    app.add_option("--executions", asked.executions, "executions a seed")->check(CLI::PositiveNumber);
    app.add_option("--seed", asked.seed, "the first seed");
    app.add_option("--seeds", asked.seeds, "how many seeds")->check(CLI::PositiveNumber);
    app.add_option("--search", asked.search, "how executions are chosen")
        ->check(CLI::IsMember({"any", "random", "full", "bounded"}));
    app.add_option("--json", asked.json_file, "where the results go");
    app.add_flag("--sites", asked.sites, "also tell which memory orders were reached");
    app.add_option("--mutate", asked.mutate, "weaken one memory order: FILE:LINE:ORDINAL:ROLE[=ORDER]");
    app.add_flag("--until-violation", asked.until_violation, "of several scenarios, none after the first that has one");
    app.add_option("--replay", asked.replay, "one violating execution again, from its token");
    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& e) {
        return app.exit(e) == 0 ? as_expected : usage;
    }
    try {
        if (asked.list) {
            list();
            return as_expected;
        }
        return asked.replay.empty() ? run_all(asked) : replay(asked.replay);
    } catch (bad_usage const& e) {
        fmt::print(stderr, "{}\n", e.what());
        return usage;
    } catch (std::exception const& e) {
        fmt::print(stderr, "{}\n", e.what());
        return not_as_expected;
    }
}
