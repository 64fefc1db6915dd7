// shrink: a smaller history that is still impossible, and impossible for the same structure.
//
// Leaving calls out at will would invent failures: without push(1), `pop -> 1` is nobody's fault. So there are three
// moves, and each turns a history that has an explanation into one that has an explanation too. Read backwards: when
// the smaller history has none, neither had the recorded one, and every step that the reader checks is a step of the
// real failure.
//
//   project   Leave out what the rest does not rest on. Which calls those are, the specification's `without` says,
//             because only it knows (projection.cpp has the argument for the queue and the counter). Without that
//             member no call goes.
//   cut       End the recording early. What had not begun is gone, what had not returned is pending, and nobody is known
//             to sleep for ever. An explanation of the whole explains the shorter one as far as its last complete call:
//             every call up to there had begun.
//   begin     Start the recording later, at a moment when no call is in progress, if all explanations of what went
//             before leave the object in one and the same state. Only for specifications that can `describe` it, and
//             not after `begins_by`.
//
// A candidate is kept when the checker proves it impossible; `unknown` is not enough. After the last cut, the call that
// returned last is the impossible one: without its answer there is an explanation. What shows only at the end, as a lost
// wake-up does, allows no cut.
#pragma once

#include <tandem/stress/search.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace tandem::stress {

template <specification S>
struct counterexample {
    S initial;
    history calls;              // in the order of invocation; no calls: the checker found no violation
    std::size_t impossible = 0; // index into calls
    finding found{};            // what the checker says of these calls
    std::size_t recorded = 0;
};

namespace detail {

// Smaller is better: calls, then values in them, then calls that are not yet pending.
bool smaller(history const& a, history const& b);

void sort_by_invocation(history& calls);

// What the recording would hold had it ended at `time`.
history cut(history const& calls, std::uint64_t time);

// Every return time, ascending.
std::vector<std::uint64_t> return_times(history const& calls);

// Where each stretch of calls ends after which nothing was in progress; `calls` in the order of invocation.
std::vector<std::size_t> quiet_points(history const& calls);

std::vector<std::uint32_t> threads_of(history const& calls);

// The one that is asleep where it should not be, or the last to return.
std::size_t accused(history const& calls, finding const&);

} // namespace detail

template <specification S>
class shrinker {
public:
    shrinker(S initial, history calls, std::size_t budget)
        : budget_(budget), best_{std::move(initial), std::move(calls)} {
        detail::sort_by_invocation(best_.calls);
        best_.recorded = best_.calls.size();
    }

    // How much may go.
    enum class moves : std::uint8_t { all, cut };

    counterexample<S> run(moves allowed) {
        best_.found = check(best_.initial, best_.calls, budget_);
        budget_ /= 100; // a candidate that takes longer is not worth it
        if (best_.found.is != verdict::violation) {
            best_.calls.clear();
            return std::move(best_);
        }
        if (allowed == moves::all) {
            leave_out();
        } else {
            cut_short();
        }
        best_.impossible = detail::accused(best_.calls, best_.found);
        return std::move(best_);
    }

private:
    void leave_out() {
        keep_only_the_accused();
        if constexpr (has_latest_begin) {
            cut_short(); // so that the impossible call is known
        }
        begin_later();
        while (project() || cut_short() || begin_later()) {
        }
    }

    static constexpr bool has_latest_begin =
        requires(S const& s, history const& calls, std::size_t impossible) { s.begins_by(calls, impossible); };

    bool try_instead(S initial, history calls) {
        if (!detail::smaller(calls, best_.calls)) {
            return false;
        }
        auto found = check(initial, calls, budget_);
        if (found.is != verdict::violation) {
            return false;
        }
        best_.initial = std::move(initial);
        best_.calls = std::move(calls);
        best_.found = std::move(found);
        return true;
    }

    bool try_without(std::vector<bool> const& drop) {
        if constexpr (requires {
                          { best_.initial.without(best_.calls, drop) } -> std::same_as<history>;
                      }) {
            return try_instead(best_.initial, best_.initial.without(best_.calls, drop));
        } else {
            return false;
        }
    }

    // A monitor names the few calls that matter: of a million calls they are the first thing to try.
    void keep_only_the_accused() {
        for (bool progress = true; progress && !best_.found.calls.empty();) {
            std::vector<bool> drop(best_.calls.size(), true);
            for (auto const i : best_.found.calls) {
                drop[i] = false;
            }
            progress = try_without(drop);
        }
    }

    // Each thread, then halves, quarters ... and single calls in the order of time, until nothing more can go.
    bool project() {
        bool progress = false, again = true;
        while (std::exchange(again, false)) {
            for (auto const thread : detail::threads_of(best_.calls)) {
                std::vector<bool> drop;
                for (auto const& c : best_.calls) {
                    drop.push_back(c.thread == thread);
                }
                if (try_without(drop)) {
                    again = true;
                }
            }
            for (auto length = best_.calls.size() / 2; length >= 1; length /= 2) {
                for (std::size_t begin = 0; begin < best_.calls.size();) {
                    std::vector<bool> drop(best_.calls.size());
                    std::fill_n(drop.begin() + static_cast<std::ptrdiff_t>(begin),
                                std::min(length, drop.size() - begin), true);
                    if (try_without(drop)) {
                        again = true;
                    } else {
                        begin += length;
                    }
                }
            }
            progress = progress || again;
        }
        return progress;
    }

    bool cut_short() { // a longer recording stays impossible, so the shortest can be found by bisection
        auto const times = detail::return_times(best_.calls);
        std::size_t low = 0, high = times.size();
        while (low < high) {
            auto const middle = low + (high - low) / 2;
            auto const impossible =
                check(best_.initial, detail::cut(best_.calls, times[middle]), budget_).is == verdict::violation;
            (impossible ? high : low) = impossible ? middle : middle + 1;
        }
        return low < times.size() && try_instead(best_.initial, detail::cut(best_.calls, times[low]));
    }

    bool begin_later() {
        if constexpr (requires { best_.initial.describe(); }) {
            auto state = best_.initial;
            std::size_t begin = 0;
            auto const latest = latest_begin();
            for (auto const end : detail::quiet_points(best_.calls)) {
                if (end > latest) {
                    break;
                }
                history const part(best_.calls.begin() + static_cast<std::ptrdiff_t>(begin),
                                   best_.calls.begin() + static_cast<std::ptrdiff_t>(end));
                auto const states = search<S>(state, part, budget_).final_states();
                if (!states || states->empty()) {
                    break;
                }
                if (states->size() > 1) {
                    continue;
                }
                state = states->front();
                begin = end;
            }
            if (begin == 0) {
                return false;
            }
            return try_instead(state,
                               history(best_.calls.begin() + static_cast<std::ptrdiff_t>(begin), best_.calls.end()));
        }
        return false;
    }

    std::size_t latest_begin() const {
        if constexpr (has_latest_begin) {
            return best_.initial.begins_by(best_.calls, detail::accused(best_.calls, best_.found));
        } else {
            return best_.calls.size();
        }
    }

    std::size_t budget_;
    counterexample<S> best_;
};

template <specification S>
counterexample<S> shrink(S initial, history calls, std::size_t budget = default_budget) {
    return shrinker<S>(std::move(initial), std::move(calls), budget).run(shrinker<S>::moves::all);
}
// For calls of which none is one too many, but those after the impossible one.
template <specification S>
counterexample<S> cut_short(S initial, history calls, std::size_t budget = default_budget) {
    return shrinker<S>(std::move(initial), std::move(calls), budget).run(shrinker<S>::moves::cut);
}

} // namespace tandem::stress
