// search: is there an order of the calls, each at one instant between its invocation and its return, in which the
// sequential object gives these answers? (Wing and Gong 1993; the list and the memory of states seen after Lowe 2017.)
//
// Depth first over the orders, without recursion. A state seen before, with the same calls behind it, is not entered
// again. A pending call may take effect or not. Exponential at worst, so it gives up after `budget` states and says
// unknown.
//
// At the end, the calls that are asleep must have something to wait for (spec.hpp, `waits`).
#pragma once

#include <tandem/stress/spec.hpp>

#include <algorithm>
#include <optional>
#include <tuple>
#include <unordered_set>
#include <utility>
#include <vector>

namespace tandem::stress {

inline constexpr std::size_t default_budget = 1'000'000;

namespace detail {

constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

// The invocations and returns of a history in the order of time, as a list from which a call can be lifted and put
// back.
class event_list {
public:
    explicit event_list(history const& calls);

    struct event {
        std::uint32_t call, next, previous;
        bool invocation;
    };

    event const& operator[](std::uint32_t at) const { return events_[at]; }
    std::uint32_t first() const { return events_[head].next; }
    void lift(std::uint32_t call);
    void put_back(std::uint32_t call); // in the reverse order of lifting

private:
    static constexpr std::uint32_t head = 0;

    void unlink(std::uint32_t at);
    void link(std::uint32_t at);

    std::vector<event> events_{};
    std::vector<std::uint32_t> invocation_{}, return_{};
};

// A set of calls. Its words are kept from the first that is not full, since a search fills them roughly in order.
class call_set {
public:
    explicit call_set(std::size_t calls) : words_((calls + 63) / 64) {}

    void insert(std::uint32_t call);
    void erase(std::uint32_t call);
    bool contains(std::uint32_t call) const { return (words_[call / 64] >> call % 64 & 1) != 0; }
    std::vector<std::uint64_t> key() const;

private:
    std::vector<std::uint64_t> words_;
    std::size_t full_ = 0; // words before this one are all ones
};

// For every call, its rank among the invocations: bits of calls that overlap are then neighbours.
std::vector<std::uint32_t> ranks(history const& calls);

// Whether some other call was in progress during each call.
std::vector<bool> overlapped(history const& calls);

std::size_t hash_words(std::vector<std::uint64_t> const& words);

} // namespace detail

struct search_result {
    verdict is = verdict::unknown;
    std::size_t states = 0;
};

template <specification S>
class search {
public:
    search(S initial, history const& calls, std::size_t budget = default_budget)
        : initial_(std::move(initial)), calls_(in_parts(calls)), budget_(budget), rank_(detail::ranks(calls_)),
          overlapped_(detail::overlapped(calls_)) {
        for (auto const& c : calls_) {
            complete_ += c.pending() ? 0 : 1;
            some_asleep_ = some_asleep_ || c.asleep;
            forms_.push_back({c});
            if constexpr (requires { initial_.completions(c); }) {
                if (c.pending()) {
                    forms_.back() = initial_.completions(c);
                }
            }
        }
    }

    search_result run() {
        search_result result;
        result.is = explore([](S const&) { return true; }, [](std::size_t, S const&) {}, result.states);
        return result;
    }

    // All states in which an explanation can leave the object; nothing when the search gave up.
    std::optional<std::vector<S>> final_states() {
        std::vector<S> found;
        std::size_t states = 0;
        auto const note = [&](S const& state) {
            if (std::find(found.begin(), found.end(), state) == found.end()) {
                found.push_back(state);
            }
            return false;
        };
        if (explore(note, [](std::size_t, S const&) {}, states) == verdict::unknown) {
            return std::nullopt;
        }
        return found;
    }

    // What the sequential object would have answered to call `which`, in any order of the others that explains them.
    // Nothing for a call of several parts.
    std::vector<reply> legal_replies(std::size_t which) const {
        if (begin_[which + 1] - begin_[which] != 1) {
            return {};
        }
        which = begin_[which];
        auto question = calls_;
        question[which].returned = never;
        question[which].asleep = false;
        std::vector<reply> candidates, legal;
        std::size_t states = 0;
        auto const note = [&](std::size_t at, S const& before) {
            if (at != which) {
                return;
            }
            auto state = before;
            auto const said = state.perform(calls_[which].operation, calls_[which].argument);
            if (std::find(candidates.begin(), candidates.end(), said) == candidates.end()) {
                candidates.push_back(said);
            }
        };
        search(initial_, question, budget_).explore([](S const&) { return false; }, note, states);
        question[which].returned = calls_[which].asleep ? never - 1 : calls_[which].returned;
        for (auto const& said : candidates) {
            question[which].answer = said.answer;
            question[which].result = said.result;
            if (search(initial_, question, budget_).run().is == verdict::linearizable) {
                legal.push_back(said);
            }
        }
        std::sort(legal.begin(), legal.end(), [](reply const& a, reply const& b) {
            return std::tie(a.answer, a.result.count, a.result.item) <
                   std::tie(b.answer, b.result.count, b.result.item);
        });
        return legal;
    }

private:
    struct seen {
        std::vector<std::uint64_t> calls;
        S state;

        bool operator==(seen const&) const = default;
    };
    struct seen_hash {
        std::size_t operator()(seen const& s) const {
            return detail::hash_words(s.calls) * 31 + static_cast<std::size_t>(s.state.hash());
        }
    };
    std::vector<call> parts_of(call const& c) const {
        if constexpr (requires { initial_.parts(c); }) {
            return initial_.parts(c);
        } else {
            return {c};
        }
    }
    history in_parts(history const& calls) {
        history all;
        for (auto const& c : calls) {
            begin_.push_back(all.size());
            std::uint8_t part = c.part;
            for (auto& p : parts_of(c)) {
                all.push_back(std::move(p));
                all.back().part = part++;
            }
        }
        begin_.push_back(all.size());
        return all;
    }

