// The rows of benchmark records, as the sections of the page look at them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "record.hpp"

namespace tandem::tools {

[[nodiscard]] std::string text_of(json const& row, char const* field);
[[nodiscard]] double number_of(json const& row, char const* field);

// What rows share that belong on one chart: everything but the crowd and the implementation.
struct setting {
    std::string machine, workload, conditions;
    auto operator<=>(setting const&) const = default;
};

// How many threads, and how they are called: "2p1c" where producers and consumers are told apart, else the number.
using crowd = std::pair<double, std::string>;

struct bench_row {
    json const* row;
    setting where;
    crowd who;
    std::string half; // locked, lockfree, peer, or machine
    double cores;
};

// Those that were measured. The records must outlive them.
[[nodiscard]] std::vector<bench_row> bench_rows(std::vector<json> const& records);

} // namespace tandem::tools
