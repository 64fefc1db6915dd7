#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "chart.hpp"
#include "comparison.hpp"
#include "html.hpp"
#include "sections.hpp"

namespace tandem::tools {
namespace {

chart chart_of(setting const& where, std::vector<bench_row> const& rows, std::size_t number) {
    std::set<crowd> crowds;
    for (auto const& row : rows) {
        crowds.insert(row.who);
    }
    chart drawn{.id = fmt::format("chart-{}", number),
                .title = fmt::format("{}, {}", where.workload, where.conditions),
                .unit = "items/s",
                .bottom = "threads",
                .categories = {},
                .crowded_from = 0,
                .series = {}};
    drawn.crowded_from = crowds.size();
    for (auto const& [threads, name] : crowds) {
        if (threads > rows.front().cores && drawn.crowded_from == crowds.size()) {
            drawn.crowded_from = drawn.categories.size();
        }
        drawn.categories.push_back(name);
        if (name.find('p') != std::string::npos) {
            drawn.bottom = "producers and consumers";
        }
    }
    std::map<std::string, chart_series> series;
    for (auto const& row : rows) {
        auto const name = implementation_of(*row.row);
        auto& one = series[name];
        one.name = name;
        one.half = row.half;
        auto const category = std::distance(crowds.begin(), crowds.find(row.who));
        one.at[static_cast<std::size_t>(category)] = median_interval(speeds_of(*row.row));
        if (auto const unit = text_of(*row.row, "unit"); unit.find("/s") != std::string::npos) {
            drawn.unit = unit;
        }
    }
    for (auto& [name, one] : series) {
        drawn.series.push_back(std::move(one));
    }
    std::ranges::stable_sort(drawn.series, {}, [](auto const& one) {
        return one.half == "lockfree" ? 0 : one.half == "locked" ? 1 : 2;
    });
    return drawn;
}

std::string numbers_of(chart const& drawn) {
    std::vector<std::string> head{drawn.unit};
    for (auto const& category : drawn.categories) {
        head.push_back(category);
    }
    html_table table(drawn.title, head);
    for (auto const& series : drawn.series) {
        std::vector<std::string> cells{escaped(series.name)};
        for (std::size_t i = 0; i < drawn.categories.size(); ++i) {
            auto const at = series.at.find(i);
            cells.push_back(at == series.at.end()
                                ? ""
                                : fmt::format("{} <small>{} to {}</small>", quantity(at->second.value),
                                              quantity(at->second.low), quantity(at->second.high)));
        }
        table.row(cells);
    }
    return table.html();
}

} // namespace

std::string throughput(std::vector<bench_row> const& rows) {
    std::map<setting, std::vector<bench_row>> charts;
    for (auto const& one : rows) {
        // A run that measures latency is paced, and its throughput says nothing.
        if (one.half != "machine" && !one.half.empty() && !one.row->contains("latency")) {
            charts[one.where].push_back(one);
        }
    }
    std::string html, machine, workload;
    std::size_t number = 0;
    for (auto const& [where, what] : charts) {
        if (where.machine != machine || where.workload != workload) {
            html += fmt::format("{}<h3>{} <small>{}</small></h3>\n<div class='charts'>\n", number > 0 ? "</div>\n" : "",
                                escaped(where.workload), escaped(where.machine));
            machine = where.machine;
            workload = where.workload;
        }
        auto const drawn = chart_of(where, what, ++number);
        html += fmt::format(
            "<figure><figcaption>{}</figcaption>\n{}\n<details><summary>Numbers</summary>{}</details></figure>\n",
            escaped(where.conditions), svg(drawn), numbers_of(drawn));
    }
    if (html.empty()) {
        return {};
    }
    return section("throughput", "Throughput",
                   "<p>Points are medians, whiskers 95 % bootstrap intervals. Shaded: more threads than cores.</p>\n" +
                       html + "</div>");
}

} // namespace tandem::tools
