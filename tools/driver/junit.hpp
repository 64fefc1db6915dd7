// What ctest --output-junit wrote.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace tandem::tools {

struct test_case {
    std::string name;
    enum class outcome { passed, failed, skipped } result = outcome::passed;
    double seconds = 0;
    std::string output;
};

// Throws bad_input, naming file and line, when the file is not what ctest writes.
[[nodiscard]] std::vector<test_case> read_junit(std::filesystem::path const& file);

} // namespace tandem::tools
