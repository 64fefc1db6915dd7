// Each claim of a header is checked by a program, and each program knows what the headers claim.

#include "claims.hpp"
#include "scenario_stage.hpp"

#include <tandem/stress/explore/meter.hpp>
#include <tandem/stress/explore/search.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <functional>
#include <iterator>
#include <limits>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace tandem::model {
namespace {

using explore::progress_class;
using strings = std::vector<std::string>;

strings words_of(std::string_view text) {
    std::istringstream in{std::string(text)};
    return {std::istream_iterator<std::string>(in), {}};
}

// The longest call of each operation.
std::map<std::string, std::uint64_t> calls_made(claimed_program const& p, std::uint64_t executions) {
    auto const on = std::make_unique<scenario_stage>(p.made());
    explore::meter counted;
    on->run().measure(&counted);
    for (std::uint64_t number = 1; number <= executions; ++number) {
        explore::random_search choose(number);
        EXPECT_NE(on->run(choose), explore::execution::end::failed) << on->run().failed().what;
    }
    std::map<std::string, std::uint64_t> made;
    for (auto const& [call, sum] : counted.costs()) {
        auto& most = made[call.substr(0, call.find(' '))];
        most = std::max(most, sum.most_steps);
    }
    return made;
}

// What the programs leave unchecked of what the headers claim: no program that must pass is held to as much. Throws std::out_of_range when one calls what
// is no operation.
strings unchecked(claims_report const& said, std::span<claimed_program const> programs) {
    std::set<std::tuple<std::string, std::string, std::string>> checked;
    for (auto const& p : programs) {
        if (p.listed.expected != verdict::pass) {
            continue;
        }
        auto const& of = said.of(p.listed.structure, p.listed.half);
        for (auto const& name : words_of(p.calls)) {
            auto const claimed = of.operations.at(name).progress;
            if (claimed == progress_class::wait_free || p.made().claims >= claimed) { // steps are counted in every program
                checked.emplace(of.half, of.name, name);
            }
        }
    }
    strings missing;
    for (auto const& of : said.structures) {
        for (auto const& [name, claimed] : of.operations) {
            if (claimed.progress != progress_class::blocking && !checked.contains({of.half, of.name, name})) {
                missing.push_back(of.half + "::" + of.name + "::" + name);
            }
        }
    }
    return missing;
}

std::vector<claimed_program> of_the_library() {
    std::vector<claimed_program> some;
    std::ranges::copy_if(claimed_programs(), std::back_inserter(some), [](auto const& p) {
        std::string_view const half = p.listed.half;
        return half == "locked" || half == "lockfree";
    });
    return some;
}
claims_report library() {
    auto said = claims_of_headers();
    std::erase_if(said.structures, [](auto const& of) { return of.half == "planted"; });
    return said;
}
claimed_structure& lockfree_channel_in(claims_report& said) {
    return *std::ranges::find_if(said.structures, [](auto const& of) { return of.name == "channel" && of.half == "lockfree"; });
}

// What a class says of its operations.
strings problems_of(std::string const& operations) {
    claims_report read;
    read_class(read, "x.hpp", "class x {\npublic:\n" + operations + "};\n", "x", "locked");
    return read.problems;
}

TEST(claims, are_read_with_and_without_a_number_of_steps) {
    claims_report read;
    read_class(read, "x.hpp",
               "class x : y {\n    void hidden();\npublic:\n    explicit x(int n = 1) : n_(n) {}\n    ~x();\n    x(x const&) = delete;\n"
               "    // f, g   wait-free, 3 steps and 2 an element; whatever\n    template <class T>\n    T f(T (*)(T)) const {}\n    void g();\n"
               "    // h   obstruction-free.\n    [[nodiscard]] int h() { return f(1); }\n    // i   as g; rather.\n    alignas(64) int i();\n"
               "    // j   waits.\n    bool j() noexcept;\nprivate:\n    int n_;\n};\n",
               "x", "locked");
    EXPECT_EQ(read.problems, strings());
    claim const three{progress_class::wait_free, 3, 2};
    EXPECT_EQ(read.structures.at(0).operations, (std::map<std::string, claim, std::less<>>{
                                                    {"f", three}, {"g", three}, {"h", {progress_class::obstruction_free}}, {"i", three}, {"j", {}}}));
}
TEST(claims, are_asked_for) {
    EXPECT_EQ(problems_of("    void f();\n"), strings({"x.hpp: nothing is claimed of f"}));
    EXPECT_EQ(problems_of("    // f   does something.\n    void f();\n"),
              strings({"x.hpp: f has no class of progress, or is wait-free in nobody knows how many steps"}));
    EXPECT_EQ(problems_of("    // f   wait-free.\n    void f();\n"),
              strings({"x.hpp: f has no class of progress, or is wait-free in nobody knows how many steps"}));
    EXPECT_EQ(problems_of("    // f, g   lock-free.\n    void f();\n"), strings({"x.hpp: g is no operation of x"}));
    EXPECT_EQ(problems_of("    // f   lock-free.\n    void f();\n    // f   waits.\n    void f(int);\n"), strings({"x.hpp: two claims of f"}));
}
TEST(claims, every_operation_has_one) {
    EXPECT_EQ(claims_of_headers().problems, strings());
}
TEST(claims, each_is_checked) {
    EXPECT_EQ(unchecked(library(), of_the_library()), strings());
}
TEST(claims, of_a_header_that_says_more_are_missed) {
    auto said = library();
    auto& channel = lockfree_channel_in(said).operations;
    channel.at("try_send").progress = progress_class::lock_free;
    channel.at("send").progress = progress_class::obstruction_free;
    EXPECT_EQ(unchecked(said, of_the_library()), strings({"lockfree::channel::send", "lockfree::channel::try_send"}));
    channel.erase("try_send");
    EXPECT_THROW(unchecked(said, of_the_library()), std::out_of_range);
}
TEST(claims, every_structure_of_locks_is_found_out) {
    for (auto const& of : library().structures) {
        bool const found_out = std::ranges::any_of(claimed_programs(), [&](auto const& p) {
            return p.listed.structure == of.name && p.listed.half == of.half && p.listed.expected == verdict::violation;
        });
        EXPECT_TRUE(of.half == "lockfree" || found_out) << of.name;
    }
}
TEST(claims, every_structure_has_costs) {
    std::ifstream in(TANDEM_COSTS);
    std::map<std::pair<std::string, std::string>, std::set<int>> tables;
    int table = 0;
    for (std::string line; std::getline(in, line);) {
        table += line.empty() ? 1 : 0;
        auto const words = words_of(line);
        if (words.size() > 2) {
            tables[{words[0], words[1]}].insert(table);
        }
    }
    for (auto const& of : library().structures) {
        EXPECT_EQ((tables[{of.name, of.half}]), std::set({0, 1})) << of.half << "::" << of.name;
    }
}
TEST(claims, programs_call_what_they_say) {
    for (auto const& p : claimed_programs()) {
        if (p.listed.expected == verdict::pass) {
            std::set<std::string> made;
            for (auto const& [name, steps] : calls_made(p, 10)) {
                made.insert(name);
            }
            auto const said = words_of(p.calls);
            EXPECT_EQ(made, std::set(said.begin(), said.end())) << p.listed.name();
        }
    }
}
// A bound that nobody comes near says nothing.
TEST(claims, what_is_wait_free_takes_nearly_as_many_steps_as_it_may) {
    constexpr std::uint64_t nearly = 2;
    std::map<std::string, std::uint64_t> least_left;
    for (auto const& p : of_the_library()) {
        if (p.listed.expected == verdict::pass) {
            for (auto const& [name, steps] : calls_made(p, 1'000)) {
                if (auto const may = p.made().most_steps(name); may != std::numeric_limits<std::uint64_t>::max()) {
                    auto const of = std::string(p.listed.half) + "::" + p.listed.structure + "::" + name;
                    auto const [at, first] = least_left.emplace(of, may - steps);
                    at->second = std::min(at->second, may - steps);
                }
            }
        }
    }
    for (auto const& [of, left] : least_left) {
        EXPECT_LE(left, nearly) << of;
    }
}

} // namespace
} // namespace tandem::model
