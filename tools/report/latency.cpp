// Percentiles of latency, and what the machine itself takes.
#include <fmt/format.h>

#include <map>

#include "comparison.hpp"
#include "html.hpp"
#include "sections.hpp"

namespace tandem::tools {

std::string latency(std::vector<bench_row> const& rows) {
    std::map<std::string, html_table> tables;
    for (auto const& one : rows) {
        auto const found = one.row->value("latency", json());
        if (!found.is_object() || found.empty()) {
            continue;
        }
        auto const caption =
            fmt::format("{}, {}, {}: nanoseconds", one.where.workload, one.who.second, one.where.conditions);
        auto& table = tables
                          .try_emplace(caption, caption,
                                       std::vector<std::string>{"implementation", "p50", "p99", "p99.9", "max",
                                                                "context switches a message"})
                          .first->second;
        std::vector<std::string> cells{escaped(implementation_of(*one.row))};
        for (char const* const field : {"p50", "p99", "p99_9", "max"}) {
            cells.push_back(found.contains(field) ? quantity(number_of(found, field)) : "");
        }
        auto const switches = one.row->find("context_switches_per_million");
        cells.push_back(switches == one.row->end() ? "" : fmt::format("{:.2g}", switches->get<double>() / 1e6));
        table.row(cells);
    }
    std::string html;
    for (auto const& [caption, table] : tables) {
        html += table.html();
    }
    return section("latency", "Latency", html);
}

std::string limits(std::vector<bench_row> const& rows) {
    html_table table("Measured in the same run", {"what", "where", "median", "95 %", "unit"});
    for (auto const& one : rows) {
        if (one.half != "machine") {
            continue;
        }
        auto const at = median_interval(one.row->at("samples").get<std::vector<double>>());
        table.row({escaped(text_of(*one.row, "implementation")), escaped(one.where.conditions), quantity(at.value),
                   fmt::format("{} to {}", quantity(at.low), quantity(at.high)), escaped(text_of(*one.row, "unit"))});
    }
    return section("limits", "What this machine can do at most", table.empty() ? "" : table.html());
}

} // namespace tandem::tools
