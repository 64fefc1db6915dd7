#pragma once

// team: one thread for each entry of setup.cores, pinned there, started together. The clock runs
// from the first start to the last end, so making and ending threads is not measured.

#include "sample.hpp"

#include <algorithm>
#include <chrono>
#include <latch>
#include <thread>
#include <vector>

#include <pthread.h>
#include <sys/resource.h>
#include <time.h>

namespace tandem::bench {

// What the calling thread has used up so far.
struct expense {
    double cpu_seconds;
    double context_switches;

    static expense now() {
        timespec cpu{};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu);
        rusage usage{};
        ::getrusage(RUSAGE_THREAD, &usage);
        return {static_cast<double>(cpu.tv_sec) + 1e-9 * static_cast<double>(cpu.tv_nsec),
                static_cast<double>(usage.ru_nvcsw + usage.ru_nivcsw)};
    }
};

// body(i) is the whole work of thread i.
template <class Body>
sample run_team(std::vector<cpu_set_t> const& cores, Body const& body) {
    using clock = std::chrono::steady_clock;
    struct record {
        clock::time_point begin, end;
        expense before, after;
    };
    std::vector<record> records(cores.size());
    std::latch start(static_cast<std::ptrdiff_t>(cores.size()));
    {
        std::vector<std::jthread> threads;
        threads.reserve(cores.size());
        for (std::size_t i = 0; i != cores.size(); ++i) {
            threads.emplace_back([&, i] {
                ::pthread_setaffinity_np(::pthread_self(), sizeof cores[i], &cores[i]);
                record r{};
                start.arrive_and_wait();
                r.before = expense::now();
                r.begin = clock::now();
                body(static_cast<int>(i));
                r.end = clock::now();
                r.after = expense::now();
                records[i] = r;
            });
        }
    }
    sample all;
    auto begin = records.front().begin;
    auto end = records.front().end;
    for (auto const& r : records) {
        begin = std::min(begin, r.begin);
        end = std::max(end, r.end);
        all.cpu_seconds += r.after.cpu_seconds - r.before.cpu_seconds;
        all.context_switches += r.after.context_switches - r.before.context_switches;
    }
    all.seconds = std::chrono::duration<double>(end - begin).count();
    return all;
}

} // namespace tandem::bench
