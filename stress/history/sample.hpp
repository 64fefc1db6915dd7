// Histories for the tests of the checkers: written by hand, and drawn at random.
#pragma once

#include <tandem/stress/spec.hpp>

#include <algorithm>
#include <random>
#include <string_view>
#include <vector>

namespace tandem::stress::sample {

// Someone else's structure: only what a specification must have.
struct register_spec {
    enum : std::uint32_t { load, store };
    static constexpr std::string_view operations[] = {"load", "store"};

    std::int64_t value = 0;

    reply perform(std::uint32_t operation, values const& argument) {
        if (operation == load) {
            return {status::success, {value}};
        }
        value = argument[0];
        return {};
    }
    std::size_t hash() const { return static_cast<std::size_t>(value); }
    bool operator==(register_spec const&) const = default;
};
static_assert(specification<register_spec>);

struct when {
    std::uint64_t invoked;
    std::uint64_t returned = never;
};

inline call make(std::uint32_t thread, std::uint32_t operation, when t, values argument = {}, values result = {},
                 status answer = status::success) {
    return {thread, operation, argument, result, answer, t.invoked, t.returned};
}

inline call push(std::uint32_t thread, std::int64_t v, when t, status answer = status::success) {
    return make(thread, queue_spec::try_push, t, {v}, {}, answer);
}
inline call pop(std::uint32_t thread, std::int64_t v, when t) {
    return make(thread, queue_spec::try_pop, t, {}, {v});
}
inline call pop_fails(std::uint32_t thread, when t, status answer = status::empty) {
    return make(thread, queue_spec::try_pop, t, {}, {}, answer);
}
inline call push_n(std::uint32_t thread, values items, std::int64_t pushed, when t) {
    return make(thread, queue_spec::try_push_n, t, items, {pushed});
}
inline call pop_n(std::uint32_t thread, std::int64_t wanted, values items, when t) {
    return make(thread, queue_spec::try_pop_n, t, {wanted}, items, items.empty() ? status::empty : status::success);
}
inline call close(std::uint32_t thread, when t) {
    return make(thread, queue_spec::close, t);
}
inline call is_closed(std::uint32_t thread, bool yes, when t) {
    return make(thread, queue_spec::is_closed, t, {}, {yes ? 1 : 0});
}
inline call add(std::uint32_t thread, std::int64_t n, when t) {
    return make(thread, counter_spec::add, t, {n});
}
inline call fetch_add(std::uint32_t thread, std::int64_t n, std::int64_t old, when t) {
    return make(thread, counter_spec::fetch_add, t, {n}, {old});
}
inline call load(std::uint32_t thread, std::int64_t v, when t) {
    return make(thread, counter_spec::load, t, {}, {v});
}

using generator = std::mt19937_64;

inline std::uint64_t below(generator& random, std::uint64_t n) {
    return random() % n;
}
inline bool chance(generator& random, std::uint64_t one_in) {
    return below(random, one_in) == 0;
}

struct shape {
    std::uint32_t threads = 3;
    std::size_t calls = 8;
    std::uint64_t stretch = 30;              // how far a call reaches beyond its instant; instants are 10 apart
    std::vector<std::uint32_t> operations{}; // drawn from these
    bool pending = false;                    // the last call of a thread may be left pending
    bool busy = false;                       // a call that overlaps another may be refused
};

// A run of the sequential object, or of a broken one, each call then stretched around its instant as far as its
// thread's other calls allow.
template <class S>
history run(generator& random, S state, shape const& s) {
    struct instant {
        call c;
        std::uint64_t at;
    };
    std::vector<instant> instants;
    std::int64_t next_value = 1;
    for (std::size_t i = 0; i < s.calls; ++i) {
        call c;
        c.thread = static_cast<std::uint32_t>(below(random, s.threads));
        c.operation = s.operations[below(random, s.operations.size())];
        if constexpr (std::derived_from<S, queue_spec>) {
            auto const batch = 1 + below(random, max_batch);
            if (c.operation == queue_spec::try_push) {
                c.argument = {next_value++};
            }
            if (c.operation == queue_spec::try_pop_n) {
                c.argument = {static_cast<std::int64_t>(batch)};
            }
            if (c.operation == queue_spec::try_push_n) {
                for (std::size_t j = 0; j < batch; ++j) {
                    c.argument.push_back(next_value++);
                }
            }
        } else if (c.operation != counter_spec::load) {
            c.argument = {static_cast<std::int64_t>(below(random, 5)) - 1};
        }
        auto const said = state.perform(c.operation, c.argument);
        c.answer = said.answer;
        c.result = said.result;
        instants.push_back({c, 1000 + 10 * i});
    }
    history calls;
    constexpr std::uint64_t unlimited = never / 2;
    for (std::size_t i = 0; i < instants.size();
         ++i) { // up to halfway to the instants of its neighbours of the same thread
        auto const& [c, at] = instants[i];
        auto const same_thread = [&](instant const& other) { return other.c.thread == c.thread; };
        auto const here = instants.begin() + static_cast<std::ptrdiff_t>(i);
        auto const next = std::find_if(here + 1, instants.end(), same_thread);
        auto const previous = std::find_if(std::make_reverse_iterator(here), instants.rend(), same_thread);
        auto const earliest = previous == instants.rend() ? 0 : (previous->at + at) / 2 + 1;
        auto const latest = next == instants.end() ? unlimited : (next->at + at) / 2;
        calls.push_back(c);
        calls.back().invoked = std::max(earliest, at - below(random, s.stretch + 1));
        calls.back().returned = std::min(latest, at + below(random, s.stretch + 1));
        if (s.pending && latest == unlimited && chance(random, 2)) {
            calls.back().returned = never;
        }
    }
    if (s.busy) {
        for (std::size_t i = 0; i < calls.size(); ++i) {
            auto& c = calls[i];
            bool const overlapped =
                std::any_of(calls.begin(), calls.end(), [&](call const& o) { return &o != &c && overlap(o, c); });
            if (c.pending() || c.answer == status::success || !overlapped || c.operation > queue_spec::try_pop) {
                continue;
            }
            if (chance(random, 2)) {
                c.answer = status::busy;
            }
        }
    }
    return calls;
}

// One change of the kind that a bug makes. Values stay unique among the pushes.
inline void corrupt(generator& random, history& calls) {
    if (calls.empty()) {
        return;
    }
    auto& a = calls[below(random, calls.size())];
    auto& b = calls[below(random, calls.size())];
    auto const is_push = [](call const& c) {
        return c.operation == queue_spec::try_push || c.operation == queue_spec::try_push_n;
    };
    switch (below(random, 6)) {
    case 0: // two answers exchanged
        if (a.operation == b.operation) {
            std::swap(a.result, b.result), std::swap(a.answer, b.answer);
        }
        break;
    case 1: // an answer given twice
        if (a.operation == b.operation) {
            a.result = b.result, a.answer = b.answer;
        }
        break;
    case 2: // a result lost
        if (!is_push(a) && a.operation != queue_spec::close) {
            a.result = a.operation == queue_spec::is_closed ? values{1 - a.result[0]} : values{};
            if (a.operation != queue_spec::is_closed) {
                a.answer = status::empty;
            }
        }
        break;
    case 3: // a call forgotten
        calls.erase(calls.begin() + (&a - calls.data()));
        break;
    case 4: // a refusal
        if (a.operation == queue_spec::try_push) {
            a.answer = chance(random, 2) ? status::full : status::closed;
        }
        if (a.operation == queue_spec::try_pop) {
            a.result = {}, a.answer = chance(random, 3) ? status::closed : status::empty;
        }
        break;
    default: // a call that was faster than it claims
        if (!a.pending()) {
            a.returned = a.invoked + below(random, a.returned - a.invoked + 1);
        }
    }
}

} // namespace tandem::stress::sample
