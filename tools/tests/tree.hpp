// A throw-away project tree, in a path with a space, whose programs are small shell scripts.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "process.hpp"

namespace tandem::tools {

inline std::string contents(std::filesystem::path const& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

struct outcome_of_run {
    int code = 0;
    std::string output;

    [[nodiscard]] bool says(std::string const& text) const { return output.find(text) != std::string::npos; }
    [[nodiscard]] std::string last_line() const {
        auto const end = output.find_last_not_of('\n');
        auto const begin = output.find_last_of('\n', end);
        return output.substr(begin == std::string::npos ? 0 : begin + 1,
                             end - (begin == std::string::npos ? -1 : begin));
    }
};

class tree {
public:
    tree() {
        std::string name = (std::filesystem::temp_directory_path() / "tandem tree XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) {
            throw std::runtime_error("no temporary folder");
        }
        root_ = name;
        std::filesystem::create_directories(root_ / "bin");
        std::filesystem::create_directories(root_ / "tools" / "report");
        for (char const* const file :
             {"grammar", "grammar.awk", "packages", "run", "build_preset", "report/page.css"}) {
            std::filesystem::copy_file(std::filesystem::path(TANDEM_TOOLS_FOLDER) / file, root_ / "tools" / file);
        }
        text("CMakePresets.json",
             R"({"configurePresets": [{"name": "base", "hidden": true}, {"name": "dev"}, {"name": "tsan"}]})");
    }
    tree(tree const&) = delete;
    tree& operator=(tree const&) = delete;
    ~tree() { std::filesystem::remove_all(root_); }

    [[nodiscard]] std::filesystem::path path(std::string const& file) const { return root_ / file; }

    void text(std::string const& file, std::string const& content) const {
        std::filesystem::create_directories(path(file).parent_path());
        std::ofstream(path(file), std::ios::binary) << content;
    }
    void script(std::string const& file, std::string const& body) const {
        text(file, "#!/bin/sh\n" + body);
        std::filesystem::permissions(path(file), std::filesystem::perms::owner_all);
    }

    // Scripts in bin/ come before the system's programs; TREE names this tree.
    [[nodiscard]] outcome_of_run run(std::vector<std::string> command) const {
        outcome_of_run result;
        auto const end = run_job({std::move(command),
                                  {{"TANDEM_ROOT", root_.string()},
                                   {"TREE", root_.string()},
                                   {"PATH", path("bin").string() + ":" + std::getenv("PATH")}},
                                  [&](std::string_view line) { result.output.append(line).push_back('\n'); },
                                  {}});
        result.code = end.code;
        return result;
    }
    [[nodiscard]] outcome_of_run driver(std::vector<std::string> words) const {
        words.insert(words.begin(), TANDEM_DRIVER);
        return run(std::move(words));
    }

private:
    std::filesystem::path root_;
};

} // namespace tandem::tools
