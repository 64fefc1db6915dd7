// One run of the benchmarks: where it was made, and every workload with its charts and figures.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "chart.hpp"
#include "comparison.hpp"
#include "evidence.hpp"
#include "html.hpp"
#include "sections.hpp"
#include "verdicts.hpp"

namespace tandem::tools {

std::string machine_in_words(json const& record) {
    auto const machine = record.value("machine", json::object());
    auto const cpu = machine.value("cpu", machine.value("name", "unknown"));
    auto const cores = number_of(machine, "cores_allowed");
    return cores > 0 ? fmt::format("{}, {} {}", cpu, cores, cores == 1 ? "core" : "cores") : cpu;
}

std::string day_of(json const& record) {
    return text_of(record, "started").substr(0, 10);
}

namespace {

// Backquotes become <code>, and what a locked half wins is seen from afar.
std::string marked_up(std::string const& sentence) {
    std::string html;
    bool inside = false;
    for (char const c : sentence) {
        if (c == '`') {
            html += inside ? "</code>" : "<code>";
            inside = !inside;
        } else {
            html += escaped(std::string_view(&c, 1));
        }
    }
    for (auto const& [plain, half] : {std::pair<std::string, char const*>{"lock-free is faster", "lockfree"},
                                      {"lock-free needs less", "lockfree"},
                                      {"locked is faster", "locked"},
                                      {"locked needs less", "locked"}}) {
        auto const strong = fmt::format("<b class='{}'>{}</b>", half, plain);
        for (auto at = html.find(plain); at != std::string::npos; at = html.find(plain, at + strong.size())) {
            html.replace(at, plain.size(), strong);
        }
    }
    return html;
}

// The line that measures one workload as the record's did all: its words that name workloads replaced, its options kept.
std::string command_for(json const& record, std::string const& workload) {
    auto const all = text_of(record, "command");
    auto const bench = all.find(" bench");
    if (bench == std::string::npos) {
        return {};
    }
    auto const options = all.find(" --", bench);
    return all.substr(0, bench + 6) + " " + workload + (options == std::string::npos ? "" : all.substr(options));
}

std::string in_small_letters(std::string name) {
    std::ranges::replace(name, '_', ' ');
    if (name.ends_with(" ns")) {
        name.replace(name.size() - 3, 3, ", ns");
    }
    return name;
}

class run {
public:
    run(json const& record, std::string const& id, page_parts const& with)
        : record_(record), id_(id), with_(with), workloads_(workloads_of(record)) {}

    std::string html() {
        auto const at_a_glance = overview(workloads_, id_);
        auto const goals = goals_held(record_, id_, with_);
        std::string body;
        std::string links = at_a_glance.empty() ? "" : fmt::format("<a href='#{}-choose'>Who wins where</a> ", id_);
        links += goals.empty() ? "" : fmt::format("<a href='#{}-goals'>Goals</a> ", id_);
        for (auto const& one : workloads_) {
            links += fmt::format("<a href='#{}'>{}</a> ", anchor(one), escaped(one.name));
            body += workload_html(one);
        }
        auto const at_most = limits();
        links += at_most.empty() ? "" : fmt::format("<a href='#{}-limits'>Limits</a>", id_);
        return facts() + fmt::format("<nav aria-label='In this run'>{}</nav>\n", links) + at_a_glance + goals + body +
               at_most;
    }

private:
    std::string anchor(workload const& one) const { return fmt::format("{}-{}", id_, escaped(one.name)); }
    std::string next_chart() { return fmt::format("{}-chart-{}", id_, ++charts_); }

