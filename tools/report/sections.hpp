// The sections of the page: HTML, or nothing where the records have nothing to say.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "bench_rows.hpp"
#include "record.hpp"

namespace tandem::tools {

// What the page is made with beside records.
struct page_parts {
    std::string style;
    json goals{};                               // as bench/goals.json; null: none are held
    std::string goals_file{};                   // to be named when it is broken
    std::map<std::string, std::string> about{}; // workload -> what happens in it
};

[[nodiscard]] std::string at_a_glance(json const& evidence);
// One record of benchmarks; every id in it begins with `id`.
[[nodiscard]] std::string bench_run(json const& record, std::string const& id, page_parts const& with);
// All pairs of halves in it: how often each wins, every place where the locked one does, and all ratios at one glance.
[[nodiscard]] std::string overview(std::vector<workload> const&, std::string const& id);
[[nodiscard]] std::string goals_held(json const& record, std::string const& id, page_parts const& with);
[[nodiscard]] std::string evidence_tables(json const& evidence, std::vector<json> const& records);
[[nodiscard]] std::string provenance(std::vector<json> const& records);

// "AMD EPYC, 2 cores" and "2026-11-25": what the links call a run.
[[nodiscard]] std::string machine_in_words(json const& record);
[[nodiscard]] std::string day_of(json const& record);

} // namespace tandem::tools
