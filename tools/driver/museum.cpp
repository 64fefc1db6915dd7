// model --museum: every known bug of others under every way of looking for it, in one table.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "commands.hpp"
#include "workspace.hpp"

namespace tandem::tools {
namespace {

struct way {
    char const* name; // as in the record's column "checker"
    char const* preset;
    char const* worker;
    char const* title;
};
constexpr std::array<way, 4> ways{{{"explorer", "model", "explore", "explorer"},
                                   {"relacy", "model", "model", "Relacy"},
                                   {"tsan", "tsan", "threads", "ThreadSanitizer"},
                                   {"threads", "dev", "threads", "threads"}}};

// Of each specimen what each way of looking said.
struct specimen {
    std::string name, kind, source;
    std::map<std::string, json> said{};

    bool correct() const { return kind == "correct"; }
};

std::vector<specimen> specimens(json const& rows) {
    std::vector<specimen> all;
    for (auto const& row : rows) {
        auto const kind = row.value("half", "");
        if (kind == "repaired") {
            continue;
        }
        auto const name = row.value("scenario", "").substr(kind.size() + 1);
        auto found = std::ranges::find(all, name, &specimen::name);
        if (found == all.end()) {
            found = all.insert(all.end(), {name, kind, row.value("source", "")});
        }
        found->said[row.value("checker", "")] = row;
    }
    return all;
}

// "USER ASSERT FAILED: both were inside" -> "assertion", "ThreadSanitizer: data race" -> "data race"
std::string in_short(std::string text) {
    constexpr std::string_view prefix = "ThreadSanitizer: ";
    text = text.starts_with(prefix) ? text.substr(prefix.size()) : text;
    text = text.substr(0, text.find_first_of(":("));
    text = text.substr(0, text.find(" with "));
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    text.erase(text.find_last_not_of(' ') + 1);
    return text == "user assert failed" ? "assertion" : text;
}

std::string cell(specimen const& one, std::string const& checker) {
    auto const at = one.said.find(checker);
    if (at == one.said.end()) {
        return "-";
    }
    auto const& row = at->second;
    auto const found = row.value("found", 0U);
    auto const seeds = row.value("seed_count", 1U);
    if (found == 0) {
        return "no";
    }
    auto const as = in_short(row.value("found_as", ""));
    if (one.correct()) {
        return "accused: " + as;
    }
    return found != seeds ? fmt::format("{}, {} of {}", as, found, seeds)
                          : fmt::format("{}, {}, {:.1f} ms", as, row.value("slowest", 0U), 1e3 * row.value("slowest_seconds", 0.0));
}

std::vector<std::vector<std::string>> table(std::vector<specimen> const& all) {
    std::vector<std::vector<std::string>> rows{{"specimen", "kind", "expected"}};
    for (auto const& one : ways) {
        rows[0].emplace_back(one.title);
    }
    for (auto const& one : all) {
        rows.push_back({one.name, one.kind, one.correct() ? "pass" : "violation"});
        for (auto const& w : ways) {
            rows.back().push_back(cell(one, w.name));
        }
    }
    return rows;
}

// The rows of stress/museum/README.md: without times, which are this machine's.
std::string markdown(std::vector<specimen> const& all) {
    std::string text = "| specimen | kind | source |";
    for (auto const& one : ways) {
        text += fmt::format(" {} |", one.title);
    }
    text += "\n|---|---|---|---|---|---|---|\n";
    for (auto const& one : all) {
        text += fmt::format("| `{}` | {} | {} |", one.name, one.kind, one.source);
        for (auto const& w : ways) {
            auto const told = cell(one, w.name);
            auto const time = told.ends_with(" ms") ? told.rfind(", ") : told.npos;
            text += fmt::format(" {} |", told.substr(0, time));
        }
        text += '\n';
    }
    return text;
}

// What one way of looking came to.
std::string sum(std::vector<specimen> const& all, way const& w, json const& rows) {
    std::size_t bugs = 0, found = 0, accused = 0;
    std::vector<double> times;
    for (auto const& row : rows) {
        bool const any = row.value("found", 0U) != 0;
        accused += row.value("checker", "") == w.name && row.value("half", "") == "repaired" && any ? 1U : 0U;
    }
    for (auto const& one : all) {
        auto const at = one.said.find(w.name);
        if (at == one.said.end()) {
            continue;
        }
        auto const seeds_found = at->second.value("found", 0U);
        if (one.correct()) {
            accused += seeds_found != 0 ? 1U : 0U;
            continue;
        }
        ++bugs;
        if (seeds_found == at->second.value("seed_count", 1U)) {
            ++found;
            times.push_back(at->second.value("slowest_seconds", 0.0));
        }
    }
    std::ranges::sort(times);
    auto const ms = [](double seconds) { return fmt::format("{:.1f} ms", 1e3 * seconds); };
    return fmt::format("{}: {} of {} bugs from every seed{}, {} false alarms", w.title, found, bugs,
                       times.empty() ? std::string()
                                     : fmt::format(", the slowest seed within {} (median of the bugs), {} (most)", ms(times[times.size() / 2]),
                                                   ms(times.back())),
                       accused);
}

} // namespace

completion museum(invocation const& asked) {
    for (auto const& [preset, targets] : std::initializer_list<std::pair<char const*, std::vector<std::string>>>{
             {"model", {"tandem_museum_explore", "tandem_museum_model"}}, {"tsan", {"tandem_museum_threads"}}, {"dev", {"tandem_museum_threads"}}}) {
        build(asked.root, preset, targets);
    }
    scratch_folder const scratch(asked.root);
    recording record(asked.root, "museum", "model", asked.text());
    int code = 0;
    for (auto const& one : ways) {
        if (interrupted()) {
            break;
        }
        auto const results = scratch.file(fmt::format("{}.json", one.name));
        std::vector<std::string> command{museum_worker(asked.root, one.preset, one.worker).string(), "--json", results.string()};
        for (char const* const option : {"--executions", "--seed"}) {
            if (asked.has(option)) {
                command.insert(command.end(), {option, asked.get(option)});
            }
        }
        code = worse(code, run_worker(command, fmt::format("museum, {}", one.title), results, record,
                                      [](std::string_view line) { return !line.starts_with("ok "); }));
    }
    auto const all = specimens(record.results());
    fmt::print("{}\nhow it was found; from every seed: after how many executions and how long at most; else from how many of the seeds\n\n",
               text_table(table(all)));
    for (auto const& one : ways) {
        fmt::print("{}\n", sum(all, one, record.results()));
    }
    auto const rows = asked.root / "build" / "museum.md";
    write_text(rows, markdown(all));
    fmt::print("table   build/museum.md\n");
    completion done{interrupted() ? 130 : code, std::move(record).finished()};
    save_record(done.record, asked.root, asked.get("--json"));
    return done;
}

} // namespace tandem::tools
