// Scenarios of which all executions are looked at, and planted bugs that a search of all must find.

#include "../model/queue_scenarios.hpp"
#include "../model/scenario.hpp"
#include "../model/spsc_scenarios.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
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
TEST(exhaustive, finds_a_hazard_pointer_that_is_published_late) {
    auto const found = searched<stack_with_hazard_pointers<order::release>>();
    EXPECT_TRUE(found.violation);
    EXPECT_FALSE(found.exhaustive);
}

} // namespace
} // namespace tandem::model
