// Charts as inline SVG, drawn once and readable without scripts: both twins strong and of different shape, peers quiet until pointed at or
// reached with the keyboard, names beside what they name.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "bench_rows.hpp"
#include "statistics.hpp"

namespace tandem::tools {

struct caption {
    std::string id;          // unique on the page
    std::string title;       // read out
    std::string description; // read out after it
};

// Lines over a number: from zero upwards, threads doubling along the bottom, more threads than cores shaded.
struct line_chart {
    caption about;
    std::string unit;
    std::string bottom; // what the positions are
    double cores = 0;   // marked; 0: the positions are not threads
    double most = 0;    // the least that the axis must reach, so that charts side by side share it
    struct series {
        std::string name, half;
        std::vector<std::pair<position, interval>> at{};
    };
    std::vector<series> lines{}; // the first of each half is drawn strong
};

// One bar each, the best first.
struct bar_chart {
    caption about;
    std::string unit;
    bool more_is_better = true;
    double most = 0;
    struct bar {
        std::string name, half;
        interval value;
    };
    std::vector<bar> bars{};
};

// What half of all took, 99 % and 99.9 % of all, and the slowest: a line each, times doubling.
struct percentile_chart {
    caption about;
    double least = 0, most = 0; // nanoseconds, shared by charts side by side
    struct times {
        std::string name, half;
        double half_of_all, p99, p99_9, slowest;
    };
    std::vector<times> rows{};
};

// Ratios on a doubling scale, equal in the middle.
struct ratio_chart {
    caption about;
    struct dot {
        std::string name;
        interval ratio;
        verdict is;
    };
    struct row {
        std::string name, link;
        std::vector<dot> dots{};
    };
    std::vector<row> rows{};
    double reach = 2; // from 1/reach to reach
};

[[nodiscard]] std::string svg(line_chart const&);
[[nodiscard]] std::string svg(bar_chart const&);
[[nodiscard]] std::string svg(percentile_chart const&);
[[nodiscard]] std::string svg(ratio_chart const&);

// A name in lines of at most so many letters, broken where names may be.
[[nodiscard]] std::vector<std::string> wrapped(std::string const& name, std::size_t letters);

} // namespace tandem::tools
