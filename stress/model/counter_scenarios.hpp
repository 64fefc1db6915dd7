#pragma once

// Races of a counter, written once for both halves.

#include "halves.hpp"
#include "scenario.hpp"

#include <array>
#include <cstdint>
#include <limits>

namespace tandem::model {

template <class Half>
struct add_vs_add : scenario_of<3> {
    void thread(unsigned t) override {
        if (t == 2) {
            auto const seen = counter_.load();
            require(seen >= 0 && seen <= 22, "a sum that never was");
            return;
        }
        counter_.add();
        before_[t] = counter_.fetch_add(10);
    }
    void after() override {
        require(counter_.load() == 22, "an update was lost");
        require(before_[0] != before_[1], "two changes found the same number");
    }

private:
    typename Half::counter counter_;
    std::array<std::int64_t, 2> before_{};
};

template <class Half>
struct add_vs_sub : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            counter_.add(5);
        } else {
            counter_.sub(3);
            counter_.sub();
        }
    }
    void after() override { require(counter_.load() == 1, "an update was lost"); }

private:
    typename Half::counter counter_;
};

// Whatever is added is taken out once, by one exchange or the other.
template <class Half>
struct exchange_vs_add : scenario_of<3> {
    void thread(unsigned t) override {
        if (t == 2) {
            counter_.add(1);
            counter_.add(10);
        } else {
            taken_[t] = counter_.exchange(0);
        }
    }
    void after() override { require(taken_[0] + taken_[1] + counter_.load() == 11, "counted twice or never"); }

private:
    typename Half::counter counter_;
    std::array<std::int64_t, 2> taken_{};
};

template <class Half>
struct wraps_around : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            counter_.add(2);
        } else {
            counter_.sub(1);
        }
    }
    void after() override {
        require(counter_.load() == std::numeric_limits<std::int64_t>::min(),
                "the number after the largest is the smallest");
        counter_.sub();
        require(counter_.load() == std::numeric_limits<std::int64_t>::max(), "and before it the largest");
    }

private:
    typename Half::counter counter_{std::numeric_limits<std::int64_t>::max()};
};

// The operations that change the number.
enum class change { add, sub, fetch_add, exchange };

// Takes a counter from one below n to n.
template <change by>
void make(auto& counter, std::int64_t n) {
    switch (by) {
    case change::add:
        counter.add(1);
        break;
    case change::sub:
        counter.sub(-1);
        break;
    case change::fetch_add:
        counter.fetch_add(1);
        break;
    case change::exchange:
        counter.exchange(n);
        break;
    }
}

// A lost wake-up leaves the waiter parked for ever: a deadlock. Each operation must wake.
template <class Half, change by>
struct wait_vs_change : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            require(counter_.wait_until([](std::int64_t v) { return v == 8; }) == 8,
                    "another number than was waited for");
        } else {
            make<by>(counter_, 8);
        }
    }

private:
    typename Half::counter counter_{7};
};

template <class Half>
struct two_waiters : scenario_of<3> {
    void thread(unsigned t) override {
        if (t == 2) {
            counter_.add();
            counter_.add();
        } else {
            auto const enough = static_cast<std::int64_t>(t) + 1;
            require(counter_.wait_until([=](std::int64_t v) { return v >= enough; }) >= enough, "woken too early");
        }
    }

private:
    typename Half::counter counter_;
};

// One waits for a first change, makes the second, and its partner waits for that.
template <class Half>
struct ping_pong : scenario_of<2> {
    void thread(unsigned t) override {
        for (int round = 0; round != 2; ++round) {
            auto const mine = static_cast<std::int64_t>(t);
            counter_.wait_until([=](std::int64_t v) { return v % 2 == mine; });
            turns_.write(turns_.read() + 1);
            counter_.add();
        }
    }
    void after() override { require(turns_.read() == 4, "a turn was lost"); }

private:
    typename Half::counter counter_;
    cell<int> turns_{0};
};

// What was written before a change is seen by whoever sees the change, however it looks.
enum class look { load, fetch_add, exchange, wait_until };

template <class Half, change by, look with>
struct change_publishes : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            data_.write(1);
            make<by>(counter_, 1);
        } else if (seen() == 1) {
            require(data_.read() == 1, "the change is seen, not what came before it");
        }
    }

private:
    std::int64_t seen() {
        switch (with) {
        case look::load:
            return counter_.load();
        case look::fetch_add:
            return counter_.fetch_add(0);
        case look::exchange:
            return counter_.exchange(2);
        default:
            return counter_.wait_until([](std::int64_t v) { return v == 1; });
        }
    }

    typename Half::counter counter_;
    cell<int> data_{0};
};

} // namespace tandem::model
