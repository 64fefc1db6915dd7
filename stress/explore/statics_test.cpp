// Variables that last longer than a call: thread_local ones, static ones of functions, and those of namespaces.
#include "../model/scenario.hpp"

#include <tandem/mutex.hpp>
#include <tandem/stress/explore/search.hpp>
#include <tandem/stress/explore/statics.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cctype>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <cxxabi.h>

namespace tandem::model {
namespace {

request const everything{.search = strategy::full, .executions = 1'000'000};

template <class Scenario>
testing::AssertionResult holds() {
    auto const found = explore<Scenario>(everything);
    return found.exhaustive ? testing::AssertionSuccess() : testing::AssertionFailure() << found.what << "\n" << found.history;
}
template <class Scenario>
testing::AssertionResult ends_with(std::string const& what) {
    auto const found = explore<Scenario>(everything);
    return found.what.starts_with(what) ? testing::AssertionSuccess() << found.history : testing::AssertionFailure() << found.what << "\n" << found.history;
}

// ---- thread_local ----

thread_local int seven = 7;
thread_local int zero;

struct own_values : scenario_of<2> {
    void before() override { change(1); }
    void thread(unsigned t) override {
        change(static_cast<int>(t) + 2);
        turn_.fetch_add(1, order::relaxed);
        require(seven == 7 + static_cast<int>(t) + 2 && zero == static_cast<int>(t) + 2, "another has changed it");
    }
    void after() override {
        require(seven == 8 && zero == 1, "another has changed it");
        require(at_[1] != at_[2] && at_[2] != at_[3] && at_[3] != at_[1], "two are at one address");
    }

private:
    void change(int by) {
        require(seven == 7 && zero == 0, "it does not begin with its initial value");
        seven += by;
        zero += by;
        at_[static_cast<std::size_t>(by)] = &seven;
    }

    atomic<int> turn_{0};
    std::array<int*, 4> at_{};
};
TEST(thread_locals, are_each_threads_own_and_begin_anew) {
    EXPECT_TRUE(holds<own_values>());
}

// A lock of Mellor-Crummey and Scott (1991), whose nodes are the threads'.
template <std::memory_order hand_over>
class mcs_lock {
    struct node {
        atomic<node*> next{nullptr};
        atomic<bool> waits{false};
    };
    static node& mine() {
        thread_local node one;
        return one;
    }

public:
    void lock() {
        auto& me = mine();
        me.next.store(nullptr, order::relaxed);
        me.waits.store(true, order::relaxed);
        if (auto* const before = tail_.exchange(&me, order::acq_rel)) {
            before->next.store(&me, order::release);
            while (me.waits.load(order::acquire)) {
                yield();
            }
        }
    }
    void unlock() {
        auto& me = mine();
        auto* expected = &me;
        if (tail_.compare_exchange_strong(expected, nullptr, order::release, order::relaxed)) {
            return;
        }
        for (;;) {
            if (auto* const next = me.next.load(order::acquire)) {
                return next->waits.store(false, hand_over);
            }
            yield();
        }
    }

private:
    atomic<node*> tail_{nullptr};
};
template <std::memory_order hand_over, int n>
struct locked_by_nodes : scenario_of<n> {
    void thread(unsigned) override {
        lock_.lock();
        data_.write(data_.read() + 1);
        lock_.unlock();
    }
    void after() override { require(data_.read() == n, "an update is lost"); }

private:
    mcs_lock<hand_over> lock_;
    cell<int> data_{0};
};
TEST(thread_locals, are_nodes_of_a_lock) {
    EXPECT_TRUE((holds<locked_by_nodes<order::release, 2>>()));
    EXPECT_TRUE((ends_with<locked_by_nodes<order::relaxed, 2>>("DATA RACE")));
}

// Destructors, in what order; and what they free.
struct noted_ends : scenario_of<2> {
    void thread(unsigned t) override {
        thread_local ends first(*this, 10 * t + 1);
        thread_local ends second(*this, 10 * t + 2);
        static_cast<void>(first), static_cast<void>(second);
    }
    void after() override {
        require(count_.load(order::relaxed) == 4, "not all are destroyed");
        auto const at = [&](unsigned n) { return std::ranges::find(order_, n) - order_.begin(); };
        require(at(2) < at(1) && at(12) < at(11), "the last comes first");
    }

private:
    struct ends {
        ends(noted_ends& where, unsigned n) : of(where), number(n) {}
        ~ends() { of.order_[of.count_.fetch_add(1, order::relaxed)] = number; }
        noted_ends& of;
        unsigned number;
        std::vector<int> memory{1, 2, 3};
    };
    atomic<unsigned> count_{0};
    std::array<unsigned, 4> order_{};
};
TEST(thread_locals, are_destroyed_at_the_end_of_their_thread) {
    EXPECT_TRUE(holds<noted_ends>());
}

// Destroying is a step as others are, and may race.
struct end_that_races : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            thread_local writes_at_end one(data_);
            static_cast<void>(one);
        } else {
            data_.write(2);
        }
    }

