// What becomes of a failure: its report, its token, and what is said when an execution depends on more than the choices.
#include "../history/golden.hpp"
#include "../model/planted_bugs.hpp"

#include <tandem/stress/explore/choices.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>

namespace tandem::model {
namespace {

template <class Scenario>
outcome found(std::uint64_t executions = 2000) {
    return explore<Scenario>({.executions = executions, .first = 1});
}
template <class Scenario>
outcome again(std::string const& token) {
    return explore<Scenario>({.again = token});
}

// The choices are part of it: they are the same whoever compiles this.
template <class Scenario>
void expect_golden(std::string const& name) {
    auto const one = found<Scenario>();
    stress::expect_golden(name, one.history + "  choices " + one.again.substr(one.again.find('-') + 1) + "\n");
}

TEST(report, of_a_race_names_the_edge_that_is_missing) {
    expect_golden<planted::relaxed_publish>("explored_race");
}
TEST(report, of_an_assertion_marks_the_old_message) {
    expect_golden<planted::stale_cas_failure>("explored_old_message");
}
TEST(report, of_a_deadlock_says_who_sleeps) {
    expect_golden<planted::lost_wake_up>("explored_deadlock");
}

TEST(missing_edge, a_relaxed_load) {
    auto const text = found<planted::relaxed_look>().history;
    EXPECT_NE(text.find("the load on"), text.npos) << text;
    EXPECT_NE(text.find("wrote, but is relaxed"), text.npos) << text;
}
TEST(missing_edge, a_relaxed_failure_of_an_exchange) {
    auto const text = found<planted::relaxed_cas_failure>().history;
    EXPECT_NE(text.find("the compare_exchange on"), text.npos) << text;
    EXPECT_NE(text.find("wrote, but is relaxed"), text.npos) << text;
}
TEST(missing_edge, none_when_nothing_was_read) {
    auto const text = found<planted::unlocked_access>().history;
    EXPECT_NE(text.find("nothing orders the two"), text.npos) << text;
}

// The flag is passed on by a thread that looks at it relaxed: the first of two readings is the one to blame.
struct passed_on : scenario_of<3> {
    void thread(unsigned t) override {
        if (t == 0) {
            data_.write(1);
            first_.store(1, order::release);
        } else if (t == 1) {
            if (first_.load(order::relaxed) == 1) {
                second_.store(1, order::release);
            }
        } else if (second_.load(order::acquire) == 1) {
            data_.read();
        }
    }

private:
    cell<int> data_{0};
    atomic<int> first_{0};
    atomic<int> second_{0};
};
TEST(missing_edge, on_a_way_through_another_thread) {
    auto const text = found<passed_on>().history;
    EXPECT_NE(text.find("DATA RACE"), text.npos) << text;
    auto const blamed = text.find("the load on");
    ASSERT_NE(blamed, text.npos) << text;
    EXPECT_EQ(text.find("more like that"), text.npos) << text;
    EXPECT_NE(text.find("load first_ -> 1 relaxed"), text.npos) << text;
}

// The same by fences, of which one is missing.
struct fence_is_missing : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            data_.write(1);
            fence(order::release);
            ready_.store(1, order::relaxed);
        } else if (ready_.load(order::relaxed) == 1) {
            data_.read();
        }
    }

private:
    static void fence(std::memory_order order) { world::engine().take({.what = world::operation::fence, .order = order}); }

    cell<int> data_{0};
    atomic<int> ready_{0};
};
TEST(missing_edge, a_fence_counts_as_a_release) {
    auto const text = found<fence_is_missing>().history;
    EXPECT_NE(text.find("wrote after a release fence, but is relaxed"), text.npos) << text;
}

template <class Scenario>
class token : public testing::Test {};
using bugs = testing::Types<planted::relaxed_publish, planted::stale_cas_failure, planted::lost_update, planted::off_by_one_lap, planted::use_after_free,
                            planted::double_free, planted::forgetful<int>, planted::race_on_destruction, planted::constructed_over,
                            planted::deadlock, planted::lost_wake_up, planted::wakes_one_of_two, planted::trusts_deadline, planted::livelock,
                            planted::callback_outlives_its_data>;
TYPED_TEST_SUITE(token, bugs);

TYPED_TEST(token, leads_to_the_same_execution_a_hundred_times) {
    auto const one = found<TypeParam>();
    ASSERT_TRUE(one.violation);
    for (int i = 0; i != 100; ++i) {
        auto const other = again<TypeParam>(one.again);
        ASSERT_TRUE(other.violation);
        ASSERT_EQ(other.what, one.what);
        ASSERT_EQ(other.history, one.history);
        ASSERT_EQ(other.again, one.again);
    }
}
TYPED_TEST(token, is_of_an_execution_that_is_easy_to_read) {
    auto const one = found<TypeParam>();
    EXPECT_LE(std::ranges::count(one.history, '\n'), 25) << one.history;
    auto const made = explore::choices_of(std::string_view(one.again).substr(one.again.find('-') + 1));
    ASSERT_TRUE(made);
    EXPECT_LE(std::ranges::count(made->made, explore::choice::kind::switching, [](auto const& c) { return c.where.what; }), 2) << one.history;
}

