#include <tandem/stress/lanes.hpp>

#include <algorithm>

namespace tandem::stress {

std::string concat(std::initializer_list<std::string_view> pieces) {
    std::string whole;
    for (auto const piece : pieces) {
        whole += piece;
    }
    return whole;
}

namespace {

std::string trimmed(std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    return line + '\n';
}

} // namespace

std::string padded(std::string text, std::size_t width) {
    text.resize(std::max(width, text.size()), ' ');
    return text;
}

std::string table(std::span<std::string const> lanes, std::span<lane_row const> rows, std::size_t most) {
    constexpr std::size_t narrowest = 10, gap = 6;
    auto const skipped = rows.size() > most ? rows.size() - most : 0;
    std::vector<std::size_t> widths(lanes.size(), narrowest);
    for (std::size_t r = skipped; r < rows.size(); ++r) {
        for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
            widths[lane] = std::max(widths[lane], rows[r].cells[lane].size());
        }
    }
    std::string line(6, ' ');
    for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
        line += padded(lanes[lane], widths[lane] + gap);
    }
    auto out = trimmed(line);
    if (skipped != 0) {
        out += concat({"      ... ", std::to_string(skipped), " earlier rows left out\n"});
    }
    for (std::size_t r = skipped; r < rows.size(); ++r) {
        auto const number = std::to_string(r + 1);
        line = std::string(number.size() < 3 ? 3 - number.size() : 0, ' ') + number + "   ";
        for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
            line += padded(rows[r].cells[lane], widths[lane] + gap);
        }
        out += trimmed(line + rows[r].aside);
    }
    return out;
}

std::string foot(std::string_view title, std::string_view words) {
    return words.empty() ? std::string() : concat({"  ", padded(std::string(title), 8), words, "\n"});
}

} // namespace tandem::stress
