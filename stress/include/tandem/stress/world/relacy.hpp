#pragma once

// The relacy world: every access goes through the Relacy model checker. Objects of this world live and
// die within one execution of a Relacy test.
//
// Beyond Relacy itself:
//   - an atomic is also plain data at its birth and its end: an access that neither comes after the one
//     nor before the other is reported as a race;
//   - a failed compare-exchange reads as a load of its failure order does, stale values included, and
//     that order may be stronger than the one for success;
//   - park gives no ordering to whoever is woken, and may return for no reason;
//   - time passes when the wait for a deadline runs out, which it may do at any step, or when it is made to;
//   - an asymmetric barrier promises what world.hpp says and no more, where a scenario has one;
//   - a thread may end and another begin in its place: end_thread(), begin_thread();
//   - try_allocate may find no memory;
//   - blocks of any alignment are Relacy's, so their leaks are found;
//   - memory is overwritten when it is allocated and freed.

#include <tandem/version.hpp>

#define TANDEM_ABI TANDEM_ABI_NAME(relacy)

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <source_location>
#include <type_traits>
#include <utility>

#include <tandem/stress/world/engine.hpp>
#include <tandem/stress/world/site.hpp>

namespace tandem::inline TANDEM_ABI {

namespace world {

inline std::size_t current_thread() noexcept {
    return static_cast<std::size_t>(rl::ctx().current_thread());
}
inline constexpr std::size_t most_threads = 4;
// Others may make time pass before it is looked at.
inline void look_at_time() {
    rl::ctx().sched();
}
inline void make_time_pass() {
    look_at_time();
}

} // namespace world
} // namespace tandem::inline TANDEM_ABI

#include <tandem/stress/world/threads.hpp>

namespace tandem::inline TANDEM_ABI {

namespace world {

inline rl::debug_info info_of(std::source_location const& where) noexcept {
    return {"", where.file_name(), where.line()};
}
// Ends the execution as a violation; does not return.
inline void fail(char const* what, wrong how, std::source_location const& where) {
    rl::ctx().fail_test(what,
                        how == wrong::leak        ? rl::test_result_memory_leak
                        : how == wrong::assertion ? rl::test_result_user_assert_failed
                                                  : rl::test_result_unitialized_access,
                        info_of(where));
}

constexpr rl::memory_order to_relacy(std::memory_order order) noexcept {
    constexpr rl::memory_order orders[] = {rl::mo_relaxed, rl::mo_consume, rl::mo_acquire,
                                           rl::mo_release, rl::mo_acq_rel, rl::mo_seq_cst};
    return orders[static_cast<std::size_t>(order)];
}

// A plain variable whose accesses are checked: races, use before its birth, use after its end. Its end
// is a write, so that an access not ordered before it races with it.
class witness {
public:
    explicit witness(int initial = 0) : variable_(initial) {}
    ~witness() { write(0, std::source_location::current()); }
    witness(witness const&) = delete;
    witness& operator=(witness const&) = delete;

    int read(std::source_location const& where) const {
        return rl::var_proxy_const<int>(variable_, info_of(where)).load();
    }
    void write(int v, std::source_location const& where) { rl::var_proxy<int>(variable_, info_of(where)).store(v); }

private:
    rl::var<int> variable_;
};

// Relacy prints and compares what an atomic holds, so everything but an integer travels as one.
template <class T>
struct representation {
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= 8);
    using type =
        std::conditional_t<sizeof(T) == 1, std::uint8_t,
                           std::conditional_t<sizeof(T) == 2, std::uint16_t,
                                              std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>>>;
};
template <std::integral T>
requires(!std::same_as<T, bool>) struct representation<T> {
    using type = T;
};

// Who is parked where. A word is an address here: it may belong to an object that is already gone.
class parking_lot {
public:
    void clear() noexcept { count_ = 0; }

