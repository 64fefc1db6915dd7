#include "proofs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "orders/claim.hpp"

namespace tandem::tools {
namespace {

logic_entry const& entry_named(std::vector<logic_entry> const& entries, std::string const& name) {
    auto const at = std::ranges::find_if(entries, [&](auto const& one) { return one.structure + "." + one.name == name; });
    if (at == entries.end()) {
        throw bad_input(fmt::format("an argument names the mutant {}, and stress/mutants does not have it", name));
    }
    return *at;
}

// Asks one scenario for all executions.
mutant whole(std::string name, scenario const& in, std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--search", "full"});
    return {.name = std::move(name), .arguments = std::move(arguments), .questions = {{in.worker, {in.name}, "", "1"}}};
}

} // namespace

proof proof_of(std::string const& argument, std::vector<scenario> const& scenarios, std::vector<std::string> const& arguments) {
    auto const claimed = claim_in(argument);
    proof made{.other = claimed.mutant, .of_order = !arguments.empty()};
    if (!claimed.complete()) {
        return made;
    }
    for (auto const& name : claimed.scenarios) {
        auto const in = std::ranges::find_if(scenarios, [&](scenario const& one) { return one.structure + "." + one.name == name; });
        if (in == scenarios.end()) {
            throw bad_input(fmt::format("an argument names the scenario {}, and the explorer does not have it", name));
        }
        made.parts.push_back({name, in->family(), whole(name, *in, arguments), whole(claimed.mutant, *in, {})});
    }
    return made;
}

void prove(invocation const& asked, std::vector<proof*> const& proofs) {
    if (proofs.empty()) {
        return;
    }
    scratch_folder const scratch(asked.root);
    auto const entries = read_logic_entries(asked.root);
    std::map<std::string, mutant> programs; // of each mutant and family that is needed
    std::vector<mutant*> asked_about;
    for (auto* const one : proofs) {
        for (auto& part : one->parts) {
            asked_about.push_back(&part.equivalent);
            auto const folder = scratch.file(one->other);
            auto const program = folder / part.noticed.questions.front().worker.filename();
            part.noticed.questions.front().worker = program;
            asked_about.push_back(&part.noticed);
            entry_named(entries, one->other).apply(asked.root, folder);
            programs.try_emplace(program.string(),
                                 mutant{.name = one->other,
                                        .preparations = {{family_compiler(asked.root).string(), folder.string(), part.family, program.string()}}});
        }
    }
    std::vector<mutant*> to_be_made;
    for (auto& [program, made] : programs) {
        to_be_made.push_back(&made);
    }
    ask(asked.root, std::move(to_be_made));
    ask(asked.root, std::move(asked_about));
}

std::string proof::part::problem(bool of_order) const {
    auto const& known = equivalent.known;
    return known.noticed()                     ? fmt::format("{} fails", scenario)
           : of_order && known.mutated.empty() ? fmt::format("{} does not reach it", scenario)
           : !known.exhaustive                 ? fmt::format("{} does not come to an end", scenario)
           : !noticed.known.noticed()          ? fmt::format("{} passes with {} as well", scenario, noticed.name)
                                               : "";
}

std::string proof::problem() const {
    if (parts.empty()) {
        return "the argument names no scenario, or no mutant that is noticed in it";
    }
    for (auto const& one : parts) {
        if (auto const found = one.problem(of_order); !found.empty()) {
            return found;
        }
    }
    return "";
}

std::string proof::verdict() const {
    bool const ended = std::ranges::all_of(parts, [](part const& one) { return one.equivalent.ended() && one.noticed.ended(); });
    return !ended ? "unfinished" : problem().empty() ? "equivalent" : "survived";
}

std::string proof::in_words() const {
    if (verdict() != "equivalent") {
        return "not proved equivalent: " + problem();
    }
    std::string text;
    for (auto const& one : parts) {
        text += fmt::format("{}{}, {} executions", text.empty() ? "proved equivalent within the model by " : "; ", one.scenario,
                            counted(one.equivalent.known.executions));
    }
    return text;
}

json proof::row() const {
    json told{{"mutant", other}, {"problem", problem()}, {"scenarios", json::array()}};
    for (auto const& one : parts) {
        told["scenarios"].push_back({{"scenario", one.scenario},
                                     {"executions", one.equivalent.known.executions},
                                     {"exhaustive", one.equivalent.known.exhaustive},
                                     {"seconds", one.equivalent.known.seconds},
                                     {"mutant_noticed_after", one.noticed.known.noticed_after}});
    }
    return told;
}

} // namespace tandem::tools
