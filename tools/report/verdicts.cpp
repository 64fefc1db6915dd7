#include "verdicts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "evidence.hpp"

namespace tandem::tools {
namespace {

bool ours(bench_row const& one) {
    return one.half == "locked" || one.half == "lockfree";
}

bench_row const* half_of(panel const& in, std::string const& structure, char const* half, position const& where) {
    auto const at = std::ranges::find_if(in.rows, [&](bench_row const& one) {
        return one.half == half && one.where == where && structure_of(*one.row) == structure;
    });
    return at == in.rows.end() ? nullptr : &*at;
}

double speed(bench_row const& one) {
    return median(speeds_of(*one.row));
}

// Neighbours with the same verdict.
struct stretch {
    verdict is;
    std::vector<duel const*> duels;
};

std::vector<stretch> stretches_of(std::vector<duel> const& duels) {
    std::vector<stretch> all;
    for (auto const& one : duels) {
        if (all.empty() || all.back().is != one.found.is) {
            all.push_back({one.found.is, {}});
        }
        all.back().duels.push_back(&one);
    }
    return all;
}

// How much faster the winner is, over a stretch: "1.2 to 1.5 times".
std::string by_how_much(stretch const& over) {
    double least = INFINITY, most = 0;
    for (auto const* const one : over.duels) {
        auto const ratio = over.is == verdict::slower ? 1 / one->found.ratio.value : one->found.ratio.value;
        least = std::min(least, ratio);
        most = std::max(most, ratio);
    }
    auto const low = times(least), high = times(most);
    return low == high ? low + " times" : fmt::format("{} to {} times", low, high);
}

// "1 thread", "from 2 to 8 threads", "2p1c"; `last` of all positions is "from 16 threads on".
std::string where_is(stretch const& over, workload const& of, bool first, bool last) {
    auto const& from = over.duels.front()->where;
    auto const& to = over.duels.back()->where;
    auto const named = [&](position const& one) { return in_words(one, of); };
    if (over.duels.size() == 1) {
        return "at " + named(from);
    }
    if (first) {
        return "up to " + named(to);
    }
    return last ? fmt::format("from {} on", named(from)) : fmt::format("from {} to {}", from.name, named(to));
}

// Everybody that this stretch is against, in backquotes.
std::string opponents(stretch const& over) {
    std::set<std::string> names;
    for (auto const* const one : over.duels) {
        names.insert(one->against);
    }
    std::string text;
    for (auto const& name : names) {
        text += fmt::format("{}`{}`", text.empty() ? "" : " or ", name);
    }
    return text;
}

} // namespace

std::string times(double ratio) {
    return ratio >= 9.95    ? fmt::format("{:.0f}", ratio)
           : ratio >= 1.995 ? fmt::format("{:.1f}", ratio)
                            : fmt::format("{:.2f}", ratio);
}

std::string in_words(position const& one, workload const& of) {
    if (!of.of_threads) {
        return fmt::format("{} {}", of.bottom, one.name);
    }
    bool const a_number = one.name.find('p') == std::string::npos;
    return a_number ? fmt::format("{} {}", one.name, one.at == 1 ? "thread" : "threads") : one.name;
}

std::vector<std::string> structures_of(panel const& in) {
    std::vector<std::string> found;
    for (auto const& one : in.rows) {
        auto const name = structure_of(*one.row);
        bool const both = one.half == "lockfree" && half_of(in, name, "locked", one.where) != nullptr;
        if (both && std::ranges::find(found, name) == found.end()) {
            found.push_back(name);
        }
    }
    return found;
}

std::vector<duel> halves_in(panel const& in, std::string const& structure) {
    std::vector<duel> found;
    for (auto const& where : in.positions()) {
        auto const* const lockfree = half_of(in, structure, "lockfree", where);
        auto const* const locked = half_of(in, structure, "locked", where);
        if (lockfree != nullptr && locked != nullptr) {
            found.push_back({where, locked->name, stand(*lockfree->row, *locked->row)});
        }
    }
    return found;
}

std::vector<duel> best_others_in(panel const& in, std::string const& structure) {
    std::vector<duel> found;
    for (auto const& where : in.positions()) {
        auto const* const lockfree = half_of(in, structure, "lockfree", where);
        bench_row const* best = nullptr;
        for (auto const& one : in.rows) {
            if (!ours(one) && one.where == where && (best == nullptr || speed(one) > speed(*best))) {
                best = &one;
            }
        }
        if (lockfree != nullptr && best != nullptr) {
            found.push_back({where, best->name, stand(*lockfree->row, *best->row)});
        }
    }
    return found;
}

std::string in_words(std::vector<duel> const& duels, workload const& of, bool twins) {
    auto const all = stretches_of(duels);
    char const* const wins = of.unit.find("byte") != std::string::npos ? "needs less" : "is faster";
    std::string text;
    std::optional<std::size_t> decided; // the last stretch with a winner
    std::string crossings;
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto const& one = all[i];
        bool const last = i + 1 == all.size();
        auto const where =
            all.size() == 1 ? (duels.size() > 1 ? " throughout" : "") : " " + where_is(one, of, i == 0, last);
        text += text.empty() ? "" : last ? ", and " : ", ";
        if (one.is == verdict::no_difference_seen) {
            text += fmt::format("no difference is seen{}{}", twins ? "" : " from " + opponents(one), where);
            continue;
        }
        bool const ahead = one.is == verdict::faster;
        text += fmt::format("{} {}{}{} ({})",
                            ahead   ? "lock-free"
                            : twins ? "locked"
                                    : opponents(one),
                            wins, ahead && !twins ? " than " + opponents(one) : "", where, by_how_much(one));
        if (decided && all[*decided].is != one.is) {
            crossings += fmt::format("{} {} and {}", crossings.empty() ? "; they cross between" : " and between",
                                     all[*decided].duels.back()->where.name, one.duels.front()->where.name);
        }
        decided = i;
    }
    return text + crossings;
}

sentences who_wins(workload const& of, group const& in, std::string const& structure) {
    sentences found;
    bool locked_wins = false;
    auto const add = [&](std::string& to, panel const& where, std::string const& words) {
        bool const alone = where.placement.empty() || in.panels.size() == 1;
        to += fmt::format("{}{}{}", to.empty() ? "" : "; ", alone ? "" : where.placement + ", ", words);
    };
    for (auto const& one : in.panels) {
        auto const twins = halves_in(one, structure);
        if (twins.empty()) {
            continue;
        }
        add(found.twins, one, in_words(twins, of, true));
        locked_wins |= std::ranges::any_of(twins, [](auto const& d) { return d.found.is == verdict::slower; });
        if (auto const others = best_others_in(one, structure); !others.empty()) {
            add(found.others, one, in_words(others, of, false));
        }
    }
    if (!found.twins.empty()) {
        found.twins = fmt::format("{}.{}", found.twins, locked_wins ? "" : " Locked wins nowhere here.");
    }
    if (!found.others.empty()) {
        found.others = fmt::format("Against the fastest of the others: {}.", found.others);
    }
    return found;
}

} // namespace tandem::tools
