// The driver with workers that are scripts: what it passes on, what it makes of their answers.
#include <gtest/gtest.h>

#include "record.hpp"
#include "tree.hpp"

namespace tandem::tools {
namespace {

class command : public testing::Test {
protected:
    command() { here.script("tools/build_preset", "mkdir -p \"$TREE/build/$1\"; echo \"$*\" >>\"$TREE/builds\"\n"); }

    // A worker whose body sees the file to write as $json; every call is written down in `calls`.
    void worker(std::string const& file, std::string const& body) const {
        here.script(file, "echo \"$*\" >>\"$TREE/calls\"\njson=; mutate=; scenario=; scenarios=; sites=\n"
                          "while [ $# -gt 0 ]; do case $1 in --json) json=$2;; --mutate) mutate=$2;; --scenario) "
                          "scenario=$2; scenarios=\"$scenarios $2\";; --search) search=$2;; --sites) sites=1;;\n"
                          "--list) list=1;; esac; shift; done\n" +
                              body);
    }
    std::string calls() const { return contents(here.path("calls")); }
    json record() const { return read_record(here.path("r.json")); }

    tree here;
};

constexpr char const* stress_worker = "build/tsan/stress/random/tandem_random";
constexpr char const* one_row =
    R"(echo '{"complete": true, "compiler": "C", "results": [{"structure": "counter", "half": "locked", "verdict": "pass"}]}' >"$json")";

TEST_F(command, stress_passes_its_options_on_and_records) {
    worker(stress_worker, std::string("echo a line of the worker\n") + one_row);
    auto const result = here.driver({"stress", "counter", "--half", "locked", "--for", "2m", "--seed", "0x1f",
                                     "--shard", "2/8", "--json", here.path("r.json")});
    EXPECT_EQ(result.code, 0) << result.output;
    EXPECT_TRUE(result.says("a line of the worker"));
    EXPECT_EQ(contents(here.path("builds")), "tsan tandem_random\n");
    for (char const* const word : {"counter ", "--half locked", "--for 120", "--seed 0x1f", "--shard 2/8"}) {
        EXPECT_NE(calls().find(word), std::string::npos) << calls();
    }
    EXPECT_EQ(record()["kind"], "stress");
    EXPECT_EQ(record()["command"], "./tools/run stress counter --for 2m --half locked --seed 0x1f --shard 2/8");
    EXPECT_EQ(record()["results"].size(), 1U);
}

TEST_F(command, a_violation_is_exit_1_and_a_crash_is_too) {
    worker(stress_worker, std::string(one_row) + "\nexit 1\n");
    EXPECT_EQ(here.driver({"stress"}).code, 1);
    worker(stress_worker, "kill -SEGV $$\n");
    auto const crashed = here.driver({"stress", "--json", here.path("r.json")});
    EXPECT_EQ(crashed.code, 1);
    EXPECT_TRUE(crashed.says("tandem_random ended with code 139"));
    EXPECT_EQ(record()["complete"], false);
}

TEST_F(command, a_sanitizer_chooses_the_preset) {
    worker("build/asan/stress/random/tandem_random", one_row);
    EXPECT_EQ(here.driver({"stress", "--sanitizer", "address"}).code, 0);
    EXPECT_EQ(contents(here.path("builds")), "asan tandem_random\n");
}

TEST_F(command, a_build_that_fails_is_exit_3) {
    here.script("tools/build_preset", "echo 'the log'; exit 1\n");
    auto const result = here.driver({"stress"});
    EXPECT_EQ(result.code, 3);
    EXPECT_TRUE(result.says("the log"));
    EXPECT_TRUE(result.says("preset tsan does not build"));
}

// The worker says when it is there, then waits for the signal; the test sends it to the driver alone.
TEST_F(command, ctrl_c_says_what_was_done_and_exits_130) {
    worker(
        stress_worker,
        R"(trap 'kill $!; echo "{\"complete\": false, \"results\": [{\"structure\": \"counter\", \"half\": \"locked\", \"verdict\": \"pass\"}]}" >"$json"; exit 130' INT
sleep 60 &
echo ready >"$TREE/ready"
wait
)");
    here.script("interrupt", "mkfifo \"$TREE/ready\"\n\"" TANDEM_DRIVER R"(" stress --json "$TREE/r.json" &
driver=$!
read -r _ <"$TREE/ready"
kill -INT $driver
wait $driver
)");
    auto const result = here.run({here.path("interrupt")});
    EXPECT_EQ(result.code, 130) << result.output;
    EXPECT_EQ(record()["complete"], false);
    EXPECT_EQ(record()["results"].size(), 1U);
    EXPECT_TRUE(result.says("1 scenarios")) << result.output;
    EXPECT_TRUE(result.says("r.json (incomplete: what was done)")) << result.output;
}

TEST_F(command, ctrl_c_between_scenarios_keeps_those_that_ended) {
    worker("build/model/stress/model/tandem_model_x", R"(if [ -n "$list" ]; then
    for s in first second; do echo "{\"structure\": \"counter\", \"half\": \"locked\", \"scenario\": \"$s\"}"; done
    exit
fi
if [ $scenario = second ]; then
    trap 'kill $!; exit 130' INT
    sleep 60 &
    echo ready >"$TREE/ready"
    wait
fi
echo "{\"results\": [{\"structure\": \"counter\", \"half\": \"locked\", \"scenario\": \"$scenario\", \"verdict\": \"pass\"}]}" >"$json"
)");
    here.script("interrupt", "mkfifo \"$TREE/ready\"\ntaskset -c 0 \"" TANDEM_DRIVER R"(" model --json "$TREE/r.json" &
driver=$!
read -r _ <"$TREE/ready"
kill -INT $driver
wait $driver
)");
    auto const result = here.run({here.path("interrupt")});
    EXPECT_EQ(result.code, 130) << result.output;
    EXPECT_EQ(record()["complete"], false);
    ASSERT_EQ(record()["results"].size(), 1U);
    EXPECT_EQ(record()["results"][0]["scenario"], "first");
}

// A checker of three scenarios: `safe` passes, `blind` reaches a site but never notices, `planted` fails always. What `safe` notices is
// named by its line. `whole` is done when all executions are asked for.
std::string model_worker(std::string const& checker, std::string const& noticed, std::string const& whole = ":") {
    return "checker=" + checker + "; noticed=" + noticed + R"(
if [ -n "$list" ]; then
    echo '{"structure": "x", "half": "lockfree", "scenario": "lockfree.blind", "expected": "pass"}'
    echo '{"structure": "x", "half": "lockfree", "scenario": "lockfree.safe", "expected": "pass"}'
    echo '{"structure": "x", "half": "lockfree", "scenario": "lockfree.planted", "expected": "violation"}'
    exit
fi
reached=
site='{"site": "lockfree/include/tandem/lockfree/x.hpp'
[ -z "$sites" ] || reached="$site:3:1:order\", \"weaker\": [\"relaxed\"]}, $site:4:1:order\", \"weaker\": [\"relaxed\"]}"
case $mutate in '' | *.hpp:[34]:*) mutated=relaxed;; *) mutated=;; esac
rows=
exhaustive=false
for scenario in $scenarios; do
    verdict=pass
    [ $scenario != lockfree.planted ] || verdict=violation
    [ "$scenario $mutate" != "lockfree.safe lockfree/include/tandem/lockfree/x.hpp:$noticed" ] || verdict=violation
    [ "$search" != full ] || { )" + whole + R"(; }
    rows="$rows${rows:+, }{\"structure\": \"x\", \"half\": \"lockfree\", \"scenario\": \"$scenario\", \"checker\": \"$checker\""
    rows="$rows, \"verdict\": \"$verdict\", \"executions\": 10, \"expected\": \"pass\", \"sites\": [$reached], \"exhaustive\": $exhaustive"
    rows="$rows${mutated:+, \"mutated\": \"$mutated\"}}"
    [ $verdict = pass ] || break
done
echo "{\"results\": [$rows]}" >"$json"
)";
}
constexpr char const* explorer = "build/model/stress/explore/tandem_explore_x";
constexpr char const* relacy = "build/model/stress/model/tandem_model_x";

