#pragma once

// What the command line asks for.

#include "catalogue.hpp"

#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

namespace tandem::bench {

struct options {
    std::vector<std::string> workloads; // empty: all
    std::vector<int> threads;           // empty: what is usual for each workload, as in the two below
    std::vector<std::size_t> capacities;
    std::vector<std::size_t> batches;
    std::vector<int> cores;         // empty: 1 2
    std::vector<std::string> peers; // libraries; all, none
    std::vector<std::string> placements;
    int rounds = 15;
    std::chrono::milliseconds sample{50};             // about how long one sample takes
    std::chrono::milliseconds longest_sample{60'000}; // beyond that something waits for ever
    bool quick = false;                               // fewer of the usual threads and capacities
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
