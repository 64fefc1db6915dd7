#include "page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <set>

#include "chart.hpp"
#include "comparison.hpp"
#include "evidence.hpp"

namespace tandem::tools {
namespace {

// A table that a keyboard can scroll; the first cell of a row is its head.
class html_table {
public:
    html_table(std::string caption, std::vector<std::string> const& head) : caption_(std::move(caption)) {
        for (auto const& name : head) {
            head_ += fmt::format("<th scope='col'>{}</th>", escaped(name));
        }
    }
    // Cells are HTML already.
    void row(std::vector<std::string> const& cells) {
        rows_ += "<tr>";
        for (std::size_t i = 0; i < cells.size(); ++i) {
            rows_ += (i == 0 ? "<th scope='row'>" : "<td>") + cells[i] + (i == 0 ? "</th>" : "</td>");
        }
        rows_ += "</tr>\n";
    }
    [[nodiscard]] bool empty() const { return rows_.empty(); }
    [[nodiscard]] std::string html() const {
        return fmt::format("<div class='scroll' tabindex='0' role='region' "
                           "aria-label='{0}'><table><caption>{0}</caption><thead><tr>{1}</tr></thead><tbody>\n{2}</"
                           "tbody></table></div>\n",
                           escaped(caption_), head_, rows_);
    }

private:
    std::string caption_, head_, rows_;
};

std::string text_of(json const& row, char const* field) {
    auto const at = row.find(field);
    if (at == row.end() || at->is_null()) {
        return {};
    }
    return at->is_string() ? at->get<std::string>() : at->dump();
}

double number_of(json const& row, char const* field) {
    auto const at = row.find(field);
    return at != row.end() && at->is_number() ? at->get<double>() : 0;
}

// "2p1c" where producers and consumers are told apart, else the number of threads.
std::string crowd_of(json const& row) {
    if (number_of(row, "producers") > 0 && number_of(row, "consumers") > 0) {
        return fmt::format("{}p{}c", text_of(row, "producers"), text_of(row, "consumers"));
    }
    return text_of(row, "threads");
}

// Rows that belong on one chart share everything but the crowd and the implementation.
struct setting {
    std::string machine, workload, conditions;
    auto operator<=>(setting const&) const = default;
};

setting setting_of(json const& record, json const& row) {
    std::string conditions;
    auto const add = [&](std::string const& text) { conditions += (conditions.empty() ? "" : ", ") + text; };
    if (auto const placement = text_of(row, "placement"); !placement.empty()) {
        static std::map<std::string, std::string> const in_words{{"split", "pinned to different cores"},
                                                                 {"one", "all on one core"},
                                                                 {"mixed", "both ends on every core"},
                                                                 {"free", "placed by the scheduler"}};
        auto const known = in_words.find(placement);
        add(known == in_words.end() ? placement : known->second);
    }
    if (auto const cores = text_of(row, "cores"); !cores.empty() && text_of(row, "placement") != "one") {
        add(cores + (cores == "1" ? " core" : " cores"));
    }
    if (number_of(row, "capacity") > 0) {
        add("capacity " + text_of(row, "capacity"));
    }
    if (number_of(row, "payload") > 0) {
        add(text_of(row, "payload") + " bytes");
    }
    if (auto const loop = text_of(row, "wait_loop"); !loop.empty()) {
        add("wait loop: " + loop);
    }
    return {record.value("machine", json::object()).value("name", "unknown"), text_of(row, "workload"), conditions};
}

using crowd = std::pair<double, std::string>; // threads, name: in this order along the bottom

struct measured {
    std::vector<json const*> rows;
    double cores = 0;
};

chart chart_of(setting const& where, measured const& what, std::size_t number) {
    std::set<crowd> crowds;
    for (auto const* const row : what.rows) {
        crowds.insert({number_of(*row, "threads"), crowd_of(*row)});
    }
    chart drawn{.id = fmt::format("chart-{}", number),
                .title = fmt::format("{}, {}", where.workload, where.conditions),
                .unit = "items/s",
                .bottom = "threads",
                .categories = {},
                .crowded_from = 0,
                .series = {}};
    drawn.crowded_from = crowds.size();
    for (auto const& [threads, name] : crowds) {
        if (threads > what.cores && drawn.crowded_from == crowds.size()) {
            drawn.crowded_from = drawn.categories.size();
        }
        drawn.categories.push_back(name);
        if (name.find('p') != std::string::npos) {
            drawn.bottom = "producers and consumers";
        }
    }
    std::map<std::string, chart_series> series;
    for (auto const* const row : what.rows) {
        auto const speeds = speeds_of(*row);
        if (speeds.empty()) {
            continue;
        }
        auto& one = series[implementation_of(*row)];
        one.name = implementation_of(*row);
        one.half = text_of(*row, "half");
        auto const at = crowds.find({number_of(*row, "threads"), crowd_of(*row)});
        one.at[static_cast<std::size_t>(std::distance(crowds.begin(), at))] = median_interval(speeds);
        if (auto const unit = text_of(*row, "unit"); unit.find("/s") != std::string::npos) {
            drawn.unit = unit;
        }
    }
    for (auto& [name, one] : series) {
        drawn.series.push_back(std::move(one));
    }
    std::ranges::stable_sort(drawn.series, {}, [](auto const& one) {
        return one.half == "lockfree" ? 0 : one.half == "locked" ? 1 : 2;
    });
    return drawn;
}

std::string numbers_of(chart const& drawn) {
    std::vector<std::string> head{drawn.unit};
    for (auto const& category : drawn.categories) {
        head.push_back(category);
    }
    html_table table(drawn.title, head);
    for (auto const& series : drawn.series) {
        std::vector<std::string> cells{escaped(series.name)};
        for (std::size_t i = 0; i < drawn.categories.size(); ++i) {
            auto const at = series.at.find(i);
            cells.push_back(at == series.at.end()
                                ? ""
                                : fmt::format("{} <small>{} to {}</small>", quantity(at->second.value),
                                              quantity(at->second.low), quantity(at->second.high)));
        }
        table.row(cells);
    }
    return table.html();
}

// One cell: who is faster and by how much; the interval is in the tooltip and in the numbers below.
std::string who_is_faster(json const& lockfree, json const& locked) {
    auto const a = speeds_of(lockfree);
    auto const b = speeds_of(locked);
    if (a.empty() || b.empty()) {
        return {};
    }
    auto const ratio = ratio_of_rounds(a, b);
    auto const is = std::min(a.size(), b.size()) < fewest_samples
                        ? verdict::no_difference_seen
                        : judge(ratio, std::max(noise_floor(a), noise_floor(b)));
    auto const cell = [&](char const* half, char const* name, double by) {
        return fmt::format("<span class='word {}' title='lock-free over locked: {:.3f}, 95 % between {:.3f} and "
                           "{:.3f}'>{} {:.3g}&times;</span>",
                           half, ratio.value, ratio.low, ratio.high, name, by);
    };
    if (is == verdict::faster) {
        return cell("lockfree", "lock-free", ratio.value);
    }
    if (is == verdict::slower) {
        return cell("locked", "locked", 1 / ratio.value);
    }
    return fmt::format(
        "<span class='none' title='lock-free over locked: {:.3f}, 95 % between {:.3f} and {:.3f}'>no difference</span>",
        ratio.value, ratio.low, ratio.high);
}

// Which half is faster, where: what someone who must choose came for.
std::string halves_compared(std::vector<json> const& records) {
    std::string html;
    std::map<std::pair<std::string, std::string>,
             std::map<setting, std::map<crowd, std::map<std::string, json const*>>>>
        structures; // by machine
    for (auto const& record : records) {
        if (record["kind"] != "bench") {
            continue;
        }
        for (auto const& row : record["results"]) {
            if (auto const half = text_of(row, "half"); half == "locked" || half == "lockfree") {
                auto const where = setting_of(record, row);
                structures[{where.machine, structure_of(row)}][where][{number_of(row, "threads"), crowd_of(row)}]
                          [half] = &row;
            }
        }
    }
    for (auto const& [what, settings] : structures) {
        std::set<crowd> crowds;
        for (auto const& [where, cells] : settings) {
            for (auto const& [who, halves] : cells) {
                if (halves.size() == 2) {
                    crowds.insert(who);
                }
            }
        }
        if (crowds.empty()) {
            continue;
        }
        std::vector<std::string> head{"workload"};
        for (auto const& [threads, name] : crowds) {
            head.push_back(name);
        }
        html_table table(fmt::format("{} on {}", what.second, what.first), head);
        for (auto const& [where, cells] : settings) {
            std::vector<std::string> row{
                fmt::format("{} <small>{}</small>", escaped(where.workload), escaped(where.conditions))};
            for (auto const& who : crowds) {
                auto const at = cells.find(who);
                row.push_back(at == cells.end() || at->second.size() != 2
                                  ? ""
                                  : who_is_faster(*at->second.at("lockfree"), *at->second.at("locked")));
            }
            table.row(row);
        }
        html += table.html();
    }
    if (html.empty()) {
        return {};
    }
    return "<section id='choose'><h2>Which half is faster, and where</h2>\n<p>By thread count, or producers and "
           "consumers: the faster half and by how much. A name stands only where the 95 % "
           "interval of the ratio leaves out what each half shows against itself.</p>\n" +
           html + "</section>\n";
}

// The first look: what was done, in four numbers.
std::string at_a_glance(std::vector<json> const& records) {
    double operations = 0, executions = 0, killed = 0, weakened = 0, argued = 0, unexpected = 0;
    auto const evidence = make_evidence(records);
    for (auto const& one : evidence["structures"]) {
        if (!one["stress"].is_null()) {
            operations += number_of(one["stress"], "operations");
            unexpected += number_of(one["stress"], "not_as_expected");
        }
        if (!one["model"].is_null()) {
            for (auto const& [checker, found] : one["model"].items()) {
                executions += number_of(found, "executions");
                unexpected += number_of(found, "not_as_expected");
            }
        }
        if (!one["tests"].is_null()) {
            unexpected += number_of(one["tests"], "failed");
        }
        if (!one["orders"].is_null()) {
            killed += number_of(one["orders"], "killed");
            weakened += number_of(one["orders"], "total") - number_of(one["orders"], "relaxed");
            argued += number_of(one["orders"], "argued");
        }
    }
    std::string tiles;
    auto const tile = [&](std::string const& number, std::string const& what) {
        tiles += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", what, number);
    };
    if (operations > 0) {
        tile(quantity(operations), "operations on real threads, every history checked");
    }
    if (executions > 0) {
        tile(quantity(executions), "executions by model checkers");
    }
    if (weakened > 0) {
        tile(fmt::format("{:.0f} of {:.0f}", killed, weakened),
             fmt::format("weakened memory orders noticed, {:.0f} more argued", argued));
    }
    if (tiles.empty()) {
        return {};
    }
    tile(unexpected > 0 ? fmt::format("<strong>{:.0f}</strong>", unexpected) : "0", "results not as expected");
    return "<dl class='tiles'>" + tiles + "</dl>\n";
}

std::string throughput(std::vector<json> const& records) {
    std::map<setting, measured> charts;
    for (auto const& record : records) {
        if (record["kind"] != "bench") {
            continue;
        }
        for (auto const& row : record["results"]) {
            if (number_of(row, "threads") < 1 || text_of(row, "half").empty() || text_of(row, "half") == "machine" ||
                row.value("samples", json::array()).empty()) {
                continue;
            }
            auto& one = charts[setting_of(record, row)];
            one.rows.push_back(&row);
            one.cores =
                number_of(row, "cores") > 0 ? number_of(row, "cores") : number_of(record["machine"], "cores_allowed");
        }
    }
    if (charts.empty()) {
        return {};
    }
    std::string html = "<section id='throughput'><h2>Throughput</h2>\n<p>Points are medians, whiskers 95 % bootstrap "
                       "intervals. Shaded: more threads than cores.</p>\n";
    std::string machine, workload;
    std::size_t number = 0;
    for (auto const& [where, what] : charts) {
        if (where.machine != machine || where.workload != workload) {
            if (number > 0) {
                html += "</div>\n";
            }
            html += fmt::format("<h3>{} <small>{}</small></h3>\n<div class='charts'>\n", escaped(where.workload),
                                escaped(where.machine));
            machine = where.machine;
            workload = where.workload;
        }
        auto const drawn = chart_of(where, what, ++number);
        html += fmt::format(
            "<figure><figcaption>{}</figcaption>\n{}\n<details><summary>Numbers</summary>{}</details></figure>\n",
            escaped(where.conditions), svg(drawn), numbers_of(drawn));
    }
    return html + "</div></section>\n";
}

std::string latency(std::vector<json> const& records) {
    html_table table("Latency in nanoseconds", {"implementation", "workload", "where", "p50", "p99", "p99.9", "max"});
    for (auto const& record : records) {
        if (record["kind"] != "bench") {
            continue;
        }
        for (auto const& row : record["results"]) {
            auto const found = row.value("latency", json());
            if (!found.is_object() || found.empty()) {
                continue;
            }
            std::vector<std::string> cells{
                escaped(implementation_of(row)), escaped(text_of(row, "workload")),
                fmt::format("{}, {}", escaped(crowd_of(row)), escaped(setting_of(record, row).conditions))};
            for (char const* const field : {"p50", "p99", "p99_9", "max"}) {
                cells.push_back(found.contains(field) ? quantity(number_of(found, field)) : "");
            }
            table.row(cells);
        }
    }
    return table.empty() ? "" : "<section id='latency'><h2>Latency</h2>\n" + table.html() + "</section>\n";
}

// Rows that measure the machine, not an implementation.
std::string limits(std::vector<json> const& records) {
    html_table table("Measured in the same run", {"what", "where", "median", "95 %", "unit"});
    for (auto const& record : records) {
        if (record["kind"] != "bench") {
            continue;
        }
        for (auto const& row : record["results"]) {
            if (text_of(row, "half") != "machine") {
                continue;
            }
            std::vector<double> samples;
            for (auto const& one : row.value("samples", json::array())) {
                if (one.is_number()) {
                    samples.push_back(one.get<double>());
                }
            }
            if (samples.empty()) {
                continue;
            }
            auto const at = median_interval(samples);
            table.row({escaped(text_of(row, "implementation")), escaped(setting_of(record, row).conditions),
                       quantity(at.value), fmt::format("{} to {}", quantity(at.low), quantity(at.high)),
                       escaped(text_of(row, "unit"))});
        }
    }
    return table.empty()
               ? ""
               : "<section id='limits'><h2>What this machine can do at most</h2>\n" + table.html() + "</section>\n";
}

std::string evidence_table(std::vector<json> const& records) {
    auto const evidence = make_evidence(records);
    html_table table("One line a structure and half",
                     {"structure", "half", "tests", "stress", "sanitizers", "models", "memory orders", "mutants"});
    for (auto const& one : evidence["structures"]) {
        auto const part = [&](char const* name, auto const& words) {
            return one[name].is_null() ? std::string("<span class='none'>not run</span>") : words(one[name]);
        };
        table.row(
            {escaped(text_of(one, "structure")), escaped(text_of(one, "half")),
             part("tests",
                  [](json const& t) {
                      return fmt::format("{} passed, {} failed", text_of(t, "passed"), text_of(t, "failed"));
                  }),
             part("stress",
                  [](json const& s) {
                      auto const wrong = number_of(s, "not_as_expected");
                      return fmt::format("{} operations, {} histories{}", quantity(number_of(s, "operations")),
                                         quantity(number_of(s, "histories")),
                                         wrong > 0 ? fmt::format(", <strong>{} not as expected</strong>", wrong) : "");
                  }),
             part("stress",
                  [](json const& s) {
                      std::string text;
                      for (auto const& [name, verdict] : s["sanitizers"].items()) {
                          text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", escaped(name),
                                              escaped(verdict.template get<std::string>()));
                      }
                      return text;
                  }),
             part("model",
                  [](json const& m) {
                      std::string text;
                      for (auto const& [checker, found] : m.items()) {
                          text += fmt::format("{}{}: {} executions, {:.0f} scenarios", text.empty() ? "" : "; ",
                                              escaped(checker), quantity(number_of(found, "executions")),
                                              number_of(found, "scenarios"));
                          if (number_of(found, "not_as_expected") > 0) {
                              text += fmt::format(", <strong>{:.0f} not as expected</strong>",
                                                  number_of(found, "not_as_expected"));
                          }
                      }
                      return text;
                  }),
             part("orders",
                  [](json const& o) {
                      return fmt::format("{:.0f}, {:.0f} relaxed", number_of(o, "total"), number_of(o, "relaxed"));
                  }),
             part("orders", [](json const& o) {
                 return fmt::format("{:.0f} killed, {:.0f} survived, {:.0f} unreached ({:.0f} argued)",
                                    number_of(o, "killed"), number_of(o, "survived"), number_of(o, "unreached"),
                                    number_of(o, "argued"));
             })});
    }
    if (table.empty()) {
        return {};
    }
    std::string html = "<section id='evidence'><h2>Evidence</h2>\n" + table.html();
    html_table survivors("Mutants that no check noticed, and the argument at the site",
                         {"site", "verdict", "argument"});
    for (auto const& one : evidence["structures"]) {
        if (!one["orders"].is_null()) {
            for (auto const& survivor : one["orders"]["survivors"]) {
                survivors.row({fmt::format("{}:{} {}", escaped(text_of(survivor, "file")), text_of(survivor, "line"),
                                           escaped(text_of(survivor, "role"))),
                               escaped(text_of(survivor, "verdict")), escaped(text_of(survivor, "argument"))});
            }
        }
    }
    if (!survivors.empty()) {
        html += survivors.html();
    }
    return html + "</section>\n";
}

// What was asked for and not measured is said, not hidden.
std::string left_out(std::vector<json> const& records) {
    html_table table("Asked for and not measured", {"workload", "implementation", "why"});
    for (auto const& record : records) {
        for (auto const& row : record["results"]) {
            if (row.contains("skipped")) {
                table.row({escaped(text_of(row, "workload")), escaped(text_of(row, "implementation")),
                           escaped(text_of(row, "skipped"))});
            }
        }
    }
    return table.empty() ? "" : table.html();
}

std::string provenance(std::vector<json> const& records) {
    std::string html = "<section id='provenance'><h2>Where this comes from</h2>\n";
    html_table table("Records", {"record", "started", "took", "commit", "compiler and flags", "machine", "again"});
    std::map<std::string, json> machines;
    for (auto const& record : records) {
        auto const machine = record.value("machine", json::object());
        machines.try_emplace(machine.value("name", "unknown"), machine);
        table.row(
            {escaped(text_of(record, "kind")) + (record.value("complete", true) ? "" : " <strong>incomplete</strong>"),
             escaped(text_of(record, "started")), fmt::format("{:.0f} s", number_of(record, "seconds")),
             fmt::format("<code>{}</code>", escaped(text_of(record, "commit"))),
             fmt::format("{} <small>{}</small>", escaped(text_of(record, "compiler")),
                         escaped(text_of(record, "flags"))),
             escaped(machine.value("name", "unknown")),
             fmt::format("<code>{}</code>", escaped(text_of(record, "command")))});
    }
    html += table.html();
    html_table about("Machines",
                     {"machine", "processor", "cores", "caches", "memory", "kernel", "governor", "load at start"});
    for (auto const& [name, machine] : machines) {
        std::string caches;
        for (auto const& cache : machine.value("caches", json::array())) {
            caches += (caches.empty() ? "" : ", ") + cache.get<std::string>();
        }
        about.row({escaped(name), escaped(text_of(machine, "cpu")),
                   fmt::format("{} of {} allowed", text_of(machine, "cores_allowed"), text_of(machine, "cores")),
                   escaped(caches), fmt::format("{} GiB", text_of(machine, "memory_gib")),
                   escaped(text_of(machine, "kernel")), escaped(text_of(machine, "governor")),
                   escaped(text_of(machine, "load_average"))});
        if (number_of(machine, "cores_allowed") == 2) {
            html += fmt::format("<p>{} has two cores: nothing measured on it shows scaling beyond two cores.</p>\n",
                                escaped(name));
        }
    }
    return html + about.html() + left_out(records) + "</section>\n";
}

} // namespace

std::string make_page(std::vector<json> const& records, std::string const& style) {
    std::vector<std::pair<std::string, std::string>> const parts{{"Which half", halves_compared(records)},
                                                                 {"Throughput", throughput(records)},
                                                                 {"Latency", latency(records)},
                                                                 {"Limits", limits(records)},
                                                                 {"Evidence", evidence_table(records)},
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
                       style, links, at_a_glance(records), body);
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
