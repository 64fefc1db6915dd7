// Logic mutants: small changes of shipped headers, each of which some scenario must notice. They are written in stress/mutants, whose README
// says how.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace tandem::tools {

struct logic_entry {
    std::string structure;
    std::string name;
    std::string file; // relative to the tree
    std::vector<std::string> families{};
    std::string breaks{};
    std::string argument{}; // a survivor's
    std::string text{};
    std::string replacement{};
    std::string place{}; // of the entry: file and line

    // A copy of the header, changed, in a folder that is to come before the others among those where headers are looked for.
    void apply(std::filesystem::path const& root, std::filesystem::path const& folder) const;
    // The header, changed. Throws bad_input unless it has the text once.
    [[nodiscard]] std::string changed(std::filesystem::path const& root) const;
};

// Of every file in stress/mutants, in order. Throws bad_input where an entry is not complete.
[[nodiscard]] std::vector<logic_entry> read_logic_entries(std::filesystem::path const& root);

// What compiles a family of scenarios with such a folder: its words are the folder, the family and the program to make.
[[nodiscard]] std::filesystem::path family_compiler(std::filesystem::path const& root);

} // namespace tandem::tools
