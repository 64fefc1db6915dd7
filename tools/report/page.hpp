// The report: one HTML page, nothing fetched, made of records alone.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "record.hpp"

namespace tandem::tools {

[[nodiscard]] std::string make_page(std::vector<json> const& records, std::string const& style);
void write_page(std::filesystem::path const& file, std::vector<json> const& records, std::filesystem::path const& root);

} // namespace tandem::tools