constexpr char const* shipped_header = "//   give release => take acquire\n"
                                       "#pragma once\n"
                                       "a.store(1, order::release); // give\n"
                                       "a.load(order::acquire); // take\n"
                                       "a.load(order::relaxed); // relaxed: a guess\n";

TEST_F(command, mutants_are_killed_or_survive) {
    worker(explorer, model_worker("explorer", "3:1:order"));
    here.text("lockfree/include/tandem/lockfree/x.hpp", shipped_header);
    auto const result = here.driver({"mutants", "--json", here.path("r.json")});
    EXPECT_EQ(result.code, 1) << result.output;
    auto const rows = record()["results"];
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[0]["verdict"], "killed");
    EXPECT_EQ(rows[0]["scenario"], "lockfree.safe");
    EXPECT_EQ(rows[0]["checker"], "explorer");
    EXPECT_EQ(rows[0]["executions"], 20) << "the blind scenario was asked first";
    EXPECT_EQ(rows[0]["noticed_after"], 10);
    EXPECT_EQ(rows[0]["mutated"], "relaxed");
    EXPECT_EQ(rows[1]["verdict"], "survived");
    EXPECT_EQ(rows[1]["executions"], 80) << "both scenarios, with each of four budgets";
    EXPECT_EQ(rows[2]["verdict"], "skipped");
    EXPECT_EQ(calls().find("--scenario lockfree.planted"), std::string::npos) << "a planted bug fails with or without a mutant";
}

