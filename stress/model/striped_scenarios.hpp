#pragma once

// Races of a striped counter, written once for both halves, and for planted bugs (planted_striped_bugs.hpp).
//
// Memory may be refused in any of them, and the additions then go elsewhere.

#include "halves.hpp"
#include "scenario.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

namespace tandem::model {

// With what the lock-free half keeps for the process.
template <int n>
struct striped_scenario : scenario_of<n> {
private:
    world::process<lockfree::stripes> const process_;
};

template <class Half>
struct sum_vs_add : striped_scenario<3> {
    void thread(unsigned t) override {
        if (t != 2) {
            counter_.add(t == 0 ? 1 : 10);
            counter_.add(t == 0 ? 2 : 20);
            return;
        }
        auto const first = counter_.sum();
        auto const second = counter_.sum();
        require(first >= 0 && first % 10 <= 3 && first / 10 <= 3, "a sum of no additions that began");
        require(second >= first, "a sum went back though nothing was taken away");
    }
    void after() override { require(counter_.sum() == 33, "an addition was lost"); }

private:
    typename Half::striped_counter counter_;
};

template <class Half>
struct add_vs_sub_striped : striped_scenario<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            counter_.add(std::numeric_limits<std::int64_t>::max());
        } else {
            counter_.sub(5);
            counter_.sub(-6);
        }
    }
    void after() override {
        require(counter_.sum() == std::numeric_limits<std::int64_t>::min(), "it wraps around, and counts what all added");
    }

private:
    typename Half::striped_counter counter_;
};

// Whoever has a sum that counts an addition sees what was done before the addition.
template <class Half>
struct add_publishes : striped_scenario<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            data_.write(1);
            counter_.add();
        } else if (counter_.sum() == 1) {
            require(data_.read() == 1, "the addition is counted, not what came before it");
        }
    }

private:
    typename Half::striped_counter counter_;
    cell<int> data_{0};
};

// The same of an addition to a number that was already there.
template <class Half>
struct second_add_publishes : striped_scenario<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            counter_.add(1);
            data_.write(1);
            counter_.add(10);
        } else if (counter_.sum() == 11) {
            require(data_.read() == 1, "the addition is counted, not what came before it");
        }
    }

private:
    typename Half::striped_counter counter_;
    cell<int> data_{0};
};

// Along a chain: an addition that another thread was told of is counted.
template <class Half>
struct add_told_then_sum : striped_scenario<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            counter_.add(7);
            told_.store(1, order::release);
        } else if (told_.load(order::acquire) == 1) {
            require(counter_.sum() == 7, "an addition that had returned is not counted");
        }
    }

private:
    typename Half::striped_counter counter_;
    atomic<int> told_{0};
};

// Another drain, or a sum, never knows less than the drain whose taking it has seen.
template <class Half>
struct drain_vs_add : striped_scenario<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            counter_.add(1);
            counter_.add(2);
        } else {
            auto const first = counter_.drain();
            auto const second = counter_.drain();
            require(first >= 0 && second >= 0, "more was taken than was there");
            taken_ = first + second;
        }
    }
    void after() override {
        auto const left = counter_.sum();
        require(left >= 0 && taken_ + left == 3, "counted twice or never");
        require(counter_.drain() == left && counter_.sum() == 0, "a drain takes what a sum counts");
    }

private:
    typename Half::striped_counter counter_;
    std::int64_t taken_ = 0;
};

template <class Half>
struct drain_vs_drain : striped_scenario<3> {
    void thread(unsigned t) override {
        if (t == 2) {
            counter_.add(1);
            counter_.add(10);
        } else {
            taken_[t] = counter_.drain();
            require(taken_[t] >= 0, "more was taken than was there");
        }
    }
    void after() override { require(taken_[0] + taken_[1] + counter_.sum() == 11, "counted twice or never"); }

private:
    typename Half::striped_counter counter_;
    std::array<std::int64_t, 2> taken_{};
};

template <class Half>
struct sum_vs_drain : striped_scenario<3> {
    void thread(unsigned t) override {
        if (t == 0) {
            counter_.add(1);
        } else if (t == 1) {
            taken_ = counter_.drain();
            counter_.add(10);
        } else {
            auto const seen = counter_.sum();
            require(seen >= 0 && seen <= 11, "a sum of no additions that began");
        }
    }
    void after() override { require(taken_ + counter_.sum() == 11, "counted twice or never"); }

private:
    typename Half::striped_counter counter_;
    std::int64_t taken_ = 0;
};

// A thread ends, and others go on with what it leaves.
template <class Half>
struct exit_vs_first_add : striped_scenario<3> {
    void thread(unsigned t) override {
        auto const n = t == 0 ? 1 : t == 1 ? 10 : 100;
        counter_.add(n);
        world::end_thread();
        world::begin_thread();
        counter_.add(2 * n);
    }
    void after() override { require(counter_.sum() == 333, "an addition was lost with its thread, or counted twice"); }

private:
    typename Half::striped_counter counter_;
};

// What is added in the last destructors of a thread, while another takes over its numbers.
template <class Half>
struct exit_then_add : striped_scenario<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            counter_.add(1);
            data_.write(1);
            world::end_thread();
            counter_.add(2);
        } else {
            if (counter_.sum() == 3) {
                require(data_.read() == 1, "the addition is counted, not what came before it");
            }
            counter_.add(10);
            counter_.add(20);
        }
    }
    void after() override { require(counter_.sum() == 33, "an addition was lost with its thread, or counted twice"); }

private:
    typename Half::striped_counter counter_;
    cell<int> data_{0};
};

// A counter ends and another begins at its place, while others add to one that stays.
template <class Half>
struct reuse_vs_add : striped_scenario<2> {
    void thread(unsigned t) override {
        stays_.add(t == 0 ? 1 : 10);
        if (t == 0) {
            for (std::int64_t n = 1; n != 3; ++n) {
                typename Half::striped_counter passing;
                require(passing.sum() == 0, "a new counter counts what was another's");
                passing.add(n);
                require(passing.sum() == n, "a new counter counts what was another's");
            }
        } else {
            typename Half::striped_counter passing;
            passing.sub(5);
            require(passing.drain() == -5 && passing.sum() == 0, "a new counter counts what was another's");
        }
    }
    void after() override {
        typename Half::striped_counter fresh;
        require(fresh.sum() == 0, "a new counter counts what was another's");
        require(stays_.sum() == 11, "an addition was lost");
    }

private:
    typename Half::striped_counter stays_;
};

// The second and third counter stand beyond the first piece of a row where a piece holds one.
template <class Half>
struct growth_vs_sum : striped_scenario<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            last_.add(1);
            second_.add(2);
            last_.add(4);
        } else {
            auto const seen = last_.sum();
            require((seen & ~5) == 0, "a sum of no additions that began");
            first_.add(8);
            last_.add(16);
            taken_ = last_.drain();
        }
    }
    void after() override {
        require(first_.sum() == 8 && second_.sum() == 2, "an addition went to another counter");
        require(taken_ + last_.sum() == 21, "an addition was lost");
    }

private:
    static_assert(lockfree::stripes::in_first_piece < 3, "last_ must stand beyond the first piece");
    typename Half::striped_counter first_, second_, third_, last_;
    std::int64_t taken_ = 0;
};

} // namespace tandem::model
