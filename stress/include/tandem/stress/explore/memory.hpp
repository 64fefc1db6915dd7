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

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace tandem::explore {

using value = std::uint64_t;

// Or seq_cst, for which there are rules of its own.
constexpr bool is_acquire(std::memory_order o) {
    return o == std::memory_order::acquire || o == std::memory_order::acq_rel || o == std::memory_order::consume;
}

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

    // Of what may come, which(count) says one: of the messages that a load may read, or an update, the newest is 0; of the places where a store may
    // go, the last of all.
    static constexpr auto newest = [](std::size_t) { return std::size_t{0}; };
    template <class Which>
    value load(thread t, location l, std::memory_order order, Which const& which);
    template <class Which>
    void store(thread t, location l, value v, std::memory_order order, Which const& which);
    struct updated {
        value old, made;
    };
    template <class Which, class Make>
    updated update(thread t, location l, std::memory_order order, Which const& which, Make const& make); // made = make(old)

    // What a compare-exchange may do: succeed with `successes` messages, or fail with the others; when it fails for no reason, with any.
    struct exchange {
        std::vector<std::size_t> successes{}; // which an update may read
        std::vector<std::size_t> failures{};  // which a load of the failure's order may
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
        std::int32_t written = 0;
        thread_steps read{};
    };
    struct state {
        view knows, kept;
        snapshot const* noted = nullptr;

        void clear() noexcept {
            knows.clear();
            kept.clear();
            noted = nullptr;
        }
    };
    // Where snapshots are, until all is cleared.
    class shelf {
    public:
        void clear() noexcept;
        snapshot& add(std::size_t locations);

    private:
        void go_to_next_board();

        std::vector<std::unique_ptr<std::byte[]>> boards_;
        std::size_t board_ = 0;
        std::span<std::byte> free_; // of it
    };

    place& add(thread);
    // The oldest message that an access may read, or a store come after.
    stamp bound_of_sc(place const& p, location l) const {
        return std::max(holds_(rule::sc_access_is_ordered) ? p.sc : 0, holds_(rule::sc_access_sees_fences) ? fences_[l] : 0);
    }
    stamp bound_of_load(thread t, place const& p, location l, std::memory_order o) const {
        auto const known = threads_[t].knows[l];
        return o == std::memory_order::seq_cst ? std::max(known, bound_of_sc(p, l)) : known;
    }
    stamp bound_of_store(thread t, place const& p, location l, std::memory_order o) const {
        auto const known = holds_(rule::write_after_known) ? threads_[t].knows[l] : 0;
        return o == std::memory_order::seq_cst ? std::max(known, bound_of_sc(p, l)) : known;
    }
    // How many messages can be read.
    std::size_t readable(place const& p, stamp bound) const {
        std::size_t n = 1;
        for (auto i = p.messages.size() - 1; i != 0 && p.messages[i - 1].at >= bound && holds_(rule::old_reads); --i) {
            ++n;
        }
        return n;
    }
    // Of those that something may come right after: how many there are from a bound on, and the n-th, the newest first.
    bool can_be_followed(place const&, std::size_t i) const;
    std::size_t followed(place const& p, stamp bound) const { return p.messages.back().at <= bound ? 1 : followed_of_several(p, bound); }
    std::size_t followed_of_several(place const&, stamp bound) const;
    std::size_t nth_followed(place const& p, std::size_t n) const { return n == 0 ? p.messages.size() - 1 : nth_followed_of_several(p, n); }
    std::size_t nth_followed_of_several(place const&, std::size_t n) const;

    void take(thread t, location l, message const& m, bool acquire) {
        auto& mine = threads_[t];
        last_.read = m.at;
        if (holds_(rule::read_after_read)) {
            mine.knows.raise(l, m.at);
        }
        if (m.carries != nullptr && !knows(mine.knows.steps, m.carries->steps)) {
            learn(mine, *m.carries, acquire);
        }
    }
    void learn(state&, snapshot const&, bool acquire);
    value read(thread t, place& p, location l, message const& m, std::memory_order o) {
        bool const sc = o == std::memory_order::seq_cst;
        take(t, l, m, sc ? holds_(rule::sc_load_acquires) : is_acquire(o) && holds_(rule::load_acquires));
        if (sc && holds_(rule::sc_access_orders)) {
            p.sc = std::max(p.sc, m.at);
        }
        return m.held;
    }
    void write(thread, place&, location, std::size_t after, value, std::memory_order);
    void write_update(thread, place&, location, std::size_t read, value, std::memory_order);
    // What whoever acquires a message of this thread's comes to know; and what it adds to what another carries.
    snapshot const* carried_by(thread, bool release);
    snapshot const* joined(snapshot const*, snapshot const*);
    snapshot const* snapshot_of(view const&);
    void put(thread, place&, location, std::size_t after, value, std::memory_order, snapshot const* carries);
    static stamp put_between(place&, std::size_t after, message);

    rules const& holds_;
    std::vector<place> places_; // those in use come first; the others keep their room
    std::size_t count_ = 0;
    std::array<state, most_threads> threads_;
    view fences_;                           // what seq_cst fences knew
    std::array<view, most_threads> lights_; // what each thread knew at its last light side
    view heavies_;                          // what threads knew at heavy sides
    bool any_sides_ = false;                // light or heavy
    shelf shelf_;
    exchange exchange_;
    messages last_;
};

template <class Which>
value memory::load(thread t, location l, std::memory_order o, Which const& which) {
    auto& p = places_[l];
    auto const n = which(readable(p, bound_of_load(t, p, l, o)));
    return read(t, p, l, p.messages[p.messages.size() - 1 - n], o);
}
template <class Which>
void memory::store(thread t, location l, value v, std::memory_order o, Which const& which) {
    auto& p = places_[l];
    write(t, p, l, nth_followed(p, which(followed(p, bound_of_store(t, p, l, o)))), v, o);
}
template <class Which, class Make>
memory::updated memory::update(thread t, location l, std::memory_order o, Which const& which, Make const& make) {
    auto& p = places_[l];
    auto const read = nth_followed(p, which(followed(p, bound_of_load(t, p, l, o))));
    auto const old = p.messages[read].held;
    auto const made = make(old);
    write_update(t, p, l, read, made, o);
    return {old, made};
}

} // namespace tandem::explore
