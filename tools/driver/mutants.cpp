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

// locked/include/tandem/locked/counter.hpp -> counter, locked; the same from a folder in there; the ground floor has no half.
std::pair<std::string, std::string> owner_of(std::string const& file) {
    std::filesystem::path const path(file);
    for (char const* const half : {"locked", "lockfree"}) {
        if (file.find(fmt::format("tandem/{}/", half)) != std::string::npos) {
            return {path.stem().string(), half};
        }
    }
    return {path.stem().string(), "ground floor"};
}

struct trial {
    order_site site;
    std::string to{};                    // where two orders are weaker, this one
    std::vector<std::string> weaker{};   // as the scenarios tell
    std::vector<std::size_t> reaching{}; // scenarios, as indices
    std::size_t next = 0;                // of reaching
    double executions = 0;
    double seconds = 0;
    std::string mutated{};
    std::string killer{};

    [[nodiscard]] std::string name() const { return to.empty() ? site.name() : site.name() + "=" + to; }
    [[nodiscard]] bool has_weaker() const { return site.order != "relaxed"; }
    [[nodiscard]] bool ended() const { return !killer.empty() || next == reaching.size(); }
    [[nodiscard]] std::string verdict() const {
        if (!has_weaker()) {
            return "skipped";
        }
        if (!killer.empty()) {
            return "killed";
        }
        return reaching.empty() ? "unreached" : ended() ? "survived" : "unfinished";
    }
    // Nobody noticed, and nobody says why.
    [[nodiscard]] bool unargued() const {
        return (verdict() == "survived" || verdict() == "unreached") && site.argument.empty();
    }
    [[nodiscard]] json row() const {
        auto const [structure, half] = owner_of(site.file);
        return {{"structure", structure},      {"half", half},
                {"file", site.file},           {"line", site.line},
                {"ordinal", site.ordinal},     {"role", site.role},
                {"operation", site.operation}, {"order", site.order},
                {"mutated", mutated},          {"verdict", verdict()},
                {"scenario", killer},          {"executions", executions},
                {"seconds", seconds},          {"argument", site.argument}};
    }
};

class mutation {
public:
    mutation(invocation const& asked, std::vector<scenario> scenarios, std::vector<trial>& trials)
        : asked_(asked), scenarios_(std::move(scenarios)), trials_(trials), scratch_(asked.root), shown_("mutants", 2) {
    }

    // Which sites does each scenario reach, while nothing is weakened?
    void learn_reach() {
        for (auto& one : trials_) {
            if (one.has_weaker()) {
                by_site_[one.site.name()] = &one;
            }
        }
        std::size_t started = 0;
        auto const next = [&]() -> std::optional<job> {
            return started < scenarios_.size() ? std::optional(reach_job(started++)) : std::nullopt;
        };
        run_jobs(next, cores_allowed(), [&] { shown_.tick(); });
        shown_.finish(0);
        split_by_order();
    }

    void weaken() {
        std::size_t total = 0;
        for (auto& one : trials_) {
            // The structure's own scenarios first: they notice soonest. Otherwise in the same order every time.
            std::ranges::sort(one.reaching);
            std::ranges::stable_partition(one.reaching, [&](std::size_t which) {
                return std::pair{scenarios_[which].structure, scenarios_[which].half} == owner_of(one.site.file);
            });
            if (!one.ended()) {
                waiting_.push_back(&one);
                ++total;
            }
        }
        auto const next = [&]() -> std::optional<job> {
            if (waiting_.empty()) {
                return std::nullopt;
            }
            auto* const one = waiting_.front();
            waiting_.pop_front();
            return weaken_job(*one, total);
        };
        run_jobs(next, cores_allowed(), [&] { shown_.tick(); });
    }

private:
    // acq_rel has two weaker neighbours, and each must be noticed.
    void split_by_order() {
        by_site_.clear();
        std::vector<trial> all;
        for (auto& one : trials_) {
            if (one.weaker.size() < 2) {
                all.push_back(std::move(one));
                continue;
            }
            for (auto const& order : one.weaker) {
                all.push_back(one);
                all.back().to = order;
            }
        }
        trials_ = std::move(all);
    }

    job reach_job(std::size_t which) {
        auto const results = scratch_.file(fmt::format("reach-{}.json", which));
        auto command = scenario_command(scenarios_[which], asked_, results);
        command.emplace_back("--sites");
        return {command, {}, {}, [this, which, results](ending const& end) {
                    if (interrupted()) {
                        return;
                    }
                    if (end.code != 0) {
                        throw cannot_answer(fmt::format("{} ends with code {} before anything is weakened",
                                                        scenarios_[which].name, end.code));
                    }
                    auto const told = read_json(results);
                    for (auto const& row : told.at("results")) {
                        for (auto const& reached : row.value("sites", json::array())) {
                            if (auto const at = by_site_.find(reached.value("site", "")); at != by_site_.end()) {
                                at->second->reaching.push_back(which);
                                at->second->weaker = reached.value("weaker", std::vector<std::string>());
                            }
                        }
                    }
                    shown_.set(0, static_cast<double>(which + 1), static_cast<double>(scenarios_.size()), "scenarios",
                               "which sites they reach");
                }};
    }