TEST_F(command, budgets_rise_until_a_scenario_has_what_it_asks_for) {
    worker(explorer, model_worker("explorer", "3:1:order"));
    here.text("lockfree/include/tandem/lockfree/x.hpp", shipped_header);
    std::string const survivor = " --mutate lockfree/include/tandem/lockfree/x.hpp:4:1:order";
    std::string const both = " --scenario lockfree.blind --scenario lockfree.safe";
    EXPECT_EQ(here.driver({"mutants", "--seed", "7", "--shard", "2/3"}).code, 1);
    for (auto const& how : {"--seed 7 --executions 20", "--seed 8 --executions 200", "--seed 9 --executions 2000", "--seed 10"}) {
        EXPECT_NE(calls().find(how + both + survivor), std::string::npos) << calls();
    }
    here.text("calls", "");
    EXPECT_EQ(here.driver({"mutants", "--executions", "300", "--shard", "2/3"}).code, 1);
    for (auto const& how : {"--seed 1 --executions 20", "--seed 2 --executions 200", "--seed 3 --executions 300"}) {
        EXPECT_NE(calls().find(how + both + survivor), std::string::npos) << calls();
    }
    EXPECT_EQ(calls().find("--seed 4"), std::string::npos) << calls();
}

TEST_F(command, what_the_explorer_does_not_notice_relacy_is_asked_about) {
    worker(explorer, model_worker("explorer", "3:1:order"));
    worker(relacy, model_worker("relacy", "4:1:order"));
    here.text("lockfree/include/tandem/lockfree/x.hpp", shipped_header);
    auto const result = here.driver({"mutants", "--json", here.path("r.json")});
    EXPECT_EQ(result.code, 0) << result.output;
    EXPECT_TRUE(result.says("1 of the killed by Relacy alone")) << result.output;
    auto const rows = record()["results"];
    EXPECT_EQ(rows[0]["checker"], "explorer");
    EXPECT_EQ(rows[0]["executions"], 20) << "Relacy is not asked";
    EXPECT_EQ(rows[1]["checker"], "relacy");
    EXPECT_EQ(rows[1]["executions"], 100);
}

