// Which half is faster, where: what someone who must choose came for.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "comparison.hpp"
#include "evidence.hpp"
#include "html.hpp"
#include "sections.hpp"

namespace tandem::tools {
namespace {

using pair_of_halves = std::map<std::string, json const*>;
using by_crowd = std::map<crowd, pair_of_halves>;

// One cell: who is faster and by how much; the interval is in the tooltip and in the numbers below.
std::string who_is_faster(json const& lockfree, json const& locked) {
    auto const a = speeds_of(lockfree);
    auto const b = speeds_of(locked);
    if (a.empty() || b.empty()) {
        return {};
    }
    auto const ratio = ratio_of_rounds(a, b);
    auto const is = std::min(a.size(), b.size()) < fewest_samples
                        ? verdict::no_difference_seen
                        : judge(ratio, std::max(noise_floor(a), noise_floor(b)));
    auto const cell = [&](char const* half, char const* name, double by) {
        return fmt::format("<span class='word {}' title='lock-free over locked: {:.3f}, 95 % between {:.3f} and "
                           "{:.3f}'>{} {:.3g}&times;</span>",
                           half, ratio.value, ratio.low, ratio.high, name, by);
    };
    if (is == verdict::faster) {
        return cell("lockfree", "lock-free", ratio.value);
    }
    if (is == verdict::slower) {
        return cell("locked", "locked", 1 / ratio.value);
    }
    return fmt::format(
        "<span class='none' title='lock-free over locked: {:.3f}, 95 % between {:.3f} and {:.3f}'>no difference</span>",
        ratio.value, ratio.low, ratio.high);
}

std::string table_of(std::string const& caption, std::map<setting, by_crowd> const& settings) {
    std::set<crowd> crowds;
    for (auto const& [where, cells] : settings) {
        for (auto const& [who, halves] : cells) {
            if (halves.size() == 2) {
                crowds.insert(who);
            }
        }
    }
    std::vector<std::string> head{"workload"};
    for (auto const& [threads, name] : crowds) {
        head.push_back(name);
    }
    html_table table(caption, head);
    for (auto const& [where, cells] : settings) {
        std::vector<std::string> row{
            fmt::format("{} <small>{}</small>", escaped(where.workload), escaped(where.conditions))};
        for (auto const& who : crowds) {
            auto const at = cells.find(who);
            bool const both = at != cells.end() && at->second.size() == 2;
            row.push_back(both ? who_is_faster(*at->second.at("lockfree"), *at->second.at("locked")) : "");
        }
        table.row(row);
    }
    return crowds.empty() ? "" : table.html();
}

} // namespace

std::string halves_compared(std::vector<bench_row> const& rows) {
    std::map<std::string, std::map<setting, by_crowd>> tables;
    for (auto const& one : rows) {
        bool const ours = one.half == "locked" || one.half == "lockfree";
        if (ours && !one.row->contains("latency")) { // a run that measures latency is paced
            auto const caption = fmt::format("{} on {}", structure_of(*one.row), one.where.machine);
            tables[caption][one.where][one.who][one.half] = one.row;
        }
    }
    std::string html;
    for (auto const& [caption, settings] : tables) {
        html += table_of(caption, settings);
    }
    if (html.empty()) {
        return {};
    }
    return section(
        "choose", "Which half is faster, and where",
        "<p>By thread count, or producers and consumers: the faster half and by how much. A name stands only where the "
        "95 % interval of the ratio leaves out what each half shows against itself.</p>\n" +
            html);
}

} // namespace tandem::tools
