#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "commands.hpp"
#include "model_checkers.hpp"
#include "workspace.hpp"

namespace tandem::tools {
namespace {

// Fewer cores than asked for is said, not hidden.
void say_what_is_missing(std::string const& cores) {
    std::istringstream list(cores);
    for (std::string one; std::getline(list, one, ',');) {
        if (std::stoul(one) > cores_allowed()) {
            fmt::print("{} cores were asked for, {} are allowed here: no row for {} cores\n", one, cores_allowed(),
                       one);
        }
    }
}

// Of another build than the rest, and so measured alone.
completion bench_model_checkers(invocation const& asked) {
    if (asked.names.size() != 1) {
        throw bad_input(fmt::format("{} is measured alone", model_checkers));
    }
    for (auto const& [option, value] : asked.options) {
        if (option != "--rounds" && option != "--sample" && option != "--quick" && option != "--json") {
            throw bad_input(fmt::format("{} knows no {}", model_checkers, option));
        }
    }
    build(asked.root, "model", {"tandem_model_spsc", "tandem_explore_spsc"});
    recording record(asked.root, "bench", "model", asked.text());
    auto const code = measure_model_checkers(asked, record);
    completion done{code, std::move(record).finished()};
    save_record(done.record, asked.root, asked.get("--json"));
    return done;
}

} // namespace

completion bench(invocation const& asked) {
    if (std::ranges::find(asked.names, model_checkers) != asked.names.end()) {
        return bench_model_checkers(asked);
    }
    say_what_is_missing(asked.get("--cores"));
    build(asked.root, "bench", {"tandem_bench"});
    scratch_folder const scratch(asked.root);
    auto const results = scratch.file("bench.json");
    std::vector<std::string> command{bench_worker(asked.root).string()};
    command.insert(command.end(), asked.names.begin(), asked.names.end());
    for (auto const& [option, value] : asked.options) {
        if (option == "--json") {
            continue;
        }
        command.push_back(option);
        if (!value.empty()) {
            command.push_back(value);
        }
    }
    command.insert(command.end(), {"--json", results.string()});

    recording record(asked.root, "bench", "bench", asked.text());
    auto const code = run_worker(command, "bench", results, record);
    fmt::print("{} rows measured\n", record.results().size());
    completion done{code, std::move(record).finished()};
    save_record(done.record, asked.root, asked.get("--json"));
    return done;
}

} // namespace tandem::tools
