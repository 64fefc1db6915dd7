#include "workspace.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace tandem::tools {
namespace fs = std::filesystem;

scratch_folder::scratch_folder(fs::path const& root) : path_(root / "build" / "scratch" / std::to_string(getpid())) {
    static int count = 0;
    path_ += fmt::format("-{}", ++count);
    fs::create_directories(path_);
}

scratch_folder::~scratch_folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

bool try_build(fs::path const& root, std::string const& preset, std::vector<std::string> const& targets) {
    std::vector<std::string> command{(root / "tools" / "build_preset").string(), preset};
    command.insert(command.end(), targets.begin(), targets.end());
    auto const log = root / "build" / preset / "build.log";
    progress shown(fmt::format("build {}", preset), 1);
    auto const draw = [&] {
        std::ifstream in(log);
        double done = 0;
        double total = 0;
        for (std::string line; std::getline(in, line);) {
            if (line.starts_with("[")) {
                std::sscanf(line.c_str(), "[%lf/%lf]", &done, &total);
            }
        }
        shown.set(0, done, total, "", fmt::format("step {:.0f} of {:.0f}", done, total));
        shown.tick();
    };
    auto const end = run_job({command, {}, [&](std::string_view line) { shown.say(line); }, {}}, draw);
    return end.code == 0;
}

void build(fs::path const& root, std::string const& preset, std::vector<std::string> const& targets) {
    if (try_build(root, preset, targets)) {
        return;
    }
    throw cannot_answer(interrupted() ? "interrupted while building" : fmt::format("preset {} does not build", preset));
}

namespace {

fs::path worker(fs::path const& file) {
    if (!fs::exists(file)) {
        throw cannot_answer(fmt::format("{} was not built", file.string()));
    }
    return file;
}

} // namespace

fs::path stress_worker(fs::path const& root, std::string const& preset) {
    return worker(root / "build" / preset / "stress" / "random" / "tandem_random");
}

fs::path model_worker(fs::path const& root, std::string const& checker, std::string const& family) {
    return worker(root / "build" / "model" / "stress" / checker / fmt::format("tandem_{}_{}", checker, family));
}

fs::path litmus_worker(fs::path const& root, std::string const& checker) {
    return worker(root / "build" / "model" / "stress" / "explore" / (checker == "explorer" ? "tandem_litmus" : "tandem_litmus_" + checker));
}

fs::path costs_worker(fs::path const& root) {
    return worker(root / "build" / "model" / "stress" / "explore" / "tandem_costs");
}

fs::path museum_worker(fs::path const& root, std::string const& preset, std::string const& checker) {
    return worker(root / "build" / preset / "stress" / "museum" / ("tandem_museum_" + checker));
}

fs::path bench_worker(fs::path const& root) {
    return worker(root / "build" / "bench" / "bench" / "tandem_bench");
}

std::vector<fs::path> model_workers(fs::path const& root) {
    auto const built = root / "build" / "model" / "stress";
    std::vector<fs::path> found;
    for (std::string const checker : {"model", "explore"}) {
        auto const folder = built / checker;
        if (!fs::is_directory(folder)) {
            continue;
        }
        for (auto const& entry : fs::directory_iterator(folder)) {
            if (entry.is_regular_file() && entry.path().filename().string().starts_with("tandem_" + checker + "_") &&
                access(entry.path().c_str(), X_OK) == 0) {
                found.push_back(entry.path());
            }
        }
    }
    if (found.empty()) {
        throw cannot_answer(fmt::format("no model checker was built in {}", built.string()));
    }
    std::ranges::sort(found);
    return found;
}

int run_worker(std::vector<std::string> command, std::string const& title, fs::path const& results, recording& into,
               std::function<bool(std::string_view)> const& wanted) {
    progress shown(title, 1);
    auto const name = fs::path(command.front()).filename().string();
    auto const end = run_job({std::move(command),
                              {{"TANDEM_PROGRESS", "1"}},
                              [&](std::string_view line) {
                                  if (!shown.take(0, line) && wanted(line)) {
                                      shown.say(line);
                                  }
                              },
                              {}},
                             [&] { shown.tick(); });
    if (fs::exists(results)) {
        into.add_worker_file(results);
    } else {
        into.incomplete();
    }
    if (interrupted()) {
        return 130;
    }
    switch (end.code) {
    case 0:
    case 1:
    case 2:
    case 3:
        return end.code;
    default:
        shown.say(fmt::format("{} ended with code {}, which no worker may", name, end.code));
        return 1;
    }
}

double seconds_of(std::string const& duration) {
    std::size_t used = 0;
    auto const number = std::stod(duration, &used);
    auto const unit = duration.substr(used);
    return unit == "ms" ? number / 1000 : unit == "m" ? number * 60 : unit == "h" ? number * 3600 : number;
}

share share_of(std::string const& text) {
    if (text.empty()) {
        return {};
    }
    auto const slash = text.find('/');
    share const result{std::stoul(text), std::stoul(text.substr(slash + 1))};
    if (result.which > result.of) {
        throw bad_input(fmt::format("--shard {}: there is no share {} of {}", text, result.which, result.of));
    }
    return result;
}

int worse(int a, int b) {
    auto const rank = [](int code) { return code == 0 ? 0 : code == 3 ? 1 : code == 1 ? 2 : code == 2 ? 3 : 4; };
    return rank(a) >= rank(b) ? a : b;
}

std::string counted(double value) {
    if (value >= 1e9) {
        return fmt::format("{:.2f} G", value / 1e9);
    }
    if (value >= 1e6) {
        return fmt::format("{:.2f} M", value / 1e6);
    }
    if (value >= 1e4) {
        return fmt::format("{:.0f} k", value / 1e3);
    }
    return fmt::format("{:.0f}", value);
}

std::string in_sum(json const& rows, std::string const& unit) {
    double sum = 0;
    std::size_t unexpected = 0;
    for (auto const& row : rows) {
        sum += row.value(unit, 0.0);
        auto const expected = row.value("expected", "pass");
        unexpected += expected == "either" || row.value("verdict", "") == expected ? 0U : 1U;
    }
    return fmt::format("{} scenarios, {} {}, {} not as expected", rows.size(), counted(sum), unit, unexpected);
}

namespace {

// Colours take no room.
std::size_t visible_length(std::string const& text) {
    std::size_t length = 0;
    bool in_colour = false;
    for (char c : text) {
        in_colour = in_colour || c == '\x1b';
        length += in_colour ? 0U : 1U;
        in_colour = in_colour && c != 'm';
    }
    return length;
}

} // namespace

std::string text_table(std::vector<std::vector<std::string>> const& rows) {
    std::vector<std::size_t> widths;
    for (auto const& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (widths.size() <= i) {
                widths.push_back(0);
            }
            widths[i] = std::max(widths[i], visible_length(row[i]));
        }
    }
    std::string text;
    for (auto const& row : rows) {
        std::string line = " ";
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += " " + row[i] + std::string(widths[i] - visible_length(row[i]) + 1, ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

} // namespace tandem::tools
