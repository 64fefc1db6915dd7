#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "drawing.hpp"
#include "html.hpp"

namespace tandem::tools {
namespace {

constexpr std::size_t label_letters = 25;

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

} // namespace tandem::tools