    std::string facts() const {
        auto const machine = record_.value("machine", json::object());
        std::string list;
        auto const add = [&](char const* name, std::string const& value) {
            if (!value.empty()) {
                list += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", name, value);
            }
        };
        std::string caches;
        for (auto const& cache : machine.value("caches", json::array())) {
            caches += (caches.empty() ? "" : ", ") + cache.get<std::string>();
        }
        add("Processor", escaped(text_of(machine, "cpu")));
        add("Cores", fmt::format("{} of {}", text_of(machine, "cores_allowed"), text_of(machine, "cores")));
        add("Caches", escaped(caches));
        add("Kernel", escaped(text_of(machine, "kernel")));
        add("Governor", escaped(text_of(machine, "governor")));
        add("Load at start", escaped(text_of(machine, "load_average")));
        add("Compiler",
            fmt::format("{} {}", escaped(text_of(record_, "compiler")), escaped(text_of(record_, "flags"))));
        add("Commit", escaped(text_of(record_, "commit")));
        add("Started",
            fmt::format("{}, took {:.0f} s", escaped(text_of(record_, "started")), number_of(record_, "seconds")));
        auto html = fmt::format("<dl class='facts'>{}</dl>\n<p class='again'>Again: <code>{}</code></p>\n", list,
                                escaped(text_of(record_, "command")));
        if (!record_.value("complete", true)) {
            html += "<p><strong>Incomplete: the run was interrupted.</strong></p>\n";
        }
        if (auto const cores = number_of(machine, "cores_allowed"); cores == 1 || cores == 2) {
            html +=
                fmt::format("<p>This machine has {0}: nothing measured on it shows scaling beyond {0}. More threads "
                            "than cores measure waiting and the scheduler as much as the structure.</p>\n",
                            cores == 1 ? "one core" : "two cores");
        }
        return html;
    }

    std::string workload_html(workload const& what) {
        std::string html = fmt::format("<article><h3 id='{}'>{}</h3>\n", anchor(what), escaped(what.name));
        if (auto const about = with_.about.find(what.name); about != with_.about.end() && !about->second.empty()) {
            html += fmt::format("<p class='about'>{}.</p>\n", escaped(about->second));
        }
        if (!what.conditions.empty()) {
            html += fmt::format("<p class='conditions'>{}</p>\n", escaped(what.conditions));
        }
        for (auto const& in : what.groups) {
            html += group_html(what, in);
        }
        html += not_comparable(what);
        if (auto const command = command_for(record_, what.name); !command.empty()) {
            html += fmt::format("<p class='again'>Again: <code>{}</code></p>\n", escaped(command));
        }
        return html + "</article>\n";
    }

    std::string group_html(workload const& what, group const& in) {
        std::string html = in.conditions.empty() ? "" : fmt::format("<h4>{}</h4>\n", escaped(in.conditions));
        std::vector<std::string> structures;
        for (auto const& one : in.panels) {
            for (auto const& name : structures_of(one)) {
                if (std::ranges::find(structures, name) == structures.end()) {
                    structures.push_back(name);
                }
            }
        }
        for (auto const& structure : structures) {
            auto const words = who_wins(what, in, structure);
            html += fmt::format(
                "<p class='verdict'><code>{}</code>: {}{}</p>\n", escaped(structure), marked_up(words.twins),
                words.others.empty() ? "" : fmt::format(" <span class='others'>{}</span>", marked_up(words.others)));
        }
        html += "<div class='charts'>\n";
        auto const shares = shares_of(in);
        std::string at_one_position; // after the lines, which so stand side by side
        for (auto const& one : in.panels) {
            auto const drawn = figures_of(what, in, one, shares);
            html += drawn.first;
            at_one_position += drawn.second;
        }
        html += at_one_position + "</div>\n" + costs(in, what) + "<details><summary>Figures</summary>\n";
        for (auto const& one : in.panels) {
            html += numbers(what, one);
        }
        return html + "</details>\n";
    }

    // The ends of axes that charts side by side share.
    struct shared_ends {
        double lines = 0, bars = 0, least_ns = 0, most_ns = 0;
    };

    static shared_ends shares_of(group const& in) {
        shared_ends ends;
        for (auto const& one : in.panels) {
            auto const positions = one.positions();
            for (auto const& row : one.rows) {
                auto const high = median_interval(row.row->at("samples").get<std::vector<double>>()).high;
                ends.lines = std::max(ends.lines, points(one, row.name) > 1 ? high : 0);
                ends.bars = std::max(ends.bars, row.where == bar_position(one) ? high : 0);
                if (auto const found = row.row->value("latency", json()); found.is_object()) {
                    auto const half = number_of(found, "p50");
                    ends.least_ns = ends.least_ns == 0 ? half : std::min(ends.least_ns, half);
                    ends.most_ns = std::max(ends.most_ns, number_of(found, "max"));
                }
            }
        }
        return ends;
    }

    static std::size_t points(panel const& in, std::string const& name) {
        return static_cast<std::size_t>(std::ranges::count(in.rows, name, &bench_row::name));
    }

    // Where those stand that were measured at one position only: one chart shows them beside all others at the first of those.
    static position bar_position(panel const& in) {
        for (auto const& row : in.rows) {
            if (points(in, row.name) == 1) {
                return row.where;
            }
        }
        return in.rows.front().where;
    }

