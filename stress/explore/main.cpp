// The litmus tests, and what each rule of the memory model is good for.
#include "explored.hpp"

#include "../model/record_file.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <exception>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace litmus = tandem::litmus;
using tandem::explore::rule;
using tandem::explore::rule_names;
using tandem::explore::rules;
using tandem::explore::rules_count;
using nlohmann::json;

// How many tests come out otherwise when the rule is broken, and one of them.
struct notice {
    std::size_t tests = 0;
    std::string first;
};
notice broken(rule r, std::vector<litmus::test const*> const& tests) {
    rules some;
    some.break_one(r);
    notice found;
    for (auto const* const t : tests) {
        if (!as_expected(*t, explored(*t, some))) {
            found.first = found.tests++ == 0 ? t->name : found.first;
        }
    }
    return found;
}

// What Relacy found, by the names of the tests; from the file that tandem_litmus_relacy wrote.
std::map<std::string, litmus::finding> relacys(std::string const& file) {
    std::map<std::string, litmus::finding> all;
    if (!file.empty()) {
        std::ifstream in(file);
        for (auto const& row : json::parse(in)) {
            all[row.at("scenario")] = {row.at("executions"), row.at("seen"), row.at("accused")};
        }
    }
    return all;
}

// A checker's mistakes.
struct tally {
    std::size_t right = 0, misses = 0, accuses = 0;

    void count(litmus::test const& t, litmus::finding const& f) {
        ++(litmus::right(t, f) ? right : possible(t.expected) ? misses : accuses);
    }
    std::string text() const { return fmt::format("right in {}, misses {}, accuses {}", right, misses, accuses); }
};

std::string share_of(litmus::finding const& f) {
    return !f.accused.empty() ? f.accused
           : f.seen == 0      ? "not seen"
                              : fmt::format("{:.2f} %", 100 * static_cast<double>(f.seen) / static_cast<double>(f.executions));
}
// Where they differ.
std::string who_is_right(litmus::test const& t, litmus::finding const& explorer, litmus::finding const& relacy) {
    bool const ours = right(t, explorer), theirs = right(t, relacy);
    auto const* const mistake = possible(t.expected) ? "misses it" : "accuses";
    return ours && theirs ? ""
           : ours         ? fmt::format("explorer: Relacy {}", mistake)
           : theirs       ? fmt::format("Relacy: the explorer {}", mistake)
                          : "neither";
}
json as_json(litmus::finding const& f) {
    return {{"executions", f.executions}, {"seen", f.seen}, {"accused", f.accused}};
}

// All tests in one table, and the rows of the record. False: one did not come out as expected.
bool run_tests(std::vector<litmus::test const*> const& tests, std::map<std::string, litmus::finding> const& relacy, json& rows) {
    tally ours, theirs;
    std::size_t wrong = 0;
    fmt::print("{:<4} {:<66} {:<21} {:>15}  {:>9}  {:>9}  {}\n", "", "test", "C++20", "seen, of all", "at random", relacy.empty() ? "" : "Relacy",
               relacy.empty() ? "" : "who is right");
    for (auto const* const t : tests) {
        auto const found = explored(*t, {});
        auto const random = litmus::sampled(*t, litmus::sample);
        bool const fine = as_expected(*t, found);
        wrong += fine ? 0 : 1;
        ours.count(*t, found);
        json row{{"structure", "explorer"},
                 {"half", ""},
                 {"scenario", t->name},
                 {"expected", to_string(t->expected)},
                 {"as_expected", fine},
                 {"right", right(*t, found)},
                 {"executions", found.executions},
                 {"seen", found.seen},
                 {"exhaustive", true},
                 {"random", as_json(random)}};
        std::string their_share, judgement;
        if (!relacy.empty()) {
            auto const& theirs_found = relacy.at(t->name);
            theirs.count(*t, theirs_found);
            their_share = share_of(theirs_found);
            judgement = who_is_right(*t, found, theirs_found);
            row["relacy"] = as_json(theirs_found);
            row["relacy"]["right"] = right(*t, theirs_found);
        }
        fmt::print("{:<4} {:<66} {:<21} {:>15}  {:>9}  {:>9}  {}\n", fine ? "ok" : "FAIL", t->name, to_string(t->expected),
                   fmt::format("{} of {}", found.seen, found.executions), share_of(random), their_share, judgement);
        rows.push_back(std::move(row));
    }
    fmt::print("\n{} tests, {} not as expected\nthe explorer, all executions: {}\n", tests.size(), wrong, ours.text());
    if (!relacy.empty()) {
        fmt::print("Relacy, {} at random: {}\n", litmus::sample, theirs.text());
    }
    return wrong == 0;
}

// Every rule broken. How many of them nobody notices.
std::size_t break_rules(std::vector<litmus::test const*> const& tests, json& rows) {
    std::size_t unnoticed = 0;
    fmt::print("\n{:<24} {:>5}  {}\n", "a rule broken", "tests", "the first that comes out otherwise");
    for (std::size_t i = 0; i != rules_count; ++i) {
        auto const found = broken(static_cast<rule>(i), tests);
        unnoticed += found.tests == 0 ? 1 : 0;
        fmt::print("{:<24} {:>5}  {}{}\n", rule_names[i], found.tests, found.first, found.tests == 1 ? ", and no other" : "");
        rows.push_back({{"structure", "explorer"}, {"half", ""}, {"scenario", rule_names[i]}, {"broken", true}, {"noticed", found.tests}});
    }
    fmt::print("\n{} rules, {} that can be broken unnoticed\n", rules_count, unnoticed);
    return unnoticed;
}

int run(std::vector<std::string> const& beginnings, std::string const& relacy, std::string const& file) {
    std::vector<litmus::test const*> chosen;
    for (auto const& t : litmus::tests()) {
        if (beginnings.empty() || std::ranges::any_of(beginnings, [&](auto const& b) { return t.name.starts_with(b); })) {
            chosen.push_back(&t);
        }
    }
    if (chosen.empty()) {
        throw std::invalid_argument("no test begins like that");
    }
    auto rows = json::array();
    bool const fine = run_tests(chosen, relacys(relacy), rows);
    auto const unnoticed = break_rules(chosen, rows);
    if (!file.empty()) {
        tandem::model::write_record(file, "litmus", true, std::move(rows));
    }
    return fine && (unnoticed == 0 || !beginnings.empty()) ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
    CLI::App app{"Small programs whose outcomes the C++20 memory model decides, all their executions explored."};
    std::vector<std::string> beginnings;
    std::string file, relacy;
    app.add_option("tests", beginnings, "those that begin so; none: all");
    app.add_option("--relacy", relacy, "what tandem_litmus_relacy wrote, to be set beside");
    app.add_option("--json", file, "where the results go");
    CLI11_PARSE(app, argc, argv);
    try {
        return run(beginnings, relacy, file);
    } catch (std::exception const& error) {
        fmt::print(stderr, "tandem_litmus: {}\n", error.what());
        return 2;
    }
}
