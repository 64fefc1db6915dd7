// A line chart as inline SVG: categories along the bottom, intervals as whiskers, both twins strong, peers quiet.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "statistics.hpp"

namespace tandem::tools {

struct chart_series {
    std::string name;
    std::string half;                     // locked, lockfree, or peer
    std::map<std::size_t, interval> at{}; // category -> median and interval
};

struct chart {
    std::string id;     // unique on the page
    std::string title;  // read out; the page shows it as the figure's caption
    std::string unit;   // of the values: "items/s"
    std::string bottom; // what the categories are
    std::vector<std::string> categories;
    std::size_t crowded_from = 0; // first category with more threads than cores; categories.size() when there is none
    std::vector<chart_series> series;
};

[[nodiscard]] std::string svg(chart const&);

} // namespace tandem::tools