    // Lines or latencies, and bars.
    std::pair<std::string, std::string> figures_of(workload const& what, group const& in, panel const& where,
                                                   shared_ends const& ends) {
        auto const title = [&](std::string const& more) {
            return fmt::format("{}{}{}, {}{}{}", what.name, in.conditions.empty() ? "" : ", ", in.conditions,
                               where.placement, more.empty() ? "" : ", ", more);
        };
        auto const figure = [](std::string const& caption, std::string const& drawn) {
            return fmt::format("<figure><figcaption>{}</figcaption>\n{}</figure>\n", escaped(caption), drawn);
        };
        std::pair<std::string, std::string> html;
        percentile_chart times{.about = {{}, title("latency"), "Half of all, 99 %, 99.9 % and the slowest."},
                               .least = ends.least_ns,
                               .most = ends.most_ns};
        line_chart lines{.about = {{}, title(""), {}},
                         .unit = what.unit,
                         .bottom = what.bottom,
                         .cores = what.of_threads ? where.cores : 0,
                         .most = ends.lines};
        auto const at = bar_position(where);
        bar_chart bars{.about = {{}, title(at.name), "Medians with 95 % intervals."},
                       .unit = what.unit,
                       .more_is_better = what.more_is_better(),
                       .most = ends.bars};
        bool alone = false; // somebody was measured at one position only
        for (auto const& name : where.names()) {
            line_chart::series series{name, {}};
            for (auto const& position : where.positions()) {
                auto const* const row = where.find(name, position);
                if (row == nullptr) {
                    continue;
                }
                series.half = row->half;
                auto const value = median_interval(row->row->at("samples").get<std::vector<double>>());
                series.at.emplace_back(position, value);
                if (position == at) {
                    bars.bars.push_back({name, row->half, value});
                }
                if (auto const found = row->row->value("latency", json()); found.is_object()) {
                    auto const called = where.positions().size() > 1 ? name + ", " + position.name : name;
                    times.rows.push_back({called, row->half, number_of(found, "p50"), number_of(found, "p99"),
                                          number_of(found, "p99_9"), number_of(found, "max")});
                }
            }
            alone |= series.at.size() == 1;
            if (series.at.size() > 1) {
                lines.lines.push_back(std::move(series));
            }
        }
        if (!times.rows.empty()) {
            times.about.id = next_chart();
            return {figure(fmt::format("{}: latency", where.placement), svg(times)), ""};
        }
        if (!lines.lines.empty()) {
            lines.about.id = next_chart();
            lines.about.description = fmt::format(
                "{} over {}, medians with 95 % intervals; {} of {} lines are of this library.", what.unit, what.bottom,
                std::ranges::count_if(lines.lines, [](auto const& one) { return one.half != "peer"; }),
                lines.lines.size());
            html.first = figure(where.placement, svg(lines));
        }
        if (alone) {
            bars.about.id = next_chart();
            html.second = figure(fmt::format("{}, {}", where.placement, in_words(at, what)), svg(bars));
        }
        return html;
    }

    // The figures behind the charts of one placement.
    static std::string numbers(workload const& what, panel const& where) {
        auto const positions = where.positions();
        auto const matrix = [&](std::string const& title, auto const& cell) {
            std::vector<std::string> head{what.of_threads ? "implementation" : what.bottom};
            for (auto const& one : positions) {
                head.push_back(one.name);
            }
            html_table table(title, head);
            bool any = false;
            for (auto const& name : where.names()) {
                std::vector<std::string> cells{escaped(name)};
                for (auto const& one : positions) {
                    auto const* const row = where.find(name, one);
                    cells.push_back(row == nullptr ? "" : cell(*row->row));
                    any |= !cells.back().empty();
                }
                table.row(cells);
            }
            return any ? table.html() : "";
        };
        auto const counted = [](char const* field, double per) {
            return [field, per](json const& row) {
                return row.contains(field) ? quantity(number_of(row, field) * per) : std::string();
            };
        };
        auto html = matrix(fmt::format("{}, {}, median and 95 %", where.placement, what.unit), [](json const& row) {
            auto const value = median_interval(row.at("samples").get<std::vector<double>>());
            return fmt::format("{} <small>{} to {}</small>", quantity(value.value), quantity(value.low),
                               quantity(value.high));
        });
        html += latencies(where);
        html += matrix(where.placement + ", processor time an item, ns", counted("cpu_seconds_per_million", 1e3));
        return html + matrix(where.placement + ", context switches a million items",
                             counted("context_switches_per_million", 1));
    }

