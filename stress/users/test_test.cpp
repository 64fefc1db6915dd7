// Declared structures: the broken ones are found within a few seeds, the others never accused.
#include "broken.hpp"

#include <tandem/stress/engine/sanitizer.hpp>
#include <tandem/stress/test.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

namespace tandem::users {
namespace {

using stress::between;
using stress::run_options;
using stress::test;
using stress::test_report;
using stress::unique;

std::optional<int> take_front(std::deque<int>& d) {
    if (d.empty()) {
        return std::nullopt;
    }
    int const v = d.front();
    d.pop_front();
    return v;
}

template <class Queue>
auto declared_queue() {
    return test<Queue, std::deque<int>>("queue")
        .operation("push", &Queue::push, [](std::deque<int>& d, int v) { d.push_back(v); })
        .operation("pop", &Queue::pop, take_front)
        .finally("pop");
}

constexpr std::uint64_t many = 60, few = 15;

run_options rounds(std::uint64_t n) {
    run_options o;
    o.rounds = n;
    return o;
}

testing::AssertionResult found(test_report const& r) {
    if (!r && !r.text.empty()) {
        return testing::AssertionSuccess() << r.text;
    }
    return testing::AssertionFailure() << r.text;
}
testing::AssertionResult accused_of_nothing(test_report const& r) {
    return r ? testing::AssertionSuccess() : testing::AssertionFailure() << r.text;
}

TEST(declared, a_right_queue_passes) {
    auto const r = declared_queue<queue<bug::none>>().run(rounds(few));
    EXPECT_TRUE(accused_of_nothing(r));
    EXPECT_EQ(r.seeds, few);
    EXPECT_GT(r.operations, 1000u);
    EXPECT_TRUE(r.text.starts_with("pass  queue: ")) << r.text;
}

TEST(declared, a_pop_in_two_steps_is_found) {
    auto const r = declared_queue<queue<bug::two_steps>>().run(rounds(many));
    EXPECT_TRUE(found(r));
    EXPECT_TRUE(r.text.starts_with("FAIL  queue   not linearizable")) << r.text;
    EXPECT_NE(r.text.find("TANDEM_STRESS_REPLAY=" + r.token), std::string::npos) << r.text;
    EXPECT_LE(r.shrunk_to, 8u) << r.text;
}

TEST(declared, a_wrong_order_is_found_and_shrunk_to_the_least) {
    auto const r = declared_queue<queue<bug::newest_first>>().run(rounds(few));
    EXPECT_TRUE(found(r));
    EXPECT_LE(r.shrunk_to, 3u) << r.text;
    EXPECT_NE(r.text.find("pop answers 1, not 2"), std::string::npos) << r.text;
    EXPECT_NE(r.text.find("the model answers 1"), std::string::npos) << r.text;
}

TEST(declared, what_is_lost_shows_at_the_end) {
    auto const r = declared_queue<queue<bug::loses_one>>().run(rounds(few));
    EXPECT_TRUE(found(r));
}

TEST(declared, a_token_shows_it_again) {
    auto const first = declared_queue<queue<bug::newest_first>>().run(rounds(few));
    ASSERT_TRUE(found(first));
    run_options again;
    again.replay = first.token;
    auto const second = declared_queue<queue<bug::newest_first>>().run(again);
    EXPECT_TRUE(found(second));
    EXPECT_EQ(second.token, first.token);
    EXPECT_EQ(second.seeds, 1u);
}

TEST(declared, a_token_of_another_test_is_refused) {
    auto const first = declared_queue<queue<bug::newest_first>>().run(rounds(few));
    run_options again;
    again.replay = first.token;
    auto const other = declared_queue<queue<bug::newest_first>>().operation("clear", [](auto&) {}).run(again);
    EXPECT_FALSE(other);
    EXPECT_NE(other.text.find("is of another test"), std::string::npos) << other.text;
}

// ---- roles and sizes ----

struct bounded_model {
    std::size_t capacity;
    std::deque<int> items{};

