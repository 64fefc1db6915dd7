// The main job: the other commands in short form, then the page and the evidence.
#include <fmt/format.h>

#include <chrono>

#include "commands.hpp"
#include "evidence.hpp"
#include "process.hpp"
#include "progress.hpp"
#include "report/page.hpp"
#include "workspace.hpp"

namespace tandem::tools {
namespace {

struct step {
    char const* title;
    completion (*run)(invocation const&);
    invocation asked;
};

std::string count_of(json const& rows, std::string const& field, std::string const& value) {
    std::size_t count = 0;
    for (auto const& row : rows) {
        count += row.value(field, "") == value ? 1U : 0U;
    }
    return std::to_string(count);
}

std::string in_numbers(json const& record) {
    if (record.is_null()) {
        return "";
    }
    auto const& rows = record["results"];
    auto const kind = record["kind"].get<std::string>();
    if (kind == "stress" || kind == "model") {
        return in_sum(rows, kind == "stress" ? "operations" : "executions");
    }
    if (kind == "orders") {
        return fmt::format("{} memory orders", rows.size());
    }
    if (kind == "mutants") {
        return fmt::format("{} killed, {} proved equivalent, {} survived, {} unreached", count_of(rows, "verdict", "killed"),
                           count_of(rows, "verdict", "equivalent"), count_of(rows, "verdict", "survived"), count_of(rows, "verdict", "unreached"));
    }
    return fmt::format("{} rows", rows.size());
}

std::string in_words(int code) {
    switch (code) {
    case 0:
        return coloured("as expected", colour::good);
    case 1:
        return coloured("NOT AS EXPECTED", colour::bad);
    case 3:
        return coloured("cannot answer here", colour::bad);
    case 130:
        return "interrupted";
    default:
        return coloured(fmt::format("exit code {}", code), colour::bad);
    }
}

// A step that throws is a step that did not go as expected; the others are still run.
completion guarded(step const& one) {
    try {
        return one.run(one.asked);
    } catch (cannot_answer const& error) {
        fmt::print("{}\n", error.what());
        return {interrupted() ? 130 : 3};
    }
}

} // namespace

completion verify(invocation const& asked) {
    auto const with = [&](std::string command, std::map<std::string, std::string> options) {
        if (asked.has("--seed") && command != "bench" && command != "orders") {
            options["--seed"] = asked.get("--seed");
        }
        return invocation{asked.root, std::move(command), {}, std::move(options)};
    };
    std::vector<step> const steps{
        {"orders", orders, with("orders", {})},
        {"stress, thread sanitizer", stress, with("stress", {{"--for", "45s"}})},
        {"stress, plain -O3", stress, with("stress", {{"--for", "15s"}, {"--sanitizer", "none"}})},
        {"model", model, with("model", {{"--executions", "4000"}})},
        {"mutants", mutants, with("mutants", {})},
        {"bench", bench, with("bench", {{"--quick", ""}})}};

    auto const commit = commit_of(asked.root);
    recording record(asked.root, "verify", "", asked.text());
    std::vector<std::vector<std::string>> table;
    std::vector<json> records;
    int code = 0;
    for (auto const& one : steps) {
        if (interrupted()) {
            break;
        }
        fmt::print("\n{}\n", one.asked.text());
        std::fflush(stdout);
        auto const started = std::chrono::steady_clock::now();
        auto const done = guarded(one);
        auto const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
        code = worse(code, done.code);
        record.add({{"command", one.asked.text()}, {"code", done.code}, {"seconds", seconds}});
        table.push_back({one.title, in_words(done.code), in_numbers(done.record), fmt::format("{:.0f} s", seconds)});
        if (!done.record.is_null()) {
            records.push_back(done.record);
        }
    }
    // What the tests and the mutants of logic said of this very tree, if they were run.
    for (auto& other : newest_records(asked.root, commit)) {
        if (other["kind"] == "test" || other["kind"] == "logic_mutants") {
            records.push_back(std::move(other));
        }
    }

    auto const evidence = asked.root / "build" / "evidence.json";
    auto const page = asked.root / "build" / "report" / "index.html";
    write_json(evidence, make_evidence(records));
    write_page(page, records, asked.root);

    fmt::print("\n{}\n", text_table(table));
    if (interrupted()) {
        fmt::print("interrupted: {} of {} steps were begun; what they had done is in the records\n", table.size(),
                   steps.size());
        record.incomplete();
    }
    fmt::print("page      build/report/index.html\nevidence  build/evidence.json\n");
    completion done{interrupted() ? 130 : code, std::move(record).finished()};
    save_record(done.record, asked.root, asked.get("--json"));
    return done;
}

} // namespace tandem::tools
