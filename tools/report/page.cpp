#include "page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "bench_rows.hpp"
#include "evidence.hpp"
#include "grammar.hpp"
#include "html.hpp"

namespace tandem::tools {

std::string make_page(std::vector<json> const& records, page_parts const& with) {
    auto const evidence = make_evidence(records);
    std::vector<json const*> runs;
    for (auto const& record : records) {
        if (record["kind"] == "bench") {
            runs.push_back(&record);
        }
    }
    std::ranges::stable_sort(
        runs, {}, [](json const* one) { return std::pair(machine_in_words(*one), one->value("started", "")); });
    std::string links, body;
    auto const add = [&](std::string const& id, std::string const& name, std::string const& html) {
        if (!html.empty()) {
            links += fmt::format("<a href='#{}'>{}</a> ", id, escaped(name));
            body += html;
        }
    };
    for (std::size_t i = 0; i < runs.size(); ++i) {
        auto const id = fmt::format("run-{}", i + 1);
        auto const workloads = workloads_of(*runs[i]);
        auto const only = workloads.size() == 1 ? ", " + workloads.front().name : "";
        add(id, fmt::format("{}, {}{}", machine_in_words(*runs[i]), day_of(*runs[i]), only),
            bench_run(*runs[i], id, with));
    }
    add("evidence", "Evidence", evidence_tables(evidence, records));
    add("provenance", "Provenance", provenance(records));
    return fmt::format(R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>tandem: results</title>
<style>
{}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the results</a>
<header>
<h1>tandem <span>every structure twice, and the evidence</span></h1>
<nav aria-label="Sections">{}</nav>
</header>
<main id="main">
{}<p class="key"><b class="lockfree">Lock-free</b> is blue and round, <b class="locked">locked</b> is orange and square, other
libraries are grey until pointed at. Points are medians, whiskers their 95 % bootstrap intervals; charts side by side share their
axes; where there are more threads than cores the ground is shaded.</p>
{}</main>
</body>
</html>
)",
                       with.style, links, at_a_glance(evidence), body);
}

void write_page(std::filesystem::path const& file, std::vector<json> const& records,
                std::filesystem::path const& root) {
    auto const css = root / "tools" / "report" / "page.css";
    std::ifstream style(css);
    if (!style) {
        throw cannot_answer(fmt::format("cannot read {}", css.string()));
    }
    page_parts with{.style = {std::istreambuf_iterator<char>(style), {}}};
    if (auto const goals = root / "bench" / "goals.json"; std::filesystem::exists(goals)) {
        with.goals = read_json(goals);
        with.goals_file = goals.string();
    }
    with.about = read_grammar(root / "tools" / "grammar").about;
    write_text(file, make_page(records, with));
}

} // namespace tandem::tools
