// The sections of the page: HTML, or nothing where the records have nothing to say.
#pragma once

#include <string>
#include <vector>

#include "bench_rows.hpp"

namespace tandem::tools {

[[nodiscard]] std::string at_a_glance(json const& evidence);
[[nodiscard]] std::string halves_compared(std::vector<bench_row> const& rows);
[[nodiscard]] std::string throughput(std::vector<bench_row> const& rows);
[[nodiscard]] std::string latency(std::vector<bench_row> const& rows);
[[nodiscard]] std::string limits(std::vector<bench_row> const& rows);
[[nodiscard]] std::string evidence_tables(json const& evidence);
[[nodiscard]] std::string provenance(std::vector<json> const& records);

} // namespace tandem::tools
