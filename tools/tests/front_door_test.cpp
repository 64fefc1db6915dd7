// ./tools/run with every program it calls replaced by a script that writes down the call.
#include <gtest/gtest.h>

#include "tree.hpp"

namespace tandem::tools {
namespace {

class front_door : public testing::Test {
protected:
    front_door() {
        here.text("missing", "");
        here.text("user", "1000\n");
        // All packages are there but the one that the file `missing` names.
        here.script("bin/dpkg-query", R"sh(echo "dpkg-query" >>"$TREE/calls"
shift 3
for package; do [ "$package" = "$(cat "$TREE/missing")" ] || echo "$package installed"; done
)sh");
        here.script("bin/id", "cat \"$TREE/user\"\n");
        here.script("bin/apt-get", "echo \"apt-get $*\" >>\"$TREE/calls\"\n");
        here.script("bin/cmake", R"sh(echo "cmake $*" >>"$TREE/calls"
[ ! -e "$TREE/broken" ] || { echo "the compiler's own words"; exit 1; }
mkdir -p "$TREE/build/dev/tools"
cp "$TREE/fake_driver" "$TREE/build/dev/tools/tandem_driver"
)sh");
        here.script("fake_driver", R"sh(echo "driver in $(pwd)"; printf '<%s>' "$@"; echo)sh");
    }
    outcome_of_run run(std::vector<std::string> words) const {
        words.insert(words.begin(), here.path("tools/run"));
        return here.run(std::move(words));
    }
    std::string calls() const { return contents(here.path("calls")); }

