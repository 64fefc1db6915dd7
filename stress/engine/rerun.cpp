#include <tandem/stress/engine/rerun.hpp>

#include <algorithm>
#include <optional>

namespace tandem::stress {

namespace {

std::optional<history> fails(scenario const& what, crew& threads, conditions const& how, program const& candidate) {
    constexpr int attempts = 4;
    auto const repeats = what.kind == length::brief ? 64 : 1;
    for (int attempt = 0; attempt != attempts; ++attempt) {
        std::vector<trial> trials;
        for (int i = 0; i != repeats; ++i) {
            trials.emplace_back(candidate, what.make(candidate));
        }
        threads.run(trials, how);
        for (auto& t : trials) {
            what.finish(t);
            auto calls = t.recorded(how);
            if (what.check(candidate, calls).is == verdict::violation) {
                return calls;
            }
        }
    }
    return std::nullopt;
}

// The program without steps [from, to) of a lane, but for those that stay, and without the lane when that was all of it.
program without(program p, std::size_t lane, std::size_t from, std::size_t to) {
    auto& steps = p.lanes[lane];
    auto const end = steps.begin() + static_cast<std::ptrdiff_t>(to);
    auto const kept = std::remove_if(steps.begin() + static_cast<std::ptrdiff_t>(from), end,
                                     [](action const& a) { return !a.stays; });
    steps.erase(kept, end);
    if (steps.empty() && p.lanes.size() > 1) {
        p.lanes.erase(p.lanes.begin() + static_cast<std::ptrdiff_t>(lane));
    }
    return p;
}

failing_run leave_out_steps(scenario const& what, crew& threads, conditions const& how, failing_run best) {
    int patience = 200; // candidates
    std::size_t longest = 0;
    for (auto const& lane : best.what.lanes) {
        longest = std::max(longest, lane.size());
    }
    for (std::size_t chunk = longest; chunk != 0; chunk /= 2) {
        for (std::size_t lane = best.what.lanes.size(); lane-- != 0;) {
            for (std::size_t from = 0; lane < best.what.lanes.size() && from < best.what.lanes[lane].size();) {
                if (--patience < 0) {
                    return best;
                }
                auto candidate = without(best.what, lane, from, std::min(from + chunk, best.what.lanes[lane].size()));
                bool const smaller = candidate.calls() != 0 && candidate.calls() != best.what.calls();
                auto calls = smaller ? fails(what, threads, how, candidate) : std::nullopt;
                if (calls) {
                    best = {std::move(candidate), std::move(*calls)};
                } else {
                    from += chunk;
                }
            }
        }
    }
    return best;
}

} // namespace

failing_run shrink_program(scenario const& what, crew& threads, conditions const& how, failing_run found) {
    auto least = leave_out_steps(what, threads, how, std::move(found));
    auto renumbered = what.renumbered(least.what);
    if (renumbered.lanes != least.what.lanes) {
        if (auto calls = fails(what, threads, how, renumbered)) {
            return {std::move(renumbered), std::move(*calls)};
        }
    }
    return least;
}

} // namespace tandem::stress