// The order of the load is argued for. The change of logic that the argument names is made of a worker that notices everything.
class argued : public command {
protected:
    static constexpr char const* complete = "late, as in the mutant x.late; proved in x.lockfree.safe, x.lockfree.blind";

    outcome_of_run run(std::string const& argument, std::string const& whole, std::string const& with_the_other = "violation") const {
        worker(explorer, model_worker("explorer", "3:1:order", whole));
        here.text("other", "#!/bin/sh\nverdict=" + with_the_other + "\n" R"(while [ $# -gt 0 ]; do case $1 in --json) json=$2;; --scenario) scenario=$2;; esac; shift; done
echo "{\"results\": [{\"scenario\": \"$scenario\", \"executions\": 3, \"exhaustive\": true, \"verdict\": \"$verdict\"}]}" >"$json"
)");
        here.script("build/model/stress/mutants/compile_family", "cp \"$TREE/other\" \"$3\"; chmod +x \"$3\"\n");
        here.text("stress/mutants/x.txt", "mutant late\nfile lockfree/include/tandem/lockfree/x.hpp\nfamilies x\nbreaks all\n-#pragma once\n+#pragma twice\n");
        std::string header = shipped_header;
        header.replace(header.find("// take"), 7, "// take; survivor: " + argument);
        here.text("lockfree/include/tandem/lockfree/x.hpp", header);
        return here.driver({"mutants", "--json", here.path("r.json")});
    }
    json row() const { return record()["results"][1]; }
};

TEST_F(argued, an_order_is_proved_equivalent_by_all_executions) {
    auto const result = run(complete, R"(exhaustive=true)");
    EXPECT_EQ(result.code, 0) << result.output;
    EXPECT_TRUE(result.says("proved equivalent within the model by x.lockfree.safe, 10 executions; x.lockfree.blind, 10 executions")) << result.output;
    EXPECT_TRUE(result.says("1 killed, 1 proved equivalent within the model, 0 survived, 0 unreached")) << result.output;
    EXPECT_NE(calls().find("--scenario lockfree.safe --mutate lockfree/include/tandem/lockfree/x.hpp:4:1:order --search full"), std::string::npos) << calls();
    EXPECT_EQ(row()["verdict"], "equivalent");
    EXPECT_EQ(row()["argument"], complete);
    EXPECT_EQ(row()["proof"]["scenarios"][1]["executions"], 10);
    EXPECT_EQ(row()["proof"]["scenarios"][1]["mutant_noticed_after"], 3);
}

TEST_F(argued, an_order_without_proof_survives) {
    auto const survives = [&](outcome_of_run const& result, std::string const& why) {
        EXPECT_EQ(result.code, 1) << result.output;
        EXPECT_TRUE(result.says("not proved equivalent: " + why)) << result.output;
        EXPECT_EQ(row()["verdict"], "survived");
        EXPECT_EQ(row()["proof"]["problem"], why);
    };
    survives(run("proved elsewhere", "exhaustive=true"), "the argument names no scenario, or no mutant that is noticed in it");
    survives(run(complete, "exhaustive=false"), "x.lockfree.safe does not come to an end");
    survives(run(complete, "exhaustive=true; verdict=violation"), "x.lockfree.safe fails");
    survives(run(complete, "exhaustive=true; [ $scenario = lockfree.safe ] || mutated="), "x.lockfree.blind does not reach it");
    survives(run(complete, "exhaustive=true", "pass"), "x.lockfree.safe passes with x.late as well");
}

TEST_F(argued, an_argument_that_names_what_there_is_not_is_broken_input) {
    auto const result = run("as in the mutant x.late; proved in x.lockfree.gone", "exhaustive=true");
    EXPECT_EQ(result.code, 2);
    EXPECT_TRUE(result.says("the scenario x.lockfree.gone")) << result.output;
}