    static std::string latencies(panel const& where) {
        html_table table(where.placement + ", nanoseconds",
                         {"implementation", "half of all", "99 %", "99.9 %", "slowest", "of how many"});
        for (auto const& row : where.rows) {
            auto const found = row.row->value("latency", json());
            if (!found.is_object()) {
                continue;
            }
            std::vector<std::string> cells{escaped(row.name)};
            for (char const* const field : {"p50", "p99", "p99_9", "max", "count"}) {
                cells.push_back(found.contains(field) ? quantity(number_of(found, field)) : "");
            }
            table.row(cells);
        }
        return table.empty() ? "" : table.html();
    }

    // What else was counted: bytes an element, the longest insertion, locked instructions.
    static std::string costs(group const& in, workload const& what) {
        std::vector<std::string> names;
        for (auto const& where : in.panels) {
            for (auto const& row : where.rows) {
                for (auto const& [name, value] : counters_of(*row.row)) {
                    bool const routine = name == "cpu_seconds_per_million" || name == "context_switches_per_million";
                    if (!routine && std::ranges::find(names, name) == names.end()) {
                        names.push_back(name);
                    }
                }
            }
        }
        if (names.empty()) {
            return {};
        }
        std::vector<std::string> head{"implementation", "placement", what.of_threads ? "threads" : what.bottom};
        for (auto const& name : names) {
            head.push_back(in_small_letters(name));
        }
        html_table table("Counted beside the speed", head);
        for (auto const& where : in.panels) {
            for (auto const& name : where.names()) {
                for (auto const& position : where.positions()) {
                    auto const* const row = where.find(name, position);
                    if (row == nullptr) {
                        continue;
                    }
                    std::vector<std::string> cells{escaped(name), escaped(where.placement), escaped(position.name)};
                    auto const counters = counters_of(*row->row);
                    bool any = false;
                    for (auto const& wanted : names) {
                        auto const at = std::ranges::find(counters, wanted, &std::pair<std::string, double>::first);
                        cells.push_back(at == counters.end() ? "" : quantity(at->second));
                        any |= at != counters.end();
                    }
                    if (any) {
                        table.row(cells);
                    }
                }
            }
        }
        return table.html();
    }

    static std::string not_comparable(workload const& what) {
        std::map<std::string, std::string> notes;
        for (auto const& in : what.groups) {
            for (auto const& where : in.panels) {
                for (auto const& row : where.rows) {
                    auto const note = text_of(*row.row, "peer_note"), waits = text_of(*row.row, "wait_note");
                    auto const text = note + (note.empty() || waits.empty() ? "" : "; ") + waits;
                    if (!text.empty()) {
                        notes.emplace(row.name, text);
                    }
                }
            }
        }
        std::string list;
        for (auto const& [name, note] : notes) {
            list += fmt::format("<li><code>{}</code>: {}</li>\n", escaped(name), escaped(note));
        }
        return list.empty()
                   ? ""
                   : fmt::format("<details><summary>What each does less, or more</summary>\n<ul>\n{}</ul></details>\n",
                                 list);
    }

    std::string limits() const {
        html_table table("Measured in the same run", {"what", "where", "median", "95 %", "unit"});
        for (auto const* const row : limits_of(record_)) {
            auto const at = median_interval(row->at("samples").get<std::vector<double>>());
            table.row({escaped(text_of(*row, "implementation")), escaped(placement_in_words(*row)), quantity(at.value),
                       fmt::format("{} to {}", quantity(at.low), quantity(at.high)), escaped(text_of(*row, "unit"))});
        }
        return table.empty()
                   ? ""
                   : fmt::format("<h3 id='{}-limits'>What this machine can do at most</h3>\n{}", id_, table.html());
    }

    json const& record_;
    std::string id_;
    page_parts const& with_;
    std::vector<workload> workloads_;
    int charts_ = 0;
};

} // namespace

std::string bench_run(json const& record, std::string const& id, page_parts const& with) {
    return section(id, fmt::format("{} <small>{}</small>", escaped(machine_in_words(record)), escaped(day_of(record))),
                   run(record, id, with).html());
}

} // namespace tandem::tools
