#pragma once

// plan: what was asked for, as single cases in the order of one round. The implementations that
// are compared with one another stand next to one another.

#include "catalogue.hpp"
#include "options.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace tandem::bench {

// One sample, and what was seen around it.
struct observation {
    int round = 0;
    double value = 0;         // in the offer's unit
    double round_trip_ns = 0; // mean of before and after; 0 where there is one core only
    double cpu_seconds_per_million = 0;
    double context_switches_per_million = 0;
};

struct bench_case {
    offer const* what = nullptr;
    setup how;
    int cores = 1;
    std::string placement;
    std::string group; // everything but the implementation

    std::uint64_t items = 0; // in a sample; 0 until the first one
    std::vector<observation> seen;
    histogram latency;
    double peak = 0; // the largest of all samples
    int dropped = 0; // samples during which the round trip changed its regime
    bool intact = true;
    bool stuck = false; // not measured any more

    int threads() const { return how.producers + how.consumers; }
    std::string name() const;
};

// Something asked for that this machine or this program has not.
struct skipped {
    std::string workload, implementation;
    int cores;
    std::string why;
};

struct plan {
    std::vector<bench_case> cases;
    std::vector<skipped> left_out;
};

// The processors that this process may use.
std::vector<int> allowed_cores();

// `all` must outlive the plan.
plan make_plan(options const&, catalogue const& all, std::vector<int> const& allowed);

} // namespace tandem::bench