TEST_F(command, an_order_with_two_weaker_neighbours_is_weakened_twice) {
    worker(explorer, model_worker("explorer", "3:1:order=acquire"));
    std::string header = shipped_header;
    header.replace(header.find("a.store(1, order::release)"), 26, "a.exchange(1, order::acq_rel)");
    here.text("lockfree/include/tandem/lockfree/x.hpp", header);
    auto const result = here.driver({"mutants", "--json", here.path("r.json")});
    EXPECT_EQ(result.code, 1) << result.output;
    auto const rows = record()["results"];
    ASSERT_EQ(rows.size(), 4U);
    EXPECT_EQ(rows[0]["verdict"], "killed");
    EXPECT_EQ(rows[1]["line"], rows[0]["line"]);
    EXPECT_EQ(rows[1]["verdict"], "survived");
}

TEST_F(command, a_site_that_no_scenario_reaches_survives) {
    worker(explorer, model_worker("explorer", "3:1:order"));
    here.text("lockfree/include/tandem/lockfree/x.hpp",
              std::string("//   more release => again acquire\n") + shipped_header);
    auto const result = here.driver({"mutants", "--json", here.path("r.json")}); // every site has moved down one line
    EXPECT_EQ(result.code, 1);
    EXPECT_EQ(record()["results"][1]["verdict"], "unreached");
    EXPECT_NE(calls().find("--scenario lockfree.safe --mutate lockfree/include/tandem/lockfree/x.hpp:5:1:order"), std::string::npos)
        << "a short run may have missed it: all are asked";
}

TEST_F(command, orders_prints_file_and_line_of_each_problem) {
    here.text("lockfree/include/tandem/lockfree/x.hpp", shipped_header);
    EXPECT_EQ(here.driver({"orders"}).code, 0);
    here.text("lockfree/include/tandem/lockfree/x.hpp", std::string(shipped_header) + "a.store(2, order::release);\n");
    auto const result = here.driver({"orders", "--json", here.path("r.json")});
    EXPECT_EQ(result.code, 1);
    EXPECT_TRUE(result.says("lockfree/include/tandem/lockfree/x.hpp:6: release (order of store): names no edge"))
        << result.output;
}

TEST_F(command, tests_are_summed_over_presets) {
    here.script("bin/ctest", R"(while [ "$1" != --output-junit ]; do shift; done
read -r second <"$TREE/second"
echo '<testsuite name="x" tests="2"><testcase name="good" status="run"></testcase>' >"$2"
echo "<testcase name=\"bad\" status=\"$second\"><system-out>why it failed</system-out></testcase></testsuite>" >>"$2"
)");
    here.text("second", "run\n");
    auto const good = here.driver({"test"});
    EXPECT_EQ(good.code, 0) << good.output;
    EXPECT_EQ(good.last_line(), "4 passed, 0 failed");
    here.text("second", "fail\n");
    auto const bad = here.driver({"test"});
    EXPECT_EQ(bad.code, 1);
    EXPECT_EQ(bad.last_line(), "2 passed, 2 failed");
    EXPECT_TRUE(bad.says("why it failed"));
}

TEST_F(command, a_preset_that_does_not_build_or_has_no_tests_has_failed) {
    here.script("bin/ctest", R"(while [ "$1" != --output-junit ]; do shift; done
printf '<testsuite name="x" tests="0"></testsuite>' >"$2"
)");
    EXPECT_EQ(here.driver({"test", "--preset", "dev"}).last_line(), "0 passed, 1 failed");
    here.script("bin/ctest", "exit 8\n");
    EXPECT_EQ(here.driver({"test", "--preset", "dev"}).last_line(), "0 passed, 1 failed");
    here.script("tools/build_preset", "exit 1\n");
    auto const result = here.driver({"test"});
    EXPECT_EQ(result.code, 1);
    EXPECT_EQ(result.last_line(), "0 passed, 2 failed");
}