    // False: not woken, the time was up.
    bool wait(void const* word, bool timed, rl::debug_info const& info) {
        auto& c = rl::ctx();
        auto const self = c.current_thread();
        *end() = {word, self};
        ++count_;
        if (c.park_current_thread(timed, false, false, info) != rl::unpark_reason_timeout) {
            return true;
        }
        remove(std::find_if(parked_.data(), end(), [self](place const& p) { return p.thread == self; }));
        return false;
    }
    // Which of several is woken first is for the search to choose.
    bool wake_one(void const* word, rl::debug_info const& info) {
        auto& c = rl::ctx();
        auto const here = [word](place const& p) { return p.word == word; };
        auto const n = std::count_if(parked_.data(), end(), here);
        if (n == 0) {
            return false;
        }
        auto chosen = std::find_if(parked_.data(), end(), here);
        for (auto skip = c.rand(static_cast<unsigned>(n), rl::sched_type_user); skip != 0; --skip) {
            chosen = std::find_if(chosen + 1, end(), here);
        }
        auto const thread = chosen->thread;
        remove(chosen);
        c.unpark_thread(thread, false, info);
        return true;
    }

private:
    struct place {
        void const* word;
        rl::thread_id_t thread;
    };
    place* end() noexcept { return parked_.data() + count_; }
    void remove(place* p) noexcept {
        std::copy(p + 1, end(), p);
        --count_;
    }

    std::array<place, 16> parked_{};
    std::ptrdiff_t count_ = 0;
};
inline parking_lot parking;

// What may happen for no reason, may: a weak compare-exchange fails, a park returns. A few times an
// execution, or a search that tries every choice would see nothing else.
class misfortune {
public:
    void begin_execution() noexcept { left_ = 4; }
    bool strikes(rl::sched_type kind) {
        if (left_ == 0 || rl::ctx().rand(8, kind) != 1) {
            return false;
        }
        --left_;
        return true;
    }

private:
    int left_ = 0;
};
inline misfortune spurious;
inline bool misfortune_strikes() {
    return spurious.strikes(rl::sched_type_user);
}

// A scenario's call begins, and has returned.
inline void call_begins(void (*f)(void*), void* of) {
    f(of);
}
inline void call_returns() noexcept {}

// To be called before anything of this world is used in an execution: the last one may have been cut short.
inline void begin_execution() noexcept {
    parking.clear();
    spurious.begin_execution();
    begin_lives();
}

// Memory from Relacy, at any alignment; the block's own address stands before an over-aligned one.
inline void* allocate(std::size_t bytes, std::size_t alignment, std::source_location const& where) {
    constexpr int fresh = 0xcd;
    if (alignment <= rl::alignment) {
        return std::memset(rl::ctx().alloc(bytes, false, info_of(where)), fresh, bytes);
    }
    std::size_t space = bytes + alignment;
    void* const block = rl::ctx().alloc(space + sizeof(void*), false, info_of(where));
    void* at = static_cast<std::byte*>(block) + sizeof(void*);
    std::align(alignment, bytes, at, space);
    std::memcpy(static_cast<std::byte*>(at) - sizeof(void*), static_cast<void const*>(&block), sizeof(void*));
    return std::memset(at, fresh, bytes);
}
inline void deallocate(void* at, std::size_t bytes, std::size_t alignment, std::source_location const& where) {
    constexpr int freed = 0xdd;
    void* block = at;
    if (alignment > rl::alignment) {
        auto* const before = static_cast<std::byte*>(at) - sizeof(void*);
        std::memcpy(static_cast<void*>(&block), before, sizeof(void*));
        std::memset(before, freed, sizeof(void*));
    }
    rl::ctx().free(block, false, info_of(where)); // first: does not return from a double free
    std::memset(at, freed, bytes);
}

} // namespace world

template <class T>
class atomic {
    using bits = typename world::representation<T>::type;
    using access = world::access;
    using role = world::role;

public:
    static constexpr bool is_always_lock_free = std::atomic<T>::is_always_lock_free;
    using where = std::source_location;

    constexpr atomic() noexcept : atomic(T{}) {}
    constexpr atomic(T v, where at = where::current()) noexcept {
        value_.store(std::bit_cast<bits>(v), rl::mo_relaxed, world::info_of(at));
    }
    atomic(atomic const&) = delete;
    atomic& operator=(atomic const&) = delete;

    T load(std::memory_order order, where at = where::current()) const noexcept {
        order = world::sites.visit(at, role::order, access::load, order, "load");
        return from(read(order, at));
    }
    void store(T v, std::memory_order order, where at = where::current()) noexcept {
        order = world::sites.visit(at, role::order, access::store, order, "store");
        touch(at);
        value_.store(std::bit_cast<bits>(v), world::to_relacy(order), world::info_of(at));
    }
    T exchange(T v, std::memory_order order, where at = where::current()) noexcept {
        order = update("exchange", order, at);
        return from(value_.exchange(std::bit_cast<bits>(v), world::to_relacy(order), world::info_of(at)));
    }

