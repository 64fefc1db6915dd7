// The litmus tests, and what each rule of the memory model is good for.
#include "explored.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <exception>
#include <fstream>
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

void write(std::string const& file, json rows) {
    std::ofstream out(file);
    out << json{{"schema", 1},           {"kind", "litmus"}, {"compiler", TANDEM_COMPILER},
                {"flags", TANDEM_FLAGS}, {"complete", true}, {"results", std::move(rows)}}
               .dump(2)
        << '\n';
    if (!out.flush()) {
        throw std::runtime_error(fmt::format("cannot write {}", file));
    }
}

int run(std::vector<std::string> const& beginnings, std::string const& file) {
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
    std::size_t wrong = 0;
    for (auto const* const t : chosen) {
        auto const found = explored(*t, {});
        bool const fine = as_expected(*t, found);
        wrong += fine ? 0 : 1;
        fmt::print("{} {:<62} {:<21} {:>4} of {}\n", fine ? "ok  " : "FAIL", t->name, to_string(t->expected), found.seen,
                   found.executions);
        rows.push_back({{"structure", "explorer"},
                        {"half", ""},
                        {"scenario", t->name},
                        {"expected", to_string(t->expected)},
                        {"as_expected", fine},
                        {"executions", found.executions},
                        {"seen", found.seen},
                        {"exhaustive", true}});
    }
    std::size_t unnoticed = 0;
    fmt::print("\n{:<24} {:>5}  {}\n", "a rule broken", "tests", "the first that comes out otherwise");
    for (std::size_t i = 0; i != rules_count; ++i) {
        auto const found = broken(static_cast<rule>(i), chosen);
        unnoticed += found.tests == 0 ? 1 : 0;
        fmt::print("{:<24} {:>5}  {}\n", rule_names[i], found.tests, found.first);
        rows.push_back({{"structure", "explorer"}, {"half", ""}, {"scenario", rule_names[i]}, {"broken", true}, {"noticed", found.tests}});
    }
    fmt::print("\n{} tests, {} not as expected; {} rules, {} that can be broken unnoticed\n", chosen.size(), wrong, rules_count,
               unnoticed);
    if (!file.empty()) {
        write(file, std::move(rows));
    }
    return wrong == 0 && (unnoticed == 0 || !beginnings.empty()) ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
    CLI::App app{"Small programs whose outcomes the C++20 memory model decides, all their executions explored."};
    std::vector<std::string> beginnings;
    std::string file;
    app.add_option("tests", beginnings, "those that begin so; none: all");
    app.add_option("--json", file, "where the results go");
    CLI11_PARSE(app, argc, argv);
    try {
        return run(beginnings, file);
    } catch (std::exception const& error) {
        fmt::print(stderr, "tandem_litmus: {}\n", error.what());
        return 2;
    }
}
