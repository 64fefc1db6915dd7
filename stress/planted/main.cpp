// tandem_planted: does each planted bug show, or not show, as the table says? One fresh process a bug and a seed, since what
// finds it may end the process.
#include "results.hpp"
#include "table.hpp"

#include <tandem/stress/engine/campaign.hpp>
#include <tandem/stress/engine/sanitizer.hpp>
#include <tandem/stress/engine/watchdog.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <thread>

#include <sys/wait.h>

namespace tandem::planted {
namespace {

using namespace stress;
using namespace std::chrono_literals;

enum exit_code { nothing = 0, by_checker = 10, by_watchdog = 11, by_sanitizer = 66, by_timeout = 124 };

// In the child: every scenario of the bug in turn, until a checker objects.
int run(planted_bug const& bug, std::uint64_t seed) {
    crew threads(4);
    campaign const* current = nullptr;
    auto const give_up = [&current](std::string const& verdict, history const&) {
        auto const lost = current->halted();
        fmt::print("{}", lost ? lost->report.text : verdict);
        std::fflush(stdout);
        std::_Exit(by_watchdog);
    };
    watchdog const guard(threads, give_up, 25ms);
    std::vector<campaign> campaigns;
    for (auto const& s : bug.scenarios) {
        campaigns.emplace_back(*s, threads, bug.threads);
    }
    for (std::uint64_t k = 0; k != bug.budget; ++k) {
        auto& one = campaigns[k % campaigns.size()];
        current = &one;
        if (one.run(seed * bug.budget + k)) {
            fmt::print("{}", one.sum().failed->report.text);
            return by_checker;
        }
    }
    return nothing;
}

struct answer {
    int code = 0;
    std::string output{};
};

answer run_in_child(planted_bug const& bug, std::uint64_t seed) {
    auto const self = std::filesystem::read_symlink("/proc/self/exe").string();
    // What a bug has done to the heap can make a thread spin where no watchdog looks.
    auto const command = fmt::format("timeout 100 '{}' --child {} --seed {} 2>&1", self, bug.name, seed);
    auto* const pipe = ::popen(command.c_str(), "r");
    if (pipe == nullptr) {
        throw std::system_error(errno, std::generic_category(), command);
    }
    answer a;
    char buffer[4096];
    while (auto const n = std::fread(buffer, 1, sizeof buffer, pipe)) {
        a.output.append(buffer, n);
    }
    auto const ended = ::pclose(pipe);
    a.code = WIFEXITED(ended) ? WEXITSTATUS(ended) : 128 + WTERMSIG(ended);
    return a;
}

std::string finder(answer const& a) {
    switch (a.code) {
    case by_checker:
        return "checker";
    case by_watchdog:
        return "watchdog";
    case by_timeout:
        return "timeout";
    case by_sanitizer:
        for (auto const* const name : {"ThreadSanitizer", "LeakSanitizer", "AddressSanitizer"}) {
            if (a.output.find(std::string(": ") + name) != std::string::npos) {
                return name;
            }
        }
        [[fallthrough]];
    default:
        return fmt::format("exit {}", a.code);
    }
}

char const* in_words(found f) {
    return f == found::always ? "violation" : f == found::never ? "pass" : "either";
}

// All seeds of one bug; true when they went as the table says.
bool ask(planted_bug const& bug, std::uint64_t first, std::uint64_t seeds, results& written) {
    auto const begin = std::chrono::steady_clock::now();
    std::vector<answer> answers(seeds);
    std::atomic<std::uint64_t> next{0};
    {
        std::vector<std::jthread> workers;
        for (int i = 0; i != 4; ++i) {
            workers.emplace_back([&] {
                for (auto k = next++; k < seeds; k = next++) {
                    answers[k] = run_in_child(bug, first + k);
                }
            });
        }
    }
    std::map<std::string, std::uint64_t> by;
    answer const* shown = nullptr;
    for (auto const& a : answers) {
        if (a.code != nothing) {
            ++by[finder(a)];
            shown = shown == nullptr ? &a : shown;
        }
    }
    std::uint64_t sum = 0;
    std::string method;
    for (auto const& [who, times] : by) {
        sum += times;
        method += fmt::format("{}{} {}", method.empty() ? "" : ", ", who, times);
    }
    bool const unknown_end = std::ranges::any_of(by, [](auto const& entry) { return entry.first.starts_with("exit"); });
    auto const expected = bug.expected();
    bool const fine = !unknown_end && (expected == found::either || sum == (expected == found::always ? seeds : 0));
    fmt::print("{:<5} {:<18} found {:>2} of {}, expected {:<3} {}\n", fine ? "pass" : "FAIL", bug.name, sum, seeds,
               expected == found::always  ? "all"
               : expected == found::never ? "none"
                                          : "any",
               method);
    nlohmann::json row{{"structure", "planted"},
                       {"half", "planted"},
                       {"scenario", bug.name},
                       {"sanitizer", sanitizer()},
                       {"compiler", results::compiler()},
                       {"seed_first", first},
                       {"seed_count", seeds},
                       {"found", sum},
                       {"method", method},
                       {"verdict", sum == seeds ? "violation"
                                   : sum == 0   ? "pass"
                                                : "sometimes"},
                       {"expected", in_words(expected)},
                       {"as_expected", fine},
                       {"seconds", std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count()}};
    if (shown != nullptr) {
        row["report"] = shown->output.substr(0, 4000);
        if (!fine) {
            fmt::print("{}\n", shown->output);
        }
    }
    written.add(std::move(row));
    return fine;
}

} // namespace
} // namespace tandem::planted

int main(int argc, char** argv) {
    using namespace tandem::planted;
    std::vector<std::string> names;
    std::uint64_t seeds = 20, seed = 1;
    std::string json, child;
    bool list = false;
    CLI::App app("Planted bugs: each must be found, or not, as the table says.");
    app.add_option("names", names, "bugs; none: all");
    app.add_option("--seeds", seeds, "how many seeds each")->check(CLI::PositiveNumber);
    app.add_option("--seed", seed, "the first seed");
    app.add_option("--json", json, "where the results go");
    app.add_flag("--list", list, "what there is, as JSON lines");
    app.add_option("--child", child, "one bug, one seed, in this process")->group("");
    CLI11_PARSE(app, argc, argv);

    auto const all = table();
    auto const named = [&](std::string const& name) { return std::ranges::find(all, name, &planted_bug::name); };
    if (!child.empty()) {
        auto const bug = named(child);
        return bug == all.end() ? 2 : run(*bug, seed);
    }
    for (auto const& name : names) {
        if (named(name) == all.end()) {
            fmt::print(stderr, "no planted bug is named '{}'\n", name);
            return 2;
        }
    }
    tandem::stress::results written(json, "stress");
    ::setenv("TSAN_OPTIONS", "exitcode=66:halt_on_error=1", 1);
    ::setenv("ASAN_OPTIONS", "exitcode=66:detect_leaks=1", 1);
    bool fine = true;
    for (auto const& bug : all) {
        if (!names.empty() && std::ranges::find(names, bug.name) == names.end()) {
            continue;
        }
        if (list) {
            nlohmann::json const line{{"structure", "planted"},
                                      {"half", "planted"},
                                      {"scenario", bug.name},
                                      {"expected", in_words(bug.expected())},
                                      {"sanitizer", tandem::stress::sanitizer()}};
            fmt::print("{}\n", line.dump());
        } else {
            fine &= ask(bug, seed, seeds, written);
        }
    }
    written.write(true);
    return fine ? 0 : 1;
}
