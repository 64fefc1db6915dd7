// campaign: a scenario, seed after seed, until it fails or there is no time left.
//
// A seed is a batch of histories made under the same conditions: many brief ones or one long one.
#pragma once

#include <tandem/stress/engine/crew.hpp>
#include <tandem/stress/engine/token.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace tandem::stress {

struct failure {
    std::uint64_t seed = 0;
    explanation report{};
    std::string token{};
};

struct tally {
    std::uint64_t seeds = 0;
    std::uint64_t histories = 0;
    std::uint64_t operations = 0;
    std::uint64_t overlapping = 0; // operations during which another was in progress
    std::uint64_t undecided = 0;   // histories neither accused nor explained
    std::chrono::duration<double> seconds{};
    std::optional<failure> failed{};
};

class campaign {
public:
    campaign(scenario const& what, crew& threads, std::size_t thread_count, replayer again = {})
        : what_(what), crew_(threads), threads_(thread_count), again_(std::move(again)) {}

    // Runs one seed; true when it found a violation, which is then shrunk and explained.
    bool run(std::uint64_t seed);
    tally const& sum() const { return sum_; }
    // While it runs, and its threads will never wake: the lost wake-up that explains it, if it is one.
    std::optional<failure> halted() const;

private:
    bool judge(std::span<trial>, conditions const&, std::uint64_t seed);

    scenario const& what_;
    crew& crew_;
    std::size_t threads_;
    replayer again_;
    std::uint64_t seed_ = 0; // that runs
    tally sum_{};
};

} // namespace tandem::stress
