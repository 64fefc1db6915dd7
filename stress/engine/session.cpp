#include <tandem/stress/engine/session.hpp>
#include <tandem/stress/engine/watchdog.hpp>
#include <tandem/stress/render.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <optional>
#include <thread>

namespace tandem::stress {

namespace {

using clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

// ---- what is asked for ----

std::optional<std::uint64_t> number(std::string const& text) {
    char* end = nullptr;
    auto const value = std::strtoull(text.c_str(), &end, 0);
    bool const digits = !text.empty() && text.front() >= '0' && text.front() <= '9';
    return digits && *end == '\0' ? std::optional<std::uint64_t>(value) : std::nullopt;
}

std::optional<std::chrono::duration<double>> duration(std::string const& text) {
    struct unit {
        char const* name;
        std::chrono::duration<double> length;
    };
    static constexpr std::array<unit, 5> units{{{"ms", 1ms}, {"s", 1s}, {"m", 1min}, {"h", 1h}, {"", 1s}}};
    char* end = nullptr;
    auto const amount = std::strtod(text.c_str(), &end);
    for (auto const& u : units) {
        if (end != text.c_str() && amount > 0 && std::strcmp(end, u.name) == 0) {
            return amount * u.length;
        }
    }
    return std::nullopt;
}

struct option {
    char const *name, *takes, *meaning;
    bool (*set)(run_options&, std::string const&);
};

constexpr std::array<option, 5> options{{
    {"for", "TIME", "how long, as 500ms, 30s or 5m (default 5s)",
     [](run_options& o, std::string const& text) {
         auto const time = duration(text);
         o.time = time.value_or(o.time);
         return time.has_value();
     }},
    {"rounds", "N", "so many seeds, instead of a time",
     [](run_options& o, std::string const& text) {
         auto const n = number(text);
         o.rounds = n.value_or(0);
         return o.rounds != 0;
     }},
    {"seed", "N", "the first seed (default 1)",
     [](run_options& o, std::string const& text) {
         auto const n = number(text);
         o.seed = n.value_or(o.seed);
         return n.has_value();
     }},
    {"threads", "N", "threads a history, 2 to 64 (default: chosen by the seed)",
     [](run_options& o, std::string const& text) {
         o.threads = number(text).value_or(0);
         return o.threads >= 2 && o.threads <= 64;
     }},
    {"replay", "TOKEN", "the programs of a failure again, until they fail",
     [](run_options& o, std::string const& text) {
         o.replay = text;
         return token::parse(text).has_value();
     }},
}};

void print_help(char const* program) {
    std::printf("Random programs on real threads, every history checked.\n\nusage: %s [OPTION VALUE]...\n\n", program);
    for (auto const& o : options) {
        std::printf("  --%-8s %-6s %s\n", o.name, o.takes, o.meaning);
    }
    std::printf("\nexit code: 0 passed, 1 failed, 2 not understood\n");
}

[[noreturn]] void refuse(std::string const& what, std::string const& value) {
    std::fprintf(stderr, "%s does not take '%s'\n", what.c_str(), value.c_str());
    std::exit(2);
}

std::string environment_name(option const& o) {
    std::string name = "TANDEM_STRESS_";
    for (char const* c = o.name; *c != '\0'; ++c) {
        name += static_cast<char>(*c - 'a' + 'A');
    }
    return name;
}

// ---- the run ----

// Everything that the threads of a run touch. A run whose calls never return is left behind, with this.
class session {
public:
    session(detail::some_scenarios what, run_options asked, campaign::replay_command again)
        : what_(std::move(what)), asked_(std::move(asked)), again_(std::move(again)) {}

    void run() {
        crew threads(std::max<std::size_t>(4, asked_.threads));
        watchdog const guard(threads, [this](std::string const& verdict, history const& pending) {
            finish(report_stuck(verdict, pending), true);
        });
        finish(asked_.replay.empty() ? search(threads) : replay(threads), false);
    }

    struct ending {
        test_report report{};
        bool stuck = false; // its threads will never end
    };

    ending wait() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return end_.has_value(); });
        return *end_;
    }