private:
    struct writes_at_end {
        explicit writes_at_end(cell<int>& where) : to(where) {}
        ~writes_at_end() { to.write(1); }
        cell<int>& to;
    };
    cell<int> data_{0};
};
struct seen_after_the_end : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            thread_local atomic<int> mine{1};
            at_.store(&mine, order::release);
        } else if (auto* const there = at_.load(order::acquire)) {
            there->load(order::relaxed);
        }
    }

private:
    atomic<atomic<int>*> at_{nullptr};
};
TEST(thread_locals, whose_destructor_races) {
    EXPECT_TRUE(ends_with<end_that_races>("DATA RACE"));
    EXPECT_FALSE(holds<seen_after_the_end>());
}

struct leaks : scenario_of<1> {
    void thread(unsigned) override {
        thread_local int* volatile kept = nullptr;
        kept = new int(1);
        turn_.store(*kept, order::relaxed);
    }

private:
    atomic<int> turn_{0};
};
TEST(thread_locals, that_nobody_frees) {
    EXPECT_TRUE(ends_with<leaks>("MEMORY LEAK"));
}

// Exceptions and errno are the thread's as well.
struct thrown_in_turns : scenario_of<2> {
    void before() override { begins_anew(); }
    void thread(unsigned t) override {
        begins_anew();
        errno = static_cast<int>(t) + 1;
        try {
            throw t;
        } catch (unsigned mine) {
            turn_.fetch_add(1, order::relaxed);
            require(mine == t && errno == static_cast<int>(t) + 1, "another's");
            try {
                throw;
            } catch (unsigned again) {
                turn_.fetch_add(1, order::relaxed);
                require(again == t, "another's");
            }
        }
    }

private:
    static void begins_anew() { require(errno == 0 && std::current_exception() == nullptr, "it does not begin anew"); }

    atomic<int> turn_{0};
};
struct fails_in_a_handler : scenario_of<1> {
    void thread(unsigned t) override {
        try {
            throw t;
        } catch (unsigned) {
            require(false, "in a handler");
        }
    }
};
TEST(thread_locals, exceptions_go_along) {
    EXPECT_TRUE(holds<thrown_in_turns>());
    EXPECT_TRUE(ends_with<fails_in_a_handler>("USER ASSERT FAILED: in a handler"));
    EXPECT_TRUE(holds<thrown_in_turns>());
}

// Where threads of the system do not come along.
using thread_locals_DeathTest = testing::Test;
TEST(thread_locals_DeathTest, are_there_in_a_child_process) {
    EXPECT_TRUE(holds<own_values>());
    request const some{.executions = 200, .first = 1};
    EXPECT_EXIT(std::_Exit(explore<locked_by_nodes<order::release, 5>>(some).violation || !holds<own_values>() ? 1 : 0), testing::ExitedWithCode(0), "");
}

