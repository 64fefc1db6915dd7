#include "page.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "evidence.hpp"
#include "sections.hpp"

namespace tandem::tools {

std::string make_page(std::vector<json> const& records, std::string const& style) {
    auto const evidence = make_evidence(records);
    auto const rows = bench_rows(records);
    std::vector<std::pair<std::string, std::string>> const parts{{"Which half", halves_compared(rows)},
                                                                 {"Throughput", throughput(rows)},
                                                                 {"Latency", latency(rows)},
                                                                 {"Limits", limits(rows)},
                                                                 {"Evidence", evidence_tables(evidence)},
                                                                 {"Provenance", provenance(records)}};
    std::string links, body;
    for (auto const& [name, html] : parts) {
        if (html.empty()) {
            continue;
        }
        auto const begin = html.find("id='") + 4;
        links += fmt::format("<a href='#{}'>{}</a> ", html.substr(begin, html.find('\'', begin) - begin), name);
        body += html;
    }
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
{}{}</main>
</body>
</html>
)",
                       style, links, at_a_glance(evidence), body);
}

void write_page(std::filesystem::path const& file, std::vector<json> const& records,
                std::filesystem::path const& root) {
    std::ifstream style(root / "tools" / "report" / "page.css");
    if (!style) {
        throw cannot_answer(fmt::format("cannot read {}", (root / "tools" / "report" / "page.css").string()));
    }
    std::string const css{std::istreambuf_iterator<char>(style), {}};
    if (file.has_parent_path()) {
        std::filesystem::create_directories(file.parent_path());
    }
    std::ofstream out(file, std::ios::binary);
    out << make_page(records, css);
    if (!out.flush()) {
        throw bad_input(fmt::format("{}: cannot write", file.string()));
    }
}

} // namespace tandem::tools
