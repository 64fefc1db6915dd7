// The evidence: what all records together say of each structure and half.
#pragma once

#include <vector>

#include "record.hpp"

namespace tandem::tools {

// The name of a bench row's structure: "lockfree.bounded_queue" and "bounded_queue" are both bounded_queue.
[[nodiscard]] std::string structure_of(json const& bench_row);

// One entry a structure and half; a part that no record speaks of is null.
[[nodiscard]] json make_evidence(std::vector<json> const& records);

// The newest finished record of each kind under build/records, by commit if one is given.
[[nodiscard]] std::vector<json> newest_records(std::filesystem::path const& root, std::string const& commit = {});

} // namespace tandem::tools
