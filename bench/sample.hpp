#pragma once

// What a workload is asked for, and what it answers.

#include "histogram.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <sched.h>

namespace tandem::bench {

using message = std::uint64_t;

struct setup {
    int producers = 1; // or simply threads, where nothing is passed on
    int consumers = 0;
    std::vector<cpu_set_t> cores; // where each thread may run, producers first
    bool one_core = false;        // all on the same one: whoever waits keeps the others from running
    std::size_t capacity = 1024;
    std::size_t batch = 1;                      // how many at once, where batches are passed on
    std::size_t finds = 100;                    // percent of what is done that only looks, where something else is
    std::uint64_t items = 0;                    // how much work
    std::chrono::milliseconds patience{10'000}; // how long a wait may last before the queue counts as stuck
};

// Keeps what is measured away from what measures it: nothing else shares its cache lines.
template <class T>
struct alignas(256) apart {
    T it;
};

struct sample {
    double seconds = 0; // from the first thread's start to the last one's end
    double counted = 0; // of these, those that the speed is judged by; 0: all
    double figure = 0;  // what was measured, where that is no time
    double peak = 0;    // and the largest it was meanwhile
    double cpu_seconds = 0;
    double context_switches = 0;
    bool intact = true; // everything that was sent was received, once
    bool stuck = false; // given up, because nothing could be sent or received for a long time
    histogram latency;  // nanoseconds, where a workload measures them
};

} // namespace tandem::bench
