// What would end the process ends an execution, and is a failure like others; what the explorer does itself is not swallowed.
#undef NDEBUG

#include "../history/golden.hpp"
#include "../model/planted_bugs.hpp"
#include "scenario_stage.hpp"

#include <tandem/stress/explore/choices.hpp>
#include <tandem/stress/explore/faults.hpp>
#include <tandem/stress/explore/search.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>

#include <sys/mman.h>
#include <unistd.h>

namespace tandem::model {
namespace {

// The compiler is not to see what comes of it.
template <class T>
[[gnu::noinline]] T hidden(T v) {
    __asm__ volatile("" : "+r"(v) : : "memory");
    return v;
}

struct node {
    int value = 0;
    node* next = nullptr;
    atomic<int> count{1};
};

// t0 changes a word while t1 looks at it twice.
struct looks_twice : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            word_.store(0, order::release);
        } else if (word_.load(order::acquire) != 0) {
            looked_again(word_.load(order::acquire));
        }
    }
    virtual void looked_again(int now) = 0;

private:
    atomic<int> word_{2};
};

struct follows_null : scenario_of<2> {
    static constexpr char const* what = "CRASH: SIGSEGV, a null pointer";
    void thread(unsigned t) override {
        if (t == 0) {
            top_.store(nullptr, order::release);
        } else if (top_.load(order::acquire) != nullptr) {
            require(top_.load(order::acquire)->value == 0, "another value");
        }
    }

private:
    node only_;
    atomic<node*> top_{&only_};
};
struct atomic_of_null : scenario_of<2> {
    static constexpr char const* what = "CRASH: SIGSEGV, a null pointer";
    void thread(unsigned t) override {
        if (t == 0) {
            top_.store(nullptr, order::release);
        } else if (top_.load(order::acquire) != nullptr) {
            top_.load(order::acquire)->count.fetch_add(1, order::relaxed);
        }
    }

private:
    node only_;
    atomic<node*> top_{&only_};
};
struct follows_freed : scenario_of<2> {
    static constexpr char const* what = "CRASH: SIGSEGV, an address out of freed memory";
    void thread(unsigned t) override {
        if (t == 0) {
            delete top_.exchange(nullptr, order::acq_rel);
        } else if (auto* const seen = top_.load(order::acquire)) {
            count_.store(1, order::relaxed);
            require(seen->next->value == 0, "another value");
        }
    }

private:
    struct plain_node {
        node* next;
    };
    node last_;
    atomic<plain_node*> top_{new plain_node{&last_}};
    atomic<int> count_{0};
};
struct follows_fresh : scenario_of<2> {
    static constexpr char const* what = "CRASH: SIGSEGV, an address out of uninitialized memory";
    void thread(unsigned t) override {
        if (t == 0) {
            auto* const made = static_cast<node**>(::operator new(sizeof(node*)));
            top_.store(made, order::release);
            written_.store(1, order::relaxed);
            *made = &last_;
        } else if (auto* const seen = top_.load(order::acquire)) {
            require((*seen)->value == 0, "another value");
        }
    }
    void after() override { ::operator delete(top_.load(order::relaxed)); }

private:
    node last_;
    atomic<node**> top_{nullptr};
    atomic<int> written_{0};
};
struct wild_address : looks_twice {
    static constexpr char const* what = "CRASH: SIGSEGV, a wild address";
    void looked_again(int now) override {
        if (now == 0) {
            *hidden(reinterpret_cast<int*>(std::uintptr_t{1} << 46)) = 1;
        }
    }
};
struct writes_constant : looks_twice {
    static constexpr char const* what = "CRASH: SIGSEGV, memory that may not be used so";
    void looked_again(int now) override {
        static constexpr int constant = 1;
        if (now == 0) {
            *const_cast<int*>(hidden(&constant)) = 2;
        }
    }
};
struct beyond_file : looks_twice {
    static constexpr char const* what = "CRASH: SIGBUS";
    void looked_again(int now) override {
        static void* const of_no_file = ::mmap(nullptr, 1, PROT_READ, MAP_SHARED, ::memfd_create("empty", 0), 0);
        require(now != 0 || *static_cast<int*>(of_no_file) == 0, "not nothing");
    }
};
struct divides : looks_twice {
    static constexpr char const* what = "CRASH: SIGFPE, a division by zero, or one that overflows";
    void looked_again(int now) override { require(hidden(100) / hidden(now) != 0, "too little"); }
};
struct traps : looks_twice {
    static constexpr char const* what = "CRASH: SIGILL, a trap, or what is no instruction";
    void looked_again(int now) override {
        if (now == 0) {
            __builtin_trap();
        }
    }
};
struct aborts : looks_twice {
    static constexpr char const* what = "ABORTED";
    void looked_again(int now) override {
        if (now == 0) {
            std::abort();
        }
    }
};
struct asserts : looks_twice {
    static constexpr char const* what = "ASSERTION FAILED: now != 0, at faults_test.cpp:";
    void looked_again(int now) override { assert(now != 0); }
};
struct throws : looks_twice {
    static constexpr char const* what = "TERMINATED: an exception: there is none";
    void looked_again(int now) noexcept override {
        if (now == 0) {
            complain();
        }
    }
    static void complain() { throw std::runtime_error("there is none"); }
};
struct terminates : looks_twice {
    static constexpr char const* what = "TERMINATED";
    void looked_again(int now) override {
        if (now == 0) {
            std::terminate();
        }
    }
};
struct goes_deep : looks_twice {
    static constexpr char const* what = "STACK OVERFLOW";
    void looked_again(int now) override { require(deep(now == 0 ? -1 : 3) != 0, "nothing"); }
    [[gnu::noinline]] static int deep(int levels) {
        std::array<int, 64> own{};
        auto* const at = hidden(own.data());
        *at = levels == 0 ? 1 : deep(levels - 1);
        return *at;
    }
};
// It is the explorer that would need more than there is.
struct steps_deep : scenario_of<2> {
    static constexpr char const* what = "STACK OVERFLOW";
    void thread(unsigned t) override {
        if (t == 0) {
            word_.store(0, order::relaxed);
        } else {
            require(deep(1) != 0, "nothing");
        }
    }

private:
    [[gnu::noinline]] int deep(int level) {
        std::array<int, 512> own{};
        auto* const at = hidden(own.data());
        *at = level > 2 && word_.load(order::relaxed) != 0 ? 1 : deep(level + 1);
        return *at;
    }
    atomic<int> word_{1};
};

