// tandem_bench: one run of the benchmarks, measured and written down. See README.md.

#include "catalogue.hpp"
#include "limits.hpp"
#include "options.hpp"
#include "plan.hpp"
#include "record.hpp"
#include "run.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <exception>
#include <string>

namespace {

using namespace tandem::bench;

void print_list(catalogue const& all) {
    for (auto const& one : all.offers) {
        fmt::print("{:16} {:42} {:10}", one.workload, one.who.name, one.who.half);
        if (!one.wait_loop.empty()) {
            fmt::print(" {}{}{}", one.wait_loop, one.wait_note.empty() ? "" : ": ", one.wait_note);
        }
        fmt::print("\n");
    }
    for (auto const& one : all.missing) {
        fmt::print("{:16} {:42} not built: package {} was missing\n", "-", one.library, one.package);
    }
}

int measure(options const& asked, catalogue const& all) {
    auto const allowed = allowed_cores();
    auto todo = make_plan(asked, all, allowed);
    for (auto const& one : todo.left_out) {
        fmt::print("skipped: {}, {}: {}\n", one.workload, one.implementation, one.why);
    }
    if (todo.cases.empty()) {
        fmt::print(stderr, "tandem_bench: nothing of what was asked for can be measured here\n");
        if (!asked.json.empty()) {
            write_json(asked.json, todo, true);
        }
        return 3;
    }
    catch_interrupts();
    auto const look = [&] { return allowed.size() < 2 ? 0 : round_trip_ns(allowed[0], allowed[1]); };
    auto const hung = [&](bench_case& one) {
        one.stuck = true;
        if (!asked.json.empty()) {
            write_json(asked.json, todo, false);
        }
        fmt::print(stderr,
                   "tandem_bench: {}: a sample has not ended after {} s: a message or a wake-up is lost; nothing more "
                   "can be measured\n",
                   one.name(), std::chrono::duration_cast<std::chrono::seconds>(asked.longest_sample).count());
        std::_Exit(1);
    };
    auto const ended = run(todo, asked, look, hung);
    print_summary(todo);
    if (!asked.json.empty()) {
        write_json(asked.json, todo, ended == ending::complete);
    }
    int failed = 0;
    for (auto const& one : todo.cases) {
        if (!one.intact) {
            fmt::print(stderr, "tandem_bench: {}: something was lost, doubled or changed\n", one.name());
            ++failed;
        }
        if (one.stuck) {
            fmt::print(stderr, "tandem_bench: {}: stuck, and given up\n", one.name());
            failed += std::string("peer") != one.what->who.half ? 1 : 0; // a peer's trouble is a finding
        }
    }
    return ended == ending::interrupted ? 130 : failed != 0 ? 1 : 0;
}

} // namespace

int main(int argc, char** argv) {
    try {
        auto const all = everything();
        auto const asked = parse(argc, argv, all);
        if (asked.list) {
            print_list(all);
            return 0;
        }
        return measure(asked, all);
    } catch (usage_error const& error) {
        fmt::print(stderr, "tandem_bench: {}\n", error.what());
        return 2;
    } catch (std::exception const& error) {
        fmt::print(stderr, "tandem_bench: {}\n", error.what());
        return 3;
    }
}