// What the C library has made of its own stays.
struct asks_the_library : scenario_of<1> {
    void thread(unsigned) override { turn_.store(std::isalpha(turn_.load(order::relaxed)), order::relaxed); }
    void after() override { require(turn_.load(order::relaxed) != 0, "a is no letter"); }

private:
    atomic<int> turn_{'a'};
};
TEST(thread_locals, of_the_system_are_left_as_they_are) {
    EXPECT_TRUE(holds<asks_the_library>());
}

// ---- static variables of functions ----

// Made by whoever comes first, seen by all, and anew in each execution: data is no atomic, so it takes an edge to read it.
std::size_t made = 0;

struct made_by_the_first : scenario_of<3> {
    void before() override { made = 0; }
    void thread(unsigned t) override {
        require(use(t) != nullptr, "it is not initialised");
        require(use(t)->maker.read() == use(t)->maker.read(), "it has changed");
    }
    void after() override { require(made == 1, "not once"); }

private:
    struct resource {
        explicit resource(unsigned by) : maker(by) {
            ++made;
            turn.fetch_add(1, order::relaxed);
        }
        cell<unsigned> maker;
        atomic<int> turn{0};
        std::vector<int> memory{1, 2, 3};
    };
    static resource* use(unsigned t) {
        static resource one(t);
        return &one;
    }
};
TEST(statics, are_initialised_once_in_each_execution) {
    EXPECT_TRUE(holds<made_by_the_first>());
}

// All come to initialise it.
struct whoever_comes_first : scenario_of<2> {
    static inline std::array<std::size_t, 2> times{};

    void thread(unsigned t) override {
        static unsigned const first = t;
        turn_.store(static_cast<int>(first), order::relaxed);
        if (t == 0) {
            ++times[first];
        }
    }

private:
    atomic<int> turn_{0};
};
TEST(statics, are_initialised_by_any) {
    EXPECT_TRUE(holds<whoever_comes_first>());
    EXPECT_GT(whoever_comes_first::times[0], 0U);
    EXPECT_GT(whoever_comes_first::times[1], 0U);
}

// The same by hand, where the flag must carry what a static does.
template <std::memory_order publish>
struct initialised_by_hand : scenario_of<2> {
    void thread(unsigned) override {
        int is = 0;
        if (state_.compare_exchange_strong(is, 1, order::relaxed, order::relaxed)) {
            data_.write(1);
            state_.store(2, publish);
        }
        while (state_.load(order::acquire) != 2) {
            yield();
        }
        require(data_.read() == 1, "it is not initialised");
    }

private:
    atomic<int> state_{0};
    cell<int> data_{0};
};
struct initialised_by_compiler : scenario_of<2> {
    void thread(unsigned) override {
        static bool const done = [this] {
            data_.write(1);
            return true;
        }();
        require(done && data_.read() == 1, "it is not initialised");
    }

private:
    cell<int> data_{0};
};
TEST(statics, are_published) {
    EXPECT_TRUE(holds<initialised_by_compiler>());
    EXPECT_TRUE(holds<initialised_by_hand<order::release>>());
    EXPECT_TRUE(ends_with<initialised_by_hand<order::relaxed>>("DATA RACE"));
}

// Initialising is no step that others cannot see.
struct seen_half_way : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            static int const slow = (x_.store(1, order::relaxed), y_.store(1, order::relaxed), 1);
            static_cast<void>(slow);
        } else {
            require(y_.load(order::relaxed) == x_.load(order::relaxed), "half of it");
        }
    }

private:
    atomic<int> x_{0}, y_{0};
};
TEST(statics, are_initialised_while_others_run) {
    EXPECT_TRUE(ends_with<seen_half_way>("USER ASSERT FAILED: half of it"));
}

struct fails_at_first : scenario_of<2> {
    void thread(unsigned) override {
        for (bool again = true; again;) {
            try {
                static int const one = attempt();
                require(one == 2, "the second has not done it");
                again = false;
            } catch (std::runtime_error const&) {
                failures_.fetch_add(1, order::relaxed);
            }
        }
    }
    void after() override { require(attempts_ == 2 && failures_.load(order::relaxed) == 1, "not tried twice"); }

private:
    int attempt() { return ++attempts_ == 1 ? throw std::runtime_error("not yet") : attempts_; }

