#include <fmt/format.h>

#include "commands.hpp"
#include "comparison.hpp"
#include "progress.hpp"
#include "workspace.hpp"

namespace tandem::tools {
namespace {

json bench_record(std::filesystem::path const& file) {
    auto record = read_record(file);
    if (record["kind"] != "bench") {
        throw bad_input(fmt::format("{}:1:1: a record of kind {}, where benchmarks are compared", file.string(),
                                    record["kind"].dump()));
    }
    return record;
}

std::string in_words(interval const& ratio) {
    return fmt::format("{:.3f} [{:.3f}, {:.3f}]", ratio.value, ratio.low, ratio.high);
}

completion hold_against_goals(invocation const& asked) {
    if (asked.names.size() != 1) {
        throw bad_input("compare --goals wants one record");
    }
    auto const file = asked.root / "bench" / "goals.json";
    recording out(asked.root, "goals", "", asked.text());
    auto const results = check_goals(read_json(file), file.string(), bench_record(asked.names[0]));
    std::size_t missed = 0;
    std::size_t unanswered = 0;
    for (auto const& one : results) {
        char const* const state = one.state == goal_state::met      ? "met"
                                  : one.state == goal_state::missed ? "missed"
                                                                    : "unanswered";
        out.add({{"goal", one.goal},
                 {"where", one.where},
                 {"state", state},
                 {"ratio", one.ratio.value},
                 {"low", one.ratio.low},
                 {"high", one.ratio.high},
                 {"wanted", one.wanted},
                 {"against", one.against},
                 {"why", one.why}});
        if (one.state == goal_state::missed) {
            ++missed;
            fmt::print("{}  {}: {}\n        {} against {}, wanted {}\n", coloured("missed", colour::bad), one.goal,
                       one.where, in_words(one.ratio), one.against, one.wanted);
        } else if (one.state == goal_state::unanswered) {
            ++unanswered;
            fmt::print("{}  {}: {}\n        {}\n", coloured("cannot answer", colour::quiet), one.goal, one.where,
                       one.why);
        }
    }
    fmt::print("{} goals: {} met, {} missed, {} that this record cannot answer\n", results.size(),
               results.size() - missed - unanswered, missed, unanswered);
    completion done{missed > 0 ? 1 : unanswered > 0 ? 3 : 0, std::move(out).finished()};
    if (asked.has("--json")) {
        save_record(done.record, asked.root, asked.get("--json"));
    }
    return done;
}

} // namespace

completion compare(invocation const& asked) {
    if (asked.has("--goals")) {
        return hold_against_goals(asked);
    }
    if (asked.names.size() != 2) {
        throw bad_input("compare wants two records, or --goals and one");
    }
    auto const first = bench_record(asked.names[0]);
    auto const second = bench_record(asked.names[1]);
    recording out(asked.root, "compare", "", asked.text());
    auto const machine = [](json const& record) {
        return record.value("machine", json::object()).value("name", "unknown");
    };
    if (machine(first) != machine(second)) {
        fmt::print("different machines, {} and {}: the ratios compare machines as much as code\n", machine(first),
                   machine(second));
    }

    auto const all = compare_records(first, second);
    std::vector<std::vector<std::string>> table{{"implementation", "where", "second / first", "verdict", ""}};
    std::size_t slower = 0;
    for (auto const& one : all.rows) {
        slower += one.is == verdict::slower ? 1U : 0U;
        table.push_back({one.implementation, one.conditions, in_words(one.ratio), std::string(word(one.is)), one.note});
        out.add({{"implementation", one.implementation},
                 {"where", one.conditions},
                 {"ratio", one.ratio.value},
                 {"low", one.ratio.low},
                 {"high", one.ratio.high},
                 {"verdict", word(one.is)},
                 {"note", one.note}});
    }
    fmt::print("{}", text_table(table));
    for (auto const& key : all.only_first) {
        fmt::print("only in {}: {}\n", asked.names[0], key);
    }
    for (auto const& key : all.only_second) {
        fmt::print("only in {}: {}\n", asked.names[1], key);
    }
    if (all.rows.empty()) {
        throw cannot_answer("the two records have no row in common");
    }
    fmt::print("{} compared, {} slower in {}\n", all.rows.size(), slower, asked.names[1]);
    completion done{slower > 0 ? 1 : 0, std::move(out).finished()};
    if (asked.has("--json")) {
        save_record(done.record, asked.root, asked.get("--json"));
    }
    return done;
}

} // namespace tandem::tools
