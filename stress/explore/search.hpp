#pragma once

// search: which executions of a program are run.

#include "execution.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <random>
#include <span>
#include <vector>

namespace tandem::explore {

// All of them, but for those that differ from another only in the order of independent steps (sleep sets, after Godefroid, 1996).
//
//   exhaustive_search all;
//   do { run an execution with it; } while (all.another());
class exhaustive_search : public chooser {
public:
    std::size_t thread(std::span<step const> next) override;
    std::size_t outcome(std::size_t count) override;
    // False: there are no more.
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
    std::size_t decide_between_threads(point const&);
    static bool wake_next(point&);

    std::vector<point> points_;
    std::size_t depth_ = 0;
    std::uint32_t asleep_ = 0; // when the next choice between threads comes
};

// Any.
class random_search : public chooser {
public:
    explicit random_search(std::uint64_t seed) : random_(seed) {}
    std::size_t thread(std::span<step const> next) override { return below(next.size()); }
    std::size_t outcome(std::size_t count) override { return below(count); }

private:
    std::size_t below(std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_); }

    std::mt19937_64 random_;
};

} // namespace tandem::explore
