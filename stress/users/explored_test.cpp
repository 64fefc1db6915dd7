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

constexpr std::uint64_t many = 150, few = 50;

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

struct follows_a_pointer {
    int get() { return at.load() == 1 ? *no_address.load() : 0; }
    void set() { at.store(1); }
    sync::atomic<int> at{0};
    sync::atomic<int*> no_address{nullptr};
};
auto pointer() {
    return test<follows_a_pointer, int>("follows_a_pointer")
        .operation("get", &follows_a_pointer::get, [](int&) { return 0; })
        .operation("set", &follows_a_pointer::set, [](int&) {});
}

template <sync::memory_order hand_over>
auto nodes() {
    using structure = mcs_counter<hand_over>;
    return test<structure, int>("mcs_counter")
        .operation("add", &structure::add, [](int& n, int by) { return std::exchange(n, n + by); })
        .taking(between{1, 3});
}

template <bool by_hand>
auto table() {
    return test<squares<by_hand>, int>("squares").operation("of", &squares<by_hand>::of, [](int&, int n) { return n * n; }).taking(between{1, 2});
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
TEST(explored, a_pop_of_what_another_has_taken) {
    auto const r = stack<node_bug::looks_before>().run(programs(many));
    EXPECT_TRUE(found_as("crash", r));
    EXPECT_NE(r.text.find("  why     crash: SIGSEGV, a null pointer\n"), std::string::npos) << r.text;
    EXPECT_NE(r.text.find("  fails  "), std::string::npos) << r.text;
    EXPECT_NE(r.text.find("  after std_structures.hpp:"), std::string::npos) << r.text;
    run_options again;
    again.replay = r.token;
    EXPECT_EQ(stack<node_bug::looks_before>().run(again).text, r.text);
}
TEST(explored, flags_that_are_not_seen) {
    EXPECT_TRUE(found_as("data race", flags<sync::memory_order_release, sync::memory_order_acquire>().run(programs(many))));
}
TEST(explored, a_lock_that_hands_over_without_order) {
    EXPECT_TRUE(found_as("data race", nodes<sync::memory_order_relaxed>().run(programs(many))));
}
TEST(explored, a_table_made_by_hand) {
    EXPECT_TRUE(found_as("data race", table<true>().run(programs(many))));
}

// ---- right ----

TEST(explored, a_ring_passes) {
    auto const r = ring<publish::release>().run(programs(few));
    EXPECT_TRUE(accused_of_nothing(r));
    EXPECT_GT(r.exhausted, 0u);
    EXPECT_GT(r.executions, 1000u);
    EXPECT_EQ(r.undecided, 0u);
    EXPECT_TRUE(r.text.starts_with("pass  std_ring: ")) << r.text;
}
TEST(explored, a_ring_with_fences_passes) {
    EXPECT_TRUE(accused_of_nothing(ring<publish::by_fence>().run(programs(few))));
}
TEST(explored, a_counter_passes) {
    EXPECT_TRUE(accused_of_nothing(counter<false>().run(programs(few))));
}
TEST(explored, a_queue_passes) {
    EXPECT_TRUE(accused_of_nothing(queue<queue_bug::none>().run(programs(few))));
}
TEST(explored, a_pool_with_tags_passes) {
    EXPECT_TRUE(accused_of_nothing(pool<false>().run(programs(few))));
}
TEST(explored, a_stack_passes) {
    EXPECT_TRUE(accused_of_nothing(stack<node_bug::none>().run(programs(few))));
}
TEST(explored, flags_that_are_seen_pass) {
    EXPECT_TRUE(accused_of_nothing(flags<sync::memory_order_seq_cst, sync::memory_order_seq_cst>().run(programs(few))));
}
TEST(explored, a_door_passes) {
    EXPECT_TRUE(accused_of_nothing(door<true>().run(programs(few))));
}
TEST(explored, a_lock_of_thread_local_nodes_passes) {
    EXPECT_TRUE(accused_of_nothing(nodes<sync::memory_order_release>().run(programs(few))));
}
TEST(explored, a_table_that_is_static_passes) {
    EXPECT_TRUE(accused_of_nothing(table<false>().run(programs(few))));
}

// ---- programs ----

TEST(explored, from_wherever_it_begins) {
    for (std::uint64_t seed = 1; seed < 2000; seed += 199) {
        auto asked = programs(many);
        asked.seed = seed;
        EXPECT_TRUE(found_as("data race", ring<publish::relaxed>().run(asked))) << seed;
        EXPECT_TRUE(found_as("not linearizable", counter<true>().run(asked))) << seed;
        EXPECT_TRUE(found_as("not linearizable", queue<queue_bug::two_steps>().run(asked))) << seed;
        EXPECT_TRUE(found_as("lost wake-up", door<false>().run(asked))) << seed;
        EXPECT_TRUE(found_as("memory leak", stack<node_bug::leaks>().run(asked))) << seed;
        EXPECT_TRUE(found_as("crash", pointer().run(asked))) << seed;
    }
}

TEST(explored, a_failure_is_small_and_the_same_again) {
    auto const first = queue<queue_bug::two_steps>().run(programs(many));
    EXPECT_EQ(first.shrunk_to, 3u) << first.text;
    auto const second = queue<queue_bug::two_steps>().run(programs(many));
    EXPECT_EQ(first.text, second.text);
    run_options again;
    again.replay = first.token;
    EXPECT_EQ(queue<queue_bug::two_steps>().run(again).text, first.text);
    auto const repaired = queue<queue_bug::none>().run(again);
    EXPECT_TRUE(repaired) << repaired.text;
    EXPECT_NE(repaired.text.find("ends well"), std::string::npos) << repaired.text;
    auto const other = queue<queue_bug::none>().operation("clear", [](auto&) {}).run(again);
    EXPECT_FALSE(other);
    EXPECT_NE(other.text.find("is of another test"), std::string::npos) << other.text;
}

TEST(explored, three_threads_when_asked) {
    auto asked = programs(20);
    asked.threads = 3;
    auto const r = counter<true>().run(asked);
    EXPECT_TRUE(found_as("not linearizable", r));
    asked.threads = 8;
    EXPECT_FALSE(counter<false>().run(asked));
}

TEST(explored, so_many_executions_as_asked) {
    auto asked = programs(200);
    asked.executions = 10;
    auto const r = counter<false>().run(asked);
    EXPECT_TRUE(accused_of_nothing(r));
    EXPECT_LE(r.executions, r.seeds * 30);
    EXPECT_GT(r.programs, r.exhausted);
}

struct sized_ring {
    explicit sized_ring(std::size_t n) : capacity(n) {}
    bool push(int v) {
        auto const tail = tail_.load(sync::memory_order_relaxed);
        if (tail - head_.load(sync::memory_order_acquire) == capacity) {
            return false;
        }
        slots_[tail % capacity] = v;
        tail_.store(tail + 1, sync::memory_order_release);
        return true;
    }
    std::optional<int> pop() {
        auto const head = head_.load(sync::memory_order_relaxed);
        if (head == tail_.load(sync::memory_order_acquire)) {
            return std::nullopt;
        }
        int const v = slots_[head % capacity];
        head_.store(head + 1, sync::memory_order_release);
        return v;
    }
    std::size_t capacity;
    sync::plain<int> slots_[2];
    sync::atomic<std::size_t> head_{0}, tail_{0};
};

// queue_spec has a monitor and is exact: a try_pop that sees an old tail is no empty that it has heard of, as long as nobody told it.
TEST(explored, a_specification_and_sizes) {
    auto const declared = [](std::string const& producer) {
        return test<sized_ring, stress::queue_spec>("sized_ring")
            .operation("try_push", [](sized_ring& r, int v) { return r.push(v) ? status::success : status::full; })
            .only_by(producer)
            .operation("try_pop", &sized_ring::pop)
            .only_by("consumer")
            .sizes(1, 2)
            .made_by([](std::size_t n) { return sized_ring(n); },
                     [](std::size_t n) {
                         stress::queue_spec promise;
                         promise.capacity = n;
                         return promise;
                     })
            .finally("try_pop");
    };
    EXPECT_TRUE(accused_of_nothing(declared("producer").run(programs(many))));
    EXPECT_TRUE(found_as("data race", declared("").run(programs(many))));
}

struct thrower {
    int next(int v) {
        calls.fetch_add(1);
        return v == 2 ? throw std::runtime_error("no two") : v;
    }
    sync::atomic<int> calls{0};
};

TEST(explored, an_exception_that_the_model_does_not_throw) {
    auto const r = test<thrower, int>("thrower")
                       .operation("next", &thrower::next, [](int&, int v) { return v; })
                       .taking(between{1, 2})
                       .run(programs(many));
    EXPECT_TRUE(found_as("not linearizable", r));
    EXPECT_EQ(r.shrunk_to, 1u);
    EXPECT_NE(r.text.find("next(2) -> exception"), std::string::npos) << r.text;
    EXPECT_NE(r.text.find("  note    next threw: no two"), std::string::npos) << r.text;
}
TEST(explored, an_exception_that_the_model_throws_too) {
    auto const next = [](int&, int v) { return v == 2 ? throw std::runtime_error("no two") : v; };
    EXPECT_TRUE(accused_of_nothing(
        test<thrower, int>("thrower").operation("next", &thrower::next, next).taking(between{1, 2}).run(programs(few))));
}

// ---- what the explorer does not decide ----

struct counts_executions {
    int add(int n) {
        static int added = 0; // lasts longer than an execution
        value.store(++added);
        return value.fetch_add(n) * 0;
    }
    sync::atomic<int> value{0};
};

TEST(explored, a_static_variable) {
    auto const r = test<counts_executions, int>("counts_executions")
                       .operation("add", &counts_executions::add, [](int&, int) { return 0; })
                       .run(programs(few));
    EXPECT_FALSE(r);
    EXPECT_TRUE(r.text.starts_with("FAIL  counts_executions   nondeterminism")) << r.text;
}

TEST(explored, a_crash_is_a_failure_like_others) {
    auto const r = pointer().run(programs(few));
    EXPECT_TRUE(found_as("crash", r));
    EXPECT_EQ(r.shrunk_to, 2u) << r.text;
}

// ---- tests that are none ----

struct agrees_with_all {
    enum : std::uint32_t { add };
    static constexpr std::string_view operations[] = {"add"};

    stress::reply perform(std::uint32_t, stress::values const&) { return {}; }
    bool step(stress::call const&, bool) { return true; }
    std::size_t hash() const { return 0; }
    bool operator==(agrees_with_all const&) const = default;
};

TEST(explored, a_specification_that_accepts_everything) {
    auto const r =
        test<std_counter<true>, agrees_with_all>("std_counter").operation("add", &std_counter<true>::add).taking(between{1, 3}).run(programs(few));
    EXPECT_FALSE(r);
    EXPECT_NE(r.text.find("accepts everything"), std::string::npos) << r.text;
}
TEST(explored, an_operation_that_is_never_called) {
    auto const r = counter<false>().operation("add_more", &std_counter<false>::add, [](int& n, int by) { return std::exchange(n, n + by); }).run(programs(1));
    EXPECT_FALSE(r);
    EXPECT_NE(r.text.find("was never called"), std::string::npos) << r.text;
}
TEST(explored, no_execution) {
    run_options asked;
    asked.time = std::chrono::seconds(0);
    auto const r = counter<false>().run(asked);
    EXPECT_FALSE(r);
    EXPECT_NE(r.text.find("no execution was run"), std::string::npos) << r.text;
}

struct of_std {
    int add(int n) { return value.fetch_add(n); }
    std::atomic<int> value{0};
};

TEST(explored, a_structure_that_the_explorer_does_not_see) {
    auto const r = test<of_std, int>("of_std")
                       .operation("add", &of_std::add, [](int& n, int by) { return std::exchange(n, n + by); })
                       .run(programs(many));
    EXPECT_FALSE(r);
    EXPECT_NE(r.text.find("saw no step"), std::string::npos) << r.text;
}

// ---- options ----

int main_with(std::vector<char const*> arguments) {
    arguments.insert(arguments.begin(), "program");
    return counter<true>().main(static_cast<int>(arguments.size()), arguments.data());
}

TEST(explored_options, of_a_command_line) {
    EXPECT_EQ(main_with({"--rounds", "50", "--executions", "100", "--seed", "7"}), 1);
    EXPECT_EQ(main_with({"--help"}), 0);
    EXPECT_EQ(main_with({"--colour", "red"}), 2);
    EXPECT_EQ(main_with({"--threads", "8"}), 2);
    EXPECT_EQ(main_with({"--replay", "E-0000-0-1-a1"}), 2);
    EXPECT_EQ(main_with({"--replay", "S-0000-0-1"}), 2);
}
using explored_options_DeathTest = testing::Test;
TEST(explored_options_DeathTest, what_cannot_be_read) {
    for (auto const* const bad : {"--for", "--executions", "--replay"}) {
        EXPECT_EXIT(main_with({bad, "soon"}), testing::ExitedWithCode(2), "does not take 'soon'");
    }
}

} // namespace
} // namespace tandem::users