    bool try_push(int v) {
        if (items.size() == capacity) {
            return false;
        }
        items.push_back(v);
        return true;
    }
    std::optional<int> try_pop() { return take_front(items); }
    bool operator==(bounded_model const&) const = default;
};

auto declared_ring() {
    return test<one_to_one_ring, bounded_model>("ring")
        .operation("try_push", [](auto& ring, int v) { return ring.try_push(v); })
        .operation("try_pop", [](auto& ring) { return ring.try_pop(); })
        .sizes(1, 4)
        .made_by([](std::size_t n) { return one_to_one_ring(n); }, [](std::size_t n) { return bounded_model{n}; });
}

TEST(declared, one_producer_and_one_consumer) {
    auto ring = test<one_to_one_ring, bounded_model>("ring");
    ring.operation("try_push", [](auto& r, int v) { return r.try_push(v); }).only_by("producer");
    ring.operation("try_pop", [](auto& r) { return r.try_pop(); }).only_by("consumer");
    ring.sizes(1, 4).finally("try_pop");
    ring.made_by([](std::size_t n) { return one_to_one_ring(n); }, [](std::size_t n) { return bounded_model{n}; });
    EXPECT_TRUE(accused_of_nothing(ring.run(rounds(few))));
}

TEST(declared, without_roles_the_same_ring_is_accused) {
    EXPECT_TRUE(found(declared_ring().run(rounds(many))));
}

// ---- arguments, exceptions ----

template <bool torn>
auto declared_table() {
    return test<table<torn>, std::map<int, int>>("table")
        .operation("put", &table<torn>::put,
                   [](std::map<int, int>& m, int key, int value) { return m.insert_or_assign(key, value).second; })
        .taking(between{1, 2}, unique)
        .operation("at", &table<torn>::at, [](std::map<int, int>& m, int key) { return m.at(key); })
        .taking(between{1, 2});
}

TEST(declared, an_exception_is_an_answer) {
    EXPECT_TRUE(accused_of_nothing(declared_table<false>().run(rounds(few))));
}
TEST(declared, a_torn_put_is_found) {
    EXPECT_TRUE(found(declared_table<true>().run(rounds(many))));
}

struct thrower {
    int next(int v) const { return v == 2 ? throw std::runtime_error("no two") : v; }
};

TEST(declared, an_exception_that_the_model_does_not_throw) {
    auto const r = test<thrower, int>("thrower")
                       .operation("next", &thrower::next, [](int&, int v) { return v; })
                       .taking(between{1, 2})
                       .run(rounds(few));
    EXPECT_TRUE(found(r));
    EXPECT_EQ(r.shrunk_to, 1u);
    EXPECT_NE(r.text.find("next(2) -> exception"), std::string::npos) << r.text;
    EXPECT_NE(r.text.find("  note    next threw: no two"), std::string::npos) << r.text;
}

TEST(declared, a_lost_update_of_a_number) {
    auto const r = test<counter, int>("counter")
                       .operation("add", &counter::add, [](int& n, int by) { return std::exchange(n, n + by); })
                       .taking(between{1, 3})
                       .run(rounds(many));
    EXPECT_TRUE(found(r));
}

enum class colour { red, green };

struct everything {
    std::vector<std::pair<int, bool>> seen{};

    std::pair<int, bool> both(std::pair<int, bool> v, colour c) {
        seen.push_back(v);
        return {static_cast<int>(seen.size()), c == colour::green};
    }
    status nothing(unsigned char) { return status::busy; }
    result<long> some(std::vector<int> list) { return static_cast<long>(list.size()); }
    colour last(bool green) noexcept { return green ? colour::green : colour::red; }

