// Records: JSON files that say what was run, where, and what came out. Workers write results; the driver adds the provenance.
#pragma once

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace tandem::tools {

using nlohmann::json;

inline constexpr int schema = 1;

// Input that cannot be used; the message names file, line and column. Exit 2.
struct bad_input : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// This machine, or this build, cannot answer. Exit 3.
struct cannot_answer : std::runtime_error {
    using std::runtime_error::runtime_error;
};

[[nodiscard]] json read_json(std::filesystem::path const& file);
// A record of this project: schema and kind are there, results is a list.
[[nodiscard]] json read_record(std::filesystem::path const& file);
// Written beside and renamed, so that a reader never sees half of it.
void write_text(std::filesystem::path const& file, std::string const& text);
void write_json(std::filesystem::path const& file, json const& value);

// A record in the making: the provenance is taken at the start, the results come from the workers' files.
class recording {
public:
    // `command` is what was typed, or what would do the same.
    recording(std::filesystem::path const& root, std::string kind, std::string preset, std::string command);

    void add(json row) { record_["results"].push_back(std::move(row)); }
    void add_worker_file(std::filesystem::path const& file);
    void incomplete() { record_["complete"] = false; }
    [[nodiscard]] json const& results() const { return record_["results"]; }
    [[nodiscard]] json finished() &&;

private:
    json record_;
    std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

// Into `file`, or build/records/<kind>-<time>.json when it is empty; says where.
std::filesystem::path save_record(json const& record, std::filesystem::path const& root, std::filesystem::path file);

// The machine, for records and doctor.
[[nodiscard]] json describe_machine();
[[nodiscard]] std::string commit_of(std::filesystem::path const& root);
[[nodiscard]] std::size_t cores_allowed();

} // namespace tandem::tools
