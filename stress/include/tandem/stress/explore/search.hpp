#pragma once

// search: which executions of a program are run.

#include <tandem/stress/engine/dice.hpp>
#include <tandem/stress/explore/execution.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace tandem::explore {

// All of them, but for those that come to the same as another (sleep sets, after Godefroid, 1996, for steps of which one need not disturb the other).
// What comes for no reason comes so many times an execution at most.
//
//   exhaustive_search all;
//   do { run an execution with it; } while (all.another());
class exhaustive_search : public chooser {
public:
    explicit exhaustive_search(unsigned misfortunes = 0) : misfortunes_(misfortunes) {}
    std::size_t thread(std::span<step const> next) override;
    std::size_t outcome(std::size_t count) override;
    bool misfortune() override;
    bool systematic() const override { return true; }
    // The next run is the same as the last.
    void repeat() noexcept;
    // The next run is another. False: there are no more.
    bool another();

private:
    // A decision, with what is left to try.
    struct point {
        std::size_t chosen = 0;
        std::size_t count = 0;
        // Of a choice between threads:
        std::vector<step> next{};
        std::uint32_t asleep = 0; // threads, a bit each: what comes of choosing them has been seen
    };
    std::uint32_t still_asleep(std::span<step const> next) const;
    static bool wake_next(point&);

    std::vector<point> points_;
    std::size_t depth_ = 0;
    std::size_t last_ = none; // of the points, between threads
    unsigned misfortunes_, struck_ = 0;
};

// Any, and the same for the same number. By turns it switches at every step and stays with a thread for a while, runs threads by a priority
// that changes now and then (PCT, after Burckhardt and others, 2010), shows old messages often and seldom, and lets time run out soon and late. Where progress
// is claimed, one thread stands still or goes on alone in most, and in a few threads take turns of so many steps.
class random_search : public chooser {
public:
    explicit random_search(std::uint64_t number);
    std::size_t thread(std::span<step const> next) override;
    std::size_t outcome(std::size_t count) override;
    bool misfortune() override;
    std::size_t stops(std::span<step const> next) override;

private:
    bool one_in(std::uint32_t n) { return dice_.below_small(n) == 0; }
    std::size_t in_turns(std::span<step const> next);

    stress::dice dice_;
    std::uint32_t switch_one_in_, old_one_in_, expire_one_in_;
    bool by_priority_;
    std::array<std::uint32_t, most_threads> priority_{};
    explore::thread last_ = 0;
    int misfortunes_ = 4; // a few times an execution
    std::size_t stops_in_; // so many steps
    bool progress_is_claimed_ = false;
    std::size_t turn_, left_of_turn_; // in steps
};

} // namespace tandem::explore
