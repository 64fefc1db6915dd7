#pragma once

// What the command line asks for.

#include "catalogue.hpp"

#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

namespace tandem::bench {

struct options {
    std::vector<std::string> workloads; // empty: all
    std::vector<int> threads;           // empty: 1 2 3 4 8 16 64
    std::vector<int> cores;             // empty: 1 2
    std::vector<std::string> peers;     // libraries; all, none
    std::vector<std::string> placements;
    int rounds = 15;
    std::chrono::milliseconds sample{50}; // about how long one sample takes
    std::string json;
    bool list = false;
};

// The message names what was not understood and the nearest word that would have been.
struct usage_error : std::runtime_error {
    using runtime_error::runtime_error;
};

// Throws usage_error; prints the help and exits when asked for it.
options parse(int argc, char const* const* argv, catalogue const&);

} // namespace tandem::bench
