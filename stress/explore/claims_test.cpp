// Each claim of a header is checked by a program, and each program knows what the headers claim.

#include "claims.hpp"
#include "scenario_stage.hpp"

#include <tandem/stress/explore/meter.hpp>
#include <tandem/stress/explore/search.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <limits>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <sstream>
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

// What the programs leave unchecked of what the headers claim; what they are held to is as much, or the claim counts as none.
strings unchecked(claims_report const& said, std::span<claimed_program const> programs) {
    std::set<std::tuple<std::string, std::string, std::string>> checked;
    for (auto const& p : programs) {
        if (p.listed.expected != verdict::pass) {
            continue;
        }
        auto const& of = said.of(p.listed.structure, p.listed.half);
        for (auto const& name : words_of(p.calls)) {
            auto const& claimed = of.operations.at(name).progress;
            if (claimed == progress_class::wait_free ? p.made().most_steps != nullptr : p.made().claims >= claimed) {
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
    std::ranges::copy_if(claimed_programs(), std::back_inserter(some), [](auto const& p) { return std::string_view(p.listed.half) == "locked" || std::string_view(p.listed.half) == "lockfree"; });
    return some;
}
claims_report library() {
    auto said = claims_of_headers();
    std::erase_if(said.structures, [](auto const& of) { return of.half == "planted"; });
    return said;
}

TEST(claims, every_operation_has_one) {
    EXPECT_EQ(claims_of_headers().problems, strings());
    EXPECT_EQ(library().structures.size(), 16U);
}
TEST(claims, each_is_checked) {
    EXPECT_EQ(unchecked(library(), of_the_library()), strings());
}
TEST(claims, of_a_header_that_says_more_are_missed) {
    auto said = library();
    auto& queue = std::ranges::find(said.structures, std::pair(std::string("channel"), std::string("lockfree")), [](auto const& of) { return std::pair(of.name, of.half); })->operations;
    queue.at("try_send").progress = progress_class::lock_free;
    queue.at("send").progress = progress_class::obstruction_free;
    EXPECT_EQ(unchecked(said, of_the_library()), strings({"lockfree::channel::send", "lockfree::channel::try_send"}));
}
TEST(claims, every_half_that_only_waits_is_found_out) {
    for (auto const& of : library().structures) {
        if (std::ranges::none_of(of.operations, [](auto const& one) { return one.second.progress == progress_class::lock_free; }) && of.half == "locked") {
            EXPECT_TRUE(std::ranges::any_of(claimed_programs(), [&](auto const& p) {
                return p.listed.structure == of.name && p.listed.half == of.half && p.listed.expected == verdict::violation;
            })) << of.name;
        }
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
