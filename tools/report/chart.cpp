#include "chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <numeric>
#include <set>

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

namespace {

constexpr double width = 420;
constexpr double line_height = 12;
constexpr std::size_t label_letters = 25;

std::string opening(caption const& about, double height) {
    return fmt::format("<svg viewBox='0 0 {0} {1:.0f}' role='img' aria-labelledby='{2}-t {2}-d'><title "
                       "id='{2}-t'>{3}</title><desc id='{2}-d'>{4}</desc>",
                       width, height, about.id, escaped(about.title), escaped(about.description));
}

// Colour alone tells nobody everything: the lock-free half is round, the locked one square, the others are small diamonds.
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

// From zero to at least `most`, in round steps.
struct scale {
    double high;
    std::vector<double> ticks{};
    double divisor = 1;
    std::string unit;

    scale(double most, std::string const& of) : high(most > 0 ? most * 1.06 : 1), unit(of) {
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
    [[nodiscard]] std::string written(double value) const {
        auto const shown = value / divisor;
        return shown == 0 ? "0" : shown >= 100 ? fmt::format("{:.0f}", shown) : fmt::format("{:.3g}", shown);
    }
};

std::string said(scale const& axis, std::string const& name, std::string const& where, interval const& value) {
    return fmt::format("<title>{}{}{}: {} {}, 95 % between {} and {}</title>", escaped(name), where.empty() ? "" : ", ",
                       escaped(where), axis.written(value.value), escaped(axis.unit), axis.written(value.low),
                       axis.written(value.high));
}

// Where positions fall: doubling when they span a factor of four; those at the same number stand a little apart.
class along {
public:
    along(std::set<position> const& all, double left, double right) {
        for (auto const& one : all) {
            low_ = std::min(low_, one.at);
            high_ = std::max(high_, one.at);
        }
        doubling_ = low_ > 0 && high_ >= 4 * low_;
        left_ = left + 14;
        right_ = right - 12;
        for (auto const& one : all) {
            std::vector<std::string> same;
            for (auto const& other : all) {
                if (other.at == one.at) {
                    same.push_back(other.name);
                }
            }
            auto const place = std::ranges::find(same, one.name) - same.begin();
            apart_.emplace_back(one, (static_cast<double>(place) - static_cast<double>(same.size() - 1) / 2) * 8);
        }
    }
    [[nodiscard]] double x(double at) const {
        auto const of = [&](double value) { return doubling_ ? std::log2(value) : value; };
        auto const span = of(high_) - of(low_);
        return span > 0 ? left_ + (of(at) - of(low_)) / span * (right_ - left_) : (left_ + right_) / 2;
    }
    [[nodiscard]] double x(position const& of) const {
        auto const found = std::ranges::find(apart_, of, &std::pair<position, double>::first);
        return x(of.at) + (found == apart_.end() ? 0 : found->second);
    }
    [[nodiscard]] double low() const { return low_; }
    [[nodiscard]] double high() const { return high_; }

private:
    double low_ = INFINITY, high_ = 0, left_, right_;
    bool doubling_;
    std::vector<std::pair<position, double>> apart_;
};

constexpr double left = 34;
constexpr double plot_right = 266;
constexpr double top = 32;

struct placed_label {
    std::size_t which;
    double wanted, y;
    std::vector<std::string> lines;
    [[nodiscard]] double height() const { return line_height * static_cast<double>(lines.size()) + 2; }
};

// Names at the right ends of their lines, moved apart where they would touch.
std::vector<placed_label> place_labels(std::vector<placed_label> labels, double highest, double lowest) {
    std::ranges::stable_sort(labels, {}, &placed_label::wanted);
    double free_from = highest;
    for (auto& one : labels) {
        one.y = std::max(one.wanted, free_from + one.height() / 2);
        free_from = one.y + one.height() / 2;
    }
    double free_to = lowest;
    for (auto one = labels.rbegin(); one != labels.rend(); ++one) {
        one->y = std::min(one->y, free_to - one->height() / 2);
        free_to = one->y - one->height() / 2;
    }
    return labels;
}

std::string draw_frame(line_chart const& of, scale const& axis, along const& bottom, std::set<position> const& places,
                       double plot_bottom) {
    std::string out;
    if (of.cores > 0 && of.cores <= bottom.high()) {
        bool const all = of.cores < bottom.low();
        auto const x = all ? left : bottom.x(of.cores);
        if (of.cores < bottom.high()) {
            out += fmt::format("<rect class='crowded' x='{:.1f}' y='{}' width='{:.1f}' height='{:.1f}'/>", x, top,
                               plot_right - x, plot_bottom - top);
        }
        out += all ? "" : fmt::format("<path class='cores' d='M{:.1f} {}V{:.1f}'/>", x, top - 6, plot_bottom);
        auto const words = fmt::format("{} {}", of.cores, of.cores == 1 ? "core" : "cores");
        out += fmt::format("<text class='hint' x='{:.1f}' y='{}'>{}</text>", x + (all ? 0 : 2), top - 5,
                           of.cores < bottom.high() ? words + ", then more threads" : words);
    }
    auto const y = [&](double value) { return plot_bottom - value / axis.high * (plot_bottom - top); };
    for (auto const tick : axis.ticks) {
        out += fmt::format("<path class='grid' d='M{} {:.1f}H{}'/><text class='tick' x='{}' y='{:.1f}' "
                           "text-anchor='end'>{}</text>",
                           left, y(tick), plot_right, left - 5, y(tick) + 3.6, axis.written(tick));
    }
    out += fmt::format("<text class='name' x='2' y='10'>{}</text><path class='axis' d='M{} {:.1f}H{}'/>",
                       escaped(axis.unit), left, plot_bottom, plot_right);
    double free_from = 0;
    std::set<double> ticks;
    for (auto const& one : places) {
        ticks.insert(one.at);
    }
    for (auto const tick : ticks) {
        auto const words = quantity(tick);
        auto const half = 3.0 * static_cast<double>(words.size());
        if (bottom.x(tick) - half >= free_from) {
            out += fmt::format("<text class='tick' x='{:.1f}' y='{:.1f}' text-anchor='middle'>{}</text>",
                               bottom.x(tick), plot_bottom + 14, words);
            free_from = bottom.x(tick) + half + 2;
        }
    }
    return out + fmt::format("<text class='name' x='{:.1f}' y='{:.1f}' text-anchor='middle'>{}</text>",
                             (left + plot_right) / 2, plot_bottom + 30, escaped(of.bottom));
}

std::string draw_line(line_chart::series const& of, bool strong, scale const& axis, along const& bottom,
                      placed_label const& label, double plot_bottom) {
    auto const y = [&](double value) { return plot_bottom - value / axis.high * (plot_bottom - top); };
    std::string line, marks;
    for (auto const& [where, value] : of.at) {
        auto const x = bottom.x(where);
        line += fmt::format("{}{:.1f} {:.1f}", line.empty() ? "M" : "L", x, y(value.value));
        marks += fmt::format("<g>{}<path class='whisker' d='M{:.1f} {:.1f}V{:.1f}'/>{}<text class='value' x='{:.1f}' "
                             "y='{:.1f}' text-anchor='middle'>{}</text></g>",
                             said(axis, of.name, where.name, value), x, y(value.low), y(value.high),
                             marker(of.half, x, y(value.value)), x, y(value.value) - 8, axis.written(value.value));
    }
    auto const end = bottom.x(of.at.back().first);
    return fmt::format("<g class='{} {}' tabindex='0'><path class='hit' d='{}'/><path class='line' d='{}'/>{}<path "
                       "class='leader' d='M{:.1f} {:.1f}L{} {:.1f}h4'/>{}</g>",
                       escaped(of.half), strong ? "strong" : "quiet", line, line, marks, end + 6, label.wanted,
                       plot_right + 2, label.y, text_lines(label.lines, plot_right + 10, label.y, "start"));
}

} // namespace

std::string svg(line_chart const& of) {
    std::set<position> places;
    double most = of.most;
    double names = 0;
    std::vector<placed_label> labels;
    for (std::size_t i = 0; i < of.lines.size(); ++i) {
        for (auto const& [where, value] : of.lines[i].at) {
            places.insert(where);
            most = std::max(most, value.high);
        }
        labels.push_back({i, 0, 0, wrapped(of.lines[i].name, label_letters)});
        names += labels.back().height();
    }
    scale const axis(most, of.unit);
    along const bottom(places, left, plot_right);
    auto const plot_bottom = std::max(top + 190, top + names);
    for (auto& one : labels) {
        one.wanted = plot_bottom - of.lines[one.which].at.back().second.value / axis.high * (plot_bottom - top);
    }
    labels = place_labels(std::move(labels), top - 12, plot_bottom + 8);
    std::string out = opening(of.about, plot_bottom + 38) + draw_frame(of, axis, bottom, places, plot_bottom);
    std::set<std::string> seen;
    std::vector<bool> strong;
    for (auto const& one : of.lines) {
        strong.push_back((one.half == "locked" || one.half == "lockfree") && seen.insert(one.half).second);
    }
    for (bool const front : {false, true}) {
        for (auto const& label : labels) {
            if (strong[label.which] == front) {
                out += draw_line(of.lines[label.which], front, axis, bottom, label, plot_bottom);
            }
        }
    }
    return out + "</svg>";
}

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
