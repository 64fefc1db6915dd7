#include "chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "html.hpp"

namespace tandem::tools {
namespace {

constexpr double width = 690;
constexpr double height = 320;
constexpr double left = 64;
constexpr double right = 262; // room for the names
constexpr double top = 24;
constexpr double bottom = 48;
constexpr double plot_right = width - right;
constexpr double plot_bottom = height - bottom;

// Values to pixels: linear from zero, or logarithmic when they span more than a factor of twelve.
class value_axis {
public:
    explicit value_axis(chart const& of) {
        double least = std::numeric_limits<double>::infinity();
        double most = 0;
        for (auto const& series : of.series) {
            for (auto const& [category, value] : series.at) {
                least = std::min(least, value.low > 0 ? value.low : value.value);
                most = std::max(most, value.high);
            }
        }
        logarithmic_ = most > 12 * least;
        if (logarithmic_) {
            low_ = std::pow(10, std::floor(std::log10(least)));
            high_ = most * 1.3;
            for (double decade = low_; decade <= high_; decade *= 10) {
                for (double const step : {1.0, 3.0}) {
                    if (decade * step <= high_) {
                        ticks_.push_back(decade * step);
                    }
                }
            }
        } else {
            high_ = most > 0 ? most * 1.08 : 1;
            auto const rough = high_ / 5;
            auto const power = std::pow(10, std::floor(std::log10(rough)));
            auto const step = power * (rough / power > 5 ? 10 : rough / power > 2 ? 5 : rough / power > 1 ? 2 : 1);
            for (double tick = 0; tick <= high_; tick += step) {
                ticks_.push_back(tick);
            }
        }
    }
    [[nodiscard]] double share(double value) const {
        return logarithmic_ ? std::log(std::max(value, low_) / low_) / std::log(high_ / low_) : value / high_;
    }
    [[nodiscard]] double y(double value) const { return plot_bottom - share(value) * (plot_bottom - top); }
    [[nodiscard]] std::vector<double> const& ticks() const { return ticks_; }
    [[nodiscard]] bool logarithmic() const { return logarithmic_; }

private:
    bool logarithmic_ = false;
    double low_ = 0;
    double high_ = 1;
    std::vector<double> ticks_;
};

double x_of(std::size_t category, std::size_t count) {
    auto const step = (plot_right - left) / static_cast<double>(std::max<std::size_t>(count, 1));
    return left + step * (static_cast<double>(category) + 0.5);
}

// A shape of its own for each series: colour alone tells nobody everything.
std::string marker(std::size_t which, double x, double y) {
    switch (which % 6) {
    case 0:
        return fmt::format("<circle cx='{:.1f}' cy='{:.1f}' r='4'/>", x, y);
    case 1:
        return fmt::format("<rect x='{:.1f}' y='{:.1f}' width='7.4' height='7.4'/>", x - 3.7, y - 3.7);
    case 2:
        return fmt::format("<path d='M{:.1f} {:.1f}l4.4 7.6h-8.8z'/>", x, y - 5);
    case 3:
        return fmt::format("<path d='M{:.1f} {:.1f}l4.6 4.6l-4.6 4.6l-4.6 -4.6z'/>", x, y - 4.6);
    case 4:
        return fmt::format("<path d='M{:.1f} {:.1f}l4.4 -7.6h-8.8z'/>", x, y + 5);
    default:
        return fmt::format("<path class='open' d='M{0:.1f} {1:.1f}l7 7m0 -7l-7 7'/>", x - 3.5, y - 3.5);
    }
}

std::string opening(chart const& of, double high) {
    return fmt::format(
        "<svg viewBox='0 0 {0} {1}' role='img' aria-labelledby='{2}-title'><title id='{2}-title'>{3}</title>", width,
        high, of.id, escaped(of.title));
}

std::string unit_of(chart const& of, value_axis const& axis) {
    return escaped(of.unit) + (axis.logarithmic() ? ", log scale" : "");
}

std::string tooltip(chart const& of, chart_series const& series, std::size_t category, interval const& value) {
    return fmt::format("<title>{}, {}: {} {}, 95 % between {} and {}</title>", escaped(series.name),
                       escaped(of.categories[category]), quantity(value.value), escaped(of.unit), quantity(value.low),
                       quantity(value.high));
}

std::string draw_frame(chart const& of, value_axis const& axis) {
    auto const count = of.categories.size();
    std::string out;
    if (of.crowded_from < count) {
        auto const x =
            of.crowded_from == 0 ? left : (x_of(of.crowded_from, count) + x_of(of.crowded_from - 1, count)) / 2;
        out += fmt::format("<rect class='crowded' x='{:.1f}' y='{}' width='{:.1f}' height='{}'/>", x, top,
                           plot_right - x, plot_bottom - top);
        out += fmt::format("<text class='hint' x='{:.1f}' y='{}' text-anchor='end'>more threads than cores</text>",
                           plot_right, top - 7);
    }
    for (auto const tick : axis.ticks()) {
        out += fmt::format("<path class='grid' d='M{} {:.1f}H{}'/>", left, axis.y(tick), plot_right);
        out += fmt::format("<text class='tick' x='{}' y='{:.1f}' text-anchor='end'>{}</text>", left - 7,
                           axis.y(tick) + 4, quantity(tick));
    }
    out += fmt::format("<path class='axis' d='M{} {}H{}'/>", left, plot_bottom, plot_right);
    for (std::size_t i = 0; i < count; ++i) {
        out += fmt::format("<text class='tick' x='{:.1f}' y='{}' text-anchor='middle'>{}</text>", x_of(i, count),
                           plot_bottom + 17, escaped(of.categories[i]));
    }
    out += fmt::format("<text class='name' x='{:.1f}' y='{}' text-anchor='middle'>{}</text>", (left + plot_right) / 2,
                       height - 8, escaped(of.bottom));
    out += fmt::format("<text class='name' transform='translate(13 {:.1f}) rotate(-90)' text-anchor='middle'>{}</text>",
                       (top + plot_bottom) / 2, unit_of(of, axis));
    return out;
}

std::string draw_series(chart const& of, chart_series const& series, std::size_t which, value_axis const& axis) {
    auto const count = of.categories.size();
    std::string line, marks;
    for (auto const& [category, value] : series.at) {
        auto const x = x_of(category, count);
        auto const y = axis.y(value.value);
        line += fmt::format("{}{:.1f} {:.1f}", line.empty() ? "M" : "L", x, y);
        marks += fmt::format("<g>{}<path class='whisker' d='M{:.1f} {:.1f}V{:.1f}'/>{}</g>",
                             tooltip(of, series, category, value), x, axis.y(value.low), axis.y(value.high),
                             marker(which, x, y));
    }
    return fmt::format("<g class='{}'><path class='line' d='{}'/>{}</g>", escaped(series.half), line, marks);
}

// Names at the right end of their lines, moved apart where they would touch.
std::string draw_names(chart const& of, value_axis const& axis) {
    struct label {
        std::size_t which;
        double wanted, y;
    };
    constexpr double spacing = 15;
    std::vector<label> labels;
    for (std::size_t i = 0; i < of.series.size(); ++i) {
        if (!of.series[i].at.empty()) {
            labels.push_back({i, axis.y(of.series[i].at.rbegin()->second.value), 0});
        }
    }
    std::ranges::sort(labels, {}, &label::wanted);
    double lowest = top + 4;
    for (auto& one : labels) {
        one.y = std::max(one.wanted, lowest);
        lowest = one.y + spacing;
    }
    double highest = plot_bottom + 8;
    for (auto one = labels.rbegin(); one != labels.rend(); ++one) {
        one->y = std::min(one->y, highest);
        highest = one->y - spacing;
    }
    std::string out;
    for (auto const& one : labels) {
        auto const& series = of.series[one.which];
        auto const x = x_of(series.at.rbegin()->first, of.categories.size());
        out += fmt::format("<g class='{}'><path class='leader' d='M{:.1f} {:.1f}L{} {:.1f}H{}'/>{}<text class='label' "
                           "x='{}' y='{:.1f}'>{}</text></g>",
                           escaped(series.half), x + 7, one.wanted, plot_right + 6, one.y, plot_right + 12,
                           marker(one.which, plot_right + 18, one.y), plot_right + 28, one.y + 4, escaped(series.name));
    }
    return out;
}

// One category: a line each, the fastest first, instead of a single column.
std::string draw_rows(chart const& of, value_axis const& axis) {
    constexpr double names = 262;
    constexpr double row_height = 26;
    auto const rows_bottom = 8 + row_height * static_cast<double>(of.series.size());
    auto const x = [&](double value) { return names + axis.share(value) * (width - names - 24); };
    std::string out = opening(of, rows_bottom + 44);
    for (auto const tick : axis.ticks()) {
        out += fmt::format("<path class='grid' d='M{0:.1f} 4V{1:.1f}'/><text class='tick' x='{0:.1f}' y='{2:.1f}' "
                           "text-anchor='middle'>{3}</text>",
                           x(tick), rows_bottom, rows_bottom + 16, quantity(tick));
    }
    out += fmt::format("<text class='name' x='{:.1f}' y='{:.1f}' text-anchor='middle'>{}</text>", (names + width) / 2,
                       rows_bottom + 36, unit_of(of, axis));
    std::vector<std::size_t> order(of.series.size());
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::stable_sort(order, std::ranges::greater(),
                             [&](std::size_t i) { return of.series[i].at.begin()->second.value; });
    double y = 8 + row_height / 2;
    for (auto const i : order) {
        auto const& series = of.series[i];
        auto const& value = series.at.begin()->second;
        out += fmt::format(
            "<g class='{}'>{}<text class='label' x='{}' y='{:.1f}' text-anchor='end'>{}</text><path class='whisker' "
            "d='M{:.1f} {:.1f}H{:.1f}'/>{}</g>",
            escaped(series.half), tooltip(of, series, 0, value), names - 12, y + 4, escaped(series.name), x(value.low),
            y, x(value.high), marker(i, x(value.value), y));
        y += row_height;
    }
    return out + "</svg>";
}

} // namespace

std::string svg(chart const& of) {
    value_axis const axis(of);
    if (of.categories.size() == 1) {
        return draw_rows(of, axis);
    }
    std::string out = opening(of, height) + draw_frame(of, axis);
    // Peers first, so that the twins are drawn over them.
    for (bool const peers : {true, false}) {
        for (std::size_t i = 0; i < of.series.size(); ++i) {
            if ((of.series[i].half == "peer") == peers) {
                out += draw_series(of, of.series[i], i, axis);
            }
        }
    }
    return out + draw_names(of, axis) + "</svg>";
}

} // namespace tandem::tools
