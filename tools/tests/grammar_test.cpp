#include "grammar.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tree.hpp"

namespace tandem::tools {
namespace {

grammar const& rules() {
    static grammar const read = read_grammar(std::filesystem::path(TANDEM_TOOLS_FOLDER) / "grammar");
    return read;
}

TEST(grammar, edit_distance) {
    EXPECT_EQ(edit_distance("", ""), 0U);
    EXPECT_EQ(edit_distance("abc", ""), 3U);
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
    EXPECT_EQ(edit_distance("queue", "queue"), 0U);
}

TEST(grammar, every_command_of_the_design_is_there) {
    std::string names;
    for (auto const& command : rules().commands) {
        names += command.name + " ";
    }
    EXPECT_EQ(names, "verify test stress model mutants orders bench compare report replay doctor ");
}

TEST(grammar, every_kind_that_is_used_is_defined) {
    auto const known = [](std::string const& kind) {
        return kind == "-" || rules().values.contains(kind) || rules().names.contains(kind);
    };
    for (auto const& command : rules().commands) {
        EXPECT_TRUE(known(command.takes)) << command.name;
        for (auto const& option : command.options) {
            EXPECT_TRUE(known(option.kind)) << command.name << " " << option.name;
        }
    }
}

TEST(grammar, complaints_name_the_nearest) {
    EXPECT_EQ(rules().complaint("structure", "bounded_queue"), "");
    EXPECT_EQ(rules().complaint("structure", "bouded_queue"),
              "unknown structure 'bouded_queue'; the nearest is 'bounded_queue'");
    EXPECT_EQ(rules().complaint("half", "lockfre"), "unknown half 'lockfre'; the nearest is 'lockfree'");
    EXPECT_EQ(rules().complaint("counts", "1,2,x"), "wanted whole numbers, as 1,2,4, not '1,2,x'");
    EXPECT_EQ(rules().complaint("counts", "1,2,4"), "");
}

TEST(grammar, a_name_may_say_what_it_is) {
    EXPECT_EQ(rules().about.at("counter_add"), "all threads add one to the same counter");
    EXPECT_EQ(rules().complaint("workload", "counter_add"), "");
}

// The front door and the driver read the same file: they must also say the same.
TEST(grammar, shell_and_driver_agree_on_the_nearest_name) {
    tree const here;
    std::vector<std::string> structures = rules().names.at("structure");
    for (std::string const word : {"bounded", "queue", "cuonter", "moodycamel", "boost", "x", "boost_spsc"}) {
        auto const shell =
            here.run({"awk", "-f", here.path("tools/grammar.awk"), here.path("tools/grammar"), "stress", word});
        EXPECT_EQ(shell.code, 2);
        EXPECT_TRUE(shell.says(rules().complaint("structure", word))) << shell.output;
    }
}

#ifdef TANDEM_STRESS_WORKER
TEST(grammar, structures_are_those_that_the_stress_worker_has) {
    auto const [output, end] = output_of({TANDEM_STRESS_WORKER, "--list"});
    ASSERT_EQ(end.code, 0) << output;
    std::set<std::string> listed;
    std::istringstream lines(output);
    for (std::string line; std::getline(lines, line);) {
        listed.insert(nlohmann::json::parse(line).at("structure").get<std::string>());
    }
    auto const& named = rules().names.at("structure");
    listed.insert("rcu_domain"); // for the model and the mutants only
    EXPECT_EQ(listed, std::set<std::string>(named.begin(), named.end()));
}
#endif

} // namespace
} // namespace tandem::tools
