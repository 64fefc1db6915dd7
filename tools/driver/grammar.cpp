#include "grammar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <numeric>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace tandem::tools {
namespace {

std::vector<std::string> split(std::string const& text, char separator) {
    std::vector<std::string> parts;
    std::istringstream in(text);
    for (std::string part; std::getline(in, part, separator);) {
        parts.push_back(part);
    }
    return parts;
}

std::string rest_of(std::istringstream& line) {
    std::string rest;
    std::getline(line >> std::ws, rest);
    return rest;
}

} // namespace

grammar read_grammar(std::filesystem::path const& file) {
    std::ifstream in(file);
    if (!in) {
        throw std::runtime_error(fmt::format("cannot read {}", file.string()));
    }
    grammar rules;
    for (std::string text; std::getline(in, text);) {
        std::istringstream line(text);
        std::string what;
        if (!(line >> what) || what.front() == '#') {
            continue;
        }
        if (what == "value") {
            std::string kind, pattern;
            line >> kind >> pattern;
            rules.values[kind] = {pattern, rest_of(line)};
        } else if (what == "command") {
            command_rule command;
            line >> command.name >> command.takes;
            command.many = command.takes.ends_with('*');
            if (command.many) {
                command.takes.pop_back();
            }
            command.about = rest_of(line);
            rules.commands.push_back(command);
        } else if (what == "option") {
            std::string commands;
            option_rule option;
            line >> commands >> option.name >> option.kind;
            option.about = rest_of(line);
            for (auto const& name : split(commands, ',')) {
                auto const found = std::ranges::find(rules.commands, name, &command_rule::name);
                if (found == rules.commands.end()) {
                    throw std::runtime_error(fmt::format("{}: {} names no command", file.string(), text));
                }
                found->options.push_back(option);
            }
        } else if (what == "name") {
            std::string kind, name;
            line >> kind >> name;
            rules.names[kind].push_back(name);
            rules.about[name] = rest_of(line);
        }
    }
    return rules;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), 0U);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        auto left = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            auto const above = row[j];
            row[j] = std::min({above + 1, row[j - 1] + 1, left + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            left = above;
        }
    }
    return row.back();
}

std::string nearest(std::string_view word, std::vector<std::string> const& names) {
    auto const best =
        std::ranges::min_element(names, {}, [&](std::string const& name) { return edit_distance(word, name); });
    return best == names.end() ? std::string() : *best;
}

std::string grammar::complaint(std::string const& kind, std::string const& word) const {
    if (auto const named = names.find(kind); named != names.end()) {
        if (std::ranges::find(named->second, word) != named->second.end()) {
            return {};
        }
        return fmt::format("unknown {} '{}'; the nearest is '{}'", kind, word, nearest(word, named->second));
    }
    auto const& value = values.at(kind);
    if (std::regex_match(word, std::regex(value.pattern, std::regex::extended))) {
        return {};
    }
    if (value.pattern.find_first_not_of("abcdefghijklmnopqrstuvwxyz|-") == std::string::npos) {
        return fmt::format("unknown {} '{}'; the nearest is '{}'", kind, word,
                           nearest(word, split(value.pattern, '|')));
    }
    return fmt::format("wanted {}, not '{}'", value.in_words, word);
}

} // namespace tandem::tools
