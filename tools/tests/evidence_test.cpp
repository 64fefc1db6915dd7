#include "evidence.hpp"

#include <gtest/gtest.h>

#include "tree.hpp"

namespace tandem::tools {
namespace {

json from_testdata(std::string const& name) {
    return read_record(std::filesystem::path(TANDEM_TOOLS_FOLDER) / "testdata" / name);
}

json const& entry(json const& evidence, std::string const& structure, std::string const& half) {
    for (auto const& one : evidence["structures"]) {
        if (one["structure"] == structure && one["half"] == half) {
            return one;
        }
    }
    throw std::runtime_error("no entry for " + structure + " " + half);
}

TEST(evidence, one_entry_a_structure_and_half_with_every_part) {
    auto const evidence =
        make_evidence({from_testdata("stress.json"), from_testdata("model.json"), from_testdata("mutants.json"),
                       from_testdata("logic_mutants.json"), from_testdata("bench.json"), from_testdata("test.json")});
    auto const& queue = entry(evidence, "bounded_queue", "lockfree");
    EXPECT_EQ(queue["tests"]["passed"], 12);
    EXPECT_EQ(queue["tests"]["presets"], json({"dev", "tsan"}));
    EXPECT_EQ(queue["stress"]["operations"], 3.4e6);
    EXPECT_EQ(queue["stress"]["sanitizers"]["thread"], "clean");
    EXPECT_EQ(queue["model"]["relacy"]["executions"], 200000);
    EXPECT_EQ(queue["orders"]["killed"], 12);
    EXPECT_EQ(queue["orders"]["survived"], 0);
    EXPECT_EQ(queue["orders"]["equivalent"], 1);
    EXPECT_EQ(queue["orders"]["survivors"][0]["proof"]["scenarios"][0]["executions"], 412);
    EXPECT_NE(queue["orders"]["survivors"][0]["argument"].get<std::string>().find("is_closed"), std::string::npos);
    EXPECT_EQ(queue["bench"]["to_twin"].size(), 14U);
    EXPECT_EQ(queue["bench"]["to_twin"][0]["against"], "locked.bounded_queue");
    EXPECT_EQ(evidence["records"].size(), 6U);
}

TEST(evidence, mutants_of_logic_are_counted_and_those_that_nobody_noticed_quoted) {
    auto const evidence = make_evidence({from_testdata("logic_mutants.json")});
    auto const& logic = entry(evidence, "bounded_queue", "lockfree")["logic"];
    EXPECT_EQ(logic["total"], 4);
    EXPECT_EQ(logic["killed"], 2);
    EXPECT_EQ(logic["equivalent"], 1);
    EXPECT_EQ(logic["survived"], 1);
    ASSERT_EQ(logic["survivors"].size(), 2U);
    EXPECT_EQ(logic["survivors"][0]["mutant"], "wakes_twice");
    EXPECT_EQ(logic["survivors"][0]["proof"]["mutant"], "bounded_queue.wakes_nobody");
    EXPECT_EQ(logic["survivors"][1]["verdict"], "survived");
    EXPECT_TRUE(entry(evidence, "bounded_queue", "lockfree")["orders"].is_null());
}

TEST(evidence, what_was_not_run_is_null) {
    auto const evidence = make_evidence({from_testdata("stress.json")});
    EXPECT_TRUE(entry(evidence, "counter", "locked")["model"].is_null());
    EXPECT_TRUE(entry(evidence, "counter", "locked")["tests"].is_null());
}

TEST(evidence, costs_go_by_call_and_order_of_steps) {
    auto const evidence = make_evidence({json{
        {"kind", "costs"},
        {"results",
         {{{"structure", "counter"}, {"half", "locked"}, {"call", "add"}, {"order", "by turns"}, {"calls", 8}, {"misses", 3.5}},
          {{"structure", "counter"}, {"half", "locked"}, {"call", "add"}, {"most_steps", 6}, {"executions", 284}, {"exhaustive", true}}}}}});
    auto const& add = entry(evidence, "counter", "locked")["costs"]["add"];
    EXPECT_EQ(add["by turns"], json({{"calls", 8}, {"misses", 3.5}}));
    EXPECT_EQ(add["longest"]["most_steps"], 6);
}

TEST(evidence, shards_add_up_and_an_unexpected_verdict_stays_visible) {
    auto const shard = from_testdata("stress.json");
    auto wrong = shard;
    wrong["results"][0]["verdict"] = "violation";
    auto const evidence = make_evidence({shard, wrong, shard});
    auto const structure = shard["results"][0]["structure"].get<std::string>();
    auto const half = shard["results"][0]["half"].get<std::string>();
    auto const& one = entry(evidence, structure, half)["stress"];
    EXPECT_EQ(one["histories"], 3 * 8120);
    EXPECT_EQ(one["not_as_expected"], 1);
    EXPECT_EQ(one["sanitizers"]["thread"], "not as expected");
}

TEST(evidence, the_best_peer_is_the_fastest) {
    auto const evidence = make_evidence({from_testdata("bench.json")});
    for (auto const& ratio : entry(evidence, "counter", "lockfree")["bench"]["to_best_peer"]) {
        EXPECT_EQ(ratio["against"], "std::atomic");
    }
}

TEST(evidence, newest_record_of_each_kind_and_commit) {
    tree const here;
    auto const record = [](std::string started, std::string commit, bool complete = true) {
        return json{{"schema", 1},      {"kind", "test"},       {"started", started},
                    {"commit", commit}, {"complete", complete}, {"results", json::array()}}
            .dump();
    };
    here.text("build/records/1.json", record("2026-01-01T00:00:00Z", "a"));
    here.text("build/records/2.json", record("2026-01-02T00:00:00Z", "b"));
    here.text("build/records/3.json", record("2026-01-03T00:00:00Z", "b", false));
    EXPECT_EQ(newest_records(here.path("")).at(0)["started"], "2026-01-02T00:00:00Z");
    EXPECT_EQ(newest_records(here.path(""), "a").at(0)["started"], "2026-01-01T00:00:00Z");
    EXPECT_TRUE(newest_records(here.path(""), "c").empty());
}

} // namespace
} // namespace tandem::tools
