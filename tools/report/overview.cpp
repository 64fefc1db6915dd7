// Which half wins in a run, and where: what someone who must choose came for.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "chart.hpp"
#include "html.hpp"
#include "sections.hpp"
#include "verdicts.hpp"

namespace tandem::tools {
namespace {

// Those of a group's conditions that other groups with this structure do not have.
std::vector<std::string> parts_that_tell(workload const& what, group const& in, std::string const& structure) {
    auto const has_it = [&](group const& other) {
        return std::ranges::any_of(other.panels, [&](panel const& one) {
            auto const names = structures_of(one);
            return std::ranges::find(names, structure) != names.end();
        });
    };
    std::vector<std::string> parts;
    for (auto const& part : in.parts) {
        if (std::ranges::any_of(what.groups, [&](group const& other) {
                return has_it(other) && std::ranges::find(other.parts, part) == other.parts.end();
            })) {
            parts.push_back(part);
        }
    }
    return parts;
}

} // namespace

std::string overview(std::vector<workload> const& workloads, std::string const& id) {
    std::map<verdict, int> won;
    std::string locked;
    std::vector<std::string> order;
    std::map<std::string, ratio_chart> charts;
    double reach = 2;
    for (auto const& what : workloads) {
        for (auto const& in : what.groups) {
            for (auto const& where : in.panels) {
                for (auto const& structure : structures_of(where)) {
                    if (std::ranges::find(order, structure) == order.end()) {
                        order.push_back(structure);
                    }
                    auto const told_by = joined(parts_that_tell(what, in, structure));
                    auto const name =
                        fmt::format("{}{}{}, {}", what.name, told_by.empty() ? "" : ", ", told_by, where.placement);
                    ratio_chart::row row{name, fmt::format("{}-{}", id, escaped(what.name))};
                    for (auto const& one : halves_in(where, structure)) {
                        ++won[one.found.is];
                        row.dots.push_back({in_words(one.where, what), one.found.ratio, one.found.is});
                        reach = std::max({reach, one.found.ratio.high, 1 / one.found.ratio.low});
                        if (one.found.is == verdict::slower) {
                            locked +=
                                fmt::format("<li><code>{}</code>, {}, at {}: {} times <small>{} to {}</small></li>\n",
                                            escaped(structure), escaped(name), escaped(in_words(one.where, what)),
                                            times(1 / one.found.ratio.value), times(1 / one.found.ratio.high),
                                            times(1 / one.found.ratio.low));
                        }
                    }
                    charts[structure].rows.push_back(std::move(row));
                }
            }
        }
    }
    if (order.empty()) {
        return {};
    }
    auto const total = won[verdict::faster] + won[verdict::slower] + won[verdict::no_difference_seen];
    auto html = fmt::format(
        "<h3 id='{}-choose'>Which half wins, and where</h3>\n<p>Of {} pairs measured side by side, <b "
        "class='lockfree'>lock-free wins in {}</b>, <b class='locked'>locked wins in {}</b>, and in {} no "
        "difference is seen. A half wins only where the 95 % interval of the ratio leaves out what each shows "
        "against "
        "itself.</p>\n",
        id, total, won[verdict::faster], won[verdict::slower], won[verdict::no_difference_seen]);
    html += locked.empty() ? "<p>Locked wins nowhere in this run.</p>\n"
                           : fmt::format("<p>Where locked wins:</p>\n<ul class='locked-wins'>\n{}</ul>\n", locked);
    html += "<div class='columns'>\n";
    for (auto const& structure : order) {
        auto& drawn = charts[structure];
        drawn.reach = reach;
        drawn.about = {fmt::format("{}-chart-of-{}", id, escaped(structure)),
                       fmt::format("{}: lock-free over locked", structure),
                       "A dot for each number of threads; right of the middle lock-free wins."};
        html_table table(structure + ": lock-free over locked", {"where", "ratio, 95 %"});
        for (auto const& row : drawn.rows) {
            std::string cells;
            for (auto const& dot : row.dots) {
                cells +=
                    fmt::format("{}{}: {} <small>{} to {}, {}</small>", cells.empty() ? "" : "<br>", escaped(dot.name),
                                times(dot.ratio.value), times(dot.ratio.low), times(dot.ratio.high), word(dot.is));
            }
            table.row({escaped(row.name), cells});
        }
        html += fmt::format("<figure><figcaption>{}</figcaption>\n{}\n<details><summary>Figures</summary>{}</details>"
                            "</figure>\n",
                            escaped(structure), svg(drawn), table.html());
    }
    return html + "</div>\n";
}

} // namespace tandem::tools