    tree here;
};

TEST_F(front_door, refuses_what_it_does_not_know_before_anything_is_done) {
    struct refused {
        std::vector<std::string> words;
        std::string says;
    };
    for (auto const& one : std::vector<refused>{
             {{"stres"}, "unknown command 'stres'; the nearest is 'stress'"},
             {{"stress", "bounded_quee"}, "unknown structure 'bounded_quee'; the nearest is 'bounded_queue'"},
             {{"model", "conter"}, "unknown structure 'conter'; the nearest is 'counter'"},
             {{"mutants", "conter"}, "unknown structure 'conter'; the nearest is 'counter'"},
             {{"bench", "strem"}, "unknown workload 'strem'; the nearest is 'stream'"},
             {{"stress", "--haf", "both"}, "unknown option of stress '--haf'; the nearest is '--half'"},
             {{"stress", "--half", "lockd"}, "unknown value of --half 'lockd'; the nearest is 'locked'"},
             {{"stress", "--half=lockd"}, "unknown value of --half 'lockd'; the nearest is 'locked'"},
             {{"stress", "--for", "soon"}, "--for wants a time, as 30s or 5m, not 'soon'"},
             {{"stress", "--for"}, "--for wants a time"},
             {{"bench", "--quick=yes"}, "--quick takes no value"},
             {{"orders", "counter"}, "orders takes no names, but was given 'counter'"},
             {{"replay"}, "replay wants a replay token"},
             {{"--seet", "1"}, "unknown option of verify '--seet'; the nearest is '--seed'"}}) {
        auto const result = run(one.words);
        EXPECT_EQ(result.code, 2) << one.says;
        EXPECT_TRUE(result.says(one.says)) << result.output;
        EXPECT_EQ(calls(), "") << "something was looked up or built";
    }
}

TEST_F(front_door, helps_without_building) {
    auto const all = run({"--help"});
    EXPECT_EQ(all.code, 0);
    EXPECT_TRUE(all.says("mutants   weakens every memory order")) << all.output;
    auto const one = run({"stress", "--help"});
    EXPECT_EQ(one.code, 0);
    EXPECT_TRUE(one.says("--sanitizer SANITIZER")) << one.output;
    EXPECT_TRUE(one.says("\nstructures: bounded_queue spsc_queue")) << one.output;
    auto const described = run({"bench", "--help"});
    EXPECT_TRUE(described.says("counter_add              all threads add one to the same counter")) << described.output;
    EXPECT_TRUE(run({"report", "--help"}).says("--readme"));
    EXPECT_EQ(calls(), "");
}

TEST_F(front_door, missing_package_and_not_root_prints_the_command) {
    here.text("missing", "ninja-build");
    auto const result = run({"orders"});
    EXPECT_EQ(result.code, 3);
    EXPECT_TRUE(result.says("\nsudo apt-get install -y ninja-build\n")) << result.output;
    EXPECT_EQ(calls(), "dpkg-query\n");
}

TEST_F(front_door, missing_package_and_root_installs_it) {
    here.text("missing", "ninja-build");
    here.text("user", "0\n");
    auto const result = run({"orders"});
    EXPECT_EQ(result.code, 0) << result.output;
    EXPECT_NE(calls().find("apt-get update\napt-get install -y --no-install-recommends ninja-build\ncmake "),
              std::string::npos)
        << calls();
}

TEST_F(front_door, failed_install_is_exit_3) {
    here.text("missing", "ninja-build");
    here.text("user", "0\n");
    here.script("bin/apt-get", "echo 'E: no network'; exit 100\n");
    auto const result = run({"orders"});
    EXPECT_EQ(result.code, 3);
    EXPECT_TRUE(result.says("E: no network")) << result.output;
    EXPECT_EQ(calls().find("cmake"), std::string::npos);
}

TEST_F(front_door, hands_over_words_and_folder_untouched) {
    auto const other = here.path("another folder");
    std::filesystem::create_directories(other);
    auto const result =
        here.run({"sh", "-c", "cd \"$TREE/another folder\" && exec ../tools/run compare 'a b.json' \"c'd.json\""});
    EXPECT_EQ(result.code, 0);
    EXPECT_TRUE(result.says("driver in " + other.string() + "\n<compare><a b.json><c'd.json>\n")) << result.output;
}

TEST_F(front_door, works_through_a_link) {
    std::filesystem::create_symlink(here.path("tools/run"), here.path("bin/tandem-run"));
    auto const result = here.run({"tandem-run", "orders"});
    EXPECT_EQ(result.code, 0) << result.output;
    EXPECT_TRUE(result.says("<orders>"));
}

TEST_F(front_door, without_a_command_it_verifies) {
    EXPECT_TRUE(run({}).says("<verify>"));
    EXPECT_TRUE(run({"--seed", "7"}).says("<verify><--seed><7>"));
}

TEST_F(front_door, failed_build_shows_the_end_of_its_log) {
    here.text("broken", "");
    auto const result = run({"orders"});
    EXPECT_EQ(result.code, 3);
    EXPECT_TRUE(result.says("the compiler's own words")) << result.output;
    EXPECT_TRUE(result.says("build/dev/build.log")) << result.output;
}

// The signal goes to the whole group, as from a terminal.
TEST_F(front_door, ctrl_c_while_building_is_exit_130) {
    here.script("bin/cmake", "kill -INT 0\nsleep 60\n");
    auto const result = run({"orders"});
    EXPECT_EQ(result.code, 130);
    EXPECT_TRUE(result.says("interrupted while building the driver; nothing was run")) << result.output;
}

TEST_F(front_door, doctor_installs_nothing) {
    here.text("missing", "ninja-build");
    here.text("user", "0\n");
    auto const result = run({"doctor"});
    EXPECT_TRUE(result.says("\nsudo apt-get install -y ninja-build\n")) << result.output;
    EXPECT_TRUE(result.says("<doctor>")) << result.output;
    EXPECT_EQ(calls().find("apt-get"), std::string::npos) << calls();
}

TEST_F(front_door, every_package_has_a_reason) {
    std::ifstream list(here.path("tools/packages"));
    std::size_t count = 0;
    for (std::string line; std::getline(list, line);) {
        if (line.empty() || line.front() == '#') {
            continue;
        }
        ++count;
        auto const mark = line.find('#');
        ASSERT_NE(mark, std::string::npos) << line;
        EXPECT_NE(line.find_first_not_of(" #", mark), std::string::npos) << line;
    }
    EXPECT_GT(count, 10U);
}

} // namespace
} // namespace tandem::tools