TEST_F(command, fewer_cores_than_asked_for_is_said) {
    worker("build/bench/bench/tandem_bench", one_row);
    auto const result = here.driver({"bench", "--cores", "1,4096", "--quick"});
    EXPECT_TRUE(result.says("4096 cores were asked for")) << result.output;
    EXPECT_NE(calls().find("--cores 1,4096 --quick --json"), std::string::npos) << calls();
}

TEST_F(command, litmus_sets_relacy_beside_the_explorer) {
    worker("build/model/stress/explore/tandem_litmus_relacy", R"(echo '[]' >"$json")");
    worker("build/model/stress/explore/tandem_litmus", one_row);
    auto const result = here.driver({"model", "--litmus", "--json", here.path("r.json")});
    EXPECT_EQ(result.code, 0) << result.output;
    EXPECT_EQ(contents(here.path("builds")), "model tandem_litmus tandem_litmus_relacy\n");
    EXPECT_NE(calls().find("--relacy "), std::string::npos) << calls();
    EXPECT_EQ(record()["kind"], "litmus");
    EXPECT_EQ(record()["results"].size(), 1U);

    worker("build/model/stress/explore/tandem_litmus_relacy", "echo why; exit 2\n");
    auto const broken = here.driver({"model", "--litmus"});
    EXPECT_EQ(broken.code, 3);
    EXPECT_TRUE(broken.says("why")) << broken.output;
}

TEST_F(command, costs_are_counted_by_the_explorer) {
    worker("build/model/stress/explore/tandem_costs", one_row);
    auto const result = here.driver({"model", "--costs", "--json", here.path("r.json")});
    EXPECT_EQ(result.code, 0) << result.output;
    EXPECT_EQ(contents(here.path("builds")), "model tandem_costs\n");
    EXPECT_EQ(record()["kind"], "costs");
    EXPECT_EQ(record()["results"].size(), 1U);
}

// Two specimens, and one of them repaired, as each way of looking tells of them.
TEST_F(command, museum_is_one_table_of_four_ways_of_looking) {
    auto const looks = [&](std::string const& file, std::string const& checker, std::string const& bug, std::string const& right) {
        auto const row = [&](std::string const& kind, std::string const& name, std::string const& what) {
            return R"({"structure": "museum", "half": ")" + kind + R"(", "scenario": ")" + kind + "." + name + R"(", "checker": ")" + checker +
                   R"(", "expected": "either", "seed_count": 3, )" + what + "}";
        };
        worker(file, "echo ok and nothing else; echo FAIL this is to be seen; echo '{\"results\": [" + row("order", "first", bug) + ", " +
                         row("repaired", "first", R"("found": 0)") + ", " + row("correct", "second", right) + "]}' >\"$json\"");
    };
    std::string const found = R"("found": 3, "slowest": 7, "slowest_seconds": 0.0042, "found_as": "USER ASSERT FAILED: why", "source": "S")";
    looks("build/model/stress/museum/tandem_museum_explore", "explorer", found, R"("found": 0)");
    looks("build/model/stress/museum/tandem_museum_model", "relacy", R"("found": 0)", R"("found": 3, "found_as": "DATA RACE")");
    looks("build/tsan/stress/museum/tandem_museum_threads", "tsan", R"("found": 1, "found_as": "ThreadSanitizer: data race")", R"("found": 0)");
    looks("build/dev/stress/museum/tandem_museum_threads", "threads", R"("found": 0)", R"("found": 0)");
    auto const result = here.driver({"model", "--museum", "--seed", "5", "--json", here.path("r.json")});
    EXPECT_EQ(result.code, 0) << result.output;
    for (char const* const text :
         {"assertion, 7, 4.2 ms", "data race, 1 of 3", "accused: data race", "explorer: 1 of 1 bugs", "Relacy: 0 of 1 bugs from every seed, 1 false alarms",
          "ThreadSanitizer: 0 of 1 bugs", "FAIL this is to be seen"}) {
        EXPECT_TRUE(result.says(text)) << text << '\n' << result.output;
    }
    EXPECT_FALSE(result.says("nothing else")) << result.output;
    EXPECT_EQ(contents(here.path("builds")), "model tandem_museum_explore tandem_museum_model\ntsan tandem_museum_threads\ndev tandem_museum_threads\n");
    EXPECT_NE(calls().find("--seed 5"), std::string::npos) << calls();
    EXPECT_EQ(record()["kind"], "museum");
    EXPECT_EQ(record()["results"].size(), 12U);
    EXPECT_NE(contents(here.path("build/museum.md")).find("| `first` | order | S | assertion, 7 |"), std::string::npos)
        << contents(here.path("build/museum.md"));

    worker("build/dev/stress/museum/tandem_museum_threads", "exit 1\n");
    EXPECT_EQ(here.driver({"model", "--museum"}).code, 1);
}

