// Declared structures under the explorer: the broken ones are found within a few programs, the others never accused.
#include "std_structures.hpp"

#include <tandem/stress/test.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <deque>
#include <string>
#include <vector>

namespace tandem::users {
namespace {

using stress::between;
using stress::run_options;
using stress::test;
using stress::test_report;
using stress::unique;

constexpr std::uint64_t many = 150;

run_options programs(std::uint64_t n) {
    run_options o;
    o.rounds = n;
    return o;
}

testing::AssertionResult found_as(std::string const& what, test_report const& r) {
    auto const head = r.text.substr(0, r.text.find('\n'));
    if (!r && !r.token.empty() && head.find("   " + what + "  ") != std::string::npos) {
        return testing::AssertionSuccess() << r.text;
    }
    return testing::AssertionFailure() << r.text;
}
testing::AssertionResult accused_of_nothing(test_report const& r) {
    return r ? testing::AssertionSuccess() : testing::AssertionFailure() << r.text;
}

// ---- declarations ----

std::optional<int> take_front(std::deque<int>& d) {
    if (d.empty()) {
        return std::nullopt;
    }
    int const v = d.front();
    d.pop_front();
    return v;
}
template <std::size_t size>
struct ring_model {
    std::deque<int> items{};

    bool try_push(int v) { return items.size() < size && (items.push_back(v), true); }
    std::optional<int> try_pop() { return take_front(items); }
    bool operator==(ring_model const&) const = default;
};

template <publish how>
auto ring() {
    using structure = std_ring<int, 2, how>;
    using model = ring_model<2>;
    return test<structure, model>("std_ring")
        .operation("try_push", &structure::try_push, &model::try_push)
        .only_by("producer")
        .operation("try_pop", &structure::try_pop, &model::try_pop)
        .only_by("consumer")
        .finally("try_pop");
}

std::optional<int> take_back(std::vector<int>& v) {
    if (v.empty()) {
        return std::nullopt;
    }
    int const top = v.back();
    v.pop_back();
    return top;
}

template <queue_bug b>
auto queue() {
    using structure = std_queue<b>;
    return test<structure, std::deque<int>>("std_queue")
        .operation("push", &structure::push, [](std::deque<int>& d, int v) { d.push_back(v); })
        .operation("pop", &structure::pop, take_front)
        .finally("pop");
}

template <bool lost>
auto counter() {
    using structure = std_counter<lost>;
    return test<structure, int>("std_counter")
        .operation("add", &structure::add, [](int& n, int by) { return std::exchange(n, n + by); })
        .taking(between{1, 3});
}

template <bool without_tags>
auto pool() {
    using structure = pooled_stack<without_tags>;
    return test<structure, std::vector<int>>("pooled_stack")
        .operation("push", &structure::push, [](std::vector<int>& v, int n) { return v.push_back(n), true; })
        .operation("pop", &structure::pop, take_back)
        .finally("pop");
}

template <node_bug b>
auto stack() {
    using structure = node_stack<b>;
    return test<structure, std::vector<int>>("node_stack")
        .operation("push", &structure::push, [](std::vector<int>& v, int n) { v.push_back(n); })
        .operation("pop", &structure::pop, take_back)
        .operation("top", &structure::top, [](std::vector<int>& v) { return v.empty() ? std::nullopt : std::optional(v.back()); });
}

auto treiber() {
    return test<treiber_stack, std::vector<int>>("treiber_stack")
        .operation("push", &treiber_stack::push, [](std::vector<int>& v, int n) { v.push_back(n); })
        .operation("pop", &treiber_stack::pop, take_back)
        .finally("pop");
}

template <bool notifies>
auto door() {
    using structure = std_door<notifies>;
    using model = std::optional<int>;
    return test<structure, model>("std_door")
        .operation("put", &structure::put, [](model& m, int v) { m = v; })
        .waits_while([](model const& m, int) { return m.has_value(); })
        .operation("take", &structure::take, [](model& m) { return *std::exchange(m, std::nullopt); })
        .waits_while([](model const& m) { return !m.has_value(); });
}

template <sync::memory_order of_store, sync::memory_order of_load>
auto flags() {
    using structure = peterson<of_store, of_load>;
    auto const add = [](int& n, int by) { return std::exchange(n, n + by); };
    return test<structure, int>("peterson")
        .operation("add_left", [](structure& s, int n) { return s.add(0, n); }, add)
        .only_by("left")
        .operation("add_right", [](structure& s, int n) { return s.add(1, n); }, add)
        .only_by("right");
}

// ---- broken ----

TEST(explored, a_relaxed_publish) {
    EXPECT_TRUE(found_as("data race", ring<publish::relaxed>().run(programs(many))));
}
TEST(explored, a_lost_update) {
    EXPECT_TRUE(found_as("not linearizable", counter<true>().run(programs(many))));
}
TEST(explored, a_pop_in_two_steps) {
    EXPECT_TRUE(found_as("not linearizable", queue<queue_bug::two_steps>().run(programs(many))));
}
TEST(explored, a_node_that_comes_back) {
    EXPECT_TRUE(found_as("not linearizable", pool<true>().run(programs(2 * many))));
}
TEST(explored, a_node_that_comes_back_at_the_same_address) {
    EXPECT_FALSE(treiber().run(programs(2 * many)));
}
TEST(explored, a_leak) {
    EXPECT_TRUE(found_as("memory leak", stack<node_bug::leaks>().run(programs(many))));
}
TEST(explored, a_node_that_may_be_gone) {
    auto const r = stack<node_bug::looks_later>().run(programs(many));
    EXPECT_TRUE(found_as("data race", r) || found_as("access to freed memory", r)) << r.text;
}
TEST(explored, a_wake_up_that_is_missed) {
    EXPECT_TRUE(found_as("lost wake-up", door<false>().run(programs(many))));
}
TEST(explored, flags_that_are_not_seen) {
    EXPECT_TRUE(found_as("data race", flags<sync::memory_order_release, sync::memory_order_acquire>().run(programs(many))));
}

// ---- right ----

TEST(explored, a_ring_passes) {
    auto const r = ring<publish::release>().run(programs(many));
    EXPECT_TRUE(accused_of_nothing(r));
    EXPECT_GT(r.exhausted, 0u);
    EXPECT_GT(r.executions, 1000u);
    EXPECT_EQ(r.undecided, 0u);
    EXPECT_TRUE(r.text.starts_with("pass  std_ring: ")) << r.text;
}
TEST(explored, a_ring_with_fences_passes) {
    EXPECT_TRUE(accused_of_nothing(ring<publish::by_fence>().run(programs(many))));
}
TEST(explored, a_counter_passes) {
    EXPECT_TRUE(accused_of_nothing(counter<false>().run(programs(many))));
}
TEST(explored, a_queue_passes) {
    EXPECT_TRUE(accused_of_nothing(queue<queue_bug::none>().run(programs(many))));
}
TEST(explored, a_pool_with_tags_passes) {
    EXPECT_TRUE(accused_of_nothing(pool<false>().run(programs(many))));
}
TEST(explored, a_stack_passes) {
    EXPECT_TRUE(accused_of_nothing(stack<node_bug::none>().run(programs(many))));
}
TEST(explored, flags_that_are_seen_pass) {
    EXPECT_TRUE(accused_of_nothing(flags<sync::memory_order_seq_cst, sync::memory_order_seq_cst>().run(programs(many))));
}
TEST(explored, a_door_passes) {
    EXPECT_TRUE(accused_of_nothing(door<true>().run(programs(many))));
}

} // namespace
} // namespace tandem::users
