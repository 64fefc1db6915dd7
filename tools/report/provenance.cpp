#include <fmt/format.h>

#include <map>

#include "bench_rows.hpp"
#include "html.hpp"
#include "sections.hpp"

namespace tandem::tools {
namespace {

// What was asked for and not measured is said, not hidden.
std::string left_out(std::vector<json> const& records) {
    html_table table("Asked for and not measured", {"workload", "implementation", "why"});
    for (auto const& record : records) {
        for (auto const& row : record["results"]) {
            bool const stuck = row.value("stuck", false);
            if (stuck || row.contains("skipped")) {
                table.row({escaped(text_of(row, "workload")), escaped(text_of(row, "implementation")),
                           stuck ? "stuck: nothing moved any more" : escaped(text_of(row, "skipped"))});
            }
        }
    }
    return table.empty() ? "" : table.html();
}

} // namespace

std::string provenance(std::vector<json> const& records) {
    std::string html;
    html_table table("Records", {"record", "started", "took", "commit", "compiler and flags", "machine", "again"});
    std::map<std::string, json> machines;
    for (auto const& record : records) {
        auto const machine = record.value("machine", json::object());
        machines.try_emplace(machine.value("name", "unknown"), machine);
        table.row(
            {escaped(text_of(record, "kind")) + (record.value("complete", true) ? "" : " <strong>incomplete</strong>"),
             escaped(text_of(record, "started")), fmt::format("{:.0f} s", number_of(record, "seconds")),
             fmt::format("<code>{}</code>", escaped(text_of(record, "commit"))),
             fmt::format("{} <small>{}</small>", escaped(text_of(record, "compiler")),
                         escaped(text_of(record, "flags"))),
             escaped(machine.value("name", "unknown")),
             fmt::format("<code>{}</code>", escaped(text_of(record, "command")))});
    }
    html += table.html();
    html_table about("Machines",
                     {"machine", "processor", "cores", "caches", "memory", "kernel", "governor", "load at start"});
    for (auto const& [name, machine] : machines) {
        std::string caches;
        for (auto const& cache : machine.value("caches", json::array())) {
            caches += (caches.empty() ? "" : ", ") + cache.get<std::string>();
        }
        about.row({escaped(name), escaped(text_of(machine, "cpu")),
                   fmt::format("{} of {} allowed", text_of(machine, "cores_allowed"), text_of(machine, "cores")),
                   escaped(caches), fmt::format("{} GiB", text_of(machine, "memory_gib")),
                   escaped(text_of(machine, "kernel")), escaped(text_of(machine, "governor")),
                   escaped(text_of(machine, "load_average"))});
    }
    return section("provenance", "Where this comes from", html + about.html() + left_out(records));
}

} // namespace tandem::tools