TEST_F(command, model_checkers_are_measured_by_turns) {
    auto const checker = [&](std::string const& name, std::string const& seconds) {
        worker("build/model/stress/" + name + "/tandem_" + name + "_spsc",
               "echo " + name + R"( >>"$TREE/turns"; echo '{"results": [{"executions": 1000, "processor_seconds": )" + seconds + R"(}]}' >"$json")");
    };
    checker("model", "0.5");
    checker("explore", "0.25");
    auto const result = here.driver({"bench", "model_checkers", "--rounds", "2", "--json", here.path("r.json")});
    EXPECT_EQ(result.code, 0) << result.output;
    EXPECT_TRUE(result.says("2.00 [2.00, 2.00]")) << result.output;
    std::string const look_and_rounds = "explore\nmodel\nexplore\nmodel\nmodel\nexplore\n"; // of each of two scenarios
    EXPECT_EQ(contents(here.path("turns")), look_and_rounds + look_and_rounds);
    ASSERT_EQ(record()["results"].size(), 4U);
    EXPECT_EQ(record()["results"][0]["samples"], json({4000.0, 4000.0}));
    EXPECT_EQ(record()["results"][1]["implementation"], "relacy");

    EXPECT_EQ(here.driver({"bench", "model_checkers", "stream"}).code, 2);
    EXPECT_EQ(here.driver({"bench", "model_checkers", "--threads", "2"}).code, 2);
    worker("build/model/stress/model/tandem_model_spsc", "exit 1\n"); // a scenario that did not end as expected
    EXPECT_EQ(here.driver({"bench", "model_checkers"}).code, 3);
}

TEST_F(command, broken_input_is_exit_2) {
    here.text("broken.json", "{\n \"schema\": 1,\n}\n");
    for (auto const& words :
         std::vector<std::vector<std::string>>{{"compare", here.path("broken.json"), here.path("broken.json")},
                                               {"report", here.path("broken.json")},
                                               {"compare", "--goals", here.path("broken.json")}}) {
        here.text("bench/goals.json", R"({"schema": 1, "goals": []})");
        auto const result = here.driver(words);
        EXPECT_EQ(result.code, 2) << words[0];
        EXPECT_TRUE(result.says("broken.json:3:1: ")) << result.output;
    }
    EXPECT_EQ(here.driver({"compare", "one.json"}).code, 2);
    EXPECT_EQ(here.driver({"stress", "conter"}).code, 2);
    EXPECT_EQ(here.driver({"replay", "X-1"}).code, 2);
}

