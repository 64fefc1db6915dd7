// What goes wrong on real threads is told, as what it is; and what goes right is run as often as was asked for.

#include "museum.hpp"

#include "../model/trial.hpp"

#include <tandem/stress/engine/sanitizer.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <string_view>

namespace tandem::model {

std::span<scenario_entry const> scenarios() {
    return {};
}

namespace {

template <class Scenario>
trial run(std::uint64_t executions = 1'000'000) {
    trial_options how;
    how.search = {strategy::random, executions, 1};
    return run_alone({"museum", "test", "test", verdict::either, executions, 1, &explore<Scenario>}, how);
}

struct fails_at_last : scenario_of<2> {
    void thread(unsigned) override { came_.fetch_add(1, order::relaxed); }
    void after() override {
        static int executions = 0;
        require(came_.load(order::relaxed) == 2 && ++executions != 7, "the seventh");
    }
    atomic<int> came_{0};
};
TEST(threads, a_condition_that_does_not_hold) {
    auto const found = run<fails_at_last>();
    EXPECT_TRUE(found.violation);
    EXPECT_EQ(found.what, "USER ASSERT FAILED: the seventh");
    EXPECT_EQ(found.executions, 7U);
    EXPECT_NE(found.history.find("threads_test.cpp:"), std::string::npos) << found.history;
}

struct one_sleeps : scenario_of<2> {
    void thread(unsigned t) override {
        while (t == 0) {
            park(word_, 0);
        }
    }
    atomic<std::uint32_t> word_{0};
};
TEST(threads, all_that_are_left_sleep) {
    EXPECT_EQ(run<one_sleeps>().what, "DEADLOCK");
}

struct one_looks_for_ever : scenario_of<2> {
    void thread(unsigned t) override {
        while (t == 0 && word_.load(order::relaxed) == 0) {
            yield();
        }
    }
    atomic<int> word_{0};
};
TEST(threads, somebody_works_in_vain) {
    EXPECT_EQ(run<one_looks_for_ever>().what, "LIVELOCK");
}

struct one_ends_the_process : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 1) {
            std::abort();
        }
    }
};
TEST(threads, the_process_ends) {
    EXPECT_TRUE(run<one_ends_the_process>().what.starts_with("CRASHED"));
}

struct both_write : scenario_of<2> {
    void thread(unsigned t) override { number_.write(static_cast<int>(t)); }
    cell<int> number_{0};
};
TEST(threads, a_race_when_somebody_looks_for_it) {
    auto const found = run<both_write>();
    EXPECT_EQ(found.what, stress::sanitizer() == std::string_view("thread") ? "ThreadSanitizer: data race" : "");
}

struct goes_well : scenario_of<3> {
    void thread(unsigned) override {
        scoped_lock const lock(mutex_);
        number_.write(number_.read() + 1);
    }
    void after() override { require(number_.read() == 3, "not all have come"); }
    mutex mutex_;
    cell<int> number_{0};
};
TEST(threads, as_often_as_was_asked_for) {
    auto const found = run<goes_well>(100);
    EXPECT_FALSE(found.violation) << found.what;
    EXPECT_EQ(found.executions, 100U);
}

} // namespace
} // namespace tandem::model
