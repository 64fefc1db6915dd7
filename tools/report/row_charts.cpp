// Charts of a line each: bars, percentiles, ratios.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "drawing.hpp"
#include "html.hpp"

namespace tandem::tools {

std::string svg(bar_chart const& of) {
    constexpr double names = 150, end = 372;
    double most = of.most;
    for (auto const& one : of.bars) {
        most = std::max(most, one.value.high);
    }
    scale const axis(most, of.unit);
    auto const x = [&](double value) { return names + value / axis.high * (end - names); };
    auto bars = of.bars;
    std::ranges::stable_sort(bars, [&](auto const& a, auto const& b) {
        return of.more_is_better ? a.value.value > b.value.value : a.value.value < b.value.value;
    });
    std::string rows;
    double y = 26;
    for (auto const& one : bars) {
        auto const lines = wrapped(one.name, 25);
        auto const height = std::max(22.0, line_height * static_cast<double>(lines.size()) + 7);
        auto const middle = y + height / 2;
        rows += fmt::format("<g class='{} {}' tabindex='0'>{}{}<rect class='bar' x='{}' y='{:.1f}' width='{:.1f}' "
                            "height='12'/><path class='whisker' d='M{:.1f} {:.1f}H{:.1f}'/><text class='figure' "
                            "x='{:.1f}' y='{:.1f}'>{}</text></g>",
                            escaped(one.half), one.half == "peer" ? "quiet" : "strong",
                            said(axis, one.name, "", one.value), text_lines(lines, names - 7, middle, "end"), names,
                            middle - 6, std::max(0.5, x(one.value.value) - names), x(one.value.low), middle,
                            x(one.value.high), x(one.value.high) + 5, middle + 3.8, axis.written(one.value.value));
        y += height;
    }
    std::string grid;
    for (auto const tick : axis.ticks) {
        grid += fmt::format("<path class='grid' d='M{0:.1f} 26V{1:.1f}'/><text class='tick' x='{0:.1f}' y='{2:.1f}' "
                            "text-anchor='middle'>{3}</text>",
                            x(tick), y, y + 13, axis.written(tick));
    }
    return opening(of.about, y + 20) +
           fmt::format("<text class='name' x='{}' y='14'>{}</text>{}{}</svg>", names, escaped(axis.unit), grid, rows);
}

namespace {

std::string time_in_words(double ns) {
    return ns >= 1e9   ? fmt::format("{:.3g} s", ns / 1e9)
           : ns >= 1e6 ? fmt::format("{:.3g} ms", ns / 1e6)
           : ns >= 1e3 ? fmt::format("{:.3g} \u00b5s", ns / 1e3)
                       : fmt::format("{:.3g} ns", ns);
}

} // namespace

std::string svg(percentile_chart const& of) {
    constexpr double names = 150, end = 404;
    double least = of.least > 0 ? of.least : INFINITY, most = of.most;
    for (auto const& one : of.rows) {
        least = std::min(least, one.half_of_all);
        most = std::max(most, one.slowest);
    }
    auto const low = std::log10(std::max(1.0, least)) - 0.08;
    auto const high = std::max(low + 0.3, std::log10(std::max(1.0, most)) + 0.05);
    auto const x = [&](double ns) {
        return names + (std::log10(std::max(1.0, ns)) - low) / (high - low) * (end - names);
    };
    auto rows = of.rows;
    std::ranges::stable_sort(rows, {}, &percentile_chart::times::half_of_all);
    std::string body;
    double y = 26;
    for (auto const& one : rows) {
        auto const lines = wrapped(one.name, 25);
        auto const height = std::max(22.0, line_height * static_cast<double>(lines.size()) + 7);
        auto const middle = y + height / 2;
        body += fmt::format(
            "<g class='{} {}' tabindex='0'><title>{}: half within {}, 99 % within {}, 99.9 % within {}, all within "
            "{}</title>{}<path class='line' d='M{:.1f} {:.1f}H{:.1f}'/><path class='line thin' d='M{:.1f} "
            "{:.1f}H{:.1f}'/>{}<path class='whisker' d='M{:.1f} {:.1f}v8M{:.1f} {:.1f}v8'/><path class='whisker' "
            "d='M{:.1f} {:.1f}l4 4m0 -4l-4 4'/></g>",
            escaped(one.half), one.half == "peer" ? "quiet" : "strong", escaped(one.name),
            time_in_words(one.half_of_all), time_in_words(one.p99), time_in_words(one.p99_9),
            time_in_words(one.slowest), text_lines(lines, names - 7, middle, "end"), x(one.half_of_all), middle,
            x(one.p99), x(one.p99), middle, x(one.slowest), marker(one.half, x(one.half_of_all), middle), x(one.p99),
            middle - 4, x(one.p99_9), middle - 4, x(one.slowest) - 2, middle - 2);
        y += height;
    }
    std::string grid;
    double free_from = 0;
    for (double decade = std::pow(10, std::floor(low)); decade <= std::pow(10, high); decade *= 10) {
        for (double const step : {1.0, 3.0}) {
            auto const tick = decade * step;
            if (std::log10(tick) < low || std::log10(tick) > high) {
                continue;
            }
            grid += fmt::format("<path class='grid' d='M{0:.1f} 26V{1:.1f}'/>", x(tick), y);
            if (x(tick) - 15 >= free_from) {
                grid += fmt::format("<text class='tick' x='{:.1f}' y='{:.1f}' text-anchor='middle'>{}</text>", x(tick),
                                    y + 13, time_in_words(tick));
                free_from = x(tick) + 17;
            }
        }
    }
    return opening(of.about, y + 20) +
           fmt::format(
               "<text class='name' x='{}' y='14'>\u25cf half of all  | 99 %  | 99.9 %  \u00d7 slowest</text>{}{}</svg>",
               names, grid, body);
}

std::string svg(ratio_chart const& of) {
    constexpr double names = 194, end = 412;
    auto const reach = std::ceil(std::log2(std::max(2.0, of.reach)) * 2) / 2;
    auto const x = [&](double ratio) {
        return (names + end) / 2 + std::clamp(std::log2(ratio) / reach, -1.0, 1.0) * (end - names - 12) / 2;
    };
    std::string body;
    double y = 30;
    for (auto const& one : of.rows) {
        auto const lines = wrapped(one.name, 34);
        auto const height = std::max(20.0, line_height * static_cast<double>(lines.size()) + 6);
        auto const middle = y + height / 2;
        body += fmt::format("<a href='#{}'>{}</a>", one.link, text_lines(lines, names - 8, middle, "end"));
        for (auto const& dot : one.dots) {
            char const* const half = dot.is == verdict::faster   ? "lockfree"
                                     : dot.is == verdict::slower ? "locked"
                                                                 : "peer";
            body += fmt::format("<g class='{} strong'><title>{}{}{}: lock-free over locked {:.3g}, 95 % between {:.3g} "
                                "and {:.3g}: {}</title><path class='whisker' d='M{:.1f} {:.1f}H{:.1f}'/>{}</g>",
                                half, escaped(one.name), dot.name.empty() ? "" : ", ", escaped(dot.name),
                                dot.ratio.value, dot.ratio.low, dot.ratio.high, word(dot.is), x(dot.ratio.low), middle,
                                x(dot.ratio.high), marker(half, x(dot.ratio.value), middle));
        }
        y += height;
    }
    std::string grid =
        fmt::format("<text class='name locked' x='{:.1f}' y='10' text-anchor='end'>\u2190 locked wins</text><text "
                    "class='name lockfree' x='{:.1f}' y='10'>lock-free wins \u2192</text>",
                    x(1) - 8, x(1) + 8);
    int const step = reach > 3 ? 2 : 1;
    for (int power = -static_cast<int>(reach); power <= static_cast<int>(reach); ++power) {
        if (power % step != 0) {
            continue;
        }
        auto const at = x(std::exp2(power));
        grid += fmt::format("<path class='{}' d='M{:.1f} 26V{:.1f}'/><text class='tick' x='{:.1f}' y='22' "
                            "text-anchor='middle'>{}</text>",
                            power == 0 ? "axis" : "grid", at, y, at,
                            power == 0  ? "equal"
                            : power > 0 ? fmt::format("{}\u00d7", 1 << power)
                                        : fmt::format("{}\u00d7", 1 << -power));
    }
    return opening(of.about, y + 6) + grid + body + "</svg>";
}

} // namespace tandem::tools
