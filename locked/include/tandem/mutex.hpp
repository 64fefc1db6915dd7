#pragma once

// mutex, scoped_lock, condition_variable: the lock of the locked half, from an atomic word and
// parking (after Drepper, "Futexes Are Tricky", 2011), the same code in every world.
//
//   word   0 free    1 held    2 held, and somebody may be parked
//
// Edges:
//   mutex.unlock        release => mutex.lock           acquire   what one holder wrote is seen by the next
//   condition.count_in  release => condition.count_out  acquire   who is counted out has read the signal from before it
//
// Annotated for clang's -Wthread-safety. Not recursive, not fair; four bytes each.

#include <tandem/world.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>

#if defined(__clang__)
#define TANDEM_ANNOTATE(...) __attribute__((__VA_ARGS__))
#else
#define TANDEM_ANNOTATE(...)
#endif
#define TANDEM_GUARDED_BY(m) TANDEM_ANNOTATE(guarded_by(m))
#define TANDEM_REQUIRES(...) TANDEM_ANNOTATE(requires_capability(__VA_ARGS__))

namespace tandem::inline TANDEM_ABI {

class TANDEM_ANNOTATE(capability("mutex")) mutex {
public:
    constexpr mutex() noexcept = default;
    mutex(mutex const&) = delete;
    mutex& operator=(mutex const&) = delete;

    void lock() noexcept TANDEM_ANNOTATE(acquire_capability(), no_thread_safety_analysis) {
        if (!take_free()) {
            wait_and_take();
        }
    }
    [[nodiscard]] bool try_lock() noexcept TANDEM_ANNOTATE(try_acquire_capability(true), no_thread_safety_analysis) {
        return take_free();
    }
    void unlock() noexcept TANDEM_ANNOTATE(release_capability(), no_thread_safety_analysis) {
        if (word_.exchange(0, order::release) == 2) { // mutex.unlock
            unpark_one(word_);
        }
    }

private:
    bool take_free() noexcept {
        std::uint32_t free = 0;
        // mutex.lock; relaxed: nothing is read after a failure
        return word_.compare_exchange_strong(free, 1, order::acquire, order::relaxed);
    }

    void wait_and_take() noexcept {
        for (int look = spin_limit(4); look > 0; --look) {
            pause_for(std::chrono::nanoseconds(600));             // each look pulls the line away from the holder
            if (word_.load(order::relaxed) == 0 && take_free()) { // relaxed: a guess, the CAS decides
                return;
            }
        }
        while (word_.exchange(2, order::acquire) != 0) { // mutex.lock
            park(word_, 2);
        }
    }

    atomic<std::uint32_t> word_{0};
};

class TANDEM_ANNOTATE(scoped_lockable) scoped_lock {
public:
    explicit scoped_lock(mutex& m) noexcept TANDEM_ANNOTATE(acquire_capability(m)) : mutex_(m) { mutex_.lock(); }
    ~scoped_lock() TANDEM_ANNOTATE(release_capability()) { mutex_.unlock(); }
    scoped_lock(scoped_lock const&) = delete;
    scoped_lock& operator=(scoped_lock const&) = delete;

private:
    mutex& mutex_;
};

// A condition is changed under the mutex, then notified after the unlock; who waits checks again: a wait
// may return for no reason. A notification counts its sleeper out, so that the next ones, while that one wakes,
// are a load and not a system call.
class condition_variable {
public:
    constexpr condition_variable() noexcept = default;
    condition_variable(condition_variable const&) = delete;
    condition_variable& operator=(condition_variable const&) = delete;

    void wait(mutex& m) noexcept TANDEM_REQUIRES(m) {
        wait(m, [this](std::uint32_t seen) { park(signal_, seen); });
    }
    void wait_until(mutex& m, clock::time_point deadline) noexcept TANDEM_REQUIRES(m) {
        wait(m, [&](std::uint32_t seen) { park_until(signal_, seen, deadline); });
    }

    void notify_one() noexcept {
        if (count_out(1)) {
            signal_.fetch_add(1, order::relaxed); // relaxed: the change itself was made under the mutex
            unpark_one(signal_);
        }
    }
    void notify_all() noexcept {
        if (count_out(asleep_mask)) {
            signal_.fetch_add(1, order::relaxed); // relaxed: as in notify_one
            unpark_all(signal_);
        }
    }

private:
    // sleepers_: { notified and not yet back, asleep }
    static constexpr std::uint64_t asleep_mask = 0xffff'ffff;
    static constexpr std::uint64_t one_notified = asleep_mask + 1;

    template <class Park>
    void wait(mutex& m, Park park_here) noexcept TANDEM_REQUIRES(m) {
        auto const seen = signal_.load(order::relaxed); // relaxed: the mutex puts this before every change not yet seen
        // condition.count_in; survivor: relaxed, the load above could come later and see the signal of whoever counts this thread
        // out, as in the mutant waiting.condition_reads_the_signal_late; no checker here reads what is stored later: proved in
        // mutex.shared.notify_one_vs_sleep, mutex.shared.notify_all_vs_sleep
        sleepers_.fetch_add(1, order::release);
        m.unlock();
        park_here(seen);
        m.lock();
        count_back();
    }

    // Whether there was anybody, of at most so many.
    bool count_out(std::uint64_t most) noexcept {
        // relaxed: whoever waits for the change counted itself before it, under the mutex
        auto n = sleepers_.load(order::relaxed);
        for (;;) {
            auto const some = std::min(n & asleep_mask, most);
            if (some == 0) {
                return false;
            }
            // condition.count_out; relaxed: a count; survivor: the other end of condition.count_in: relaxed, the signal could come
            // first, as in the mutant waiting.condition_signals_before_it_counts; proved in mutex.shared.notify_one_vs_sleep,
            // mutex.shared.notify_all_vs_sleep
            if (sleepers_.compare_exchange_weak(n, n - some + some * one_notified, order::acquire, order::relaxed)) {
                return true;
            }
        }
    }
    // Who woke for no reason goes for one that was notified, if there is one: that one then goes for it.
    void count_back() noexcept {
        auto n = sleepers_.load(order::relaxed); // relaxed: a count
        auto const back = [&] { return n - (n >= one_notified ? one_notified : 1); };
        while (!sleepers_.compare_exchange_weak(n, back(), order::relaxed, order::relaxed)) { // relaxed: a count; relaxed: a count
        }
    }

    atomic<std::uint32_t> signal_{0};
    atomic<std::uint64_t> sleepers_{0};
};

} // namespace tandem::inline TANDEM_ABI