    int attempts_ = 0;
    atomic<int> failures_{0};
};
TEST(statics, whose_initialisation_fails_are_tried_again) {
    EXPECT_TRUE(holds<fails_at_first>());
}

struct needs_itself : scenario_of<1> {
    void thread(unsigned) override { turn_.store(use(3), order::relaxed); }

private:
    static int use(int n) {
        static int const one = n == 0 ? 1 : use(n - 1);
        return one;
    }
    atomic<int> turn_{0};
};
TEST(statics, that_need_themselves) {
    EXPECT_TRUE(ends_with<needs_itself>("RECURSION"));
}

// Each needs the other, as long as both are begun at once.
struct need_each_other : scenario_of<2> {
    void thread(unsigned t) override {
        t == 0 ? left(true) : right(true);
    }

private:
    static int left(bool both) {
        static int const one = both ? right(false) : 1;
        return one;
    }
    static int right(bool both) {
        static int const one = both ? left(false) : 1;
        return one;
    }
};
TEST(statics, that_wait_for_each_other) {
    EXPECT_TRUE(ends_with<need_each_other>("DEADLOCK"));
}

// At the end of the execution, the last first, when the threads and their variables are no more; what they free is no leak.
struct ends_in_order : scenario_of<2> {
    static inline int ended = 0;

    void before() override { ended = 0; }
    void thread(unsigned t) override {
        thread_local owner const mine(0, 1);
        static owner const first(4, 4), second(3, 3);
        turn_.fetch_add(first.memory.front() + second.memory.front() + mine.memory.front() + static_cast<int>(t), order::relaxed);
    }
    void after() override {
        thread_local owner const main(2, 2);
        turn_.store(main.memory.front(), order::relaxed);
    }

private:
    struct owner {
        owner(int least, int most) : from(least), to(most) {}
        ~owner() {
            require(from <= ended && ended <= to, "not in its turn");
            ++ended;
        }
        int from, to;
        std::vector<int> memory{1, 2, 3};
    };
    atomic<int> turn_{0};
};
TEST(statics, end_after_all_threads_the_last_first) {
    EXPECT_TRUE(holds<ends_in_order>());
    EXPECT_EQ(ends_in_order::ended, 5);
}

struct uses_what_has_ended : scenario_of<1> {
    void thread(unsigned) override {
        static user const late;
        static atomic<int> early{1};
        late.of = &early;
        turn_.store(1, order::relaxed);
    }

private:
    struct user {
        ~user() { of->load(order::relaxed); }
        mutable atomic<int>* of = nullptr;
    };
    atomic<int> turn_{0};
};
TEST(statics, that_use_what_has_ended) {
    EXPECT_TRUE(ends_with<uses_what_has_ended>("ACCESS TO FREED MEMORY"));
}

// Outside executions they are what they always are, for the code of executions too.
int times = 0;
int outside() {
    static int const one = ++times;
    return one;
}
struct finds_it_initialised : scenario_of<2> {
    void thread(unsigned) override { turn_.fetch_add(outside(), order::relaxed); }
    void after() override { require(turn_.load(order::relaxed) == 2, "initialised again"); }

private:
    atomic<int> turn_{0};
};
TEST(statics, of_outside_are_left_as_they_are) {
    EXPECT_EQ(outside(), 1);
    EXPECT_TRUE(holds<finds_it_initialised>());
    EXPECT_EQ(outside(), 1);
    EXPECT_EQ(times, 1);
}
int throws_at_first() {
    static int const one = ++times == 1 ? throw std::runtime_error("not yet") : times;
    return one;
}
TEST(statics, of_outside_that_fail_are_tried_again) {
    times = 0;
    EXPECT_THROW(throws_at_first(), std::runtime_error);
    EXPECT_EQ(throws_at_first(), 2);
    EXPECT_EQ(throws_at_first(), 2);
}
TEST(statics, of_outside_are_initialised_by_one_of_many_threads) {
    for (int round = 0; round != 100; ++round) {
        std::uint64_t guard = 0; // as compilers use it
        std::atomic<int> initialised = 0;
        std::vector<std::thread> all;
        for (int i = 0; i != 4; ++i) {
            all.emplace_back([&] {
                auto* const at = reinterpret_cast<abi::__guard*>(&guard);
                if (abi::__cxa_guard_acquire(at) != 0) {
                    ++initialised;
                    abi::__cxa_guard_release(at);
                }
                EXPECT_EQ(initialised, 1);
            });
        }
        for (auto& one : all) {
            one.join();
        }
    }
}

