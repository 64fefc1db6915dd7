#include <fmt/format.h>

#include <algorithm>

#include "comparison.hpp"
#include "html.hpp"
#include "sections.hpp"
#include "verdicts.hpp"

namespace tandem::tools {
namespace {

std::string with_interval(interval const& ratio) {
    return fmt::format("<span class='whole'>{} <small>{} to {}</small></span>", times(ratio.value), times(ratio.low),
                       times(ratio.high));
}

} // namespace

std::string goals_held(json const& record, std::string const& id, page_parts const& with) {
    if (with.goals.is_null()) {
        return {};
    }
    auto const results = check_goals(with.goals, with.goals_file, record);
    auto const count = [&](goal_state state) { return std::ranges::count(results, state, &goal_result::state); };
    auto const met = count(goal_state::met), missed = count(goal_state::missed);
    if (met + missed == 0) {
        return {};
    }
    struct promise {
        std::string name;
        std::vector<goal_result const*> answers{};
        long missed = 0;
    };
    std::vector<promise> promises;
    html_table each("Every combination", {"", "goal", "where", "wanted", "ratio, 95 %", "against the most demanding"});
    html_table unanswered("What this record cannot answer", {"goal", "where", "why"});
    for (auto const& one : results) {
        if (one.state == goal_state::unanswered) {
            unanswered.row({escaped(one.goal), escaped(one.where), escaped(one.why)});
            continue;
        }
        if (promises.empty() || promises.back().name != one.goal) {
            promises.push_back({one.goal});
        }
        promises.back().answers.push_back(&one);
        promises.back().missed += one.state == goal_state::missed ? 1 : 0;
        each.row(
            {one.state == goal_state::met ? "<span class='met'>\u2713 met</span>" : "<strong>\u2717 missed</strong>",
             escaped(one.goal), escaped(one.where), escaped(one.wanted), with_interval(one.ratio),
             escaped(one.against)});
    }
    std::ranges::stable_sort(promises, {}, [](promise const& one) { return one.missed > 0 ? 0 : 1; });
    html_table table(fmt::format("{} met, {} missed", met, missed),
                     {"", "goal", "wanted", "ratios", "the least, 95 %"});
    for (auto const& one : promises) {
        auto const [least, most] = std::ranges::minmax(one.answers, {}, [](auto const* r) { return r->ratio.value; });
        auto const total = one.answers.size();
        table.row({one.missed == 0 ? fmt::format("<span class='met'>\u2713 met{}</span>",
                                                 total > 1 ? fmt::format(", all {}", total) : "")
                                   : fmt::format("<strong>\u2717 missed{}</strong>",
                                                 total > 1 ? fmt::format(", {} of {}", one.missed, total) : ""),
                   escaped(one.name), fmt::format("<span class='whole'>{}</span>", escaped(least->wanted)),
                   total == 1 ? times(least->ratio.value)
                              : fmt::format("<span class='whole'>{} to {}</span>", times(least->ratio.value),
                                            times(most->ratio.value)),
                   with_interval(least->ratio)});
    }
    auto html =
        fmt::format("<h3 id='{}-goals'>Goals</h3>\n<p>{} of {} comparisons meet their goal, {} miss it.{}</p>\n{}", id,
                    met, met + missed, missed == 0 ? "none" : std::to_string(missed),
                    unanswered.empty() ? ""
                                       : fmt::format(" {} more are about what this run did not measure.",
                                                     results.size() - static_cast<std::size_t>(met + missed)),
                    table.html());
    html += fmt::format("<details><summary>Every combination, with ratio and interval</summary>{}</details>\n",
                        each.html());
    if (!unanswered.empty()) {
        html += fmt::format("<details><summary>What this run cannot answer</summary>{}</details>\n", unanswered.html());
    }
    return html;
}

} // namespace tandem::tools
