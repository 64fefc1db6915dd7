// The program itself, as the driver and people call it.

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

namespace {

using nlohmann::json;

struct finished {
    int code;
    std::string said;
};

class worker {
public:
    explicit worker(std::vector<std::string> arguments) {
        int ends[2];
        if (::pipe(ends) != 0) {
            throw std::system_error(errno, std::generic_category());
        }
        arguments.insert(arguments.begin(), TANDEM_BENCH_WORKER);
        std::vector<char*> words;
        for (auto& one : arguments) {
            words.push_back(one.data());
        }
        words.push_back(nullptr);
        pid_ = ::fork();
        if (pid_ == 0) {
            ::dup2(ends[1], 1);
            ::dup2(ends[1], 2);
            ::close(ends[0]);
            ::close(ends[1]);
            ::setenv("TANDEM_PROGRESS", "1", 1);
            ::execv(words[0], words.data());
            ::_exit(127);
        }
        ::close(ends[1]);
        from_ = ends[0];
    }

    // Reads until the text has been said.
    void await(std::string const& text) {
        while (said_.find(text) == std::string::npos && read_some()) {
        }
    }
    void interrupt() { ::kill(pid_, SIGINT); }
    finished finish() {
        while (read_some()) {
        }
        ::close(from_);
        int status = 0;
        ::waitpid(pid_, &status, 0);
        return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), said_};
    }

private:
    bool read_some() {
        std::array<char, 4096> buffer;
        auto const n = ::read(from_, buffer.data(), buffer.size());
        if (n > 0) {
            said_.append(buffer.data(), static_cast<std::size_t>(n));
        }
        return n > 0;
    }

    pid_t pid_ = -1;
    int from_ = -1;
    std::string said_;
};

finished run(std::vector<std::string> arguments) {
    return worker(std::move(arguments)).finish();
}

class scratch_file {
public:
    scratch_file()
        : path_(std::filesystem::temp_directory_path() /
                ("tandem_bench_test." + std::to_string(::getpid()) + ".json")) {}
    ~scratch_file() { std::filesystem::remove(path_); }
    scratch_file(scratch_file const&) = delete;
    scratch_file& operator=(scratch_file const&) = delete;

    std::string name() const { return path_.string(); }
    json read() const {
        std::ifstream in(path_);
        return json::parse(in);
    }

private:
    std::filesystem::path path_;
};

TEST(worker, lists_what_it_can_measure) {
    auto const list = run({"--list"});
    EXPECT_EQ(list.code, 0);
    for (char const* const name :
         {"stream", "latency", "pairs", "batch", "channel_stream", "channel_latency", "burst", "counter_add", "striped_add",
          "map_mix", "map_grow", "map_memory", "physical_limits", "lockfree.bounded_queue", "locked.counter", "lockfree.spsc_channel"}) {
        EXPECT_NE(list.said.find(name), std::string::npos) << name;
    }
}

TEST(worker, names_the_nearest_when_it_does_not_know_a_word) {
    auto const names_nearest = [](std::vector<std::string> arguments, std::string const& nearest) {
        auto const answer = run(std::move(arguments));
        EXPECT_EQ(answer.code, 2);
        EXPECT_NE(answer.said.find("'" + nearest + "'"), std::string::npos) << answer.said;
    };
    names_nearest({"strem"}, "stream");
    names_nearest({"--thread", "2"}, "--threads");
    names_nearest({"--placement", "spilt"}, "split");
    names_nearest({"--peers", "xeniun"}, "xenium");
}

TEST(worker, a_number_that_is_none_is_refused) {
    EXPECT_EQ(run({"--threads", "two"}).code, 2);
    EXPECT_EQ(run({"--threads", "0"}).code, 2);
    EXPECT_EQ(run({"--cores", "-1"}).code, 2);
}

