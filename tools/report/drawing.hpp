// What every chart is drawn with: frame, markers, names, a scale from zero.
#pragma once

#include <string>
#include <vector>

#include "chart.hpp"

namespace tandem::tools {

inline constexpr double chart_width = 420;
inline constexpr double line_height = 12;

[[nodiscard]] std::string opening(caption const& about, double height);
// Colour alone tells nobody everything: the lock-free half is round, the locked one square, the others are small diamonds.
[[nodiscard]] std::string marker(std::string const& half, double x, double y);
[[nodiscard]] std::string text_lines(std::vector<std::string> const& lines, double x, double middle,
                                     char const* anchor);

// From zero to at least `most`, in round steps; in millions where that is what the values are.
struct scale {
    double high;
    std::vector<double> ticks{};
    double divisor = 1;
    std::string unit;

    scale(double most, std::string const& of);
    [[nodiscard]] std::string written(double value) const;
};

// What is read out, and shown where the mouse rests.
[[nodiscard]] std::string said(scale const& axis, std::string const& name, std::string const& where,
                               interval const& value);

} // namespace tandem::tools