// ---- variables of namespaces ----

atomic<int> five{5};
mutex guards_six;
cell<int>* six = nullptr; // plain data is made in executions

struct counts_from_five : scenario_of<2> {
    void before() override { six = new cell<int>(6); }
    void thread(unsigned) override {
        five.fetch_add(1, order::relaxed);
        scoped_lock const held(guards_six);
        six->write(six->read() + 1);
    }
    void after() override {
        require(five.load(order::relaxed) == 7 && six->read() == 8, "it does not begin with its initial value");
        delete six;
    }
};
TEST(globals, begin_anew_in_each_execution) {
    EXPECT_TRUE(holds<counts_from_five>());
    EXPECT_TRUE(holds<counts_from_five>()); // and in others
}
TEST(globals, that_are_gone_are_forgotten) {
    {
        atomic<int> const brief{1};
    }
    EXPECT_TRUE(holds<counts_from_five>());
}
using globals_DeathTest = testing::Test;
TEST(globals_DeathTest, are_used_in_executions_only) {
    EXPECT_DEATH(five.store(1, order::relaxed), "is used outside executions");
    EXPECT_DEATH(cell<int>(1), "plain data is made there");
}

// What says which execution runs is one of them.
struct runs_another : scenario_of<1> {
    void thread(unsigned) override {
        explore::rules const held;
        explore::random_search any(1);
        explore::execution(held).run({.prepare = [] {}}, any);
    }
};
TEST(globals, are_of_one_execution_at_a_time) {
    EXPECT_TRUE(ends_with<runs_another>("USER ASSERT FAILED: an exception: executions of a process run one after the other"));
}

// ---- failures ----

struct wrong_by_name : scenario_of<2> {
    void thread(unsigned t) override {
        thread_local atomic<int> mine{0};
        static atomic<atomic<int>*> last{nullptr};
        auto* const before = last.exchange(&mine, order::acq_rel);
        require(t == 0 || before == nullptr, "it is the second");
    }
};

// As the source calls it; without symbols nothing is known.
TEST(failures, name_the_variable) {
    auto const one = explore<need_each_other>({.executions = 1000, .first = 1});
    EXPECT_NE(one.history.find("sleeps on guard of right::one"), std::string::npos) << one.history;
    EXPECT_NE(one.history.find("sleeps on guard of left::one"), std::string::npos) << one.history;
    EXPECT_EQ(explore::name_of_static(&one), "");
}

template <class Scenario>
class failure : public testing::Test {};
using wrong = testing::Types<wrong_by_name, need_each_other, needs_itself, end_that_races, seen_after_the_end, seen_half_way, locked_by_nodes<order::relaxed, 3>,
                             uses_what_has_ended, leaks>;
TYPED_TEST_SUITE(failure, wrong);

TYPED_TEST(failure, comes_again_and_is_small) {
    auto const one = explore<TypeParam>({.executions = 2000, .first = 1});
    ASSERT_TRUE(one.violation);
    ASSERT_FALSE(one.what.starts_with("NONDETERMINISM")) << one.history;
    EXPECT_LE(std::ranges::count(one.history, '\n'), 25) << one.history;
    for (int i = 0; i != 20; ++i) {
        auto const other = explore<TypeParam>({.again = one.again});
        ASSERT_TRUE(other.violation);
        ASSERT_EQ(other.what, one.what);
        ASSERT_EQ(other.history, one.history);
        ASSERT_EQ(other.again, one.again);
    }
}

} // namespace
} // namespace tandem::model
