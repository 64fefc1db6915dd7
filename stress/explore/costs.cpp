// What calls cost, counted: the same programs of calls, in a few orders of their steps; and the longest that a call was, in all the executions
// that were looked at.

#include "../model/record_file.hpp"
#include "pricing.hpp"

#include <tandem/stress/explore/search.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

using namespace tandem;
using namespace tandem::model;
using namespace tandem::model::pricing;
using nlohmann::json;

// Of each call, the most steps that it took.
struct longest {
    explore::meter found{};
    std::uint64_t executions = 0;
    bool exhaustive = false;
};
void search(program const& p, longest& all) {
    constexpr std::uint64_t most = 10'000;
    scenario_stage on(p.searched);
    on.run().measure(&all.found);
    explore::exhaustive_search choose;
    do {
        run(on, choose, p);
        ++all.executions;
        all.exhaustive = !choose.another();
    } while (!all.exhaustive && all.executions != most);
    for (std::uint64_t number = 1; !all.exhaustive && number != most; ++number) {
        explore::random_search any(number);
        run(on, any, p);
        ++all.executions;
    }
}

struct page {
    std::string text{};
    json rows = json::array();
};

page priced() {
    page all;
    all.text = fmt::format("{:<16} {:<9} {:<21} {:<20} {:>6} {:>6} {:>6} {:>7} {:>6} {:>6}\n", "structure", "half", "call", "order of steps", "steps",
                           "most", "locked", "misses", "allocs", "sleeps");
    for (auto const& p : programs) {
        for (auto const& one : prices_of(p)) {
            all.text += one.line();
            all.rows.push_back({{"structure", one.structure},
                                {"half", one.half},
                                {"call", one.call},
                                {"order", one.order},
                                {"calls", one.sum.calls},
                                {"steps", one.each(one.sum.steps)},
                                {"most_steps", one.sum.most_steps},
                                {"locked", one.each(one.sum.locked)},
                                {"misses", one.each(one.sum.misses)},
                                {"allocations", one.each(one.sum.allocations)},
                                {"sleeps", one.each(one.sum.sleeps)}});
        }
    }
    all.text += fmt::format("\n{:<16} {:<9} {:<21} {:>10}  {}\n", "structure", "half", "call", "most steps", "in");
    for (auto const& p : programs) {
        longest found;
        search(p, found);
        for (auto const& [call, sum] : found.found.costs()) {
            all.text += fmt::format("{:<16} {:<9} {:<21} {:>10}  {} executions{}\n", p.structure, p.half, p.name_of(call), sum.most_steps, found.executions,
                                    found.exhaustive ? ", all there are" : "");
            all.rows.push_back({{"structure", p.structure},
                                {"half", p.half},
                                {"call", p.name_of(call)},
                                {"most_steps", sum.most_steps},
                                {"executions", found.executions},
                                {"exhaustive", found.exhaustive}});
        }
    }
    return all;
}

std::string read(std::string const& file) {
    std::ifstream in(file);
    if (!in) {
        throw std::runtime_error(fmt::format("cannot read {}", file));
    }
    return {std::istreambuf_iterator<char>(in), {}};
}

// The first line that differs, of each.
std::string difference(std::string_view had, std::string_view has) {
    auto const line = [](std::string_view& text) {
        auto const end = std::min(text.find('\n'), text.size());
        auto const first = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        return first;
    };
    while (!had.empty() || !has.empty()) {
        auto const before = line(had), now = line(has);
        if (before != now) {
            return fmt::format("- {}\n+ {}\n", before, now);
        }
    }
    return {};
}

} // namespace

int main(int argc, char** argv) {
    CLI::App app{"What calls cost: steps, locked instructions, cache misses, allocations; counted, and so the same everywhere."};
    std::string file, known;
    app.add_option("--json", file, "where the results go");
    app.add_option("--same-as", known, "a page that must come out the same");
    CLI11_PARSE(app, argc, argv);
    try {
        auto const now = priced();
        if (!file.empty()) {
            write_record(file, "costs", true, now.rows);
        }
        if (known.empty()) {
            fmt::print("{}", now.text);
            return 0;
        }
        auto const other = difference(read(known), now.text);
        fmt::print("{}", other.empty() ? "the same\n" : other);
        return other.empty() ? 0 : 1;
    } catch (std::exception const& error) {
        fmt::print(stderr, "tandem_costs: {}\n", error.what());
        return 2;
    }
}
