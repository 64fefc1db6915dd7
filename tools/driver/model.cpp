#include <fmt/format.h>

#include <algorithm>

#include "scenarios.hpp"
#include "workspace.hpp"

namespace tandem::tools {

std::vector<scenario> list_scenarios(invocation const& asked) {
    auto const half = asked.get("--half", "both");
    std::vector<scenario> found;
    for (auto const& worker : model_workers(asked.root)) {
        auto const [output, end] = output_of({worker.string(), "--list"});
        if (interrupted()) {
            return {};
        }
        if (end.code != 0) {
            throw cannot_answer(fmt::format("{} --list ended with code {}", worker.string(), end.code));
        }
        std::size_t begin = 0;
        for (auto next = output.find('\n'); next != std::string::npos;
             begin = next + 1, next = output.find('\n', begin)) {
            auto const row = json::parse(output.substr(begin, next - begin), nullptr, false);
            if (!row.is_object()) {
                throw cannot_answer(fmt::format("{} --list: not a JSON object: {}", worker.string(),
                                                output.substr(begin, next - begin)));
            }
            scenario one{worker, row.value("structure", ""), row.value("half", ""), row.value("scenario", ""),
                         row.value("expected", "pass")};
            bool const named =
                asked.names.empty() || std::ranges::find(asked.names, one.structure) != asked.names.end();
            if (named && (half == "both" || half == one.half)) {
                found.push_back(std::move(one));
            }
        }
    }
    return found;
}

std::vector<std::string> scenario_command(scenario const& one, invocation const& asked,
                                          std::filesystem::path const& results) {
    std::vector<std::string> command{one.worker.string(), "--scenario", one.name, "--json", results.string()};
    for (std::string const option : {"--executions", "--seed", "--search"}) {
        bool const must_be_found = one.expected == "violation"; // in as many as that takes
        if (asked.has(option) && !(must_be_found && option == "--executions")) {
            command.insert(command.end(), {option, asked.get(option)});
        }
    }
    return command;
}

namespace {

// One worker's results are the record.
completion of_one_worker(invocation const& asked, recording record, std::string const& kind, std::vector<std::string> command) {
    scratch_folder const scratch(asked.root);
    auto const results = scratch.file(kind + ".json");
    command.insert(command.end(), {"--json", results.string()});
    int const code = run_worker(command, kind, results, record);
    completion done{code, std::move(record).finished()};
    save_record(done.record, asked.root, asked.get("--json"));
    return done;
}

completion litmus(invocation const& asked) {
    build(asked.root, "model", {"tandem_litmus", "tandem_litmus_relacy"});
    scratch_folder const scratch(asked.root);
    recording record(asked.root, "litmus", "model", asked.text());
    auto const relacys = scratch.file("relacy.json");
    auto const [output, end] = output_of({litmus_worker(asked.root, "relacy").string(), "--json", relacys.string()});
    if (end.code != 0) {
        throw cannot_answer(fmt::format("the litmus tests under Relacy ended with code {}\n{}", end.code, output));
    }
    return of_one_worker(asked, std::move(record), "litmus", {litmus_worker(asked.root, "explorer").string(), "--relacy", relacys.string()});
}

completion costs(invocation const& asked) {
    build(asked.root, "model", {"tandem_costs"});
    return of_one_worker(asked, recording(asked.root, "costs", "model", asked.text()), "costs", {costs_worker(asked.root).string()});
}

} // namespace

completion model(invocation const& asked) {
    if (asked.has("--costs")) {
        return costs(asked);
    }
    if (asked.has("--museum")) {
        return museum(asked);
    }
    if (asked.has("--litmus")) {
        return litmus(asked);
    }
    build(asked.root, "model");
    auto const mine = share_of(asked.get("--shard"));
    auto const all = list_scenarios(asked);
    std::vector<scenario> scenarios;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (mine.has(i)) {
            scenarios.push_back(all[i]);
        }
    }
    if (scenarios.empty() && !interrupted()) {
        throw cannot_answer("no model scenario is for that structure and half");
    }

    scratch_folder const scratch(asked.root);
    recording record(asked.root, "model", "model", asked.text());
    int code = 0;
    std::size_t started = 0;
    std::size_t ended = 0;
    {
        progress shown("model", scenarios.size());
        auto const next = [&]() -> std::optional<job> {
            if (started == scenarios.size()) {
                return std::nullopt;
            }
            auto const which = started++;
            auto const& one = scenarios[which];
            auto const results = scratch.file(fmt::format("{}.json", which));
            return job{scenario_command(one, asked, results),
                       {{"TANDEM_PROGRESS", "1"}},
                       [&shown, which](std::string_view line) {
                           if (!shown.take(which, line)) {
                               shown.say(line);
                           }
                       },
                       [&, which, results](ending const& end) {
                           shown.finish(which);
                           ++ended;
                           if (std::filesystem::exists(results)) {
                               record.add_worker_file(results);
                           } else {
                               record.incomplete();
                           }
                           if (interrupted()) {
                               return;
                           }
                           bool const usual = end.code >= 0 && end.code <= 3;
                           if (!usual) {
                               shown.say(fmt::format("{} ended with code {}, which no worker may",
                                                     scenarios[which].name, end.code));
                           }
                           code = worse(code, usual ? end.code : 1);
                       }};
        };
        run_jobs(next, cores_allowed(), [&] { shown.tick(); });
    }
    if (interrupted()) {
        record.incomplete();
    }
    fmt::print("{}\n", in_sum(record.results(), "executions"));
    if (interrupted()) {
        fmt::print("interrupted: {} of {} scenarios were run\n", ended, scenarios.size());
    }
    completion done{interrupted() ? 130 : code, std::move(record).finished()};
    save_record(done.record, asked.root, asked.get("--json"));
    return done;
}

} // namespace tandem::tools
