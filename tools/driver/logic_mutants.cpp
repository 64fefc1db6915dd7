// Mutants of logic: the changes that stress/mutants lists. Each is compiled into families of scenarios, which the explorer runs.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "logic_entries.hpp"
#include "proofs.hpp"

namespace tandem::tools {
namespace {

struct trial {
    logic_entry entry;
    mutant asked{};
    std::vector<scenario> scenarios{}; // of the programs made for it
    std::optional<proof> equivalent{}; // where an argument says so

    [[nodiscard]] std::string verdict() const {
        auto const said = asked.verdict();
        return said == "survived" && equivalent ? equivalent->verdict() : said;
    }
    [[nodiscard]] json row() const {
        json told{{"structure", entry.structure}, {"half", owner_of(entry.file).second},
                  {"mutant", entry.name},         {"file", entry.file},
                  {"breaks", entry.breaks},       {"verdict", verdict()},
                  {"argument", entry.argument}};
        asked.known.add_to(told);
        if (equivalent) {
            told["proof"] = equivalent->row();
        }
        return told;
    }
};

std::vector<trial> list_trials(invocation const& asked) {
    selection mine(asked);
    std::vector<trial> trials;
    for (auto& entry : read_logic_entries(asked.root)) {
        (void)entry.changed(asked.root); // each must apply, whichever is asked about
        if (mine.has(entry.structure, owner_of(entry.file).second)) {
            trials.push_back({std::move(entry)});
        }
    }
    return trials;
}

// The headers are changed, in a folder of the mutant's own, and the families are to be compiled there before anything is asked.
void prepare(trial& one, invocation const& asked, std::vector<scenario> const& all,
             std::filesystem::path const& folder) {
    auto const& entry = one.entry;
    one.asked.name = entry.structure + "." + entry.name;
    entry.apply(asked.root, folder);
    for (auto const& family : entry.families) {
        auto const worker = "tandem_explore_" + family;
        one.asked.preparations.push_back(
            {family_compiler(asked.root).string(), folder.string(), family, (folder / worker).string()});
        auto const before = one.scenarios.size();
        std::ranges::copy_if(all, std::back_inserter(one.scenarios),
                             [&](scenario const& s) { return s.worker.filename() == worker; });
        if (one.scenarios.size() == before) {
            throw bad_input(fmt::format("{}: there is no family {}", entry.place, family));
        }
    }
    std::vector<scenario const*> chosen;
    for (auto& s : one.scenarios) {
        s.worker = folder / s.worker.filename();
        chosen.push_back(&s);
    }
    one.asked.questions = rising(chosen, asked);
    if (!entry.argument.empty()) {
        one.equivalent = proof_of(entry.argument, one.scenarios, {});
    }
}

std::string summary(std::vector<trial> const& trials) {
    std::vector<std::vector<std::string>> table{{"mutant", "verdict", "after", "seconds", "noticed by", "breaks"}};
    for (auto const& one : trials) {
        auto const& known = one.asked.known;
        table.push_back(
            {one.asked.name, one.verdict(), known.after(), fmt::format("{:.1f}", known.seconds), known.scenario,
             known.noticed() || !one.equivalent ? one.entry.breaks : one.equivalent->in_words()});
    }
    return text_table(table);
}

} // namespace

completion logic_mutants(invocation const& asked) {
    auto trials = list_trials(asked);
    build(asked.root, "model");
    auto scenarios = list_scenarios({asked.root, "model"});
    std::erase_if(scenarios, [](scenario const& one) { return one.expected != "pass" || !one.of_explorer(); });

    recording record(asked.root, "logic_mutants", "model", asked.text());
    scratch_folder const scratch(asked.root);
    std::vector<mutant*> mutants;
    for (auto& one : trials) {
        prepare(one, asked, scenarios, scratch.file(one.entry.structure + "." + one.entry.name));
        mutants.push_back(&one.asked);
    }
    ask(asked.root, std::move(mutants));
    prove_arguments(asked, trials);

    tally sum;
    for (auto const& one : trials) {
        sum.add(one.verdict(), one.entry.argument);
        record.add(one.row());
    }
    fmt::print("{}{}\n", summary(trials), sum.in_words());
    return finished(std::move(record), sum, asked);
}

} // namespace tandem::tools
