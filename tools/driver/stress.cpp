#include <fmt/format.h>

#include "commands.hpp"
#include "workspace.hpp"

namespace tandem::tools {
namespace {

std::string preset_for(std::string const& sanitizer) {
    return sanitizer == "thread" ? "tsan" : sanitizer == "address" ? "asan" : "bench";
}

} // namespace

completion stress(invocation const& asked) {
    auto const sanitizer = asked.get("--sanitizer", "thread");
    auto const preset = preset_for(sanitizer);
    build(asked.root, preset, {"tandem_random"});

    scratch_folder const scratch(asked.root);
    auto const results = scratch.file("stress.json");
    auto const seconds = seconds_of(asked.get("--for", "30s"));
    std::vector<std::string> command{stress_worker(asked.root, preset).string()};
    command.insert(command.end(), asked.names.begin(), asked.names.end());
    for (auto const& word : {std::string("--half"), asked.get("--half", "both"), std::string("--for"),
                             fmt::format("{}", seconds), std::string("--json"), results.string()}) {
        command.push_back(word);
    }
    for (char const* const option : {"--threads", "--seed", "--shard"}) {
        if (asked.has(option)) {
            command.insert(command.end(), {option, asked.get(option)});
        }
    }

    recording record(asked.root, "stress", preset, asked.text());
    auto const code = run_worker(command, "stress", results, record);
    fmt::print("{}\n", in_sum(record.results(), "histories"));
    completion done{code, std::move(record).finished()};
    save_record(done.record, asked.root, asked.get("--json"));
    return done;
}

} // namespace tandem::tools
