#pragma once

// A report, word for word, against its file in stress/golden. TANDEM_GOLDEN_WRITE=1 in the environment writes it anew; the change then shows in the
// diff.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace tandem::stress {

inline void expect_golden(std::string const& name, std::string const& report) {
    EXPECT_LE(std::count(report.begin(), report.end(), '\n'), 25);
    EXPECT_TRUE(
        std::all_of(report.begin(), report.end(), [](char ch) { return ch == '\n' || (ch >= ' ' && ch <= '~'); }));
    EXPECT_EQ(report.find(" \n"), std::string::npos) << "blanks at the end of a line";

    auto const path = std::string(TANDEM_GOLDEN_DIR "/") + name + ".txt";
    if (std::getenv("TANDEM_GOLDEN_WRITE") != nullptr) {
        std::ofstream(path) << report;
    }
    std::ifstream file(path);
    ASSERT_TRUE(file) << path << " is missing";
    std::stringstream expected;
    expected << file.rdbuf();
    EXPECT_EQ(report, expected.str()) << "TANDEM_GOLDEN_WRITE=1 accepts the new text";
}

} // namespace tandem::stress
