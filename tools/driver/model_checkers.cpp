#include "model_checkers.hpp"

#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "statistics.hpp"
#include "workspace.hpp"

namespace tandem::tools {
namespace {

// While it lives, this process and its children have one core: the last of those that are allowed.
class one_core {
public:
    one_core() {
        ask(sched_getaffinity(0, sizeof before_, &before_));
        cpu_set_t one;
        CPU_ZERO(&one);
        for (int core = CPU_SETSIZE; core-- != 0;) {
            if (CPU_ISSET(core, &before_)) {
                CPU_SET(core, &one);
                break;
            }
        }
        ask(sched_setaffinity(0, sizeof one, &one));
    }
    ~one_core() { sched_setaffinity(0, sizeof before_, &before_); }
    one_core(one_core const&) = delete;
    one_core& operator=(one_core const&) = delete;

private:
    static void ask(int result) {
        if (result != 0) {
            throw std::system_error(errno, std::generic_category(), "affinity");
        }
    }

    cpu_set_t before_;
};

struct checker {
    char const* name;
    std::filesystem::path worker;
    std::size_t executions = 0; // of a sample
    std::vector<double> samples{};
};

// Executions a second of the processor's time, for nothing waits in a checker; 0 when interrupted. A scenario that does not end as expected is no measurement.
double sample(checker const& of, std::string const& scenario, std::size_t executions, unsigned seed, scratch_folder const& scratch) {
    auto const results = scratch.file("sample.json");
    auto const [output, end] = output_of({of.worker.string(), "--scenario", scenario, "--search", "random", "--executions", std::to_string(executions), "--seed",
                                          std::to_string(seed), "--json", results.string()});
    if (interrupted()) {
        return 0;
    }
    if (end.code != 0) {
        throw cannot_answer(fmt::format("{} {} ended with code {}\n{}", of.name, scenario, end.code, output));
    }
    auto const row = read_json(results).at("results").at(0);
    return row.at("executions").get<double>() / row.at("processor_seconds").get<double>();
}

} // namespace

int measure_model_checkers(invocation const& asked, recording& into) {
    bool const quick = asked.has("--quick");
    auto const rounds = std::stoul(asked.get("--rounds", quick ? "5" : "15"));
    auto const seconds = std::stod(asked.get("--sample", quick ? "100" : "400")) / 1000;
    scratch_folder const scratch(asked.root);
    one_core const pinned;
    std::vector<std::vector<std::string>> table{{"scenario", "explorer /s", "Relacy /s", "ratio of medians [95 %]"}};
    for (std::string const name : {"spsc_three_each", "spsc_small_wrap_around_three"}) {
        std::array<checker, 2> both{{{"explorer", model_worker(asked.root, "explore", "spsc")}, {"relacy", model_worker(asked.root, "model", "spsc")}}};
        auto const scenario = "lockfree." + name;
        for (auto& one : both) {
            constexpr std::size_t first_look = 20'000;
            one.executions = static_cast<std::size_t>(std::max(1.0, sample(one, scenario, first_look, 1, scratch) * seconds));
        }
        for (unsigned round = 0; round != rounds; ++round) {
            for (auto const which : {round % 2, 1 - round % 2}) {
                auto& one = both[which];
                one.samples.push_back(sample(one, scenario, one.executions, round + 2, scratch));
            }
            if (interrupted()) {
                into.incomplete();
                return 130;
            }
        }
        auto const ratio = ratio_of_rounds(both[0].samples, both[1].samples);
        table.push_back({name, counted(median(both[0].samples)), counted(median(both[1].samples)),
                         fmt::format("{:.2f} [{:.2f}, {:.2f}]", ratio.value, ratio.low, ratio.high)});
        for (auto const& one : both) {
            into.add({{"workload", model_checkers},
                      {"implementation", one.name},
                      {"half", ""},
                      {"scenario", name},
                      {"placement", "one"},
                      {"threads", 2},
                      {"unit", "executions/s"},
                      {"samples", one.samples}});
        }
    }
    fmt::print("{}", text_table(table));
    return 0;
}

} // namespace tandem::tools