    bool compare_exchange_weak(T& expected, T desired, std::memory_order success, std::memory_order failure,
                               where at = where::current()) noexcept {
        bool const fails = world::spurious.strikes(rl::sched_type_cas_fail);
        return compare_exchange(expected, desired, success, failure, fails, "compare_exchange_weak", at);
    }
    bool compare_exchange_strong(T& expected, T desired, std::memory_order success, std::memory_order failure,
                                 where at = where::current()) noexcept {
        return compare_exchange(expected, desired, success, failure, false, "compare_exchange_strong", at);
    }

    T fetch_add(T v, std::memory_order order, where at = where::current()) noexcept {
        order = update("fetch_add", order, at);
        return from(value_.fetch_add(v, world::to_relacy(order), world::info_of(at)));
    }
    T fetch_sub(T v, std::memory_order order, where at = where::current()) noexcept {
        order = update("fetch_sub", order, at);
        return from(value_.fetch_sub(v, world::to_relacy(order), world::info_of(at)));
    }
    T fetch_and(T v, std::memory_order order, where at = where::current()) noexcept {
        order = update("fetch_and", order, at);
        return from(value_.fetch_and(v, world::to_relacy(order), world::info_of(at)));
    }
    T fetch_or(T v, std::memory_order order, where at = where::current()) noexcept {
        order = update("fetch_or", order, at);
        return from(value_.fetch_or(v, world::to_relacy(order), world::info_of(at)));
    }

    // What the kernel compares when it parks a thread: the newest value, and no ordering.
    bool holds(T v, where at = where::current()) const {
        touch(at);
        rl::preemption_disabler const at_once(rl::ctx());
        return newest(std::memory_order::relaxed, at) == std::bit_cast<bits>(v);
    }

private:
    static T from(bits b) noexcept { return std::bit_cast<T>(b); }

    void touch(where const& at) const { life_.read(at); }

    bits read(std::memory_order order, where const& at) const {
        touch(at);
        return value_.load(world::to_relacy(order), world::info_of(at));
    }
    // A load may be shown an old value, a failing compare-exchange of Relacy's is not.
    bits newest(std::memory_order order, where const& at) const {
        auto comparand = static_cast<bits>(value_.debug_value() ^ 1); // any other; a byte stays printable
        value_.compare_exchange(rl::bool_t<false>(), comparand, comparand, world::to_relacy(order),
                                world::to_relacy(order), world::info_of(at));
        return comparand;
    }
    std::memory_order update(char const* operation, std::memory_order order, where const& at) {
        touch(at);
        return world::sites.visit(at, role::order, access::update, order, operation);
    }

    // Success is decided by the newest value; a failure is a load of its own order, which may be older.
    bool compare_exchange(T& expected, T desired, std::memory_order success, std::memory_order failure, bool fails,
                          char const* operation, where const& at) {
        success = world::sites.visit(at, role::success, access::update, success, operation);
        failure = world::sites.visit(at, role::failure, access::load, failure, operation);
        auto const wanted = std::bit_cast<bits>(expected);
        touch(at);
        auto& c = rl::ctx();
        c.sched();
        rl::preemption_disabler const at_once(c);
        if (value_.debug_value() != wanted || fails) {
            auto const seen = read(failure, at);
            if (seen != wanted || fails) {
                expected = from(seen);
                return false;
            }
        }
        bits comparand = wanted;
        if (value_.compare_exchange(rl::bool_t<false>(), comparand, std::bit_cast<bits>(desired),
                                    world::to_relacy(success), rl::mo_relaxed, world::info_of(at))) {
            return true;
        }
        // Shown an old value equal to the expected one, with which it may not fail.
        expected = from(newest(failure, at));
        return false;
    }

    mutable rl::atomic<bits> value_;
    world::witness life_;
};