TEST(refused_token, of_other_sources) {
    auto other = found<planted::relaxed_publish>().again;
    other[0] = other[0] == '0' ? '1' : '0';
    try {
        again<planted::relaxed_publish>(other);
        FAIL() << "not refused";
    } catch (refused const& reason) {
        EXPECT_NE(std::string(reason.what()).find("fingerprint " + other.substr(0, 8)), std::string::npos) << reason.what();
    }
}
TEST(refused_token, of_nothing) {
    auto const right = found<planted::relaxed_publish>().again;
    for (auto const& wrong : {std::string("7"), right + "!", right.substr(0, right.find('-') + 1), right + "4", right.substr(0, 8) + ".g"}) {
        EXPECT_THROW(again<planted::relaxed_publish>(wrong), refused) << wrong;
    }
}

// A choice that is there in vain is not in the token.
TEST(token_of_choices, is_short) {
    EXPECT_LE(found<planted::lost_wake_up>().again.size(), 20);
}
TEST(token_of_choices, says_the_same) {
    explore::choices const all{{{{explore::choice::kind::switching, 2, 3999, 0}, 1}, {{explore::choice::kind::outcome, 7, 31, 32}, 100000}}, true};
    auto const back = explore::choices_of(to_text(all));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->made, all.made);
    EXPECT_TRUE(back->systematic);
}

// What goes on is decided by more than the choices.
struct counts_executions : scenario_of<2> {
    void thread(unsigned) override {
        static int calls = 0;
        if (++calls % 3 == 0) {
            word_.store(1, order::relaxed);
        } else {
            word_.load(order::relaxed);
        }
    }

private:
    atomic<int> word_{0};
};
struct looks_at_addresses : scenario_of<2> {
    void thread(unsigned) override {
        auto const at = std::bit_cast<std::uintptr_t>(&word_);
        word_.store(static_cast<std::uint32_t>((at >> 4) * 0x9e3779b9U), order::relaxed);
    }

private:
    atomic<std::uint32_t> word_{0};
};
// ... and fails, now and then: another violation is not what it is.
struct fails_by_itself : scenario_of<2> {
    void thread(unsigned) override {
        static int calls = 0;
        word_.load(order::relaxed);
        require(++calls != 100, "the hundredth call");
    }

private:
    atomic<int> word_{0};
};

template <class Scenario>
std::string nondeterminism() {
    auto const one = found<Scenario>();
    EXPECT_TRUE(one.violation);
    EXPECT_EQ(one.what, "NONDETERMINISM");
    return one.history;
}
TEST(nondeterminism, of_what_lasts_longer_than_an_execution) {
    auto const text = nondeterminism<counts_executions>();
    EXPECT_NE(text.find("failures_test.cpp:"), text.npos) << text;
    EXPECT_NE(text.find("load word_"), text.npos) << text;
    EXPECT_NE(text.find("store word_"), text.npos) << text;
}
TEST(nondeterminism, of_addresses) {
    auto const text = nondeterminism<looks_at_addresses>();
    EXPECT_NE(text.find("failures_test.cpp:"), text.npos) << text;
}
TEST(nondeterminism, of_failures) {
    auto const text = nondeterminism<fails_by_itself>();
    EXPECT_NE(text.find("the hundredth call"), text.npos) << text;
}

// Addresses that are only passed on are no difference.
struct passes_addresses_on : scenario_of<2> {
    void thread(unsigned t) override {
        auto* const other = where_.exchange(t == 0 ? &mine_ : nullptr, order::acq_rel);
        require(other == nullptr || other == &mine_, "from nowhere");
    }

private:
    int mine_ = 0;
    atomic<int*> where_{nullptr};
};
struct passes_tagged_addresses_on : scenario_of<2> {
    void thread(unsigned t) override { where_.fetch_add(std::bit_cast<std::uintptr_t>(&mine_) * (1 - t) + (std::uint64_t{t} << 48), order::relaxed); }

private:
    int mine_ = 0;
    atomic<std::uint64_t> where_{0};
};
TEST(nondeterminism, not_of_addresses_as_such) {
    EXPECT_FALSE(found<passes_addresses_on>().violation);
    EXPECT_FALSE(found<passes_tagged_addresses_on>().violation);
}

struct runs_nothing : scenario_of<2> {
    void thread(unsigned) override { ++calls_; }

private:
    int calls_ = 0;
};
struct one_runs_nothing : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            word_.store(1, order::relaxed);
        }
    }

private:
    atomic<int> word_{0};
};
TEST(runs_nothing, is_an_error) {
    EXPECT_EQ(found<runs_nothing>().what, "RUNS NOTHING");
    auto const one = found<one_runs_nothing>();
    EXPECT_EQ(one.what, "RUNS NOTHING");
    EXPECT_NE(one.history.find("t1 never takes a step"), one.history.npos) << one.history;
    EXPECT_FALSE(found<passes_addresses_on>().violation);
}
// Also when all executions are looked at.
TEST(runs_nothing, is_an_error_of_a_full_search) {
    auto const one = explore<one_runs_nothing>({.search = strategy::full, .executions = 1000});
    EXPECT_EQ(one.what, "RUNS NOTHING");
    EXPECT_FALSE(one.exhaustive);
}

// What a search of all executions finds is minimised and repeated too.
TEST(full_search, gives_a_token) {
    request const all{.search = strategy::full, .executions = 100'000};
    auto const one = explore<planted::lost_wake_up>(all);
    ASSERT_TRUE(one.violation);
    auto const other = again<planted::lost_wake_up>(one.again);
    EXPECT_EQ(other.history, one.history);
    auto const odd = explore<counts_executions>(all);
    EXPECT_EQ(odd.what, "NONDETERMINISM") << odd.history;
}

} // namespace
} // namespace tandem::model
