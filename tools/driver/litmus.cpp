#include "commands.hpp"
#include "workspace.hpp"

namespace tandem::tools {

completion litmus(invocation const& asked) {
    build(asked.root, "model", {"tandem_litmus"});
    scratch_folder const scratch(asked.root);
    recording record(asked.root, "litmus", "model", asked.text());
    auto const results = scratch.file("litmus.json");
    int const code = run_worker({litmus_worker(asked.root).string(), "--json", results.string()}, "litmus", results, record);
    completion done{code, std::move(record).finished()};
    save_record(done.record, asked.root, asked.get("--json"));
    return done;
}

} // namespace tandem::tools