    job weaken_job(trial& one, std::size_t total) {
        auto const& tried = scenarios_[one.reaching[one.next]];
        auto const results = scratch_.file(fmt::format("mutant-{}.json", ++tries_));
        auto command = scenario_command(tried, asked_, results);
        command.insert(command.end(), {"--mutate", one.name()});
        return {command, {}, {}, [this, &one, &tried, results, total](ending const& end) {
                    if (interrupted()) {
                        return;
                    }
                    if (end.code == 2 || end.code == 3) {
                        throw cannot_answer(fmt::format("{} cannot weaken {}", tried.name, one.name()));
                    }
                    ++one.next;
                    one.seconds += end.seconds;
                    bool noticed = end.code > 3; // a crash is noticed too
                    if (std::filesystem::exists(results)) {
                        auto const told = read_json(results);
                        for (auto const& row : told.at("results")) {
                            noticed = noticed || row.value("verdict", "") == "violation";
                            one.executions += row.value("executions", 0.0);
                            one.mutated = row.value("mutated", one.mutated);
                        }
                    }
                    if (noticed) {
                        one.killer = tried.name;
                    }
                    if (one.ended()) {
                        shown_.set(1, static_cast<double>(++ended_), static_cast<double>(total), "mutants",
                                   one.site.name());
                    } else {
                        waiting_.push_front(&one);
                    }
                }};
    }

    invocation const& asked_;
    std::vector<scenario> scenarios_;
    std::vector<trial>& trials_;
    std::map<std::string, trial*> by_site_;
    std::deque<trial*> waiting_;
    std::size_t tries_ = 0;
    std::size_t ended_ = 0;
    scratch_folder scratch_;
    progress shown_;
};

// The sites of the structures, half and share asked for; the denominator.
std::vector<trial> list_trials(invocation const& asked) {
    auto const mine = share_of(asked.get("--shard"));
    auto const half = asked.get("--half", "both");
    std::vector<trial> trials;
    std::size_t index = 0;
    for (auto& site : check_orders(asked.root).sites) {
        auto const [structure, of] = owner_of(site.file);
        bool const named = asked.names.empty() || std::ranges::find(asked.names, structure) != asked.names.end();
        if (named && (half == "both" || half == of) && mine.has(index++)) {
            trials.push_back({std::move(site)});
        }
    }
    return trials;
}

std::string summary(std::vector<trial> const& trials) {
    std::vector<std::vector<std::string>> table{{"site", "operation", "order", "verdict", "by"}};
    for (auto const& one : trials) {
        if (!one.has_weaker()) {
            continue;
        }
        auto const argued = one.killer.empty() && !one.site.argument.empty();
        table.push_back({one.site.name(), one.site.operation,
                         one.mutated.empty() ? one.site.order : one.site.order + " to " + one.mutated, one.verdict(),
                         argued ? "argued: " + one.site.argument : one.killer});
    }
    return text_table(table);
}

} // namespace

completion mutants(invocation const& asked) {
    build(asked.root, "model");
    // Scenarios of every structure: the ground floor is reached by all of them. A planted bug fails with or without a mutant.
    // Relacy is asked alone.
    auto scenarios = list_scenarios({asked.root, "model"});
    std::erase_if(scenarios, [](scenario const& one) {
        return one.expected != "pass" || one.worker.filename().string().starts_with("tandem_explore_");
    });
    auto trials = list_trials(asked);

    recording record(asked.root, "mutants", "model", asked.text());
    {
        mutation run(asked, std::move(scenarios), trials);
        run.learn_reach();
        run.weaken();
    }
    std::map<std::string, std::size_t> counts;
    for (auto const& one : trials) {
        ++counts[one.verdict()];
        record.add(one.row());
    }
    auto const unargued = std::ranges::count_if(trials, &trial::unargued);
    fmt::print(
        "{}{} killed, {} survived, {} unreached ({} of these without an argument); {} relaxed, nothing is weaker\n",
        summary(trials), counts["killed"], counts["survived"], counts["unreached"], unargued, counts["skipped"]);
    if (interrupted()) {
        record.incomplete();
        fmt::print("interrupted: {} were not tried to the end\n", counts["unfinished"]);
    }
    completion done{interrupted() ? 130 : unargued == 0 ? 0 : 1, std::move(record).finished()};
    save_record(done.record, asked.root, asked.get("--json"));
    return done;
}

} // namespace tandem::tools
