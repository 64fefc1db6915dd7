// The build tree: building a preset, finding and running its workers.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "commands.hpp"
#include "process.hpp"
#include "progress.hpp"

namespace tandem::tools {

// A folder under build/ for workers' files, removed at the end.
class scratch_folder {
public:
    explicit scratch_folder(std::filesystem::path const& root);
    scratch_folder(scratch_folder const&) = delete;
    scratch_folder& operator=(scratch_folder const&) = delete;
    ~scratch_folder();
    [[nodiscard]] std::filesystem::path file(std::string const& name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

// Builds quietly, drawing ninja's own count. Throws cannot_answer when it fails, after showing the log's end.
void build(std::filesystem::path const& root, std::string const& preset, std::vector<std::string> const& targets = {});
[[nodiscard]] bool try_build(std::filesystem::path const& root, std::string const& preset,
                             std::vector<std::string> const& targets = {});

[[nodiscard]] std::filesystem::path stress_worker(std::filesystem::path const& root, std::string const& preset);
// Of both checkers: tandem_model_..., with Relacy, and tandem_explore_..., our own.
[[nodiscard]] std::vector<std::filesystem::path> model_workers(std::filesystem::path const& root);
[[nodiscard]] std::filesystem::path model_worker(std::filesystem::path const& root, std::string const& checker, std::string const& family);
[[nodiscard]] std::filesystem::path litmus_worker(std::filesystem::path const& root, std::string const& checker);
[[nodiscard]] std::filesystem::path costs_worker(std::filesystem::path const& root);
// The museum under one of "explore", "model", or on real threads.
[[nodiscard]] std::filesystem::path museum_worker(std::filesystem::path const& root, std::string const& preset, std::string const& checker);
[[nodiscard]] std::filesystem::path bench_worker(std::filesystem::path const& root);

// One worker: progress drawn, other lines passed on (or those that are wanted), its results added. The exit code to answer
// with: the worker's, or 1 when it ended in a way no worker may.
int run_worker(
    std::vector<std::string> command, std::string const& title, std::filesystem::path const& results, recording& into,
    std::function<bool(std::string_view line)> const& wanted = [](std::string_view) { return true; });

[[nodiscard]] double seconds_of(std::string const& duration); // "500ms", "30s", "5m", "1h"

struct share {
    std::size_t which = 1; // from 1
    std::size_t of = 1;
    [[nodiscard]] bool has(std::size_t index) const { return index % of + 1 == which; }
};
[[nodiscard]] share share_of(std::string const& text); // "2/8"; empty is everything

// The order of severity of two exit codes: a violation hides nothing behind "cannot answer".
[[nodiscard]] int worse(int a, int b);

[[nodiscard]] std::string counted(double value); // 1234567 -> "1.23 M"
// "24 scenarios, 3.41 M histories, 1 not as expected": rows with a verdict and what was expected.
[[nodiscard]] std::string in_sum(json const& rows, std::string const& unit);
// Columns of equal width; every row as long as the first, which is the head.
[[nodiscard]] std::string text_table(std::vector<std::vector<std::string>> const& rows);

} // namespace tandem::tools
