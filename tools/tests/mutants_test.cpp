// Logic mutants: the entries of this very tree, and what the driver makes of entries.
#include <gtest/gtest.h>

#include <algorithm>

#include "logic_entries.hpp"
#include "orders/claim.hpp"
#include "orders/orders.hpp"
#include "record.hpp"
#include "tree.hpp"

namespace tandem::tools {
namespace {

std::filesystem::path const project = std::filesystem::path(TANDEM_TOOLS_FOLDER) / "..";

TEST(logic_entries, each_applies_to_its_header) {
    auto const entries = read_logic_entries(project);
    EXPECT_GE(entries.size(), 25U);
    for (auto const& one : entries) {
        EXPECT_NO_THROW((void)one.changed(project)) << one.structure << "." << one.name;
    }
}

// An order that no checker can miss is kept for what a change of logic shows, where the two that it keeps in order stand the other way.
TEST(logic_entries, each_surviving_order_names_one) {
    auto const entries = read_logic_entries(project);
    std::size_t survivors = 0;
    for (auto const& site : check_orders(project).sites) {
        if (site.argument.empty()) {
            continue;
        }
        ++survivors;
        auto const named = claim_in(site.argument).mutant;
        EXPECT_TRUE(std::ranges::any_of(entries, [&](logic_entry const& one) {
            return one.file == site.file && one.argument.empty() && one.structure + "." + one.name == named;
        })) << site.name();
    }
    EXPECT_GT(survivors, 0U) << "then this test can go";
}

class logic : public testing::Test {
protected:
    logic() {
        here.script("tools/build_preset", "mkdir -p \"$TREE/build/$1\"\n");
        here.text("lockfree/include/tandem/lockfree/x.hpp", "one();\ntwo();\ntwo();\n");
        // It fails where a program was made with a header in which something is loud; where something is hidden, only a search of all does.
        here.script("build/model/stress/explore/tandem_explore_x", R"(verdict=pass; when_whole=pass
if [ "$1" = --list ]; then echo '{"structure": "x", "half": "lockfree", "scenario": "lockfree.some"}'; exit; fi
json=; whole=false
while [ $# -gt 0 ]; do case $1 in --json) json=$2;; full) whole=true; verdict=$when_whole;; esac; shift; done
echo "{\"results\": [{\"scenario\": \"lockfree.some\", \"checker\": \"explorer\", \"executions\": 7, \"verdict\": \"$verdict\", \"exhaustive\": $whole}]}" >"$json"
)");
        here.script("build/model/stress/mutants/compile_family",
                    R"([ ! -e "$TREE/broken" ] || { echo 'x.hpp: error'; exit 1; }
cp "$TREE/build/model/stress/explore/tandem_explore_$2" "$3"
! grep -q loud "$1/tandem/lockfree/x.hpp" || sed -i 's/verdict=pass; when_whole=pass/verdict=violation; when_whole=violation/' "$3"
! grep -q hidden "$1/tandem/lockfree/x.hpp" || sed -i 's/when_whole=pass/when_whole=violation/' "$3"
! grep -q endless "$1/tandem/lockfree/x.hpp" || sed -i 's/whole=true/whole=false/' "$3"
)");
    }
    void entry(std::string const& name, std::string const& change, std::string const& more = "") const {
        auto const before = contents(here.path("stress/mutants/x.txt"));
        here.text("stress/mutants/x.txt",
                  before + "mutant " + name +
                      "\nfile lockfree/include/tandem/lockfree/x.hpp\nfamilies x\nbreaks something\n" + change + "\n" +
                      more + "\n");
    }
    outcome_of_run run() const { return here.driver({"mutants", "--logic", "--json", here.path("r.json")}); }
    json rows() const { return read_record(here.path("r.json"))["results"]; }
    static constexpr char const* proved_beside_noisy = "the mutant x.noisy; proved in x.lockfree.some";

    tree here;
};

TEST_F(logic, what_a_scenario_notices_is_killed) {
    entry("noisy", "-one();\n+loud();");
    auto const result = run();
    EXPECT_EQ(result.code, 0) << result.output;
    ASSERT_EQ(rows().size(), 1U);
    EXPECT_EQ(rows()[0]["structure"], "x");
    EXPECT_EQ(rows()[0]["mutant"], "noisy");
    EXPECT_EQ(rows()[0]["verdict"], "killed");
    EXPECT_EQ(rows()[0]["scenario"], "lockfree.some");
    EXPECT_EQ(rows()[0]["noticed_after"], 7);
    EXPECT_EQ(contents(here.path("lockfree/include/tandem/lockfree/x.hpp")), "one();\ntwo();\ntwo();\n")
        << "only a copy is changed";
}

TEST_F(logic, what_nobody_notices_wants_a_proof) {
    entry("silent", "-one();\n+other();");
    EXPECT_EQ(run().code, 1);
    EXPECT_EQ(rows()[0]["verdict"], "survived");
    EXPECT_EQ(rows()[0]["executions"], 28) << "each of four budgets";
    here.text("stress/mutants/x.txt", "");
    entry("silent", "-one();\n+other();", "survivor they are the same");
    auto const argued = run();
    EXPECT_EQ(argued.code, 1);
    EXPECT_TRUE(argued.says("not proved equivalent: the argument names no scenario, or no mutant")) << argued.output;
    EXPECT_EQ(rows()[0]["verdict"], "survived");
    EXPECT_EQ(rows()[0]["argument"], "they are the same");
}

TEST_F(logic, all_executions_prove_it_where_another_mutant_is_noticed) {
    entry("silent", "-one();\n+other();", std::string("survivor the same, unlike ") + proved_beside_noisy);
    entry("noisy", "-one();\n+loud();");
    auto const result = run();
    EXPECT_EQ(result.code, 0) << result.output;
    EXPECT_TRUE(result.says("proved equivalent within the model by x.lockfree.some, 7 executions")) << result.output;
    EXPECT_TRUE(result.says("1 killed, 1 proved equivalent within the model, 0 survived")) << result.output;
    EXPECT_EQ(rows()[0]["verdict"], "equivalent");
    EXPECT_EQ(rows()[0]["proof"]["mutant"], "x.noisy");
    EXPECT_EQ(rows()[0]["proof"]["problem"], "");
    EXPECT_EQ(rows()[0]["proof"]["scenarios"][0]["scenario"], "x.lockfree.some");
    EXPECT_EQ(rows()[0]["proof"]["scenarios"][0]["executions"], 7);
}

TEST_F(logic, a_proof_that_fails_or_does_not_end_is_none) {
    for (auto const& [change, why] : {std::pair("hidden", "x.lockfree.some fails"), std::pair("endless", "x.lockfree.some does not come to an end")}) {
        here.text("stress/mutants/x.txt", "");
        entry("silent", std::string("-one();\n+") + change + "();", std::string("survivor as ") + proved_beside_noisy);
        entry("noisy", "-one();\n+loud();");
        auto const result = run();
        EXPECT_EQ(result.code, 1) << change;
        EXPECT_TRUE(result.says(std::string("not proved equivalent: ") + why)) << result.output;
        EXPECT_EQ(rows()[0]["verdict"], "survived");
        EXPECT_EQ(rows()[0]["proof"]["problem"], why);
    }
}

TEST_F(logic, a_scenario_that_cannot_fail_proves_nothing) {
    entry("silent", "-one();\n+other();", std::string("survivor as ") + proved_beside_noisy);
    entry("noisy", "-one();\n+quiet();");
    auto const result = run();
    EXPECT_EQ(result.code, 1) << result.output;
    EXPECT_TRUE(result.says("x.lockfree.some passes with x.noisy as well")) << result.output;
}

TEST_F(logic, a_proof_by_what_there_is_not_is_broken_input) {
    entry("silent", "-one();\n+other();", "survivor as the mutant x.noisy; proved in x.lockfree.none");
    auto const scenario = run();
    EXPECT_EQ(scenario.code, 2);
    EXPECT_TRUE(scenario.says("an argument names the scenario x.lockfree.none")) << scenario.output;
    here.text("stress/mutants/x.txt", "");
    entry("silent", "-one();\n+other();", std::string("survivor as ") + proved_beside_noisy);
    auto const mutant = run();
    EXPECT_EQ(mutant.code, 2);
    EXPECT_TRUE(mutant.says("an argument names the mutant x.noisy")) << mutant.output;
}

TEST_F(logic, an_argument_that_a_scenario_refutes_is_not_as_expected) {
    entry("noisy", "-one();\n+loud();", "survivor nobody can hear it");
    auto const result = run();
    EXPECT_EQ(result.code, 1);
    EXPECT_TRUE(result.says("1 killed though a comment says that nobody can notice")) << result.output;
}

TEST_F(logic, an_entry_that_does_not_apply_is_broken_input) {
    entry("gone", "-three();\n+loud();");
    auto const gone = run();
    EXPECT_EQ(gone.code, 2);
    EXPECT_TRUE(gone.says("x.txt:1: gone: the text stands not in lockfree")) << gone.output;
    here.text("stress/mutants/x.txt", "");
    entry("twice", "-two();\n+loud();");
    EXPECT_TRUE(run().says("x.txt:1: twice: the text stands more than once")) << run().output;
    here.text("stress/mutants/x.txt", "");
    entry("lines", "-one();\n-two();\n+loud();");
    EXPECT_EQ(run().code, 0) << "several lines, in order";
}

TEST_F(logic, an_entry_that_is_not_complete_is_broken_input) {
    for (std::string const text : {"mutant x\n", "file y\n", "mutant x\nfile y\nfamilies z\nbreaks all\nwhy not\n"}) {
        here.text("stress/mutants/x.txt", text);
        EXPECT_EQ(run().code, 2) << text;
    }
    here.text("stress/mutants/x.txt", "");
    entry("same", "-one();\n+loud();");
    entry("same", "-one();\n+other();");
    EXPECT_TRUE(run().says("there is another same")) << run().output;
    here.text("stress/mutants/x.txt",
              "mutant x\nfile lockfree/include/tandem/lockfree/x.hpp\nfamilies y\nbreaks all\n-one();\n");
    EXPECT_TRUE(run().says("there is no family y")) << run().output;
}

TEST_F(logic, a_mutant_that_does_not_compile_cannot_answer) {
    entry("noisy", "-one();\n+loud();");
    here.text("broken", "");
    auto const result = run();
    EXPECT_EQ(result.code, 3);
    EXPECT_TRUE(result.says("x.hpp: error")) << result.output;
    EXPECT_TRUE(result.says("x.noisy cannot be made")) << result.output;
}

} // namespace
} // namespace tandem::tools
