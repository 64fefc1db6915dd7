#include "drawing.hpp"

#include <fmt/format.h>

#include <cctype>
#include <cmath>
#include <utility>

#include "html.hpp"

namespace tandem::tools {

namespace {

// Where a name may be broken: first between words, then after "::", then inside of what is still too long.
std::vector<std::string> pieces_of(std::string const& text, std::size_t letters, int level) {
    if (text.size() <= letters && level > 0) {
        return {text};
    }
    std::vector<std::string> parts{""};
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const before = i == 0 ? '\0' : text[i - 1];
        bool const new_word = std::isupper(static_cast<unsigned char>(text[i])) != 0 &&
                              std::islower(static_cast<unsigned char>(before)) != 0;
        bool const here = level == 0   ? before == ' '
                          : level == 1 ? before == ':' && text[i] != ':'
                                       : before == '_' || new_word;
        if (here) {
            parts.emplace_back();
        }
        parts.back() += text[i];
    }
    if (level == 2) {
        return parts;
    }
    std::vector<std::string> all;
    for (auto const& part : parts) {
        for (auto& piece : pieces_of(part, letters, level + 1)) {
            all.push_back(std::move(piece));
        }
    }
    return all;
}

} // namespace

std::vector<std::string> wrapped(std::string const& name, std::size_t letters) {
    std::vector<std::string> lines{""};
    for (auto const& piece : pieces_of(name, letters, 0)) {
        if (!lines.back().empty() && lines.back().size() + piece.size() > letters) {
            lines.emplace_back();
        }
        lines.back() += piece;
    }
    return lines;
}

std::string opening(caption const& about, double height) {
    return fmt::format("<svg viewBox='0 0 {0} {1:.0f}' role='img' aria-labelledby='{2}-t {2}-d'><title "
                       "id='{2}-t'>{3}</title><desc id='{2}-d'>{4}</desc>",
                       chart_width, height, about.id, escaped(about.title), escaped(about.description));
}

std::string marker(std::string const& half, double x, double y) {
    if (half == "lockfree") {
        return fmt::format("<circle cx='{:.1f}' cy='{:.1f}' r='4'/>", x, y);
    }
    if (half == "locked") {
        return fmt::format("<rect x='{:.1f}' y='{:.1f}' width='7.2' height='7.2'/>", x - 3.6, y - 3.6);
    }
    return fmt::format("<path d='M{:.1f} {:.1f}l3.2 3.2l-3.2 3.2l-3.2 -3.2z'/>", x, y - 3.2);
}

std::string text_lines(std::vector<std::string> const& lines, double x, double middle, char const* anchor) {
    std::string out = fmt::format("<text class='label' text-anchor='{}'>", anchor);
    auto y = middle + 3.6 - line_height * static_cast<double>(lines.size() - 1) / 2;
    for (auto const& line : lines) {
        out += fmt::format("<tspan x='{:.1f}' y='{:.1f}'>{}</tspan>", x, y, escaped(line));
        y += line_height;
    }
    return out + "</text>";
}

scale::scale(double most, std::string const& of) : high(most > 0 ? most * 1.06 : 1), unit(of) {
    auto const rough = high / 4.5;
    auto const power = std::pow(10, std::floor(std::log10(rough)));
    auto const share = rough / power;
    auto const step = power * (share > 5 ? 10 : share > 2 ? 5 : share > 1 ? 2 : 1);
    for (double tick = 0; tick <= high; tick += step) {
        ticks.push_back(tick);
    }
    for (auto const& [size, word] :
         {std::pair{1e9, "billion "}, std::pair{1e6, "million "}, std::pair{1e4, "thousand "}}) {
        if (high >= size) {
            divisor = size == 1e4 ? 1e3 : size;
            unit = word + of;
            break;
        }
    }
}

std::string scale::written(double value) const {
    auto const shown = value / divisor;
    return shown == 0 ? "0" : shown >= 100 ? fmt::format("{:.0f}", shown) : fmt::format("{:.3g}", shown);
}

std::string said(scale const& axis, std::string const& name, std::string const& where, interval const& value) {
    return fmt::format("<title>{}{}{}: {} {}, 95 % between {} and {}</title>", escaped(name), where.empty() ? "" : ", ",
                       escaped(where), axis.written(value.value), escaped(axis.unit), axis.written(value.low),
                       axis.written(value.high));
}

} // namespace tandem::tools
