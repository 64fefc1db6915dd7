#include <fmt/format.h>

#include "commands.hpp"
#include "process.hpp"
#include "workspace.hpp"

namespace tandem::tools {
namespace {

// What the worker says is passed on as it comes.
int pass_on(std::vector<std::string> command) {
    return run_job({std::move(command),
                    {},
                    [](std::string_view line) {
                        fmt::print("{}\n", line);
                        std::fflush(stdout);
                    },
                    {}})
        .code;
}

} // namespace

completion replay(invocation const& asked) {
    auto const& token = asked.names.at(0);
    if (token.starts_with("S-")) {
        fmt::print("a run on real threads: the scenario and its seed are repeated, the schedule is not; it may take "
                   "several tries\n");
        auto const sanitizer = asked.get("--sanitizer", "thread");
        std::string const preset = sanitizer == "thread" ? "tsan" : sanitizer == "address" ? "asan" : "bench";
        build(asked.root, preset, {"tandem_random"});
        return {pass_on({stress_worker(asked.root, preset).string(), "--replay", token})};
    }
    if (token.starts_with("R-") || token.starts_with("E-")) {
        build(asked.root, "model");
        auto workers = model_workers(asked.root);
        workers.push_back(museum_worker(asked.root, "model", token.starts_with("R-") ? "model" : "explore"));
        for (auto const& worker : workers) {
            if (auto const code = pass_on({worker.string(), "--replay", token}); code != 2) {
                return {code}; // 2: a token of another family
            }
        }
        throw bad_input(fmt::format("no model checker knows the token {}", token));
    }
    throw bad_input(fmt::format("{}: a token begins with S- (stress), R- (Relacy) or E- (the explorer)", token));
}

} // namespace tandem::tools
