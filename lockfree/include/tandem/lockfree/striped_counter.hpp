#pragma once

// striped_counter: a number for each thread, which adds to its own with a load and a store; a sum reads them all.
//
//   sum     rest_ and the numbers of all threads at place_, less drained_
//   drain   moves drained_ up to what there is; the numbers themselves are their threads' alone
//
// Edges:
//   rest.add     release => rest.read   acquire   what was done before an addition is seen by whoever sees the addition
//   drain.done   release => drain.seen  acquire   who knows of a drain sees every number as late as the drain saw it
//
// An addition that returned is counted by every sum that comes after it in happens-before order; beyond that a sum may
// miss one for as long as a store takes to become visible. A signal handler must not add: it could come between
// the load and the store.
//
// An addition is eight instructions with g++ 12 on x86-64 and five with clang 19, none of them locked: the place is
// compared with the bound of the thread's row, and the number there is loaded, changed and stored. It takes longer at
// the 497th and later of the counters that live at once (a call and a walk along a list of pieces), in a thread_local
// destructor that runs after the thread has left its row, and where there was no memory: then it is one locked
// instruction on rest_. In a shared library, finding the thread's row costs a call.
//
// Memory: 32 bytes, and 8 for each thread that adds (stripes.hpp). Making and destroying one takes a lock; making one
// reads a number of every thread. Prefer `counter` when sums are as frequent as additions, or must be exact
// while others add.

#include <tandem/contract.hpp>
#include <tandem/lockfree/stripes.hpp>

#include <cstdint>

namespace tandem::inline TANDEM_ABI {
namespace lockfree {

class striped_counter {
public:
    // Throws what the allocator throws.
    striped_counter() : place_(stripes::all().take()), at_(place_.at), drained_(counted()) {}
    // No other thread may be using the counter.
    ~striped_counter() { stripes::all().give_back(place_); }
    striped_counter(striped_counter const&) = delete;
    striped_counter& operator=(striped_counter const&) = delete;

    // add, sub   wait-free, 2 steps, but that a thread's first addition allocates; linearize at the store. The number wraps around.
    void add(std::int64_t n = 1) noexcept { change(static_cast<std::uint64_t>(n)); }
    void sub(std::int64_t n = 1) noexcept { change(0 - static_cast<std::uint64_t>(n)); }

    // sum   wait-free, 3 steps and 2 a thread, of as many as there have been at once; does not linearize: it counts all that was
    // added before it began, and of what others do meanwhile, drains included, any part.
    std::int64_t sum() const noexcept {
        auto const gone = drained_.load(order::acquire); // drain.seen
        return static_cast<std::int64_t>(counted() - gone);
    }

    // drain   lock-free: tries again only when another drain was faster; takes out what a sum would count, at the CAS on
    // drained_. What is added is in one drain, or still there.
    std::int64_t drain() noexcept {
        auto gone = drained_.load(order::acquire); // drain.seen
        for (;;) {
            auto const there = counted();
            // drain.done; drain.seen
            if (drained_.compare_exchange_weak(gone, there, order::release, order::acquire)) {
                return static_cast<std::int64_t>(there - gone);
            }
        }
    }

private:
    [[gnu::always_inline]] void change(std::uint64_t n) noexcept {
        if (auto* const mine = stripes::at_hand(at_)) [[likely]] {
            stripes::add_to(*mine, n);
        } else {
            change_beyond(n);
        }
    }
    [[gnu::noinline, gnu::cold]] void change_beyond(std::uint64_t n) noexcept {
        if (auto* const mine = stripes::all().beyond(at_)) {
            stripes::add_to(*mine, n);
        } else {
            rest_.fetch_add(n, order::release); // rest.add
        }
    }
    // All there ever was at this place, this counter's and that of others before it.
    std::uint64_t counted() const noexcept {
        auto const rest = rest_.load(order::acquire); // rest.read
        return rest + stripes::all().sum(at_);
    }

    stripes::place& place_;
    std::size_t const at_;
    atomic<std::uint64_t> rest_{0}; // of threads that have no number
    atomic<std::uint64_t> drained_; // and what was there before this counter
};

} // namespace lockfree
} // namespace tandem::inline TANDEM_ABI
