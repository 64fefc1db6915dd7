// The command-line grammar: the file tools/grammar, as data. The front door reads the same file with awk.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::tools {

struct value_kind {
    std::string pattern;
    std::string in_words;
};

struct option_rule {
    std::string name;
    std::string kind; // "-" is a flag
    std::string about;
};

struct command_rule {
    std::string name;
    std::string takes; // "-": nothing
    bool many = false;
    std::string about;
    std::vector<option_rule> options;
};

struct grammar {
    std::map<std::string, value_kind> values;
    std::vector<command_rule> commands;
    std::map<std::string, std::vector<std::string>> names; // kind of positional -> what it may be
    std::map<std::string, std::string> about;              // name -> what it is, where the grammar says so

    // The message for a word that is not of this kind, or nothing.
    [[nodiscard]] std::string complaint(std::string const& kind, std::string const& word) const;
};

[[nodiscard]] grammar read_grammar(std::filesystem::path const& file);
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);
[[nodiscard]] std::string nearest(std::string_view word, std::vector<std::string> const& names);

} // namespace tandem::tools