TEST_F(command, compare_of_known_records) {
    std::filesystem::path const data = std::filesystem::path(TANDEM_TOOLS_FOLDER) / "testdata";
    auto const same = here.driver({"compare", data / "bench.json", data / "bench.json"});
    EXPECT_EQ(same.code, 0) << same.output;
    EXPECT_TRUE(same.says("0 slower in")) << same.output;
    auto const slower = here.driver({"compare", data / "bench.json", data / "bench_slower.json"});
    EXPECT_EQ(slower.code, 1);
    EXPECT_TRUE(slower.says("2 slower in")) << slower.output;
}

TEST_F(command, goals_of_a_known_record) {
    std::filesystem::path const data = std::filesystem::path(TANDEM_TOOLS_FOLDER) / "testdata";
    auto const goals = [](std::string const& least) {
        return R"({"schema": 1, "goals": [{"name": "twice boost", "rows": {"workload": "stream", "placement": "split", "producers": 1, "consumers": 1},
            "subject": {"half": "lockfree"}, "against": [{"implementation": "boost::lockfree::queue"}], "min_ratio": )" +
               least + "}]}";
    };
    here.text("bench/goals.json", goals("2"));
    EXPECT_EQ(here.driver({"compare", "--goals", data / "bench.json"}).code, 0);
    here.text("bench/goals.json", goals("20"));
    auto const missed = here.driver({"compare", "--goals", data / "bench.json"});
    EXPECT_EQ(missed.code, 1);
    EXPECT_TRUE(missed.says("missed  twice boost")) << missed.output;
    EXPECT_TRUE(missed.says("wanted at least 20")) << missed.output;
}

TEST_F(command, replay_goes_to_the_worker_that_made_the_token) {
    worker(stress_worker, "echo replayed\n");
    auto const stress = here.driver({"replay", "S-counter.mixed-1f"});
    EXPECT_TRUE(stress.says("replayed")) << stress.output;
    EXPECT_EQ(calls(), "--replay S-counter.mixed-1f\n");
    worker("build/model/stress/model/tandem_model_a", "exit 2\n");
    worker("build/model/stress/model/tandem_model_b", "echo a lane table; exit 1\n");
    worker("build/model/stress/museum/tandem_museum_model", "exit 2\n");
    worker("build/model/stress/museum/tandem_museum_explore", "exit 2\n");
    auto const model = here.driver({"replay", "R-7"});
    EXPECT_EQ(model.code, 1) << model.output;
    EXPECT_TRUE(model.says("a lane table"));
    worker("build/model/stress/model/tandem_model_b", "echo of other sources >&2; exit 3\n");
    auto const refused = here.driver({"replay", "E-7"});
    EXPECT_EQ(refused.code, 3);
    EXPECT_TRUE(refused.says("of other sources")) << refused.output;
}

TEST_F(command, verify_runs_everything_and_writes_page_and_evidence) {
    worker(stress_worker, one_row);
    worker("build/bench/stress/random/tandem_random", one_row);
    worker(explorer, model_worker("explorer", "3:1:order"));
    worker("build/bench/bench/tandem_bench", R"(echo '{"results": []}' >"$json")");
    here.text("lockfree/include/tandem/lockfree/x.hpp", shipped_header);
    auto const result = here.driver({"verify", "--json", here.path("r.json")});
    EXPECT_EQ(result.code, 1) << "one mutant survives\n" << result.output;
    EXPECT_EQ(record()["results"].size(), 6U);
    EXPECT_NE(contents(here.path("build/report/index.html")).find("id='evidence'"), std::string::npos);
    auto const evidence = read_json(here.path("build/evidence.json"));
    EXPECT_EQ(evidence["schema"], 1);
    EXPECT_EQ(evidence["records"].size(), 6U);
}

TEST_F(command, doctor_always_answers) {
    auto const result = here.driver({"doctor"});
    EXPECT_EQ(result.code, 0) << result.output;
    for (char const* const what : {"cores", "membarrier", "governor", "packages", "fsanitize=thread"}) {
        EXPECT_TRUE(result.says(what)) << what;
    }
}

} // namespace
} // namespace tandem::tools
