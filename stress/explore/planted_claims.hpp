#pragma once

// What claims more progress than it makes, and the same with the claim that is right.

#include "calls.hpp"

#include <cstdint>
#include <string_view>

namespace tandem::model::planted {

// A counter that tries again when another was faster.
class retried {
public:
    // add   lock-free.
    void add() {
        auto seen = value_.load(order::relaxed);
        while (!value_.compare_exchange_strong(seen, seen + 1, order::relaxed, order::relaxed)) {
        }
    }

private:
    atomic<std::uint64_t> value_{0};
};
class retried_and_wait_free : private retried {
public:
    // add   wait-free, 2 steps.
    void add() { retried::add(); }
};

// Whoever comes later takes the turn of whoever came before, which then begins again: alone it goes through.
class overtaken {
public:
    // pass   obstruction-free.
    void pass(std::uint64_t who) {
        for (;;) {
            turn_.store(who, order::seq_cst);
            auto seen = turn_.load(order::seq_cst);
            if (seen == who && turn_.compare_exchange_strong(seen, 0, order::seq_cst, order::relaxed)) {
                return;
            }
        }
    }

private:
    atomic<std::uint64_t> turn_{0};
};
class overtaken_and_lock_free : private overtaken {
public:
    // pass   lock-free.
    void pass(std::uint64_t who) { overtaken::pass(who); }
};

// A lock by another name.
class spinning {
public:
    // add   waits for whoever is at it.
    void add() {
        while (busy_.exchange(1, order::acquire) != 0) {
            yield();
        }
        value_.store(value_.load(order::relaxed) + 1, order::relaxed);
        busy_.store(0, order::release);
    }

private:
    atomic<std::uint64_t> busy_{0};
    atomic<std::uint64_t> value_{0};
};
class spinning_and_obstruction_free : private spinning {
public:
    // add   obstruction-free.
    void add() { spinning::add(); }
};

// It takes few steps, and sleeps.
class sleeping {
public:
    // take   waits for give.
    void take() {
        while (word_.load(order::acquire) == 0) {
            park(word_, 0);
        }
    }
    // give   wait-free, 1 step.
    void give() {
        word_.store(1, order::release);
        unpark_all(word_);
    }

private:
    atomic<std::uint32_t> word_{0};
};
class sleeping_and_wait_free : private sleeping {
public:
    // take   wait-free, 100 steps.
    void take() { sleeping::take(); }
    // give   wait-free, 1 step.
    void give() { sleeping::give(); }
};

template <class Adds>
struct two_add : scenario_of<2> {
    static constexpr std::string_view calls = "add";
    void thread(unsigned) override {
        called("add", [&] { it_.add(); });
        called("add", [&] { it_.add(); });
    }

private:
    Adds it_;
};
template <class Passes>
struct two_pass : scenario_of<2> {
    static constexpr std::string_view calls = "pass";
    void thread(unsigned t) override {
        called("pass", [&] { it_.pass(t + 1); });
    }

private:
    Passes it_;
};
template <class Sleeps>
struct takes_what_is_given : scenario_of<2> {
    static constexpr std::string_view calls = "take give";
    void thread(unsigned t) override {
        if (t == 0) {
            called("take", [&] { it_.take(); });
        } else {
            called("give", [&] { it_.give(); });
        }
    }

private:
    Sleeps it_;
};

} // namespace tandem::model::planted
