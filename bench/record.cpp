#include "record.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <numeric>
#include <stdexcept>
#include <vector>

namespace tandem::bench {
namespace {

using json = nlohmann::ordered_json;

template <class Get>
std::vector<double> column(bench_case const& one, Get get) {
    std::vector<double> values;
    for (auto const& seen : one.seen) {
        values.push_back(std::invoke(get, seen));
    }
    return values;
}

double median(std::vector<double> values) {
    if (values.empty()) {
        return 0;
    }
    std::ranges::sort(values);
    auto const middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

json row_of(bench_case const& one) {
    auto const& what = *one.what;
    json row{{"workload", what.workload},  {"implementation", what.who.name},
             {"half", what.who.half},      {"peer_note", what.who.note},
             {"threads", one.threads()},   {"cores", one.cores},
             {"placement", one.placement}, {"unit", what.unit},
             {"items", one.items},         {"samples", column(one, &observation::value)}};
    if (one.how.consumers != 0) {
        row["producers"] = one.how.producers;
        row["consumers"] = one.how.consumers;
    }
    if (!what.over.capacities.empty()) {
        row["capacity"] = one.how.capacity;
        row["payload"] = sizeof(message);
    }
    if (!what.over.batches.empty()) {
        row["batch"] = one.how.batch;
    }
    if (!what.over.finds.empty()) {
        row["finds"] = one.how.finds;
    }
    if (one.peak != 0) {
        row["peak"] = one.peak;
    }
    if (!what.wait_loop.empty()) {
        row["wait_loop"] = what.wait_loop;
    }
    if (!what.wait_note.empty()) {
        row["wait_note"] = what.wait_note;
    }
    if (auto trips = column(one, &observation::round_trip_ns);
        std::ranges::none_of(trips, [](double ns) { return ns == 0; })) {
        row["round_trip_ns"] = trips;
    }
    row["dropped"] = one.dropped;
    row["cpu_seconds_per_million"] = median(column(one, &observation::cpu_seconds_per_million));
    row["context_switches_per_million"] = median(column(one, &observation::context_switches_per_million));
    row["intact"] = one.intact;
    row["stuck"] = one.stuck;
    if (one.latency.count() != 0) {
        row["latency"] = {{"unit", "ns"},
                          {"count", one.latency.count()},
                          {"p50", one.latency.percentile(50)},
                          {"p99", one.latency.percentile(99)},
                          {"p99_9", one.latency.percentile(99.9)},
                          {"max", one.latency.max()}};
    }
    return row;
}

std::string value_in_words(double value, std::string const& unit) {
    return unit == "items/s" ? fmt::format("{:10.3f} M/s", value / 1e6) : fmt::format("{:10.1f} {}", value, unit);
}

} // namespace

void write_json(std::string const& file, plan const& done, bool complete) {
    json results = json::array();
    for (auto const& one : done.cases) {
        results.push_back(row_of(one));
    }
    for (auto const& one : done.left_out) {
        json row{{"workload", one.workload}, {"implementation", one.implementation}, {"skipped", one.why}};
        if (one.cores != 0) {
            row["cores"] = one.cores;
        }
        results.push_back(std::move(row));
    }
    json const record{{"schema", 1},
                      {"kind", "bench"},
                      {"compiler", TANDEM_BENCH_COMPILER},
                      {"flags", TANDEM_BENCH_FLAGS},
                      {"complete", complete},
                      {"results", std::move(results)}};
    std::ofstream out(file);
    out << record.dump(1) << '\n';
    if (!out.flush()) {
        throw std::runtime_error(fmt::format("cannot write {}", file));
    }
}

void print_summary(plan const& done) {
    std::string group;
    for (auto const& one : done.cases) {
        if (one.group != group) {
            group = one.group;
            fmt::print("\n{}\n", group);
        }
        if (one.seen.empty()) {
            fmt::print("    {:42} {}\n", one.what->who.name,
                       one.stuck ? "STUCK: neither push nor pop succeeded for seconds" : "no sample");
            continue;
        }
        auto const values = column(one, &observation::value);
        auto const [least, most] = std::ranges::minmax(values);
        fmt::print("    {:42} {}   {:.3g} to {:.3g} of it", one.what->who.name,
                   value_in_words(median(values), one.what->unit), least / median(values), most / median(values));
        if (one.latency.count() != 0) {
            fmt::print("   ns: p50 {} p99 {} p99.9 {} max {}", one.latency.percentile(50), one.latency.percentile(99),
                       one.latency.percentile(99.9), one.latency.max());
        }
        if (one.peak != 0) {
            fmt::print("   at most {:.1f} meanwhile", one.peak);
        }
        if (one.dropped != 0) {
            fmt::print("   {} dropped", one.dropped);
        }
        if (!one.intact) {
            fmt::print("   LOST OR DOUBLED");
        }
        fmt::print("\n");
    }
}

} // namespace tandem::bench