    bool operator==(everything const&) const = default;
};

struct guarded_everything : everything {
    std::pair<int, bool> both(std::pair<int, bool> v, colour c) {
        std::lock_guard const lock(mutex);
        return everything::both(v, c);
    }
    std::mutex mutex{};
};

TEST(declared, arguments_and_results_of_many_types) {
    auto const r = test<guarded_everything, everything>("everything")
                       .operation("both", &guarded_everything::both, &everything::both)
                       .taking([](auto& d) { return std::pair(static_cast<int>(d.below(9)), d.one_in(2)); },
                               [](stress::dice& d) { return d.one_in(2) ? colour::red : colour::green; })
                       .operation("nothing", &everything::nothing)
                       .operation("some", &everything::some)
                       .operation("last", &everything::last)
                       .weight(2)
                       .run(rounds(few));
    EXPECT_TRUE(accused_of_nothing(r));
}

// ---- a specification with a monitor ----

template <bug b>
auto queue_by_specification() {
    return test<queue<b>, stress::queue_spec>("queue")
        .operation("try_push",
                   [](queue<b>& q, std::int64_t v) {
                       q.push(static_cast<int>(v));
                       return status::success;
                   })
        .operation("try_pop", &queue<b>::pop)
        .finally("try_pop");
}

TEST(declared, a_specification_judges_long_programs_too) {
    auto const r = queue_by_specification<bug::none>().run(rounds(few));
    EXPECT_TRUE(accused_of_nothing(r));
    EXPECT_GT(r.operations, few * 1000);
    EXPECT_EQ(r.undecided, 0u);
}
TEST(declared, a_monitor_says_why) {
    auto const r = queue_by_specification<bug::newest_first>().run(rounds(few));
    EXPECT_TRUE(found(r));
    EXPECT_EQ(r.shrunk_to, 3u) << r.text;
    EXPECT_NE(r.text.find("had returned before"), std::string::npos) << r.text;
}
struct picky_number {
    std::atomic<std::int64_t> value{0};
    std::int64_t exchange(std::int64_t v) { return v == 2 ? throw std::runtime_error("no two") : value.exchange(v); }
};

TEST(declared, an_exception_under_a_specification) {
    auto const r = test<picky_number, stress::counter_spec>("picky")
                       .operation("exchange", &picky_number::exchange)
                       .run(rounds(few));
    EXPECT_TRUE(found(r));
    EXPECT_NE(r.text.find("exchange threw: no two"), std::string::npos) << r.text;
}

// ---- calls that never return ----

TEST(declared, a_deadlock_is_reported_and_left_behind) {
    if (std::string_view(stress::sanitizer()) == "thread") {
        GTEST_SKIP() << "ThreadSanitizer reports the order of the locks itself";
    }
    auto const r = test<deadlock, int>("locks")
                       .operation("left", &deadlock::left, [](int&) {})
                       .operation("right", &deadlock::right, [](int&) {})
                       .run(rounds(100 * many));
    EXPECT_TRUE(found(r));
    EXPECT_TRUE(r.text.starts_with("FAIL  locks   deadlock")) << r.text;
    EXPECT_NE(r.text.find("| running"), std::string::npos) << r.text;
    EXPECT_NE(r.text.find("TANDEM_STRESS_REPLAY=" + r.token), std::string::npos) << r.text;
}

// ---- options ----

TEST(options, are_read_from_the_environment) {
    ::setenv("TANDEM_STRESS_FOR", "1500ms", 1);
    ::setenv("TANDEM_STRESS_SEED", "0x10", 1);
    ::setenv("TANDEM_STRESS_THREADS", "3", 1);
    auto const o = run_options::from_environment();
    EXPECT_EQ(o.time, std::chrono::milliseconds(1500));
    EXPECT_EQ(o.seed, 16u);
    EXPECT_EQ(o.threads, 3u);
    for (auto const* name : {"TANDEM_STRESS_FOR", "TANDEM_STRESS_SEED", "TANDEM_STRESS_THREADS"}) {
        ::unsetenv(name);
    }
}

int main_with(std::vector<char const*> arguments) {
    arguments.insert(arguments.begin(), "program");
    return declared_queue<queue<bug::newest_first>>().main(static_cast<int>(arguments.size()), arguments.data());
}

TEST(options, of_a_command_line) {
    EXPECT_EQ(main_with({"--rounds", "15", "--seed", "7"}), 1);
    EXPECT_EQ(main_with({"--help"}), 0);
    EXPECT_EQ(main_with({"--colour", "red"}), 2);
    EXPECT_EQ(main_with({"--rounds"}), 2);
    EXPECT_EQ(main_with({"--replay", "S-0000-0-1"}), 2);
    EXPECT_EQ(main_with({"--replay", "E-0000-0-1-a1"}), 2);
    EXPECT_EQ(main_with({"--executions", "1"}), 2);
}
using options_DeathTest = testing::Test;
TEST(options_DeathTest, what_cannot_be_read) {
    for (auto const* const bad : {"--for", "--seed", "--threads", "--rounds", "--replay"}) {
        EXPECT_EXIT(main_with({bad, "soon"}), testing::ExitedWithCode(2), "does not take 'soon'");
    }
}

TEST(options_DeathTest, a_declaration_that_makes_no_sense) {
    using nothing = test<counter, int>;
    EXPECT_DEATH(static_cast<void>(nothing("counter").run()), "no operation to call");
    EXPECT_DEATH(nothing("counter").finally("sum"), "no operation 'sum'");
    EXPECT_DEATH(nothing("counter").weight(2), "say which operation first");
    auto waiting = declared_queue<queue<bug::none>>().waits_while([](std::deque<int> const& d) { return d.empty(); });
    EXPECT_DEATH(static_cast<void>(waiting.run()), "pop may wait for ever: only the explorer can call it");
}

} // namespace
} // namespace tandem::users
