#include <fmt/format.h>

#include <utility>

#include "bench_rows.hpp"
#include "html.hpp"
#include "sections.hpp"

namespace tandem::tools {
namespace {

// Mutants of a kind.
struct seen {
    double all = 0, killed = 0, equivalent = 0;

    void add(json const& of_kind) {
        if (!of_kind.is_null()) {
            all += number_of(of_kind, "total") - number_of(of_kind, "relaxed");
            killed += number_of(of_kind, "killed");
            equivalent += number_of(of_kind, "equivalent");
        }
    }
};

std::string in_numbers(json const& of_kind) {
    return fmt::format("{:.0f} killed, {:.0f} proved equivalent, {:.0f} survived, {:.0f} unreached", number_of(of_kind, "killed"),
                       number_of(of_kind, "equivalent"), number_of(of_kind, "survived"), number_of(of_kind, "unreached"));
}

// By which scenarios, and that they can fail; or why it is no proof.
std::string in_words(json const& proof) {
    if (proof.is_null()) {
        return "";
    }
    if (auto const problem = text_of(proof, "problem"); !problem.empty()) {
        return "none: " + escaped(problem);
    }
    std::string text;
    for (auto const& one : proof["scenarios"]) {
        text += fmt::format("all {:.0f} executions of {}; ", number_of(one, "executions"), escaped(text_of(one, "scenario")));
    }
    return text + "noticed there: " + escaped(text_of(proof, "mutant"));
}

} // namespace

// The first look: what was done, in four numbers.
std::string at_a_glance(json const& evidence) {
    double operations = 0, executions = 0, unexpected = 0;
    seen orders, logic;
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
        orders.add(one["orders"]);
        logic.add(one["logic"]);
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
    for (auto const& [mutants, what] : {std::pair{orders, "weakened memory orders"}, std::pair{logic, "changes of logic"}}) {
        if (mutants.all > 0) {
            tile(fmt::format("{:.0f} of {:.0f}", mutants.killed, mutants.all),
                 fmt::format("{} noticed, {:.0f} more proved equivalent within the model", what, mutants.equivalent));
        }
    }
    if (tiles.empty()) {
        return {};
    }
    tile(unexpected > 0 ? fmt::format("<strong>{:.0f}</strong>", unexpected) : "0", "results not as expected");
    return "<dl class='tiles'>" + tiles + "</dl>\n";
}

std::string evidence_tables(json const& evidence, std::vector<json> const& records) {
    html_table table("One line a structure and half",
                     {"structure", "half", "tests", "stress", "sanitizers", "models", "memory orders", "weakened", "changes of logic"});
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
             part("orders", in_numbers), part("logic", in_numbers)});
    }
    if (table.empty()) {
        return {};
    }
    std::string html = table.html();
    html_table survivors("Mutants that no check noticed: the argument, and its proof", {"mutant", "verdict", "argument", "proof"});
    for (auto const& one : evidence["structures"]) {
        for (char const* const kind : {"orders", "logic"}) {
            if (one[kind].is_null()) {
                continue;
            }
            for (auto const& survivor : one[kind]["survivors"]) {
                auto const name = survivor.contains("mutant") ? fmt::format("{}.{}", text_of(one, "structure"), text_of(survivor, "mutant"))
                                                              : fmt::format("{}:{} {}", text_of(survivor, "file"), text_of(survivor, "line"),
                                                                            text_of(survivor, "role"));
                survivors.row({escaped(name), escaped(text_of(survivor, "verdict")), escaped(text_of(survivor, "argument")),
                               in_words(survivor["proof"])});
            }
        }
    }
    if (!survivors.empty()) {
        html += survivors.html();
    }
    std::string again;
    for (auto const& record : records) {
        if (auto const kind = record.value("kind", "");
            kind == "stress" || kind == "model" || kind == "mutants" || kind == "logic_mutants" || kind == "test") {
            again += fmt::format("<code>{}</code> ", escaped(text_of(record, "command")));
        }
    }
    if (!again.empty()) {
        html += fmt::format("<p class='again'>Again: {}</p>\n", again);
    }
    return section("evidence", "Evidence", html);
}

} // namespace tandem::tools
