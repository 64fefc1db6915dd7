#pragma once

// counter: one atomic number, and the parked threads that wait for it.
//
// Edges:
//   change        seq_cst => look         seq_cst   what was done before a change is seen by whoever sees the change
//   wait.signal   release => wait.seen    acquire   whoever has seen the signal of a change looks at a number no older
//
// seq_cst, no lost wake-up: a waiter registers, then looks; a change is made, then waiters are
// looked for. In one total order one of the two sees the other.
//
// Prefer a striped counter when many threads add and few read.

#include <tandem/contract.hpp>

#include <concepts>
#include <cstdint>

namespace tandem::inline TANDEM_ABI {
namespace lockfree {

class counter {
public:
    explicit counter(std::int64_t initial = 0) noexcept : value_(std::uint64_t(initial)) {}
    counter(counter const&) = delete;
    counter& operator=(counter const&) = delete;

    // add, sub, fetch_add, exchange   wait-free, 3 steps, of which one is a locked instruction unless somebody waits: then there are
    // two, and a system call. Linearize at their access to value_. The number wraps around.
    void add(std::int64_t n = 1) noexcept {
        value_.fetch_add(std::uint64_t(n), order::seq_cst); // seq_cst: no lost wake-up; change
        wake_waiters();
    }
    void sub(std::int64_t n = 1) noexcept {
        value_.fetch_sub(std::uint64_t(n), order::seq_cst); // seq_cst: no lost wake-up; change
        wake_waiters();
    }
    // The number before.
    std::int64_t fetch_add(std::int64_t n) noexcept {
        auto const old = value_.fetch_add(std::uint64_t(n), order::seq_cst); // seq_cst: no lost wake-up; change
        wake_waiters();
        return static_cast<std::int64_t>(old);
    }
    std::int64_t exchange(std::int64_t v) noexcept {
        auto const old = value_.exchange(std::uint64_t(v), order::seq_cst); // seq_cst: no lost wake-up; change
        wake_waiters();
        return static_cast<std::int64_t>(old);
    }
    // load   wait-free, 1 step; linearizes there.
    std::int64_t load() const noexcept {
        return static_cast<std::int64_t>(value_.load(order::seq_cst)); // seq_cst: no lost wake-up; look
    }

    // wait_until   waits; returns the first value seen for which pred(value) holds, parking while there is none;
    // a value that comes and goes may be missed. pred must not use this counter; what it throws leaves no trace.
    template <std::predicate<std::int64_t> Predicate>
    std::int64_t wait_until(Predicate pred) const {
        waiting const registered(waiters_);
        for (;;) {
            // wait.seen; survivor: relaxed, the look below could come first, as in the mutant counter.looks_before_it_has_the_signal;
            // both checkers run seq_cst operations in the order of the program and never show that: proved in
            // counter.lockfree.wait_vs_add, counter.lockfree.ping_pong
            auto const seen = signal_.load(order::acquire);
            auto const value = load();
            if (pred(value)) {
                return value;
            }
            park(signal_, seen);
        }
    }

private:
    class waiting {
    public:
        explicit waiting(atomic<std::uint32_t>& n) noexcept : n_(n) {
            n_.fetch_add(1, order::seq_cst); // seq_cst: no lost wake-up
        }
        ~waiting() {
            n_.fetch_sub(1, order::relaxed); // relaxed: a change that still sees it makes a system call too many
        }
        waiting(waiting const&) = delete;
        waiting& operator=(waiting const&) = delete;

    private:
        atomic<std::uint32_t>& n_;
    };

    void wake_waiters() noexcept {
        if (waiters_.load(order::seq_cst) != 0) { // seq_cst: no lost wake-up
            // wait.signal; survivor: relaxed, it could be seen before the change, as in the mutant counter.signals_before_the_change;
            // not shown for the same reason: proved in counter.lockfree.wait_vs_exchange
            signal_.fetch_add(1, order::release);
            unpark_all(signal_);
        }
    }

    atomic<std::uint64_t> value_;
    // On a line that no change writes: beside value_, the look after a change would fetch the line
    // back from whoever changes the number next (a third of the speed at 64 threads on two cores).
    alignas(cache_line) mutable atomic<std::uint32_t> waiters_{0};
    atomic<std::uint32_t> signal_{0};
};

} // namespace lockfree
} // namespace tandem::inline TANDEM_ABI