    // Whether the part before this one, if any, is in place.
    bool in_turn(std::uint32_t which, detail::call_set const& placed) const {
        if (calls_[which].part != 0 && !placed.contains(rank_[which - 1])) {
            return false;
        }
        if (!calls_[which].asleep) {
            return true;
        }
        return which + 1 != calls_.size() && calls_[which + 1].part != 0; // the last is what it waits in
    }

    // Every call that is asleep has something to wait for.
    bool settled(S const& state, detail::call_set const& placed) const {
        if constexpr (requires { state.waits(calls_.front()); }) {
            for (std::uint32_t i = 0; some_asleep_ && i != calls_.size(); ++i) {
                bool const next = calls_[i].asleep && !placed.contains(rank_[i]) &&
                                  (calls_[i].part == 0 || placed.contains(rank_[i - 1]));
                if (next && !state.waits(calls_[i])) {
                    return false;
                }
            }
        }
        return true;
    }

    struct step_taken {
        std::uint32_t at; // the event of its invocation
        std::size_t form;
        S before;
    };

    // Calls `done(state)` whenever all complete calls are in place, and stops when that says so; calls `trying(call,
    // state)` before each attempt to put a call next.
    template <class Done, class Trying>
    verdict explore(Done done, Trying trying, std::size_t& states) {
        detail::event_list events(calls_);
        detail::call_set placed(calls_.size());
        std::unordered_set<seen, seen_hash> memory;
        std::vector<step_taken> path;
        auto state = initial_;
        std::size_t in_place = 0; // of the complete calls
        auto at = events.first();
        std::size_t form = 0;
        bool explained = complete_ == 0 && settled(state, placed);
        if (explained && done(state)) {
            return verdict::linearizable;
        }
        for (;;) {
            if (at != 0 && events[at].invocation) {
                auto const which = events[at].call;
                if (form == forms_[which].size() || !in_turn(which, placed)) {
                    at = events[at].next;
                    form = 0;
                    continue;
                }
                trying(which, state);
                auto next = state;
                if (step(next, forms_[which][form], overlapped_[which])) {
                    placed.insert(rank_[which]);
                    if (memory.insert({placed.key(), next}).second) {
                        if (++states > budget_) {
                            return verdict::unknown;
                        }
                        path.push_back({at, form, std::move(state)});
                        state = std::move(next);
                        events.lift(which);
                        if (!calls_[which].pending()) {
                            ++in_place;
                        }
                        if (in_place == complete_ && settled(state, placed)) {
                            explained = true;
                            if (done(state)) {
                                return verdict::linearizable;
                            }
                        }
                        at = events.first();
                        form = 0;
                        continue;
                    }
                    placed.erase(rank_[which]);
                }
                ++form;
                continue;
            }
            // A call has returned that is not in place, or the list is at its end: the last step was wrong.
            if (path.empty()) {
                return explained ? verdict::linearizable : verdict::violation;
            }
            auto& last = path.back();
            auto const which = events[last.at].call;
            events.put_back(which);
            placed.erase(rank_[which]);
            if (!calls_[which].pending()) {
                --in_place;
            }
            state = std::move(last.before);
            at = last.at;
            form = last.form + 1;
            path.pop_back();
        }
    }

    S initial_;
    std::vector<std::size_t> begin_{}; // of each call's parts
    history calls_;                    // in parts
    std::size_t budget_;
    std::size_t complete_ = 0;
    bool some_asleep_ = false;
    std::vector<std::uint32_t> rank_;
    std::vector<bool> overlapped_;
    std::vector<std::vector<call>> forms_{}; // what each call may have amounted to; more than one only for pending ones
};

// The fast monitor where the specification offers one, and the search where that leaves the question open, if it may.
template <specification S>
finding check(S const& initial, history const& calls, std::size_t budget = default_budget) {
    finding found;
    if constexpr (requires {
                      { initial.monitor(calls) } -> std::same_as<finding>;
                  }) {
        found = initial.monitor(calls);
        if (found.is != verdict::unknown || requires { S::monitor_decides; }) {
            return found;
        }
    }
    found.is = search<S>(initial, calls, budget).run().is;
    return found;
}

// A specification that accepts everything proves nothing. Changes each answer of a history that it accepts, one at a
// time, and counts the changes it notices; zero of `tried` means that its verdicts are worthless.
struct discernment {
    std::size_t tried = 0;
    std::size_t noticed = 0;
};

template <specification S>
discernment discern(S const& initial, history const& legal, std::size_t budget = default_budget) {
    discernment sum;
    auto changed = legal;
    auto const ask = [&] {
        ++sum.tried;
        if (check(initial, changed, budget).is == verdict::violation) {
            ++sum.noticed;
        }
    };
    for (std::size_t i = 0; i < legal.size(); ++i) {
        if (legal[i].pending()) {
            continue;
        }
        for (std::size_t j = 0; j < legal[i].result.size(); ++j) {
            changed[i].result.item[j] += 1;
            ask();
            changed[i] = legal[i];
        }
        changed[i].answer = legal[i].answer == status::success ? status::empty : status::success;
        ask();
        changed[i] = legal[i];
    }
    return sum;
}

} // namespace tandem::stress