private:
    void finish(test_report found, bool stuck) {
        {
            std::lock_guard const lock(mutex_);
            if (end_) {
                return;
            }
            end_ = {std::move(found), stuck};
        }
        changed_.notify_all();
    }

    test_report search(crew& threads) {
        std::vector<campaign> campaigns;
        for (auto const& s : what_) {
            campaigns.emplace_back(*s, threads, asked_.threads, again_);
        }
        auto const begin = clock::now();
        for (std::uint64_t k = 0; asked_.rounds != 0 ? k != asked_.rounds : clock::now() - begin < asked_.time; ++k) {
            for (std::size_t i = 0; i != campaigns.size(); ++i) {
                begin_seed(*what_[i], {fingerprint(*what_[i]), asked_.threads, asked_.seed + k});
                if (campaigns[i].run(asked_.seed + k)) {
                    return report(campaigns);
                }
            }
        }
        return report(campaigns);
    }

    test_report replay(crew& threads) {
        auto const wanted = *token::parse(asked_.replay);
        auto const found =
            std::ranges::find_if(what_, [&](auto const& s) { return fingerprint(*s) == wanted.scenario; });
        if (found == what_.end()) {
            return {.text = concat({asked_.replay, " is of another test, or of this one with other operations\n"})};
        }
        std::vector<campaign> one;
        one.emplace_back(**found, threads, wanted.threads, again_);
        begin_seed(**found, wanted);
        auto const deadline = clock::now() + 20s;
        for (int attempt = 0; attempt != 500 && clock::now() < deadline; ++attempt) {
            if (one.front().run(wanted.seed)) {
                break;
            }
        }
        return report(one);
    }

    // What the watchdog names when this seed never ends.
    void begin_seed(scenario const& s, token const& seed) {
        std::lock_guard const lock(mutex_);
        current_ = &s;
        seed_ = seed;
    }

    test_report report(std::vector<campaign> const& campaigns) const {
        test_report made{.passed = true};
        std::uint64_t overlapping = 0;
        std::chrono::duration<double> seconds{0};
        for (auto const& c : campaigns) {
            auto const& sum = c.sum();
            made.seeds = std::max(made.seeds, sum.seeds);
            made.histories += sum.histories;
            made.operations += sum.operations;
            made.undecided += sum.undecided;
            overlapping += sum.overlapping;
            seconds += sum.seconds;
            if (sum.failed) {
                made.passed = false;
                made.text = sum.failed->report.text;
                made.token = sum.failed->token;
                made.shrunk_to = sum.failed->report.calls;
            }
        }
        if (made.passed) {
            std::array<char, 256> line;
            auto const share = 100 * static_cast<double>(overlapping) /
                               static_cast<double>(std::max<std::uint64_t>(made.operations, 1));
            std::snprintf(
                line.data(), line.size(), ": %llu histories, %llu calls (%.0f %% overlapping), %llu seeds, %.1f s",
                static_cast<unsigned long long>(made.histories), static_cast<unsigned long long>(made.operations),
                share, static_cast<unsigned long long>(made.seeds), seconds.count());
            made.text =
                concat({"pass  ", what_.front()->subject(), line.data(),
                        made.undecided != 0 ? concat({", ", std::to_string(made.undecided), " undecided"}) : "", "\n"});
        }
        return made;
    }

    test_report report_stuck(std::string const& verdict, history const& pending) {
        std::lock_guard const lock(mutex_);
        test_report made;
        made.token = seed_.text();
        made.shrunk_to = pending.size();
        made.text = render({.subject = current_->subject(),
                            .verdict = verdict,
                            .recorded = pending.size(),
                            .why = "these calls do not return, and nobody is left to wake their threads",
                            .again = again_ ? again_(seed_) : std::string()},
                           current_->operations(), pending, pending.size());
        return made;
    }

    detail::some_scenarios what_;
    run_options asked_;
    campaign::replay_command again_;

    std::mutex mutex_{};
    std::condition_variable changed_{};
    scenario const* current_ = nullptr;
    token seed_{};
    std::optional<ending> end_{};
};

} // namespace

run_options run_options::from_environment() {
    run_options asked;
    for (auto const& o : options) {
        auto const name = environment_name(o);
        if (char const* const value = std::getenv(name.c_str()); value != nullptr && !o.set(asked, value)) {
            refuse(name, value);
        }
    }
    return asked;
}

namespace detail {

test_report run(some_scenarios const& what, run_options const& asked, campaign::replay_command const& again) {
    auto const state = std::make_shared<session>(what, asked, again);
    std::thread runner([state] { state->run(); });
    auto const end = state->wait();
    if (end.stuck) {
        runner.detach();
    } else {
        runner.join();
    }
    return end.report;
}

int run_as_main(some_scenarios const& what, int argc, char const* const* argv) {
    auto asked = run_options::from_environment();
    for (int i = 1; i < argc; ++i) {
        std::string const word = argv[i];
        if (word == "--help" || word == "-h") {
            print_help(argv[0]);
            return 0;
        }
        auto const known = std::ranges::find_if(options, [&](option const& o) {
            return word == concat({"--", o.name});
        });
        if (known == options.end() || i + 1 == argc) {
            std::fprintf(stderr, "%s is %s\n", word.c_str(),
                         known == options.end() ? "no option; try --help" : "followed by nothing");
            return 2;
        }
        if (!known->set(asked, argv[++i])) {
            refuse(word, argv[i]);
        }
    }
    std::string const program = argc > 0 ? argv[0] : "";
    auto const found = run(what, asked, [program](token const& again) {
        return concat({program, " --replay ", again.text()});
    });
    std::fputs(found.text.c_str(), stdout);
    return found ? 0 : !asked.replay.empty() && found.token.empty() ? 2 : 1;
}

std::string replay_by_environment(token const& again) {
    return concat({"the same with TANDEM_STRESS_REPLAY=", again.text(), " in the environment"});
}

void refuse_declaration(std::string const& why) {
    std::fprintf(stderr, "tandem::stress::test: %s\n", why.c_str());
    std::abort();
}

} // namespace detail

} // namespace tandem::stress
