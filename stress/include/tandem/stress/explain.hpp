// explain: a violation as the report that its reader gets, shrunk, with the reason and what the sequential object would
// answer.
#pragma once

#include <tandem/stress/render.hpp>
#include <tandem/stress/shrink.hpp>

#include <span>
#include <string>
#include <utility>

namespace tandem::stress {

struct labels {
    std::string subject{}; // "lockfree.bounded_queue"
    std::string twin{};    // "locked.bounded_queue"; none: no such line
    std::string again{};   // the command that shows it again; none: no such line
    std::string note{};    // what else its reader should know; none: no such line
};

namespace detail {

struct blamed {
    std::size_t call;
    std::vector<reply> replies; // any of these would have been right
};

// The impossible call; but when no other answer of that one would have helped, the last to return whose answer would.
// One that sleeps is to blame for that in any case.
template <specification S>
blamed blame(counterexample<S> const& example) {
    std::vector<std::size_t> suspects;
    for (std::size_t i = 0; i < example.calls.size(); ++i) {
        if (!example.calls[i].pending()) {
            suspects.push_back(i);
        }
    }
    std::sort(suspects.begin(), suspects.end(),
              [&](std::size_t a, std::size_t b) { return example.calls[a].returned > example.calls[b].returned; });
    if (example.calls[example.impossible].asleep) {
        suspects.clear();
    }
    suspects.insert(suspects.begin(), example.impossible);
    for (auto const i : suspects) {
        if (auto replies = search<S>(example.initial, example.calls).legal_replies(i); !replies.empty()) {
            return {i, std::move(replies)};
        }
    }
    return {example.impossible, {}};
}

} // namespace detail

// The report of a history already shrunk.
template <specification S>
std::string explain(counterexample<S> example, labels const& names) {
    if (example.calls.empty()) {
        return {};
    }
    if constexpr (requires {
                      { example.initial.renumber(example.calls) } -> std::same_as<history>;
                  }) {
        example.calls = example.initial.renumber(example.calls);
        example.found = check(example.initial, example.calls); // its words name the values
    }
    failure_text words{.subject = names.subject,
                       .verdict = std::string(example.found.what),
                       .recorded = example.recorded,
                       .again = names.again,
                       .note = names.note};
    auto const [impossible, replies] = detail::blame(example);
    auto const& marked = example.calls[impossible];
    std::string legal;
    for (auto const& said : replies) {
        auto c = marked;
        c.returned = c.asleep ? c.invoked : c.returned;
        c.answer = said.answer;
        c.result = said.result;
        legal += concat({legal.empty() ? "" : " or ", spoken(c)});
    }
    words.why = example.found.why;
    if (words.why.empty() && legal.empty()) {
        words.why = "no order of these calls gives these answers";
    }
    if (words.why.empty()) {
        words.why =
            concat({"in every order that these calls can have had, ",
                    signature(example.initial.operations[marked.operation], marked), " answers ", legal, ", not ", spoken(marked)});
    }
    if (!names.twin.empty() && !legal.empty()) {
        words.twin = concat({names.twin, " answers ", legal});
    }
    if constexpr (requires { example.initial.describe(); }) {
        words.before = example.initial.describe();
    }
    return render(words, example.initial.operations, example.calls, impossible);
}

// Empty when the checker finds no violation.
template <specification S>
std::string explain(S const& initial, history const& calls, labels const& names) {
    return explain(shrink(initial, calls), names);
}

} // namespace tandem::stress
