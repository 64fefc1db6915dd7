#include <tandem/stress/engine/run.hpp>
#include <tandem/stress/render.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace tandem::stress {

namespace {

using namespace std::chrono_literals;

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
    bool of_explorer = false;
};

constexpr std::array<option, 6> options{{
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
    {"threads", "N", "threads a program, 2 to 64, of the explorer to 7 (default: chosen by the seed)",
     [](run_options& o, std::string const& text) {
         o.threads = number(text).value_or(0);
         return o.threads >= 2 && o.threads <= 64;
     }},
    {"executions", "N", "of each program (default 2000)",
     [](run_options& o, std::string const& text) {
         o.executions = number(text).value_or(0);
         return o.executions != 0;
     },
     true},
    {"replay", "TOKEN", "the programs of a failure again, until they fail",
     [](run_options& o, std::string const& text) {
         o.replay = text;
         return token::parse(text).has_value();
     }},
}};

bool takes(detail::runner by, option const& o) {
    return by == detail::runner::explorer || !o.of_explorer;
}

void print_help(detail::runner by, char const* program) {
    std::printf("%s, every history checked.\n\nusage: %s [OPTION VALUE]...\n\n",
                by == detail::runner::explorer ? "Small programs, their executions chosen by a model checker"
                                               : "Random programs on real threads",
                program);
    for (auto const& o : options) {
        if (takes(by, o)) {
            std::printf("  --%-10s %-6s %s\n", o.name, o.takes, o.meaning);
        }
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

std::optional<int> read_options(runner by, int argc, char const* const* argv, run_options& into) {
    into = run_options::from_environment();
    for (int i = 1; i < argc; ++i) {
        std::string const word = argv[i];
        if (word == "--help" || word == "-h") {
            print_help(by, argv[0]);
            return 0;
        }
        auto const known = std::ranges::find_if(options, [&](option const& o) {
            return takes(by, o) && word == concat({"--", o.name});
        });
        if (known == options.end() || i + 1 == argc) {
            std::fprintf(stderr, "%s is %s\n", word.c_str(),
                         known == options.end() ? "no option; try --help" : "followed by nothing");
            return 2;
        }
        if (!known->set(into, argv[++i])) {
            refuse(word, argv[i]);
        }
    }
    return std::nullopt;
}

int print_report(test_report const& found, run_options const& asked) {
    std::fputs(found.text.c_str(), stdout);
    return found ? 0 : !asked.replay.empty() && found.token.empty() ? 2 : 1;
}

replayer replay_by_program(int argc, char const* const* argv) {
    std::string const program = argc > 0 ? argv[0] : "";
    return [program](token const& again) { return concat({program, " --replay ", again.text()}); };
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
