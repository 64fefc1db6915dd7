#include "logic_entries.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "record.hpp"

namespace tandem::tools {
namespace fs = std::filesystem;

namespace {

std::string text_of(fs::path const& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        throw bad_input(fmt::format("cannot read {}", file.string()));
    }
    return {std::istreambuf_iterator<char>(in), {}};
}

void append_line(std::string& text, std::string const& line) {
    text += (text.empty() ? "" : "\n") + line;
}

std::vector<std::string> words_of(std::string const& text) {
    std::istringstream in(text);
    return {std::istream_iterator<std::string>(in), {}};
}

// FIELD TEXT, and lines that begin with - or +, as in a diff.
void read_line(logic_entry& into, std::string const& line) {
    if (line.starts_with("-") || line.starts_with("+")) {
        return append_line(line.starts_with("-") ? into.text : into.replacement, line.substr(1));
    }
    auto const space = std::min(line.find(' '), line.size());
    auto const field = line.substr(0, space);
    auto const value = line.substr(std::min(line.find_first_not_of(' ', space), line.size()));
    if (field == "file") {
        into.file = value;
    } else if (field == "families") {
        into.families = words_of(value);
    } else if (field == "breaks") {
        into.breaks = value;
    } else if (field == "survivor") {
        into.argument = value;
    } else {
        throw bad_input(fmt::format("{}: unknown field '{}'", into.place, field));
    }
}

void read_file(fs::path const& file, std::vector<logic_entry>& entries) {
    std::istringstream lines(text_of(file));
    std::size_t number = 0;
    for (std::string line; std::getline(lines, line);) {
        ++number;
        if (line.empty() || line.starts_with("#")) {
            continue;
        }
        auto const place = fmt::format("{}:{}", file.filename().string(), number);
        if (line.starts_with("mutant ")) {
            entries.push_back({file.stem().string(), line.substr(7), {}});
        } else if (entries.empty() || entries.back().structure != file.stem().string()) {
            throw bad_input(fmt::format("{}: before the first mutant", place));
        } else {
            read_line(entries.back(), line);
        }
        if (entries.back().place.empty()) {
            entries.back().place = place;
        }
    }
}

} // namespace

std::vector<logic_entry> read_logic_entries(fs::path const& root) {
    std::vector<fs::path> files;
    for (auto const& one : fs::directory_iterator(root / "stress" / "mutants")) {
        if (one.path().extension() == ".txt" && one.path().filename() != "CMakeLists.txt") {
            files.push_back(one.path());
        }
    }
    std::ranges::sort(files);
    std::vector<logic_entry> entries;
    for (auto const& file : files) {
        read_file(file, entries);
    }
    std::set<std::string> names;
    for (auto const& one : entries) {
        if (one.file.empty() || one.families.empty() || one.breaks.empty() || one.text.empty() ||
            one.text == one.replacement) {
            throw bad_input(fmt::format("{}: {} wants a file, families, what it breaks, and a text that changes",
                                        one.place, one.name));
        }
        if (!names.insert(one.structure + "." + one.name).second) {
            throw bad_input(fmt::format("{}: there is another {}", one.place, one.name));
        }
    }
    return entries;
}

std::string logic_entry::changed(fs::path const& root) const {
    auto header = text_of(root / file);
    auto const at = header.find(text);
    if (at == std::string::npos || header.find(text, at + 1) != std::string::npos) {
        throw bad_input(fmt::format("{}: {}: the text stands {} in {}", place, name,
                                    at == std::string::npos ? "not" : "more than once", file));
    }
    return header.replace(at, text.size(), replacement);
}

void logic_entry::apply(fs::path const& root, fs::path const& folder) const {
    auto const inside = file.find("/include/");
    if (inside == std::string::npos) {
        throw bad_input(fmt::format("{}: {} is not below a folder include", place, file));
    }
    auto const to = folder / file.substr(inside + 9);
    fs::create_directories(to.parent_path());
    if (!(std::ofstream(to, std::ios::binary) << changed(root)).flush()) {
        throw cannot_answer(fmt::format("cannot write {}", to.string()));
    }
}

fs::path family_compiler(fs::path const& root) {
    return root / "build" / "model" / "stress" / "mutants" / "compile_family";
}

} // namespace tandem::tools
