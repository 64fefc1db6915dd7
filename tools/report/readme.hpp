// The decision tables of README.md, made from committed records.
#pragma once

#include <filesystem>
#include <string>

#include "record.hpp"

namespace tandem::tools {

// bench/tables.json: {"schema": 1, "tables": [{
//   "name":     the one in README's marker
//   "unit":     what the figures are, in words; stands over the first column
//   "records":  [file, ...]                          a table for each, the files named from the root
//   "rows":     [{"title", "where": {field: value}, "value"}, ...]   value: left out (medians, in millions where they are items/s), or
//                                                    "p50", "p99", "p99_9", "max" of the latency in ns
//   "columns":  [{"title", "where": {field: value}}, ...]            with a row's `where` they select at most one row of the record
//   "verdicts": [{"workload", "structure", "group"}, ...]            sentences on the halves below; group: one group's conditions, or left out for all }]}
//
// What stands between <!-- table: NAME --> and <!-- end --> is replaced; all else is left as it is.
[[nodiscard]] std::string with_tables(std::string const& readme, std::string const& name, json const& tables,
                                      std::string const& tables_file, std::filesystem::path const& root);
// README.md of the tree at `root`, as it should be.
[[nodiscard]] std::string readme_of(std::filesystem::path const& root);

} // namespace tandem::tools