// Everything that it lists is measured, on however many cores there are.
TEST(worker, a_tiny_run_measures_every_implementation) {
    scratch_file const file;
    auto const answer = run({"--rounds", "1", "--sample", "1", "--threads", "1,2", "--json", file.name()});
    EXPECT_EQ(answer.code, 0) << answer.said;
    auto const record = file.read();
    EXPECT_EQ(record["schema"], 1);
    EXPECT_EQ(record["kind"], "bench");
    EXPECT_EQ(record["complete"], true);
    EXPECT_FALSE(record["compiler"].get<std::string>().empty());
    std::set<std::pair<std::string, std::string>> measured;
    for (auto const& row : record["results"]) {
        if (row.contains("skipped")) {
            continue;
        }
        EXPECT_FALSE(row["samples"].empty() && row["dropped"] == 0) << row;
        EXPECT_TRUE(row["intact"]) << row;
        EXPECT_FALSE(row["stuck"]) << row;
        for (double const value : row["samples"]) {
            EXPECT_GT(value, 0) << row;
        }
        if (row["workload"] == "latency" && !row["samples"].empty()) {
            EXPECT_GE(row["latency"]["p99"], row["latency"]["p50"]);
            EXPECT_GE(row["latency"]["max"], row["latency"]["p99_9"]);
        }
        if (row["workload"] == "map_mix") {
            EXPECT_TRUE(row["finds"] == 98 || row["finds"] == 50) << row;
            EXPECT_EQ(row["capacity"], 262'144);
        }
        if (row["workload"] == "map_grow" && !row["samples"].empty()) {
            EXPECT_EQ(row["items"], 50'000);
            EXPECT_EQ(row["latency"]["count"], 50'000);
        }
        if (row["workload"] == "map_memory") {
            EXPECT_GE(row["peak"], row["samples"][0]);
        }
        measured.emplace(row["workload"].get<std::string>(), row["implementation"].get<std::string>());
    }
    for (char const* const queue : {"lockfree.bounded_queue", "locked.bounded_queue", "std::mutex and std::deque"}) {
        for (char const* const workload : {"stream", "latency", "pairs"}) {
            EXPECT_TRUE(measured.contains({workload, queue})) << workload << ' ' << queue;
        }
    }
    for (char const* const channel : {"lockfree.channel", "locked.channel", "lockfree.spsc_channel",
                                      "locked.spsc_channel", "std::mutex and two std::condition_variable"}) {
        for (char const* const workload : {"channel_stream", "channel_latency", "burst"}) {
            EXPECT_TRUE(measured.contains({workload, channel})) << workload << ' ' << channel;
        }
    }
    for (char const* const queue : {"lockfree.spsc_queue", "locked.spsc_queue"}) {
        for (char const* const workload : {"stream", "latency", "pairs", "batch"}) {
            EXPECT_TRUE(measured.contains({workload, queue})) << workload << ' ' << queue;
        }
    }
    for (char const* const counter :
         {"lockfree.counter", "locked.counter", "std::atomic", "std::mutex and std::int64_t"}) {
        EXPECT_TRUE(measured.contains({"counter_add", counter})) << counter;
    }
    for (char const* const counter : {"lockfree.striped_counter", "locked.striped_counter", "cells with fetch_add",
                                      "lockfree.counter", "std::atomic"}) {
        EXPECT_TRUE(measured.contains({"striped_add", counter})) << counter;
    }
    for (char const* const map : {"locked.map", "std::mutex and std::unordered_map"}) {
        for (char const* const workload : {"map_mix", "map_grow", "map_memory"}) {
            EXPECT_TRUE(measured.contains({workload, map})) << workload << ' ' << map;
        }
    }
    EXPECT_TRUE(measured.contains({"physical_limits", "locked instruction, uncontended"}));
}

TEST(worker, more_cores_than_there_are_become_rows_that_say_so) {
    scratch_file const file;
    auto const answer = run({"pairs", "--rounds", "1", "--sample", "1", "--cores", "1,1000", "--json", file.name()});
    EXPECT_EQ(answer.code, 0);
    EXPECT_NE(answer.said.find("1000 cores asked for"), std::string::npos);
    bool said = false;
    auto const record = file.read();
    for (auto const& row : record["results"]) {
        said |= row.contains("skipped") && row["cores"] == 1000;
    }
    EXPECT_TRUE(said);
}

TEST(worker, nothing_to_measure_is_an_answer_of_its_own) {
    EXPECT_EQ(run({"stream", "--cores", "1000"}).code, 3);
}

TEST(worker, an_interrupt_leaves_what_was_done) {
    scratch_file const file;
    worker interrupted({"pairs", "--rounds", "100000", "--sample", "2", "--cores", "1", "--json", file.name()});
    interrupted.await("@progress ");
    interrupted.interrupt();
    auto const answer = interrupted.finish();
    EXPECT_EQ(answer.code, 130);
    auto const record = file.read();
    EXPECT_EQ(record["complete"], false);
    EXPECT_FALSE(record["results"].empty());
}

} // namespace
