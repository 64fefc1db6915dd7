// explain: a violation as the report that its reader gets, shrunk, with the reason and what the sequential object would answer.
#pragma once

#include <tandem/stress/render.hpp>
#include <tandem/stress/shrink.hpp>

#include <span>
#include <string>
#include <utility>

namespace tandem::stress {

struct labels {
    std::string subject{};    // "lockfree.bounded_queue"
    std::string twin{};       // "locked.bounded_queue"; none: no such line
    std::string again{};      // the command that shows it again; none: no such line
};

// The report of a history already shrunk.
template <specification S>
std::string explain(counterexample<S> example, labels const& names) {
    if (example.calls.empty()) return {};
    if constexpr (requires { { example.initial.renumber(example.calls) } -> std::same_as<history>; }) {
        example.calls = example.initial.renumber(example.calls);
        example.found = check(example.initial, example.calls);    // its words name the values
    }
    failure_text words{.subject = names.subject, .verdict = "not linearizable", .recorded = example.recorded, .again = names.again};
    std::string legal;
    for (auto const& said : search<S>(example.initial, example.calls, default_budget).legal_replies(example.impossible)) {
        auto c = example.calls[example.impossible];
        c.answer = said.answer;
        c.result = said.result;
        legal += (legal.empty() ? "" : " or ") + spoken(c);
    }
    auto const& marked = example.calls[example.impossible];
    words.why = example.found.why;
    if (words.why.empty()) {
        words.why = "whatever the order of calls that overlap, " +
                    signature(S::operations[marked.operation], marked) + " answers " + legal + ", not " + spoken(marked);
    }
    if (!names.twin.empty() && !legal.empty()) words.twin = names.twin + " answers " + legal;
    if constexpr (requires { example.initial.describe(); }) words.before = example.initial.describe();
    return render(words, S::operations, example.calls, example.impossible);
}

// Empty when the checker finds no violation.
template <specification S>
std::string explain(S const& initial, history const& calls, labels const& names) {
    return explain(shrink(initial, calls), names);
}

}    // namespace tandem::stress
