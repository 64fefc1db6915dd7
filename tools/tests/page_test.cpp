#include "report/page.hpp"

#include <gtest/gtest.h>

#include <regex>

#include "report/chart.hpp"
#include "report/html.hpp"
#include "tree.hpp"

namespace tandem::tools {
namespace {

std::vector<json> records() {
    std::vector<json> all;
    for (char const* const name : {"bench.json", "stress.json", "model.json", "mutants.json", "test.json"}) {
        all.push_back(read_record(std::filesystem::path(TANDEM_TOOLS_FOLDER) / "testdata" / name));
    }
    return all;
}

std::string page_of(std::vector<json> const& from) {
    return make_page(from, contents(std::filesystem::path(TANDEM_TOOLS_FOLDER) / "report" / "page.css"));
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
        if (name == "meta" || (*at)[3].length() > 0) {
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
    for (char const* const section : {"choose", "throughput", "latency", "limits", "evidence", "provenance", "main"}) {
        EXPECT_EQ(count(page, std::string("href='#") + section + "'") +
                      count(page, std::string("href=\"#") + section + "\""),
                  1U)
            << section;
        EXPECT_EQ(
            count(page, std::string(" id='") + section + "'") + count(page, std::string(" id=\"") + section + "\""), 1U)
            << section;
    }
}

TEST(page, a_chart_for_each_workload_and_placement_with_its_numbers) {
    auto const page = page_of(records());
    EXPECT_EQ(count(page, "<svg "), 4U); // stream split and one, pairs, counter_add
    EXPECT_EQ(count(page, "<summary>Numbers</summary>"), 4U);
    EXPECT_EQ(count(page, "role='img' aria-labelledby='chart-"), 4U);
    EXPECT_NE(page.find(">lockfree.bounded_queue</text>"), std::string::npos);
    EXPECT_NE(page.find(">tbb::concurrent_bounded_queue</text>"), std::string::npos);
}

TEST(page, latency_says_how_often_a_message_costs_a_context_switch) {
    auto all = records();
    for (auto& row : all[0]["results"]) {
        row["context_switches_per_million"] = 1250000;
    }
    auto const page = page_of(all);
    EXPECT_NE(page.find("context switches a message"), std::string::npos);
    EXPECT_NE(page.find(">1.2<"), std::string::npos);
}

TEST(page, quotes_arguments_commands_and_the_limit_of_two_cores) {
    auto const page = page_of(records());
    EXPECT_NE(page.find("kept so that callers may rely on it"), std::string::npos);
    EXPECT_NE(page.find("<code>./tools/run bench --cores 2</code>"), std::string::npos);
    EXPECT_NE(page.find("nothing measured on it shows scaling beyond two cores"), std::string::npos);
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

TEST(chart, names_never_touch) {
    chart drawn{.id = "c",
                .title = "t",
                .unit = "items/s",
                .bottom = "threads",
                .categories = {"1", "2"},
                .crowded_from = 2,
                .series = {}};
    for (int i = 0; i < 12; ++i) {
        drawn.series.push_back(
            {"series " + std::to_string(i), "peer", {{0, {100, 99, 101}}, {1, {100.0 + i, 99, 113}}}});
    }
    auto const text = svg(drawn);
    static std::regex const label("class='label' x='[0-9.]+' y='([0-9.]+)'");
    std::vector<double> heights;
    for (std::sregex_iterator at(text.begin(), text.end(), label), none; at != none; ++at) {
        heights.push_back(std::stod((*at)[1]));
    }
    ASSERT_EQ(heights.size(), 12U);
    std::ranges::sort(heights);
    for (std::size_t i = 1; i < heights.size(); ++i) {
        EXPECT_GE(heights[i] - heights[i - 1], 14.9);
    }
}

} // namespace
} // namespace tandem::tools
