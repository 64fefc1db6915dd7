// The report: one HTML page, nothing fetched, made of records alone.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "sections.hpp"

namespace tandem::tools {

// A section for each run of the benchmarks, by machine and date, then what all other records together say.
[[nodiscard]] std::string make_page(std::vector<json> const& records, page_parts const& with);
// With the style, the goals and the names of the tree at `root`.
void write_page(std::filesystem::path const& file, std::vector<json> const& records, std::filesystem::path const& root);

} // namespace tandem::tools
