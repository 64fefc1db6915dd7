#include "record.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <fstream>
#include <iterator>
#include <system_error>

namespace tandem::tools {
namespace {

// Where byte `offset` stands, as "line:column", both from 1.
std::string position(std::string const& text, std::size_t offset) {
    auto const end = text.begin() + static_cast<std::ptrdiff_t>(std::min(offset, text.size()));
    auto const line = 1 + std::count(text.begin(), end, '\n');
    auto const last = text.rfind('\n', offset == 0 ? 0 : std::min(offset, text.size()) - 1);
    auto const column = last == std::string::npos || last >= offset ? offset + 1 : offset - last;
    return fmt::format("{}:{}", line, column);
}

} // namespace

json read_json(std::filesystem::path const& file) {
    if (std::filesystem::is_directory(file)) {
        throw bad_input(fmt::format("{}: is a folder, not a JSON file", file.string()));
    }
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        throw bad_input(fmt::format("{}: {}", file.string(), std::generic_category().message(errno)));
    }
    std::string const text{std::istreambuf_iterator<char>(in), {}};
    try {
        return json::parse(text);
    } catch (json::parse_error const& error) {
        std::string_view what = error.what(); // "[json.exception.parse_error.101] parse error at line 1, column 2: why"
        if (auto const why = what.find("column "); why != std::string_view::npos) {
            if (auto const colon = what.find(": ", why); colon != std::string_view::npos) {
                what.remove_prefix(colon + 2);
            }
        }
        // error.byte counts the last byte read, from 1
        throw bad_input(
            fmt::format("{}:{}: {}", file.string(), position(text, error.byte == 0 ? 0 : error.byte - 1), what));
    }
}

json read_record(std::filesystem::path const& file) {
    auto record = read_json(file);
    auto const wrong = [&](std::string_view why) {
        return bad_input(fmt::format("{}:1:1: not a record: {}", file.string(), why));
    };
    if (!record.is_object()) {
        throw wrong("the outermost value is not an object");
    }
    if (!record.contains("schema") || !record["schema"].is_number_integer()) {
        throw wrong("no schema number");
    }
    if (record["schema"] != schema) {
        throw wrong(fmt::format("schema {} where this program reads {}", record["schema"].dump(), schema));
    }
    if (!record.contains("kind") || !record["kind"].is_string()) {
        throw wrong("no kind");
    }
    if (!record.contains("results") || !record["results"].is_array()) {
        throw wrong("no list of results");
    }
    for (auto const& row : record["results"]) {
        if (!row.is_object()) {
            throw wrong("a result is not an object");
        }
    }
    return record;
}

void write_text(std::filesystem::path const& file, std::string const& text) {
    if (file.has_parent_path()) {
        std::filesystem::create_directories(file.parent_path());
    }
    auto beside = file;
    beside += ".part";
    {
        std::ofstream out(beside, std::ios::binary);
        out << text;
        if (!out.flush()) {
            throw bad_input(fmt::format("{}: cannot write: {}", file.string(), std::generic_category().message(errno)));
        }
    }
    std::filesystem::rename(beside, file);
}

void write_json(std::filesystem::path const& file, json const& value) {
    write_text(file, value.dump(1, ' ', false, json::error_handler_t::replace) + '\n');
}

recording::recording(std::filesystem::path const& root, std::string kind, std::string preset, std::string command)
    : record_{{"schema", schema},
              {"kind", std::move(kind)},
              {"complete", true},
              {"command", std::move(command)},
              {"started", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(
                                                                   std::chrono::system_clock::now())))},
              {"commit", commit_of(root)},
              {"preset", std::move(preset)},
              {"compiler", ""},
              {"flags", ""},
              {"machine", describe_machine()},
              {"results", json::array()}} {}

void recording::add_worker_file(std::filesystem::path const& file) {
    auto const part = read_json(file);
    if (!part.is_object() || !part.value("results", json()).is_array()) {
        throw bad_input(fmt::format("{}:1:1: a worker wrote no list of results", file.string()));
    }
    if (!part.value("complete", true)) {
        incomplete();
    }
    for (char const* const key : {"compiler", "flags"}) {
        if (record_[key] == "") {
            record_[key] = part.value(key, "");
        }
    }
    for (auto const& row : part["results"]) {
        add(row);
    }
}

json recording::finished() && {
    auto const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
    record_["seconds"] = std::round(seconds * 1000) / 1000;
    return std::move(record_);
}

std::filesystem::path save_record(json const& record, std::filesystem::path const& root, std::filesystem::path file) {
    if (file.empty()) {
        auto stamp = record["started"].get<std::string>();
        std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
        auto const folder = root / "build" / "records";
        auto const name = fmt::format("{}-{}", record["kind"].get<std::string>(), stamp);
        file = folder / (name + ".json");
        for (int again = 2; std::filesystem::exists(file); ++again) {
            file = folder / fmt::format("{}-{}.json", name, again);
        }
    }
    write_json(file, record);
    auto shown = file.lexically_proximate(root);
    if (shown.empty() || *shown.begin() == "..") {
        shown = file;
    }
    fmt::print("record  {}{}\n", shown.string(), record.value("complete", true) ? "" : " (incomplete: what was done)");
    return file;
}

} // namespace tandem::tools
