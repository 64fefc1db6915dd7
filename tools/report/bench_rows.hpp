// The rows of a benchmark record in the order in which the page shows them: workload, conditions, placement, implementation.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "record.hpp"

namespace tandem::tools {

[[nodiscard]] std::string text_of(json const& row, char const* field);
[[nodiscard]] double number_of(json const& row, char const* field);

// Where along the bottom of a chart: a number of threads, or of what else varies, and what it is called ("2p1c", "16").
struct position {
    double at;
    std::string name;
    auto operator<=>(position const&) const = default;
};

struct bench_row {
    json const* row;
    position where;
    std::string name; // as implementation_of
    std::string half; // locked, lockfree, or peer
};

// One placement: what stands beside the same things placed otherwise.
struct panel {
    std::string placement; // "across cores"
    double cores = 0;      // that the threads may use
    std::vector<bench_row> rows{};

    [[nodiscard]] std::vector<position> positions() const;
    [[nodiscard]] bench_row const* find(std::string_view name, position const& where) const;
    [[nodiscard]] std::vector<std::string>
    names() const; // the lock-free half, the locked one, others, each as they come
};

// What differs in nothing but placement, implementation and position.
struct group {
    std::string conditions;           // those that other groups of the workload do not share: "capacity 64"
    std::vector<std::string> parts{}; // the same, one by one
    std::vector<panel> panels{};
};

// Conditions as they stand on the page.
[[nodiscard]] std::string joined(std::vector<std::string> const& parts);

struct workload {
    std::string name;
    std::string conditions; // those that all groups share
    std::string bottom;     // what the positions are: "threads"
    bool of_threads = true; // false: something else varies, and the number of threads does not
    std::string unit;       // of the samples
    std::vector<group> groups{};

    [[nodiscard]] bool more_is_better() const { return unit.find("/s") != std::string::npos; }
};

// Those that were measured, without the machine's own limits. The record must outlive them.
[[nodiscard]] std::vector<workload> workloads_of(json const& record);
// The machine's own limits: rows whose half is "machine".
[[nodiscard]] std::vector<json const*> limits_of(json const& record);
[[nodiscard]] std::string placement_in_words(json const& row);

} // namespace tandem::tools
