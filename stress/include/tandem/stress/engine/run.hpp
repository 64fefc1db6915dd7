// run: what is asked of a run of test.hpp, and what it found; the same on real threads and under the explorer.
#pragma once

#include <tandem/stress/engine/token.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tandem::stress {

struct run_options {
    std::chrono::duration<double> time{5};
    std::uint64_t rounds = 0;     // seeds, instead of a time
    std::uint64_t seed = 1;       // the first
    std::size_t threads = 0;      // 0: chosen by the seed
    std::uint64_t executions = 0; // of each program, under the explorer; 0: its own choice
    std::string replay{};         // the token of a failure: only this seed, until it fails again

    // TANDEM_STRESS_FOR, _ROUNDS, _SEED, _THREADS, _EXECUTIONS, _REPLAY, as the options of `main`; what cannot be read ends the
    // program with exit code 2.
    static run_options from_environment();
};

// What a run found. True: nothing.
struct [[nodiscard]] test_report {
    bool passed = false;
    std::string text{};        // one line, or the failure as a table
    std::string token{};       // of a failure
    std::size_t shrunk_to = 0; // calls in its table; 0: it is not about a history
    std::uint64_t seeds = 0, histories = 0, operations = 0, undecided = 0;
    std::uint64_t programs = 0, exhausted = 0, executions = 0; // under the explorer

    explicit operator bool() const { return passed; }
};

namespace detail {

using some_scenarios = std::vector<std::shared_ptr<scenario const>>;

// Reads the environment, then the command line. An exit code: nothing is to be run.
enum class runner : std::uint8_t { threads, explorer };
std::optional<int> read_options(runner, int argc, char const* const* argv, run_options& into);
// Prints it, and returns the exit code: 0 passed, 1 failed, 2 not understood.
int print_report(test_report const&, run_options const&);

replayer replay_by_program(int argc, char const* const* argv);
// When the test is not a program of its own.
std::string replay_by_environment(token const&);

// Prints why, and ends the program: a declaration that makes no sense is a mistake in the test.
[[noreturn]] void refuse_declaration(std::string const& why);

} // namespace detail

} // namespace tandem::stress