// Sleeps while the word holds `expected`, until an unpark of the same word; may also return for no reason.
inline void park(atomic<std::uint32_t> const& word, std::uint32_t expected,
                 std::source_location where = std::source_location::current()) {
    auto& c = rl::ctx();
    c.sched(); // from here to the wait nothing comes between
    if (word.holds(expected, where) && !world::misfortune_strikes()) {
        world::parking.wait(&word, false, world::info_of(where));
    }
}

// As park, and no longer than until the deadline, which may come at any step, but for the end of time.
inline void park_until(atomic<std::uint32_t> const& word, std::uint32_t expected, clock::time_point deadline,
                       std::source_location where = std::source_location::current()) {
    auto& c = rl::ctx();
    c.sched(); // from here to the wait nothing comes between
    auto const at = deadline.time_since_epoch();
    if (at > world::passed && word.holds(expected, where) && !world::misfortune_strikes() &&
        !world::parking.wait(&word, deadline != clock::time_point::max(), world::info_of(where))) {
        world::passed = std::max(world::passed, at);
    }
}

namespace world {

// What std.hpp is made of, and what wakes. The word is only an address there: it may belong to an object that is already gone.
template <class T>
void sleep_while(atomic<T> const& word, T expected, std::source_location const& where) {
    rl::ctx().sched(); // from here to the wait nothing comes between
    if (word.holds(expected, where)) {
        parking.wait(&word, false, info_of(where));
    }
}
inline void wake(void const* word, bool all, std::source_location const& where) {
    rl::ctx().sched();
    while (parking.wake_one(word, info_of(where)) && all) {
    }
}
inline void fence(std::memory_order order, std::source_location const& where) {
    rl::atomic_thread_fence(to_relacy(order), info_of(where));
}

} // namespace world

inline void unpark_one(atomic<std::uint32_t> const& word,
                       std::source_location where = std::source_location::current()) {
    world::wake(&word, false, where);
}
inline void unpark_all(atomic<std::uint32_t> const& word,
                       std::source_location where = std::source_location::current()) {
    world::wake(&word, true, where);
}

namespace world {

// A scenario that has one of these among its members, before what uses it, has an asymmetric barrier.
class asymmetric_barrier {
public:
    asymmetric_barrier() noexcept { barrier = this; }
    ~asymmetric_barrier() { barrier = nullptr; }
    asymmetric_barrier(asymmetric_barrier const&) = delete;
    asymmetric_barrier& operator=(asymmetric_barrier const&) = delete;

    // Whichever of a light and a heavy one begins last is ordered after all that the other's thread did before.
    // Two light ones order nothing.
    void light() noexcept {
        lights_[current_thread()].store(1, std::memory_order::release);
        heavy_.fetch_add(0, std::memory_order::acquire);
    }
    void heavy() noexcept {
        heavy_.fetch_add(1, std::memory_order::release);
        for (auto& one : lights_) {
            one.fetch_add(0, std::memory_order::acquire);
        }
    }

private:
    std::array<atomic<int>, most_threads> lights_{}; // of each thread
    atomic<int> heavy_{0};
};

} // namespace world

// Let another thread run: a loop that waits without them would be reported as a livelock.
inline void yield(std::source_location where = std::source_location::current()) {
    rl::ctx().yield(1, world::info_of(where));
}
inline void pause_for(std::chrono::nanoseconds, std::source_location where = std::source_location::current()) {
    yield(where);
}

// Padding shows nothing here, and Relacy hands out memory at this alignment.
inline constexpr std::size_t cache_line = rl::alignment;

} // namespace tandem::inline TANDEM_ABI

#include <tandem/stress/world/modelled.hpp>
#include <tandem/stress/world/stop.hpp>

// Relacy replaces new and delete, but not those of over-aligned types.
[[gnu::weak]] void* operator new(std::size_t bytes, std::align_val_t alignment) {
    auto const to = static_cast<std::size_t>(alignment);
    if (rl::is_ctx()) {
        return tandem::world::allocate(bytes, to, std::source_location::current());
    }
    if (void* const block = std::aligned_alloc(to, (bytes + to - 1) / to * to)) {
        return block;
    }
    throw std::bad_alloc();
}
[[gnu::weak]] void operator delete(void* block, std::align_val_t alignment) noexcept {
    if (!rl::is_ctx()) {
        std::free(block);
    } else if (block != nullptr) {
        tandem::world::deallocate(block, 0, static_cast<std::size_t>(alignment), std::source_location::current());
    }
}
