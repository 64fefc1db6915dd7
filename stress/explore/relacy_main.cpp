// What Relacy finds of each litmus test; for tandem_litmus to set beside what the explorer does.
#include "litmus.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <exception>
#include <fstream>
#include <string>

using namespace tandem;

int main(int argc, char** argv) {
    for (auto const& t : litmus::tests()) {
        auto const f = litmus::sampled(t, argc>1?std::stoull(argv[1]):2000);
        fmt::print("{} {:<62} {:<21} {:>4} of {} {}\n", litmus::right(t, f) ? "ok" : "NO", t.name, litmus::to_string(t.expected), f.seen, f.executions, f.accused);
    }
}
