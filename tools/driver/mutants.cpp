// Mutants: each memory order of the shipped headers one step weaker, and the scenarios that reach it, until one fails.
#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>

#include "orders/orders.hpp"
#include "scenarios.hpp"
#include "workspace.hpp"

namespace tandem::tools {
namespace {

// locked/include/tandem/locked/counter.hpp -> counter, locked; the ground floor has no half of its own.
std::pair<std::string, std::string> owner_of(std::string const& file) {
    std::filesystem::path const path(file);
    auto const half = path.parent_path().filename().string();
    return {path.stem().string(), half == "locked" || half == "lockfree" ? half : "ground floor"};
}

struct trial {
    order_site site;
    std::vector<std::size_t> reaching;  // scenarios, as indices
    std::size_t next = 0;
    double executions = 0;
    double seconds = 0;
    std::string mutated{};
    std::string killer{};
    bool skipped = false;
    bool ended = false;

    [[nodiscard]] std::string verdict() const {
        if (skipped) return "skipped";
        if (!killer.empty()) return "killed";
        return reaching.empty() ? "unreached" : ended ? "survived" : "unfinished";
    }
    [[nodiscard]] json row() const {
        auto const [structure, half] = owner_of(site.file);
        return {{"structure", structure}, {"half", half},         {"file", site.file},       {"line", site.line},       {"ordinal", site.ordinal},
                {"role", site.role},      {"operation", site.operation}, {"order", site.order}, {"mutated", mutated},   {"verdict", verdict()},
                {"scenario", killer},     {"executions", executions},    {"seconds", seconds},  {"argument", site.argument}};
    }
};

// First, which sites does each scenario reach?
void learn_reach(std::vector<scenario> const& scenarios, invocation const& asked, std::map<std::string, trial*> const& by_site, progress& shown) {
    scratch_folder const scratch(asked.root);
    std::size_t started = 0;
    auto const next = [&]() -> std::optional<job> {
        if (started == scenarios.size()) return std::nullopt;
        auto const which = started++;
        auto const results = scratch.file(fmt::format("{}.json", which));
        auto command = scenario_command(scenarios[which], asked, results);
        command.emplace_back("--sites");
        return job{command, {}, {}, [&, which, results](ending const& end) {
                       if (interrupted()) return;
                       if (end.code != 0)
                           throw cannot_answer(fmt::format("{} ends with code {} before anything is weakened", scenarios[which].name, end.code));
                       for (auto const& row : read_json(results).at("results"))
                           for (auto const& site : row.value("sites_reached", json::array()))
                               if (auto const at = by_site.find(site.get<std::string>()); at != by_site.end()) at->second->reaching.push_back(which);
                       shown.set(0, static_cast<double>(which + 1), static_cast<double>(scenarios.size()), "scenarios", "which sites they reach");
                   }};
    };
    run_jobs(next, cores_allowed(), [&] { shown.tick(); });
}

std::string summary(std::vector<trial> const& trials) {
    std::vector<std::vector<std::string>> table{{"site", "operation", "order", "verdict", "by"}};
    for (auto const& one : trials) {
        if (one.skipped) continue;
        auto by = one.killer;
        if (one.verdict() == "survived" || one.verdict() == "unreached") by = one.site.argument.empty() ? "" : "argued: " + one.site.argument;
        auto const order = one.mutated.empty() ? one.site.order : one.site.order + " to " + one.mutated;
        table.push_back({one.site.name(), one.site.operation, order, one.verdict(), by});
    }
    return text_table(table);
}

}  // namespace

completion mutants(invocation const& asked) {
    build(asked.root, "model");
    auto const mine = share_of(asked.get("--shard"));
    auto const half = asked.get("--half", "both");

    std::vector<scenario> scenarios;
    for (auto& one : list_scenarios({asked.root, "model"}))
        if (one.expected == "pass") scenarios.push_back(std::move(one));  // a planted bug is found with or without a mutant

    std::vector<trial> trials;
    std::size_t weakenable = 0;
    for (auto& site : check_orders(asked.root).sites) {
        auto const [structure, of] = owner_of(site.file);
        if (!asked.names.empty() && std::ranges::find(asked.names, structure) == asked.names.end()) continue;
        if (half != "both" && half != of) continue;
        trial one{std::move(site), {}};
        one.skipped = one.site.order == "relaxed";  // nothing is weaker
        if (!one.skipped && !mine.has(weakenable++)) continue;
        trials.push_back(std::move(one));
    }

    recording record(asked.root, "mutants", "model", asked.text());
    {
        std::map<std::string, trial*> by_site;
        for (auto& one : trials)
            if (!one.skipped) by_site[one.site.name()] = &one;
        progress shown("mutants", 2);
        learn_reach(scenarios, asked, by_site, shown);
        shown.finish(0);

        // The structure's own scenarios first: they notice soonest.
        std::deque<trial*> waiting;
        std::size_t total = 0;
        for (auto& one : trials) {
            if (one.skipped || one.reaching.empty()) continue;
            std::ranges::stable_sort(one.reaching, {}, [&](std::size_t which) {
                return std::pair{scenarios[which].structure, scenarios[which].half} != owner_of(one.site.file);
            });
            waiting.push_back(&one);
            ++total;
        }
        scratch_folder const scratch(asked.root);
        std::size_t tries = 0;
        std::size_t ended = 0;
        auto const next = [&]() -> std::optional<job> {
            if (waiting.empty()) return std::nullopt;
            auto* const one = waiting.front();
            waiting.pop_front();
            auto const& tried = scenarios[one->reaching[one->next++]];
            auto const results = scratch.file(fmt::format("{}.json", ++tries));
            auto command = scenario_command(tried, asked, results);
            command.insert(command.end(), {"--mutate", one->site.name()});
            return job{command, {}, {}, [&, one, results](ending const& end) {
                           if (interrupted()) return;
                           one->seconds += end.seconds;
                           bool violation = end.code > 3;  // a crash is noticed too
                           if (end.code == 2 || end.code == 3) throw cannot_answer(fmt::format("{} cannot weaken {}", tried.name, one->site.name()));
                           if (std::filesystem::exists(results))
                               for (auto const& row : read_json(results).at("results")) {
                                   violation = violation || row.value("verdict", "") == "violation";
                                   one->executions += row.value("executions", 0.0);
                                   one->mutated = row.value("mutated", one->mutated);
                               }
                           if (violation) one->killer = tried.name;
                           one->ended = violation || one->next == one->reaching.size();
                           if (!one->ended) waiting.push_front(one);
                           else ++ended;
                           shown.set(1, static_cast<double>(ended), static_cast<double>(total), "mutants", one->site.name());
                       }};
        };
        run_jobs(next, cores_allowed(), [&] { shown.tick(); });
    }

    std::map<std::string, std::size_t> counts;
    std::size_t unargued = 0;
    for (auto const& one : trials) {
        auto const verdict = one.verdict();
        ++counts[verdict];
        if ((verdict == "survived" || verdict == "unreached") && one.site.argument.empty()) ++unargued;
        record.add(one.row());
    }
    if (interrupted()) record.incomplete();
    fmt::print("{}", summary(trials));
    fmt::print("{} killed, {} survived, {} unreached ({} of these without an argument); {} relaxed orders have nothing weaker{}\n", counts["killed"],
               counts["survived"], counts["unreached"], unargued, counts["skipped"],
               interrupted() ? fmt::format("; interrupted, {} not tried to the end", counts["unfinished"]) : "");
    completion done{interrupted() ? 130 : unargued == 0 ? 0 : 1, std::move(record).finished()};
    save_record(done.record, asked.root, asked.get("--json"));
    return done;
}

}  // namespace tandem::tools
