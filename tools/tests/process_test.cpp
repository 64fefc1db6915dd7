#include "process.hpp"

#include <gtest/gtest.h>

#include "progress.hpp"
#include "tree.hpp"

namespace tandem::tools {
namespace {

TEST(process, output_and_exit_code) {
    auto const [output, end] = output_of({"sh", "-c", "echo out; echo err >&2; printf last; exit 7"});
    EXPECT_EQ(output, "out\nerr\nlast\n");
    EXPECT_EQ(end.code, 7);
}

TEST(process, signal_and_missing_program_are_told_apart) {
    EXPECT_EQ(output_of({"sh", "-c", "kill -TERM $$"}).second.code, 128 + 15);
    auto const [output, end] = output_of({"/no/such/program"});
    EXPECT_EQ(end.code, 127);
    EXPECT_NE(output.find("cannot run /no/such/program"), std::string::npos);
}

TEST(process, long_output_arrives_whole) {
    std::size_t lines = 0;
    run_job({{"sh", "-c", "i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done"},
             {},
             [&](std::string_view) { ++lines; },
             {}});
    EXPECT_EQ(lines, 20000U);
}

// Each job waits for the other to be there: done only when both run at once.
TEST(process, runs_as_many_at_once_as_it_may) {
    tree const here;
    ASSERT_EQ(here.run({"mkfifo", here.path("a"), here.path("b")}).code, 0);
    std::vector<std::string> const scripts{
        "echo x >'" + here.path("a").string() + "'; read y <'" + here.path("b").string() + "'",
        "read y <'" + here.path("a").string() + "'; echo x >'" + here.path("b").string() + "'"};
    std::size_t started = 0;
    std::size_t ended = 0;
    run_jobs(
        [&]() -> std::optional<job> {
            if (started == 2) {
                return std::nullopt;
            }
            return job{
                {"sh", "-c", scripts[started++]}, {}, {}, [&](ending const& end) { ended += end.code == 0 ? 1U : 0U; }};
        },
        2, [] {});
    EXPECT_EQ(ended, 2U);
}

TEST(process, never_more_at_once_than_it_may) {
    std::size_t started = 0;
    std::size_t running = 0;
    std::size_t most = 0;
    run_jobs(
        [&]() -> std::optional<job> {
            if (started == 9) {
                return std::nullopt;
            }
            ++started;
            most = std::max(most, ++running);
            return job{{"true"}, {}, {}, [&](ending const&) { --running; }};
        },
        3, [] {});
    EXPECT_EQ(started, 9U);
    EXPECT_EQ(most, 3U);
}

TEST(progress, adds_up_what_workers_report) {
    progress shown("stress", 2);
    EXPECT_FALSE(shown.take(0, "an ordinary line"));
    EXPECT_TRUE(shown.take(0, "@progress 50 100 ops seed 7f3a"));
    EXPECT_EQ(shown.drawn(10), "stress [#####...............] 25 %  0:30 left  50 ops, 5/s  seed 7f3a");
    shown.finish(0);
    EXPECT_TRUE(shown.take(1, "@progress 50 100 ops seed 7f3b"));
    EXPECT_EQ(shown.drawn(10), "stress [###############.....] 75 %  0:03 left  100 ops, 10/s  seed 7f3b");
    EXPECT_TRUE(shown.take(1, "@progress broken"));
}

} // namespace
} // namespace tandem::tools
