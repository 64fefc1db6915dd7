#pragma once

// memory: the C++20 memory model, as what a machine may do (after Kang and others, 2017, without promises; RC11 by Lahav and others, 2017, and
// C++20's seq_cst, P0668).
//
//   location   its messages, in modification order; a load reads any that its thread does not know to be overwritten
//   message    a value, and what whoever acquires it comes to know
//   thread     three views: what it knows; what an acquire fence would add; what a release fence noted
//   seq_cst    of each location the newest message of any seq_cst access; what seq_cst fences knew
//
// The order of all seq_cst operations is that in which they are done. Two things that the standard allows are not produced: a load that reads what is
// stored later (load buffering), and executions whose order of seq_cst operations is none in which they can be done (Z6.U).
//
// Plain variables are checked: of two accesses that conflict, the later one's thread must know of the earlier.

#include <tandem/stress/explore/rules.hpp>
#include <tandem/stress/explore/view.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace tandem::explore {

using value = std::uint64_t;

class memory {
public:
    explicit memory(rules const& r) : holds_(r) {}

    // As if nothing had been; thread 0 is there.
    void clear();
    // The thread that begins knows what its maker does, and whoever joins it what it did.
    void start(thread maker, thread begun);
    void join(thread joined, thread ended);

    location add_atomic(thread t, value initial);
    location add_plain(thread t);
    location add_known_atomic(value initial); // whose birth is no concern of anybody's
    // In modification order.
    value last(location l) const { return places_[l].messages.back().held; }
    // Which messages the last operation on an atomic read and wrote, as far as it did.
    struct messages {
        stamp read = 0, written = 0;
    };
    messages last_messages() const noexcept { return last_; }

    // What a load may read: so many messages, the newest is 0.
    std::size_t readable(thread t, location l, std::memory_order order) const;
    value load(thread t, location l, std::memory_order order, std::size_t which);

    // Where a store may go: so many places, the last of all is 0.
    std::size_t places(thread t, location l, std::memory_order order) const;
    void store(thread t, location l, value v, std::memory_order order, std::size_t which);

    // What a read-modify-write may read.
    std::size_t updatable(thread t, location l, std::memory_order order) const;
    value old_of_update(thread t, location l, std::memory_order order, std::size_t which) const;
    void update(thread t, location l, value v, std::memory_order order, std::size_t which);

    // What a compare-exchange may do: succeed with `successes` messages, or fail with the others; when it fails for no reason, with any.
    struct exchange {
        std::vector<std::size_t> successes{}; // as of updatable
        std::vector<std::size_t> failures{};  // as of readable, for the failure's order
    };
    // Until the next call.
    exchange const& exchangeable(thread t, location l, value expected, std::memory_order success, std::memory_order failure,
                                 bool fails);

    void fence(thread t, std::memory_order order);
    // Of an asymmetric barrier: whichever of a light and a heavy side is done last knows what the other's thread knew.
    void light(thread t);
    void heavy(thread t);

    // False: a race.
    bool read_plain(thread t, location l);
    bool write_plain(thread t, location l);

private:
    struct message {
        stamp at = 0;
        value held = 0;
        snapshot const* carries = nullptr; // none: nothing
        thread by = 0;
        bool read_by_update = false; // what that wrote comes next
    };
    struct place {
        std::vector<message> messages{}; // in modification order
        stamp sc = 0;                    // the newest message of a seq_cst access
        thread writer = 0;               // plain: the last write, and when each thread read it last
        std::uint32_t written = 0;
        thread_steps read{};
    };
    struct state {
        view knows, kept;
        snapshot const* noted = nullptr;
    };
    // Where snapshots are, until all is cleared.
    class shelf {
    public:
        void clear() noexcept;
        snapshot& add(std::size_t locations);

    private:
        std::vector<std::unique_ptr<std::byte[]>> boards_;
        std::size_t board_ = 0, used_ = 0;
    };

    place& add(thread);
    // The oldest message that an access may read, or a store come after.
    stamp bound_of_load(thread, location, std::memory_order) const;
    stamp bound_of_store(thread, location, std::memory_order) const;
    stamp bound_of_sc(location, std::memory_order) const;
    bool can_be_read(place const&, std::size_t i) const;
    bool can_be_followed(place const&, std::size_t i) const;
    // Of the messages from a bound on: the n-th that suits, the newest first; and how many do.
    template <class Suits>
    static std::size_t find(place const&, stamp bound, std::size_t n, Suits);
    template <class Suits>
    static std::size_t count(place const&, stamp bound, Suits);

    void take(thread, location, message const&, bool acquire);
    // What whoever acquires a message of this thread's comes to know; and what it adds to what another carries.
    snapshot const* carried_by(thread, bool release);
    snapshot const* joined(snapshot const*, snapshot const*);
    snapshot const* snapshot_of(view const&);
    void put(thread, location, std::size_t after, value, std::memory_order, snapshot const* carries);

    rules const& holds_;
    std::vector<place> places_; // those in use come first; the others keep their room
    std::size_t count_ = 0;
    std::array<state, most_threads> threads_;
    view fences_;                           // what seq_cst fences knew
    std::array<view, most_threads> lights_; // what each thread knew at its last light side
    view heavies_;                          // what threads knew at heavy sides
    shelf shelf_;
    exchange exchange_;
    messages last_;
};

} // namespace tandem::explore
