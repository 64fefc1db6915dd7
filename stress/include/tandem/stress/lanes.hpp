// lanes: a table with a lane for each thread, in which time goes down.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::stress {

// The pieces one after the other. With operator+, a literal before a temporary string, g++ 12 warns at -O3.
std::string concat(std::initializer_list<std::string_view> pieces);

struct lane_row {
    std::vector<std::string> cells; // one a lane
    std::string aside{};            // to the right of all lanes
};

// The last `most` rows, numbered, under the lanes' names.
std::string table(std::span<std::string const> lanes, std::span<lane_row const> rows, std::size_t most);

std::string padded(std::string text, std::size_t width);

// What stands below a table: a title and a sentence; nothing without words.
std::string foot(std::string_view title, std::string_view words);

} // namespace tandem::stress
