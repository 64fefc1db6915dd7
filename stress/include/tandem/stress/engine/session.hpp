// session: seeds of one or several scenarios in turn, until one fails or the time is over; what stands behind test.hpp.
#pragma once

#include <tandem/stress/engine/campaign.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace tandem::stress {

struct run_options {
    std::chrono::duration<double> time{5};
    std::uint64_t rounds = 0; // seeds, instead of a time
    std::uint64_t seed = 1;   // the first
    std::size_t threads = 0;  // 2 to 64; 0: chosen by the seed
    std::string replay{};     // the token of a failure: only this seed, until it fails again

    // TANDEM_STRESS_FOR, _ROUNDS, _SEED, _THREADS, _REPLAY, as the options of `main`; what cannot be read ends the program
    // with exit code 2.
    static run_options from_environment();
};

// What a run found. True: nothing.
struct [[nodiscard]] test_report {
    bool passed = false;
    std::string text{};        // one line, or the failure as a table
    std::string token{};       // of a failure
    std::size_t shrunk_to = 0; // calls in its table; 0: it is not about a history
    std::uint64_t seeds = 0, histories = 0, operations = 0, undecided = 0;

    explicit operator bool() const { return passed; }
};

namespace detail {

using some_scenarios = std::vector<std::shared_ptr<scenario const>>;

test_report run(some_scenarios const&, run_options const&, campaign::replay_command const&);

// As the `main` of a program that does nothing else. 0: passed, 1: failed, 2: not understood.
int run_as_main(some_scenarios const&, int argc, char const* const* argv);

// The command that starts this test again, when it is not a program of its own.
std::string replay_by_environment(token const&);

// Prints why, and ends the program: a declaration that makes no sense is a mistake in the test.
[[noreturn]] void refuse_declaration(std::string const& why);

} // namespace detail

} // namespace tandem::stress
