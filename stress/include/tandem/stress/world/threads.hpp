#pragma once

// What the worlds of the model checkers have in common before they say what an atomic is: threads that end and begin, what lasts as long as
// the process, time. Included by them after current_thread(), a number below most_threads, look_at_time() and make_time_pass().

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace tandem::inline TANDEM_ABI::world {

// How an execution went wrong, when it is not the checker that says so.
enum class wrong : std::uint8_t { assertion, leak, uninitialized };

inline std::chrono::nanoseconds passed{}; // since the execution began

class asymmetric_barrier;
inline asymmetric_barrier* barrier = nullptr; // none: there is none

// The lives of the threads: a checker's go on, ours may end, and others begin in their place.
class thread_lives {
public:
    using at_exit = void (*)() noexcept;

    void begin_execution() noexcept {
        for (auto& one : lives_) {
            one = {++begun_};
        }
    }
    void begin() noexcept { current() = {++begun_}; }
    void end() noexcept {
        for (auto& one = current(); one.exits != 0;) {
            one.exit[static_cast<std::size_t>(--one.exits)]();
        }
    }
    // Each once, the last one first, and no more than there is room for.
    void call_at_exit(at_exit f) noexcept {
        auto& one = current();
        if (std::find(one.exit.begin(), one.exit.begin() + one.exits, f) == one.exit.begin() + one.exits) {
            one.exit.at(static_cast<std::size_t>(one.exits++)) = f;
        }
    }
    std::uint64_t number() noexcept { return current().number; }

private:
    struct life {
        std::uint64_t number = 0;
        std::array<at_exit, 4> exit{};
        std::ptrdiff_t exits = 0;
    };
    life& current() noexcept { return lives_[current_thread()]; }

    std::array<life, most_threads> lives_{};
    std::uint64_t begun_ = 0;
};
inline thread_lives lives;

// What runs in the destructors of thread_local objects comes between the two.
inline void end_thread() noexcept {
    lives.end();
}
inline void begin_thread() noexcept {
    lives.begin();
}

template <class T>
inline T* of_process_now = nullptr;

// A scenario whose code asks for the T of the process has one of these among its members, before what asks.
template <class T>
class process {
public:
    process() noexcept { of_process_now<T> = &it_; }
    ~process() { of_process_now<T> = nullptr; }
    process(process const&) = delete;
    process& operator=(process const&) = delete;

private:
    T it_;
};

// To be called when an execution begins: the last one may have been cut short.
inline void begin_lives() noexcept {
    lives.begin_execution();
    passed = {};
    barrier = nullptr;
}

} // namespace tandem::inline TANDEM_ABI::world

namespace tandem::inline TANDEM_ABI {

// Of this execution. It stands still but for waits that run out, and advance().
struct clock {
    using duration = std::chrono::nanoseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<clock>;
    static constexpr bool is_steady = true;

    static time_point now() {
        world::look_at_time();
        return time_point(world::passed);
    }
    static void advance(duration d) {
        world::make_time_pass();
        world::passed += d;
    }
};

} // namespace tandem::inline TANDEM_ABI
