#include "report/page.hpp"

#include <gtest/gtest.h>

#include <map>
#include <regex>

#include "report/chart.hpp"
#include "report/html.hpp"
#include "tree.hpp"

namespace tandem::tools {
namespace {

std::vector<json> records() {
    std::vector<json> all;
    for (char const* const name : {"bench.json", "stress.json", "model.json", "mutants.json", "logic_mutants.json", "test.json"}) {
        all.push_back(read_record(std::filesystem::path(TANDEM_TOOLS_FOLDER) / "testdata" / name));
    }
    return all;
}

std::string page_of(std::vector<json> const& from) {
    return make_page(from, {.style = contents(std::filesystem::path(TANDEM_TOOLS_FOLDER) / "report" / "page.css")});
}

// Workloads that no code here knows by name: maps, with conditions, counters and a unit of their own.
std::vector<json> of_maps() {
    return {read_record(std::filesystem::path(TANDEM_TOOLS_FOLDER) / "testdata" / "bench_maps.json")};
}

std::size_t count(std::string const& text, std::string const& what) {
    std::size_t found = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
        ++found;
    }
    return found;
}

// Every element that is opened is closed, in order.
std::string first_unbalanced(std::string const& html) {
    static std::regex const tag("<(/?)([a-zA-Z][a-zA-Z0-9]*)[^>]*?(/?)>");
    std::vector<std::string> open;
    for (std::sregex_iterator at(html.begin(), html.end(), tag), none; at != none; ++at) {
        auto const name = (*at)[2].str();
        if (name == "meta" || name == "br" || (*at)[3].length() > 0) {
            continue;
        }
        if ((*at)[1].length() == 0) {
            open.push_back(name);
        } else if (open.empty() || open.back() != name) {
            return "</" + name + ">";
        } else {
            open.pop_back();
        }
    }
    return open.empty() ? "" : "<" + open.back() + ">";
}

TEST(page, is_one_file_that_fetches_nothing) {
    auto const page = page_of(records());
    for (char const* const fetched : {"http://", "https://", "src=", "@import", "url(", "<link", "<script"}) {
        EXPECT_EQ(page.find(fetched), std::string::npos) << fetched;
    }
}

TEST(page, elements_are_balanced) {
    auto const page = page_of(records());
    EXPECT_EQ(first_unbalanced(page.substr(page.find("<html"))), "");
    EXPECT_EQ(first_unbalanced("<p><b></p></b>"), "</p>");
}

TEST(page, has_every_section_and_every_link_leads_to_one) {
    auto const page = page_of(records());
    for (char const* const section : {"run-1", "run-1-choose", "run-1-stream", "run-1-pairs", "run-1-latency",
                                      "run-1-counter_add", "run-1-limits", "evidence", "provenance"}) {
        EXPECT_GE(count(page, std::string("href='#") + section + "'"), 1U) << section;
    }
    static std::regex const link("href=['\"]#([^'\"]+)['\"]"), anchor(" id=['\"]([^'\"]+)['\"]");
    std::map<std::string, int> anchors;
    for (std::sregex_iterator at(page.begin(), page.end(), anchor), none; at != none; ++at) {
        EXPECT_EQ(++anchors[(*at)[1]], 1) << (*at)[1];
    }
    for (std::sregex_iterator at(page.begin(), page.end(), link), none; at != none; ++at) {
        EXPECT_EQ(anchors[(*at)[1]], 1) << (*at)[1];
    }
}

TEST(page, a_chart_for_each_workload_and_placement_with_its_figures) {
    auto const page = page_of(records());
    EXPECT_EQ(count(page, "<svg "), 7U) << "two of ratios; stream twice, pairs, latency, counter_add";
    EXPECT_EQ(count(page, "role='img' aria-labelledby='run-1-chart-"), 7U);
    EXPECT_EQ(count(page, "<desc "), 7U);
    EXPECT_EQ(count(page, "<summary>Figures</summary>"), 6U) << "each structure's ratios, each workload";
    EXPECT_NE(page.find(">lockfree.bounded_queue</tspan>"), std::string::npos);
    EXPECT_NE(page.find(">concurrent_bounded_queue</tspan>"), std::string::npos);
}

TEST(page, says_who_wins_where_and_where_locked_does) {
    auto const page = page_of(records());
    EXPECT_NE(page.find("<b class='lockfree'>lock-free is faster</b> throughout (20 to 26 times)"), std::string::npos);
    EXPECT_NE(page.find("<b class='locked'>locked is faster</b> at 1p1c (1.05 times), no difference is seen at 1p2c"),
              std::string::npos);
    EXPECT_NE(page.find("Where locked wins:"), std::string::npos);
    EXPECT_NE(page.find("<li><code>bounded_queue</code>, stream, on one core, at 1p1c: 1.05 times"), std::string::npos);
}

TEST(page, repeats_each_part_by_its_own_command) {
    auto const page = page_of(records());
    EXPECT_NE(page.find("<code>./tools/run bench stream --cores 2</code>"), std::string::npos);
    EXPECT_NE(page.find("<code>./tools/run stress</code>"), std::string::npos);
}

TEST(page, is_the_same_for_the_same_records) {
    EXPECT_EQ(page_of(records()), page_of(records()));
}

TEST(page, two_runs_have_a_section_each_and_do_not_mix) {
    auto all = records();
    all.push_back(all[0]);
    all.back()["started"] = "2026-02-02T00:00:00Z";
    all.back()["machine"]["cpu"] = "Another processor";
    auto const page = page_of(all);
    EXPECT_NE(page.find("<a href='#run-1'>Another processor, 2 cores, 2026-02-02</a>"), std::string::npos);
    EXPECT_NE(page.find("<a href='#run-2'>Made-up processor for tests, 2 cores, 2026-01-02</a>"), std::string::npos);
    EXPECT_EQ(count(page, "<svg "), 14U);
}

TEST(page, goals_are_listed_met_and_missed) {
    auto const goal = [](char const* name, double least) {
        return json{{"name", name},
                    {"rows", {{"workload", "stream"}, {"placement", "split"}, {"crowd", {"1p1c", "2p2c"}}}},
                    {"subject", {{"half", "lockfree"}}},
                    {"against", {{{"half", "locked"}}}},
                    {"min_ratio", least}};
    };
    page_parts with{.style = "", .goals = {{"schema", 1}, {"goals", {goal("easy", 2), goal("hard", 21)}}}};
    auto const page = make_page(records(), with);
    EXPECT_NE(page.find("3 of 4 comparisons meet their goal, 1 miss it."), std::string::npos);
    EXPECT_NE(page.find("met, all 2</span></th><td>easy"), std::string::npos);
    EXPECT_NE(page.find("missed, 1 of 2</strong></th><td>hard"), std::string::npos);
    EXPECT_NE(page.find("href='#run-1-goals'"), std::string::npos);
}

TEST(page, a_workload_is_introduced_by_what_the_grammar_says) {
    EXPECT_NE(make_page(records(), {.style = "", .about = {{"pairs", "push <and> pop"}}}).find("push &lt;and&gt; pop."),
              std::string::npos);
}

TEST(page, draws_workloads_that_it_does_not_know) {
    auto const page = page_of(of_maps());
    EXPECT_EQ(first_unbalanced(page.substr(page.find("<html"))), "");
    EXPECT_NE(page.find("<h4>finds 98</h4>"), std::string::npos) << "a condition that differs heads a group";
    EXPECT_NE(page.find("<p class='conditions'>capacity 10000, keys u64</p>"), std::string::npos) << "what all share";
    EXPECT_NE(page.find("locked is faster</b> at 1 thread (1.25 times), no difference is seen at 2 threads, and <b "
                        "class='lockfree'>lock-free is faster</b> from 4 threads on (1.60 to 2.0 times); they cross "
                        "between 1 and 4."),
              std::string::npos);
    EXPECT_NE(page.find("longest insert, ns</th>"), std::string::npos) << "a counter has a column";
    EXPECT_NE(page.find("bytes per element</th>"), std::string::npos);
    EXPECT_NE(page.find(">capacity</text>"), std::string::npos) << "what alone varies stands along the bottom";
    EXPECT_NE(page.find("locked needs less</b> throughout (2.0 times)"), std::string::npos)
        << "of bytes, fewer are better";
}

TEST(page, latency_says_how_often_a_message_costs_a_context_switch) {
    auto all = records();
    for (auto& row : all[0]["results"]) {
        row["context_switches_per_million"] = 1250000;
    }
    auto const page = page_of(all);
    EXPECT_NE(page.find("context switches a million items"), std::string::npos);
    EXPECT_NE(page.find(">1.25\u00a0M<"), std::string::npos);
}

TEST(page, quotes_arguments_commands_and_the_limit_of_two_cores) {
    auto const page = page_of(records());
    EXPECT_NE(page.find("kept so that callers may rely on it"), std::string::npos);
    EXPECT_NE(page.find("<code>./tools/run mutants --logic</code>"), std::string::npos);
    EXPECT_NE(page.find("<code>./tools/run bench --cores 2</code>"), std::string::npos);
    EXPECT_NE(page.find("nothing measured on it shows scaling beyond two cores"), std::string::npos);
}

TEST(page, mutants_of_both_kinds_are_counted_and_proofs_shown) {
    auto const page = page_of(records());
    EXPECT_NE(page.find("<dt>weakened memory orders noticed, 1 more proved equivalent within the model</dt><dd>12 of 13</dd>"), std::string::npos);
    EXPECT_NE(page.find("<dt>changes of logic noticed, 1 more proved equivalent within the model</dt><dd>2 of 4</dd>"), std::string::npos);
    EXPECT_NE(page.find("2 killed, 1 proved equivalent, 1 survived, 0 unreached"), std::string::npos);
    EXPECT_NE(page.find("all 412 executions of bounded_queue.lockfree.close_vs_look; noticed there: bounded_queue.says_closed_early"),
              std::string::npos);
    EXPECT_NE(page.find("bounded_queue.looks_once_less"), std::string::npos);
    EXPECT_NE(page.find("none: bounded_queue.lockfree.wrap_around does not come to an end"), std::string::npos);
}

TEST(page, what_was_not_measured_is_said) {
    EXPECT_NE(page_of(records()).find("its headers were not found"), std::string::npos);
}

TEST(page, names_are_text_and_never_markup) {
    auto all = records();
    all[0]["results"][0]["implementation"] = "<script>alert(1)</script>";
    all[0]["command"] = "<b>&";
    auto const page = page_of(all);
    EXPECT_EQ(page.find("<script"), std::string::npos);
    EXPECT_NE(page.find("&lt;b&gt;&amp;"), std::string::npos);
}

TEST(page, without_benchmarks_shows_the_evidence_alone) {
    auto const page = page_of({records()[1]});
    EXPECT_EQ(page.find("<svg"), std::string::npos);
    EXPECT_NE(page.find("id='evidence'"), std::string::npos);
}

TEST(chart, quantities_are_short) {
    EXPECT_EQ(quantity(193456789), "193\u00a0M");
    EXPECT_EQ(quantity(4.8), "4.8");
    EXPECT_EQ(quantity(31000), "31\u00a0k");
}

line_chart many_lines() {
    line_chart drawn{.about = {"c", "t", "d"}, .unit = "items/s", .bottom = "threads", .cores = 2};
    for (int i = 0; i < 12; ++i) {
        drawn.lines.push_back(
            {"series " + std::to_string(i),
             i == 3   ? "locked"
             : i == 4 ? "lockfree"
                      : "peer",
             {{{1, "1"}, {100, 99, 101}}, {{2, "2"}, {100, 99, 101}}, {{4, "4"}, {100.0 + i, 99, 113}}}});
    }
    return drawn;
}

std::vector<double> numbers(std::string const& text, std::string const& pattern) {
    std::regex const expression(pattern);
    std::vector<double> found;
    for (std::sregex_iterator at(text.begin(), text.end(), expression), none; at != none; ++at) {
        found.push_back(std::stod((*at)[1]));
    }
    return found;
}

TEST(chart, names_never_touch) {
    auto heights = numbers(svg(many_lines()), "<tspan x='[0-9.]+' y='([0-9.]+)'");
    ASSERT_EQ(heights.size(), 12U);
    std::ranges::sort(heights);
    for (std::size_t i = 1; i < heights.size(); ++i) {
        EXPECT_GE(heights[i] - heights[i - 1], 11.9);
    }
}

TEST(chart, long_names_are_broken_where_names_may_be) {
    EXPECT_EQ(wrapped("std::mutex and std::deque", 30), (std::vector<std::string>{"std::mutex and std::deque"}));
    EXPECT_EQ(wrapped("std::mutex and std::deque", 15), (std::vector<std::string>{"std::mutex and ", "std::deque"}));
    EXPECT_EQ(wrapped("moodycamel::ConcurrentQueue", 25),
              (std::vector<std::string>{"moodycamel::", "ConcurrentQueue"}));
    EXPECT_EQ(wrapped("BlockingReaderWriterCircularBuffer", 25),
              (std::vector<std::string>{"BlockingReaderWriter", "CircularBuffer"}));
}

// Twice the threads is the same step to the right everywhere, and the ground is shaded from the core count on.
TEST(chart, threads_double_and_more_of_them_than_cores_are_shaded) {
    auto const text = svg(many_lines());
    auto const x = numbers(text, "<circle cx='([0-9.]+)'");
    ASSERT_EQ(x.size(), 3U);
    EXPECT_NEAR(x[1] - x[0], x[2] - x[1], 0.11);
    EXPECT_EQ(numbers(text, "class='crowded' x='([0-9.]+)'"), std::vector<double>{x[1]});
    EXPECT_NE(text.find("2 cores, then more threads"), std::string::npos);
}

TEST(chart, begins_at_zero_and_shows_the_twins_strong_and_of_different_shape) {
    auto const text = svg(many_lines());
    EXPECT_NE(text.find("text-anchor='end'>0</text>"), std::string::npos);
    EXPECT_EQ(count(text, "<g class='lockfree strong'"), 1U);
    EXPECT_EQ(count(text, "<g class='locked strong'"), 1U);
    EXPECT_EQ(count(text, "<g class='peer quiet'"), 10U);
    EXPECT_EQ(count(text, "<circle "), 3U);
    EXPECT_GT(text.find("<g class='lockfree strong'"), text.rfind("<g class='peer quiet'")) << "drawn over the others";
}

} // namespace
} // namespace tandem::tools
