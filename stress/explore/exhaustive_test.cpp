// Scenarios of which all executions are looked at, and planted bugs that a search of all must find.

#include "../model/map_scenarios.hpp"
#include "../model/queue_scenarios.hpp"
#include "../model/scenario.hpp"
#include "../model/spsc_scenarios.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

namespace tandem::model {
namespace {

request const all{.search = strategy::full, .executions = 5'000'000};

// Two push, two pop.
template <class Half>
struct two_and_two : recorded_queue<Half, 4> {
    two_and_two() : recorded_queue<Half, 4>(2) {}
    void thread(unsigned t) override {
        if (t < 2) {
            this->push(static_cast<int>(t) + 1);
        } else {
            this->pop();
        }
    }
};

// A stack of Treiber's (1986) with a hazard pointer for each thread (Michael, 2004): each pushes, and pops.
template <std::memory_order publish>
struct stack_with_hazard_pointers : scenario_of<2> {
    ~stack_with_hazard_pointers() override {
        for (auto& mine : kept_) {
            for (auto* const one : mine) {
                delete one;
            }
        }
        for (auto* one = head_.load(order::relaxed); one != nullptr;) {
            delete std::exchange(one, one->next.read());
        }
    }
    void thread(unsigned t) override {
        push(static_cast<int>(t) + 1);
        require(pop(t) != 0, "two have pushed, and one popped");
    }

private:
    struct node {
        cell<int> value;
        cell<node*> next;
    };

    void push(int v) {
        auto* const made = new node{cell<int>(v), cell<node*>(nullptr)};
        auto* seen = head_.load(order::relaxed);
        do {
            made->next.write(seen);
        } while (!head_.compare_exchange_strong(seen, made, order::release, order::relaxed));
    }
    int pop(unsigned t) {
        for (;;) {
            auto* const seen = head_.load(order::relaxed);
            if (seen == nullptr) {
                return 0;
            }
            hazards_[t].store(seen, publish);
            auto* still = head_.load(order::seq_cst);
            if (still == seen && head_.compare_exchange_strong(still, seen->next.read(), order::seq_cst, order::relaxed)) {
                hazards_[t].store(nullptr, order::release);
                auto const value = seen->value.read();
                retire(t, seen);
                return value;
            }
        }
    }
    void retire(unsigned t, node* what) {
        if (hazards_[1 - t].load(order::seq_cst) == what) {
            kept_[t].push_back(what);
        } else {
            delete what;
        }
    }

    atomic<node*> head_{nullptr};
    std::array<atomic<node*>, 2> hazards_{nullptr, nullptr};
    std::array<std::vector<node*>, 2> kept_;
};

// Room for one, and nothing that orders who looks at it after who fills it: it may answer that it is empty when a push has long returned.
struct looks_at_what_is_old {
    static constexpr answers queue_answers = answers::exact;
    static constexpr timing queue_order = timing::real;
    template <class T>
    struct bounded_queue {
        explicit bounded_queue(std::size_t) {}
        status try_push(T v) {
            word.store(v, order::release);
            return status::success;
        }
        result<T> try_pop() {
            auto const seen = word.load(order::acquire);
            return seen == 0 ? result<T>(status::empty) : result<T>(word.exchange(0, order::relaxed));
        }
        std::size_t capacity() const { return 1; }

        atomic<T> word{0};
    };
};
struct one_pushes_one_pops : recorded_queue<looks_at_what_is_old, 2> {
    one_pushes_one_pops() : recorded_queue<looks_at_what_is_old, 2>(1) {}
    void thread(unsigned t) override {
        if (t == 0) {
            push(1);
        } else {
            pop();
        }
    }
};

template <class Scenario>
outcome searched() {
    auto const found = explore<Scenario>(all);
    testing::Test::RecordProperty("executions", std::to_string(*executions_begun));
    return found;
}

TEST(exhaustive, spsc_queue_of_three_each) {
    auto const found = searched<spsc_three_each>();
    EXPECT_FALSE(found.violation) << found.history;
    EXPECT_TRUE(found.exhaustive);
}
TEST(exhaustive, bounded_queue_of_two_and_two) {
    auto const found = searched<two_and_two<lockfree_half>>();
    EXPECT_FALSE(found.violation) << found.history;
    EXPECT_TRUE(found.exhaustive);
}
TEST(exhaustive, stack_with_hazard_pointers) {
    auto const found = searched<stack_with_hazard_pointers<order::seq_cst>>();
    EXPECT_FALSE(found.violation) << found.history;
    EXPECT_TRUE(found.exhaustive);
}
// Of what comes for no reason, nothing: with one refusal of memory an execution there are more than two million.
TEST(exhaustive, a_map_closes_an_entry_beside_a_search) {
    using nodes = lockfree_map_in_nodes<lockfree::map<int, int, std::hash<int>, own_equal>>;
    auto const found = explore<closing_vs_key<nodes, beside::find>>({.search = strategy::bounded, .executions = 1'000'000});
    EXPECT_FALSE(found.violation) << found.history;
    EXPECT_TRUE(found.exhaustive);
}
TEST(exhaustive, finds_an_answer_that_was_true_before_the_call) {
    auto const found = searched<one_pushes_one_pops>();
    EXPECT_TRUE(found.violation);
    EXPECT_EQ(found.what.find("USER ASSERT FAILED: no order of these calls"), 0U) << found.what;
}
TEST(exhaustive, finds_a_hazard_pointer_that_is_published_late) {
    auto const found = searched<stack_with_hazard_pointers<order::release>>();
    EXPECT_TRUE(found.violation);
    EXPECT_FALSE(found.exhaustive);
}

} // namespace
} // namespace tandem::model
