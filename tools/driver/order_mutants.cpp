// Mutants of orders: each memory order of the shipped headers one step weaker. The explorer is asked, and about what it does not notice,
// Relacy.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "orders/orders.hpp"
#include "proofs.hpp"

namespace tandem::tools {
namespace {

struct trial {
    order_site site;
    std::string to{};                          // where two orders are weaker, this one
    std::vector<scenario const*> reached_by{}; // of the explorer, as far as a short run shows
    mutant asked{};
    std::optional<proof> equivalent{}; // where an argument says so

    [[nodiscard]] std::string name() const { return to.empty() ? site.name() : site.name() + "=" + to; }
    [[nodiscard]] bool has_weaker() const { return site.order != "relaxed"; }
    [[nodiscard]] std::string verdict() const {
        auto const said = asked.verdict();
        return !has_weaker()                                       ? "skipped"
               : said == "survived" && equivalent                  ? equivalent->verdict()
               : said == "survived" && asked.known.mutated.empty() ? "unreached"
                                                                   : said;
    }
    [[nodiscard]] json row() const {
        auto const [structure, half] = owner_of(site.file);
        json told{{"structure", structure},
                  {"half", half},
                  {"file", site.file},
                  {"line", site.line},
                  {"ordinal", site.ordinal},
                  {"role", site.role},
                  {"operation", site.operation},
                  {"order", site.order},
                  {"mutated", asked.known.mutated},
                  {"verdict", verdict()},
                  {"argument", site.argument}};
        asked.known.add_to(told);
        if (equivalent) {
            told["proof"] = equivalent->row();
        }
        return told;
    }
};

// The sites of the structures, half and share asked for; the denominator.
std::vector<trial> list_trials(invocation const& asked) {
    selection mine(asked);
    std::vector<trial> trials;
    for (auto& site : check_orders(asked.root).sites) {
        auto const [structure, half] = owner_of(site.file);
        if (mine.has(structure, half)) {
            trials.push_back({std::move(site)});
        }
    }
    return trials;
}

// Which sites does each scenario reach, in a short run, while nothing is weakened?
void learn_reach(std::filesystem::path const& root, std::vector<scenario> const& scenarios,
                 std::vector<trial>& trials) {
    std::map<std::string, trial*> by_site;
    for (auto& one : trials) {
        if (one.has_weaker()) {
            by_site[one.site.name()] = &one;
        }
    }
    constexpr std::size_t at_once = 16; // in a process
    std::vector<std::span<scenario const>> parts;
    for (auto at = scenarios.begin(); at != scenarios.end();) {
        auto const other = std::find_if(at, scenarios.end(), [&](auto const& one) { return one.worker != at->worker; });
        auto const end = at + std::min<std::ptrdiff_t>(at_once, other - at);
        parts.emplace_back(at, end);
        at = end;
    }
    scratch_folder const scratch(root);
    progress shown("which orders the scenarios reach", parts.size());
    std::size_t started = 0;
    auto const next = [&]() -> std::optional<job> {
        if (started == parts.size()) {
            return std::nullopt;
        }
        auto const which = started++;
        auto const part = parts[which];
        auto const results = scratch.file(fmt::format("{}.json", which));
        question asked{part.front().worker, {}, "200", "1"};
        for (auto const& one : part) {
            asked.scenarios.push_back(one.name);
        }
        auto command = asked.command(results);
        command.emplace_back("--sites");
        return job{command, {}, {}, [&, which, part, results](ending const& end) {
                       if (interrupted()) {
                           return;
                       }
                       if (end.code != 0) {
                           throw cannot_answer(fmt::format("{} ends with code {} before anything is weakened",
                                                           part.front().worker.filename().string(), end.code));
                       }
                       auto const told = read_json(results);
                       for (auto const& row : told.at("results")) {
                           auto const one = std::ranges::find(part, row.value("scenario", ""), &scenario::name);
                           for (auto const& reached : row.value("sites", json::array())) {
                               auto const at = by_site.find(reached.value("site", ""));
                               if (at != by_site.end() && one != part.end()) {
                                   at->second->reached_by.push_back(&*one);
                               }
                           }
                       }
                       shown.finish(which);
                   }};
    };
    run_jobs(next, cores_allowed(), [&] { shown.tick(); });
}

// acq_rel has two weaker neighbours, and each must be noticed.
void split_by_order(std::vector<trial>& trials) {
    std::vector<trial> all;
    for (auto& one : trials) {
        if (one.site.order != "acq_rel") {
            all.push_back(std::move(one));
            continue;
        }
        for (char const* const order : {"acquire", "release"}) {
            all.push_back(one);
            all.back().to = order;
        }
    }
    trials = std::move(all);
}

// The structure's own scenarios first: they notice soonest. Otherwise in the same order every time.
void put_own_first(std::vector<scenario const*>& scenarios, trial const& one) {
    auto const own = owner_of(one.site.file);
    std::ranges::sort(scenarios, {}, [&](scenario const* s) {
        return std::pair(s->structure != own.first || s->half != own.second, s);
    });
}

// What one checker says of those that are not yet noticed.
void weaken(invocation const& asked, std::vector<trial>& trials, std::vector<scenario> const& scenarios) {
    std::vector<mutant*> open;
    for (auto& one : trials) {
        if (!one.has_weaker() || one.asked.known.noticed()) {
            continue;
        }
        // The same scenarios under another checker have the same names. A site that a short run did not reach may be reached by any.
        std::vector<scenario const*> chosen;
        for (auto const& s : scenarios) {
            if (one.reached_by.empty() || std::ranges::any_of(one.reached_by, [&](scenario const* by) {
                    return by->name == s.name && by->structure == s.structure;
                })) {
                chosen.push_back(&s);
            }
        }
        put_own_first(chosen, one);
        one.asked.name = one.name();
        one.asked.arguments = {"--mutate", one.name()};
        std::ranges::copy(rising(chosen, asked), std::back_inserter(one.asked.questions));
        open.push_back(&one.asked);
    }
    ask(asked.root, std::move(open));
}

void read_arguments(std::vector<trial>& trials, std::vector<scenario> const& explorers) {
    for (auto& one : trials) {
        if (one.has_weaker() && !one.site.argument.empty()) {
            one.equivalent = proof_of(one.site.argument, explorers, {"--mutate", one.name()});
        }
    }
}

std::string summary(std::vector<trial> const& trials) {
    std::vector<std::vector<std::string>> table{
        {"site", "operation", "order", "verdict", "checker", "after", "seconds", "noticed by"}};
    for (auto const& one : trials) {
        if (!one.has_weaker()) {
            continue;
        }
        auto const& known = one.asked.known;
        table.push_back(
            {one.site.name(), one.site.operation,
             known.mutated.empty() ? one.site.order : one.site.order + " to " + known.mutated, one.verdict(),
             known.checker, known.after(), fmt::format("{:.1f}", known.seconds),
             known.noticed() || !one.equivalent ? known.scenario : one.equivalent->in_words()});
    }
    return text_table(table);
}

} // namespace

completion order_mutants(invocation const& asked) {
    build(asked.root, "model");
    // Scenarios of every structure: the ground floor is reached by all of them. A planted bug fails with or without a mutant; that an
    // order costs less when it is weaker says nothing of what it is for.
    auto explorers = list_scenarios({asked.root, "model"});
    std::erase_if(explorers, [](scenario const& one) {
        return one.expected != "pass" || one.worker.filename() == "tandem_explore_prices";
    });
    std::vector<scenario> relacys;
    std::ranges::copy_if(explorers, std::back_inserter(relacys),
                         [](scenario const& one) { return !one.of_explorer(); });
    std::erase_if(explorers, [](scenario const& one) { return !one.of_explorer(); });
    auto trials = list_trials(asked);

    recording record(asked.root, "mutants", "model", asked.text());
    learn_reach(asked.root, explorers, trials);
    split_by_order(trials);
    read_arguments(trials, explorers);
    weaken(asked, trials, explorers);
    weaken(asked, trials, relacys);
    prove_arguments(asked, trials);

    tally sum;
    std::size_t by_relacy = 0;
    for (auto const& one : trials) {
        sum.add(one.verdict(), one.site.argument);
        by_relacy += one.asked.known.checker == "relacy" ? 1U : 0U;
        record.add(one.row());
    }
    fmt::print("{}{}\n{} of the killed by Relacy alone; {} relaxed, nothing is weaker\n", summary(trials),
               sum.in_words(), by_relacy, sum.count("skipped"));
    return finished(std::move(record), sum, asked);
}

} // namespace tandem::tools