template <class Scenario>
outcome found() {
    return explore<Scenario>({.executions = 2000, .first = 1});
}

std::string choices_in(std::string const& token) {
    return token.substr(token.find('-') + 1);
}

template <class Scenario>
class crash : public testing::Test {};
using kinds = testing::Types<follows_null, atomic_of_null, follows_freed, follows_fresh, wild_address, writes_constant, beyond_file, divides, traps,
                             aborts, asserts, throws, terminates, goes_deep, steps_deep>;
TYPED_TEST_SUITE(crash, kinds);

TYPED_TEST(crash, is_made_easy_to_read) {
    auto const one = found<TypeParam>();
    EXPECT_TRUE(one.what.starts_with(TypeParam::what)) << one.what;
    EXPECT_TRUE(one.history.starts_with(one.what + ", after faults_test.cpp:")) << one.history;
    EXPECT_LE(std::ranges::count(one.history, '\n'), 25) << one.history;
    auto const made = explore::choices_of(choices_in(one.again));
    ASSERT_TRUE(made) << one.again;
    EXPECT_LE(made->made.size(), 1u) << one.history;
}
TYPED_TEST(crash, comes_again_a_hundred_times) {
    auto const one = found<TypeParam>();
    for (int i = 0; i != 100; ++i) {
        auto const other = explore<TypeParam>({.again = one.again});
        ASSERT_EQ(other.what, one.what);
        ASSERT_EQ(other.history, one.history);
        ASSERT_EQ(other.again, one.again);
    }
}
TYPED_TEST(crash, is_found_from_every_seed) {
    for (std::uint64_t seed = 1; seed != 21; ++seed) {
        auto const one = explore<TypeParam>({.executions = 2000, .first = (seed << 32) + 1, .minimise = false});
        EXPECT_TRUE(one.what.starts_with(TypeParam::what)) << seed;
    }
}
TYPED_TEST(crash, is_found_by_a_full_search) {
    auto const one = explore<TypeParam>({.search = strategy::full, .executions = 10'000});
    EXPECT_TRUE(one.what.starts_with(TypeParam::what)) << one.what;
}
// What comes after it is not hurt by it.
TYPED_TEST(crash, leaves_other_executions_alone) {
    scenario_stage on(made_of_scenario<TypeParam>);
    explore::faults const end_executions;
    auto const crashes = [&](std::uint64_t number) {
        explore::random_search choose(number);
        if (on.run(choose) != explore::execution::end::failed) {
            return false;
        }
        EXPECT_TRUE(on.run().failed().what.starts_with(TypeParam::what)) << on.run().failed().what;
        return true;
    };
    std::array<bool, 2000> first{};
    for (std::size_t n = 0; n != first.size(); ++n) {
        first[n] = crashes(n);
    }
    auto const all = std::ranges::count(first, true);
    EXPECT_GT(all, 20);
    EXPECT_LT(all, 1980);
    for (std::size_t n = 0; n != first.size(); ++n) {
        ASSERT_EQ(crashes(n), first[n]) << n;
    }
}

// The choices are part of it: they are the same whoever compiles this.
template <class Scenario>
void expect_golden(std::string const& name) {
    auto const one = found<Scenario>();
    stress::expect_golden(name, one.history + "  choices " + choices_in(one.again) + "\n");
}
TEST(report, of_a_null_pointer_marks_the_old_message) {
    expect_golden<follows_null>("explored_null_pointer");
}
TEST(report, of_an_address_out_of_freed_memory_says_who_freed_it) {
    expect_golden<follows_freed>("explored_freed_address");
}
TEST(report, of_an_assertion_says_which) {
    expect_golden<asserts>("explored_assertion");
}
TEST(report, of_an_exception_that_nobody_catches_says_what_it_says) {
    expect_golden<throws>("explored_exception");
}
TEST(report, of_a_stack_that_is_too_small) {
    expect_golden<goes_deep>("explored_stack_overflow");
}

// In every execution, and in a thread that has taken no step.
struct always_aborts : scenario_of<1> {
    void thread(unsigned) override { std::abort(); }
};
TEST(faults, a_thousand_aborts) {
    scenario_stage on(made_of_scenario<always_aborts>);
    explore::faults const end_executions;
    for (int i = 0; i != 1000; ++i) {
        explore::random_search choose(1);
        ASSERT_EQ(on.run(choose), explore::execution::end::failed);
        ASSERT_EQ(on.run().failed().what, "ABORTED");
        ASSERT_EQ(on.run().failed().site.line(), 0u);
    }
}
struct aborts_before : scenario_of<1> {
    void before() override { std::abort(); }
    void thread(unsigned) override { word_.load(order::relaxed); }

private:
    atomic<int> word_{0};
};
struct aborts_after : scenario_of<1> {
    void thread(unsigned) override { word_.load(order::relaxed); }
    void after() override { std::abort(); }

private:
    atomic<int> word_{0};
};
TEST(faults, alone) {
    EXPECT_EQ(found<aborts_before>().what, "ABORTED");
    EXPECT_EQ(found<aborts_after>().what, "ABORTED");
}

// Only while a search lasts.
void others(int) {}
TEST(faults, leave_no_trace) {
    auto const before = std::signal(SIGSEGV, others);
    auto const terminate = std::get_terminate();
    stack_t stack{}, stack_now{};
    ::sigaltstack(nullptr, &stack);
    {
        explore::faults const one;
        {
            explore::faults const another;
        }
        EXPECT_EQ(found<follows_null>().what, follows_null::what);
        EXPECT_NE(std::get_terminate(), terminate);
        scenario_stage on(made_of_scenario<aborts>);
        explore::exhaustive_search choose;
        while (on.run(choose) != explore::execution::end::failed && choose.another()) {
        }
        EXPECT_EQ(on.run().failed().what, "ABORTED");
    }
    EXPECT_EQ(std::get_terminate(), terminate);
    ::sigaltstack(nullptr, &stack_now);
    EXPECT_EQ(stack_now.ss_sp, stack.ss_sp);
    EXPECT_EQ(stack_now.ss_flags, stack.ss_flags);
    EXPECT_EQ(std::signal(SIGSEGV, before), others);
}

// In the explorer's own time.
template <class Does>
class chooser_that : public explore::chooser {
public:
    explicit chooser_that(Does does) : does_(does) {}
    std::size_t thread(std::span<explore::step const>) override { return does_(), 0; }
    std::size_t outcome(std::size_t) override { return 0; }

private:
    Does does_;
};
template <class Does>
void run_with(Does does) {
    scenario_stage on(made_of_scenario<aborts>);
    explore::faults const end_executions;
    chooser_that choose(does);
    on.run(choose);
    ::_exit(0);
}
using faults_DeathTest = testing::Test;
TEST(faults_DeathTest, of_the_explorer_end_the_process) {
    EXPECT_EXIT(run_with([] { *hidden(static_cast<int*>(nullptr)) = 1; }), testing::KilledBySignal(SIGSEGV), "");
    EXPECT_EXIT(run_with([] { std::abort(); }), testing::KilledBySignal(SIGABRT), "");
    EXPECT_EXIT(run_with([]() noexcept { throws::complain(); }), testing::KilledBySignal(SIGABRT), "terminate called");
    EXPECT_EXIT(run_with([] { assert(hidden(0) != 0); }), testing::KilledBySignal(SIGABRT), "Assertion `hidden.0. != 0' failed");
    EXPECT_EXIT(run_with([] { ::_exit(3); }), testing::ExitedWithCode(3), "");
}
void ends_with_7(int) {
    ::_exit(7);
}
TEST(faults_DeathTest, of_the_explorer_reach_who_waits_for_them) {
    auto const waiting = [] {
        std::signal(SIGSEGV, ends_with_7);
        run_with([] { *hidden(static_cast<int*>(nullptr)) = 1; });
    };
    EXPECT_EXIT(waiting(), testing::ExitedWithCode(7), "");
}
struct is_sent_a_signal : scenario_of<1> {
    void thread(unsigned) override { ::kill(::getpid(), SIGSEGV); }
};
TEST(faults_DeathTest, that_are_sent_end_the_process) {
    EXPECT_EXIT(found<is_sent_a_signal>(), testing::KilledBySignal(SIGSEGV), "");
}
TEST(faults_DeathTest, without_a_search_end_the_process) {
    EXPECT_DEATH(assert(hidden(0) != 0), "faults_test.cpp:[0-9]+: .*: Assertion `hidden.0. != 0' failed");
}

} // namespace
} // namespace tandem::model
