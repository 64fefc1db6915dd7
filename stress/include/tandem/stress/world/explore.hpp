#pragma once

// The explore world: every access goes through our own model checker. Objects of this world live and die within one execution; only atomics, and what
// consists of them, may be made outside, and then begin each execution with the value that they were made with.
//
//   - an atomic is also plain data at its birth and its end: an access that neither comes after the one nor before the other
//     is a race;
//   - a weak compare-exchange may fail, a park may return, and try_allocate may find no memory, for no reason;
//   - park gives no ordering to whoever is woken;
//   - time passes when the wait for a deadline runs out, which it may do at any step, or when it is made to;
//   - memory is overwritten when it is allocated and freed, and not used again before the execution ends.

#include <tandem/version.hpp>

#define TANDEM_ABI TANDEM_ABI_NAME(explore)
#define TANDEM_EXPLORES 1

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <source_location>
#include <type_traits>
#include <utility>

#include <tandem/stress/explore/execution.hpp>
#include <tandem/stress/world/site.hpp>

namespace tandem::inline TANDEM_ABI::world {

inline constexpr std::size_t most_threads = explore::most_threads;

inline explore::execution& engine() noexcept {
    auto* const now = explore::execution::now();
    if (now == nullptr) [[unlikely]] {
        explore::execution::refuse();
    }
    return *now;
}
// The threads of a scenario from 0 on; the last of all is who runs before and after them.
inline std::size_t current_thread() noexcept {
    auto const t = engine().current();
    return t == 0 ? most_threads - 1 : t - 1;
}
// Others may make time pass before it is looked at.
inline void look_at_time() {
    engine().take({.what = explore::operation::time});
}
inline void make_time_pass() {
    engine().take({.what = explore::operation::time, .some = true});
}

} // namespace tandem::inline TANDEM_ABI::world

#include <tandem/stress/world/threads.hpp>

namespace tandem::inline TANDEM_ABI {

namespace world {

using explore::operation;

// Ends the execution as a violation; does not return.
inline void fail(char const* what, wrong how, std::source_location const& where) {
    auto const* const kind = how == wrong::leak        ? "MEMORY LEAK: "
                             : how == wrong::assertion ? "USER ASSERT FAILED: "
                                                       : "ACCESS TO UNINITIALIZED VARIABLE: ";
    engine().fail(kind, what, where);
}
inline bool misfortune_strikes() {
    return engine().misfortune();
}
// To be called before anything of this world is used in an execution.
inline void begin_execution() noexcept {
    begin_lives();
}

// While one lives, what its thread does is part of a call of that name: its costs are counted.
class call {
public:
    explicit call(char const* name) { engine().begin_call(name); }
    ~call() { engine().end_call(); }
    call(call const&) = delete;
    call& operator=(call const&) = delete;
};

// A scenario's call begins: f(of) when its thread takes the next step, and no sooner, so that what returns before that comes before it.
inline void call_begins(void (*f)(void*), void* of) {
    engine().call_begins(f, of);
}
inline void call_returns() {
    engine().call_returns();
}

inline void* allocate(std::size_t bytes, std::size_t alignment, std::source_location const& where) {
    return engine().allocate(bytes, alignment, where);
}
inline void deallocate(void* at, std::size_t, std::size_t, std::source_location const& where) {
    engine().deallocate(at, where);
}

// Of an atomic.
inline void begin_atomic(explore::location& where, explore::value initial, void const* at) {
    if (auto* const now = explore::execution::now()) {
        where = now->add_atomic(initial, at);
    } else {
        explore::execution::add_lasting(initial, at, where);
    }
}
inline void end_atomic(explore::location const& where, std::source_location const& site) {
    if (auto* const now = explore::execution::now()) {
        now->end_of(where, site);
    }
    if (explore::execution::has_lasting()) {
        explore::execution::end_lasting(where);
    }
}

// A plain variable whose accesses are checked: races, use before its birth, use after its end. Its end is a write.
class witness {
public:
    explicit witness(int initial = 0) : at_(engine().add_plain(this)), value_(initial) {}
    ~witness() { engine().end_of(at_, std::source_location::current()); }
    witness(witness const&) = delete;
    witness& operator=(witness const&) = delete;

