#pragma once

// counter: a number behind a mutex.
//
// What lockfree::counter means, in words anybody can check; one atomic instruction beats it
// everywhere.

#include <tandem/contract.hpp>
#include <tandem/mutex.hpp>

#include <concepts>
#include <cstdint>

namespace tandem::inline TANDEM_ABI {
namespace locked {

class counter {
public:
    explicit counter(std::int64_t initial = 0) noexcept : value_(initial) {}
    counter(counter const&) = delete;
    counter& operator=(counter const&) = delete;

    // add, sub, fetch_add, exchange, load   wait for the lock, and linearize under it. The number wraps around.
    void add(std::int64_t n = 1) noexcept { fetch_add(n); }
    void sub(std::int64_t n = 1) noexcept {
        replace([n](std::int64_t old) { return wrap(std::uint64_t(old) - std::uint64_t(n)); });
    }
    // The number before.
    std::int64_t fetch_add(std::int64_t n) noexcept {
        return replace([n](std::int64_t old) { return wrap(std::uint64_t(old) + std::uint64_t(n)); });
    }
    std::int64_t exchange(std::int64_t v) noexcept {
        return replace([v](std::int64_t) { return v; });
    }
    std::int64_t load() const noexcept {
        scoped_lock const lock(mutex_);
        return value_.read();
    }

    // wait_until   waits; returns the first value seen for which pred(value) holds, parking while there is none;
    // a value that comes and goes may be missed. pred must not use this counter; what it throws leaves no trace.
    template <std::predicate<std::int64_t> Predicate>
    std::int64_t wait_until(Predicate pred) const {
        scoped_lock const lock(mutex_);
        waiting const registered(waiters_);
        while (!pred(value_.read())) {
            changed_.wait(mutex_);
        }
        return value_.read();
    }

private:
    class waiting {
    public:
        explicit waiting(cell<int>& n) noexcept : n_(n) { n_.write(n_.read() + 1); }
        ~waiting() { n_.write(n_.read() - 1); }
        waiting(waiting const&) = delete;
        waiting& operator=(waiting const&) = delete;

    private:
        cell<int>& n_;
    };

    static std::int64_t wrap(std::uint64_t v) noexcept { return static_cast<std::int64_t>(v); }

    template <class F>
    std::int64_t replace(F next) noexcept {
        std::int64_t old;
        bool waited_for;
        {
            scoped_lock const lock(mutex_);
            old = value_.read();
            value_.write(next(old));
            waited_for = waiters_.read() != 0;
        }
        if (waited_for) {
            changed_.notify_all();
        }
        return old;
    }

    mutable mutex mutex_;
    mutable condition_variable changed_;
    mutable cell<int> waiters_ TANDEM_GUARDED_BY(mutex_){0};
    cell<std::int64_t> value_ TANDEM_GUARDED_BY(mutex_);
};

} // namespace locked
} // namespace tandem::inline TANDEM_ABI
