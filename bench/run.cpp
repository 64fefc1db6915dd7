#include "run.hpp"
#include "limits.hpp"
#include "patience.hpp"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <thread>
#include <utility>

namespace tandem::bench {
namespace {

std::sig_atomic_t volatile caught = 0;

// Looks now and then whether a sample takes far longer than any does. What waits by itself cannot be told to give up.
class watchdog {
public:
    watchdog(std::chrono::milliseconds limit, hung_handler const& hung)
        : limit_(limit), hung_(hung), thread_([this](std::stop_token const& stop) { watch(stop); }) {}

    void begin(bench_case& one) {
        std::lock_guard const lock(mutex_);
        running_ = &one;
        since_ = std::chrono::steady_clock::now();
    }
    void end() {
        std::lock_guard const lock(mutex_);
        running_ = nullptr;
    }

private:
    void watch(std::stop_token const& stop) {
        std::unique_lock lock(mutex_);
        while (!looks_.wait_for(lock, stop, limit_ / 8, [&] { return stop.stop_requested(); })) {
            if (running_ != nullptr && std::chrono::steady_clock::now() - since_ > limit_) {
                hung_(*std::exchange(running_, nullptr));
            }
        }
    }

    std::chrono::milliseconds const limit_;
    hung_handler const& hung_;
    std::mutex mutex_;
    std::condition_variable_any looks_;
    bench_case* running_ = nullptr;
    std::chrono::steady_clock::time_point since_;
    std::jthread thread_;
};

void note(bench_case& one, sample const& got) {
    one.intact &= got.intact;
    one.stuck |= got.stuck && !interrupted();
}

// The round trip between two cores jumps by a factor of three or more on some virtual machines; a sample during
// which it did belongs to no regime.
bool same_regime(double before, double after) {
    return std::max(before, after) <= 2 * std::min(before, after);
}

class runner {
public:
    runner(options const& asked, round_trip const& look, hung_handler const& hung)
        : asked_(asked), look_(look), watch_(asked.longest_sample, hung) {}

    // One sample, again if the regime changed meanwhile; seconds for Google Benchmark's clock.
    double take_sample(bench_case& one, int round) {
        // Many threads on few cores need time for every one of them to have its turn.
        auto const turns = one.threads() > 8 * one.cores ? 2 : 1;
        auto const wanted = turns * std::chrono::duration<double>(asked_.sample).count();
        auto const amount = one.what->amount;
        if (one.items == 0) {
            one.items = amount != nullptr ? amount(one.how, asked_.sample) : calibrated(one, wanted);
        }
        double seconds = 0;
        for (int attempt = 0; attempt != attempts && !one.stuck; ++attempt) {
            auto const before = look_();
            auto const got = run_once(one, one.items);
            auto const after = look_();
            seconds = got.seconds;
            note(one, got);
            if (interrupted()) {
                break;
            }
            if (one.cores > 1 && !same_regime(before, after)) {
                ++one.dropped;
                continue;
            }
            auto const items = static_cast<double>(one.items);
            auto const counted = got.counted != 0 ? got.counted : seconds;
            one.seen.push_back({.round = round,
                                .value = got.figure != 0           ? got.figure
                                         : one.what->unit == "ns" ? counted * 1e9 / items
                                                                  : items / counted,
                                .round_trip_ns = (before + after) / 2,
                                .cpu_seconds_per_million = got.cpu_seconds * 1e6 / items,
                                .context_switches_per_million = got.context_switches * 1e6 / items});
            one.latency.merge(got.latency);
            one.peak = std::max(one.peak, got.peak);
            if (amount == nullptr && seconds < wanted / 2) { // something disturbed the calibration
                one.items = static_cast<std::uint64_t>(items * wanted / seconds);
            }
            break;
        }
        return seconds;
    }

private:
    // The workload with this much to do.
    sample run_once(bench_case& one, std::uint64_t items) {
        auto how = one.how;
        how.items = items;
        watch_.begin(one);
        auto got = one.what->run(how);
        watch_.end();
        return got;
    }

    // How much work takes about this long. The first runs also warm up.
    std::uint64_t calibrated(bench_case& one, double seconds) {
        auto items = static_cast<std::uint64_t>(one.threads()) * 16;
        for (;;) {
            auto const tried = run_once(one, items);
            note(one, tried);
            auto const factor = seconds / tried.seconds;
            if (factor < 2 || one.stuck || interrupted()) {
                return items;
            }
            items = static_cast<std::uint64_t>(static_cast<double>(items) * std::min(factor, 64.0));
        }
    }

    static constexpr int attempts = 4;
    options const& asked_;
    round_trip const& look_;
    watchdog watch_;
};

// Google Benchmark tells it of every finished sample; it tells whoever waits.
class progress : public benchmark::BenchmarkReporter {
public:
    explicit progress(std::size_t total) : total_(total) {}

    bool ReportContext(Context const&) override { return true; }
    void ReportRuns(std::vector<Run> const& runs) override {
        done_ += runs.size();
        auto const now = std::chrono::steady_clock::now();
        if (wanted_ && (now - said_ > std::chrono::milliseconds(500) || done_ == total_)) {
            said_ = now;
            fmt::print("@progress {} {} samples {}\n", done_, total_, runs.front().run_name.function_name);
            std::fflush(stdout);
        }
    }

private:
    bool const wanted_ = std::getenv("TANDEM_PROGRESS") != nullptr;
    std::size_t const total_;
    std::size_t done_ = 0;
    std::chrono::steady_clock::time_point said_;
};

// Equal indices of compared rows are the same round: a round that one of them lacks is dropped for all of them.
void keep_whole_rounds(std::vector<bench_case>& cases) {
    std::map<std::string, std::map<int, int>> seen; // group, round: how many
    std::map<std::string, int> members;
    for (auto& one : cases) {
        if (one.stuck) {
            one.seen.clear();
            continue;
        }
        ++members[one.group];
        for (auto const& o : one.seen) {
            ++seen[one.group][o.round];
        }
    }
    for (auto& one : cases) {
        auto const gone =
            std::erase_if(one.seen, [&](auto const& o) { return seen[one.group][o.round] != members[one.group]; });
        one.dropped += static_cast<int>(gone);
    }
}

} // namespace

void catch_interrupts() {
    auto const note = [](int) { caught = 1; };
    std::signal(SIGINT, note);
    std::signal(SIGTERM, note);
}

bool interrupted() {
    return caught != 0;
}

// Google Benchmark runs what is registered in the order of registration. Each round registers every case once and
// runs them, so that a round is A B C ... of every comparison, and never A A A ... B B B.
ending run(plan& todo, options const& asked, round_trip const& look, hung_handler const& hung) {
    pauses_per_microsecond();
    runner samples(asked, look, hung);
    progress told(todo.cases.size() * static_cast<std::size_t>(asked.rounds));
    for (int round = 0; round != asked.rounds && !interrupted(); ++round) {
        benchmark::ClearRegisteredBenchmarks();
        for (auto& one : todo.cases) {
            auto const measure = [&one, &samples, round](benchmark::State& state) {
                for (auto _ : state) {
                    state.SetIterationTime(interrupted() ? 0 : samples.take_sample(one, round));
                }
                state.SetItemsProcessed(static_cast<std::int64_t>(one.items));
            };
            benchmark::RegisterBenchmark(one.name().c_str(), measure)->Iterations(1)->UseManualTime();
        }
        benchmark::RunSpecifiedBenchmarks(&told, ".");
    }
    keep_whole_rounds(todo.cases);
    return interrupted() ? ending::interrupted : ending::complete;
}

} // namespace tandem::bench