    int read(std::source_location const& where) const {
        engine().take({.what = operation::read_plain, .where = at_, .site = where});
        return value_;
    }
    void write(int v, std::source_location const& where) {
        engine().take({.what = operation::write_plain, .where = at_, .site = where});
        value_ = v;
    }

private:
    explore::location at_;
    int value_;
};

} // namespace world

template <class T>
class atomic {
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= sizeof(explore::value));
    using role = world::role;
    using access = world::access;
    using operation = world::operation;

public:
    using value_type = T;
    using where = std::source_location;
    static constexpr bool is_always_lock_free = true;

    constexpr atomic() : atomic(T{}) {}
    constexpr atomic(T v, where = where::current()) { world::begin_atomic(at_, into(v), this); }
    ~atomic() { world::end_atomic(at_, where::current()); }
    atomic(atomic const&) = delete;
    atomic& operator=(atomic const&) = delete;

    T load(std::memory_order order, where at = where::current()) const noexcept {
        order = world::sites.visit(at, role::order, access::load, order, "load");
        return from(world::engine().take({.what = operation::load, .where = at_, .order = order, .site = at}));
    }
    void store(T v, std::memory_order order, where at = where::current()) noexcept {
        order = world::sites.visit(at, role::order, access::store, order, "store");
        world::engine().take({.what = operation::store, .where = at_, .order = order, .operand = into(v), .site = at});
    }
    T exchange(T v, std::memory_order order, where at = where::current()) noexcept {
        return update("exchange", v, order, at, [](explore::value, explore::value by) { return by; });
    }
    bool compare_exchange_weak(T& expected, T desired, std::memory_order success, std::memory_order failure,
                               where at = where::current()) noexcept {
        return compare_exchange(expected, desired, success, failure, world::misfortune_strikes(), "compare_exchange_weak", at);
    }
    bool compare_exchange_strong(T& expected, T desired, std::memory_order success, std::memory_order failure,
                                 where at = where::current()) noexcept {
        return compare_exchange(expected, desired, success, failure, false, "compare_exchange_strong", at);
    }
    T fetch_add(T v, std::memory_order order, where at = where::current()) noexcept {
        return update("fetch_add", v, order, at,
                      [](explore::value a, explore::value b) { return into(static_cast<T>(from(a) + from(b))); });
    }
    T fetch_sub(T v, std::memory_order order, where at = where::current()) noexcept {
        return update("fetch_sub", v, order, at,
                      [](explore::value a, explore::value b) { return into(static_cast<T>(from(a) - from(b))); });
    }
    T fetch_and(T v, std::memory_order order, where at = where::current()) noexcept {
        return update("fetch_and", v, order, at, [](explore::value a, explore::value b) { return a & b; });
    }
    T fetch_or(T v, std::memory_order order, where at = where::current()) noexcept {
        return update("fetch_or", v, order, at, [](explore::value a, explore::value b) { return a | b; });
    }

    // Sleeps while the word holds `expected`. False: the time was up.
    bool sleep(T expected, bool timed, where at) const {
        bool ran_out = false;
        world::engine().take(
            {.what = operation::park, .where = at_, .address = this, .some = timed, .expected = into(expected), .site = at}, &ran_out);
        return !ran_out;
    }

private:
    static explore::value into(T v) noexcept {
        explore::value all = 0;
        std::memcpy(&all, &v, sizeof v);
        return all;
    }
    static T from(explore::value all) noexcept {
        std::array<std::byte, sizeof(T)> bytes;
        std::memcpy(bytes.data(), &all, sizeof(T));
        return std::bit_cast<T>(bytes);
    }

    T update(char const* name, T v, std::memory_order order, where const& at,
             explore::value (*compute)(explore::value, explore::value)) {
        order = world::sites.visit(at, role::order, access::update, order, name);
        return from(world::engine().take(
            {.what = operation::update, .where = at_, .order = order, .operand = into(v), .compute = compute, .site = at}));
    }
    bool compare_exchange(T& expected, T desired, std::memory_order success, std::memory_order failure, bool fails,
                          char const* name, where const& at) {
        success = world::sites.visit(at, role::success, access::update, success, name);
        failure = world::sites.visit(at, role::failure, access::load, failure, name);
        bool failed = false;
        auto const seen = world::engine().take({.what = operation::exchange,
                                                .where = at_,
                                                .some = fails,
                                                .order = success,
                                                .failure = failure,
                                                .operand = into(desired),
                                                .expected = into(expected),
                                                .site = at},
                                               &failed);
        if (failed) {
            expected = from(seen);
        }
        return !failed;
    }

    explore::location at_ = 0;
};

namespace world {

// What std.hpp is made of.
template <class T>
void sleep_while(atomic<T> const& word, T expected, std::source_location const& where) {
    word.sleep(expected, false, where);
}
inline void wake(void const* word, bool all, std::source_location const& where) {
    engine().take({.what = operation::unpark, .address = word, .some = all, .site = where});
}
inline void fence(std::memory_order order, std::source_location const& where) {
    engine().take({.what = operation::fence, .order = order, .site = where});
}

} // namespace world

// Sleeps while the word holds `expected`, until an unpark of the same word; may also return for no reason.
inline void park(atomic<std::uint32_t> const& word, std::uint32_t expected,
                 std::source_location where = std::source_location::current()) {
    if (!world::misfortune_strikes()) {
        word.sleep(expected, false, where);
    }
}

// As park, and no longer than until the deadline, which may come at any step, but for the end of time.
inline void park_until(atomic<std::uint32_t> const& word, std::uint32_t expected, clock::time_point deadline,
                       std::source_location where = std::source_location::current()) {
    auto const at = deadline.time_since_epoch();
    if (at > world::passed && !world::misfortune_strikes() && !word.sleep(expected, deadline != clock::time_point::max(), where)) {
        world::passed = std::max(world::passed, at);
    }
}
// The word is only an address here: it may belong to an object that is already gone.
inline void unpark_one(atomic<std::uint32_t> const& word, std::source_location where = std::source_location::current()) {
    world::wake(&word, false, where);
}
inline void unpark_all(atomic<std::uint32_t> const& word, std::source_location where = std::source_location::current()) {
    world::wake(&word, true, where);
}

namespace world {

// A scenario that has one of these among its members, before what uses it, has an asymmetric barrier: whichever of a light and a heavy
// one comes last is ordered after all that the other's thread did before; two light ones order nothing.
class asymmetric_barrier {
public:
    asymmetric_barrier() noexcept { barrier = this; }
    ~asymmetric_barrier() { barrier = nullptr; }
    asymmetric_barrier(asymmetric_barrier const&) = delete;
    asymmetric_barrier& operator=(asymmetric_barrier const&) = delete;

    void light() noexcept { engine().take({.what = operation::light}); }
    void heavy() noexcept { engine().take({.what = operation::heavy}); }
};

} // namespace world

// Lets another thread run: a loop that waits without it would be reported as a livelock.
inline void yield(std::source_location where = std::source_location::current()) {
    world::engine().take({.what = world::operation::pause, .site = where});
}
inline void pause_for(std::chrono::nanoseconds, std::source_location where = std::source_location::current()) {
    yield(where);
}

inline constexpr std::size_t cache_line = 128;

} // namespace tandem::inline TANDEM_ABI

#include <tandem/stress/world/modelled.hpp>
#include <tandem/stress/world/stop.hpp>
