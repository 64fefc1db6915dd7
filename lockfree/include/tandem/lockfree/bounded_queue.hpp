#pragma once

// bounded_queue: a fixed ring of slots, each with a turn (after Vyukov, 2010).
//
// A position is { lap, index, bit 0 } and grows by one slot at a time; the lap has what is left
// of 64 bits, so it does not come round. head_ and tail_ hold the positions of the next pop and
// push; bit 0 of tail_ says closed. A slot's turn is the position it waits for:
//
//   turn == position           free, for the push of that lap
//   turn == position | 1       it holds the element of that lap
//
// Edges:
//   push.publish  release => pop.take    acquire   the element is written before the turn that offers it
//   pop.recycle   release => push.claim  acquire   the slot is emptied before the turn that reoffers it
//   close.mark    seq_cst => close.seen  acquire   what was done before the close is seen by whoever is told of it
//
// seq_cst, exact answers: claims, close, and the looks at the other end that decide `full` and
// `empty` stand in one total order, so that no two threads can both miss the other's claim.
//
// A thread stopped between its claim and its publication holds up that one slot: others answer
// `busy` there, and do not wait. Not fair.
//
// Prefer locked::bounded_queue when it is seldom contended and memory matters: a slot costs eight
// bytes more here.

#include <tandem/contract.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace tandem::inline TANDEM_ABI {
namespace lockfree {

template <class T, class Allocator>
class bounded_queue {
    static_assert(contract::element<T>, "an element must move and be destroyed without throwing");
    using position = std::uint64_t;
    static constexpr position closed_bit = 1; // of tail_
    static constexpr position full_bit = 1;   // of a turn

    struct entry {
        explicit entry(position first) noexcept : turn(first) {}
        atomic<position> turn;
        slot<T> element;
    };
    using entry_allocator = typename std::allocator_traits<Allocator>::template rebind_alloc<entry>;
    using entry_traits = std::allocator_traits<entry_allocator>;

public:
    // Throws std::invalid_argument for capacity 0, std::length_error for one beyond the address space,
    // and what the allocator throws.
    explicit bounded_queue(std::size_t capacity, Allocator a = {}) : allocator_(std::move(a)), capacity_(capacity) {
        if (capacity == 0) {
            TANDEM_THROW(std::invalid_argument("tandem::bounded_queue: capacity 0"));
        }
        if (capacity > entry_traits::max_size(allocator_)) {
            TANDEM_THROW(std::length_error("tandem::bounded_queue: capacity"));
        }
        lap_ = 2 * std::bit_ceil(position{capacity});
        entries_ = entry_traits::allocate(allocator_, capacity);
        for (std::size_t i = 0; i != capacity; ++i) {
            std::construct_at(std::to_address(entries_) + i, position{2 * i});
        }
    }
    // No other thread may be using the queue. Destroys what is left in it.
    ~bounded_queue() {
        while (try_pop()) {
        }
        std::destroy_n(std::to_address(entries_), capacity_);
        entry_traits::deallocate(allocator_, entries_, capacity_);
    }
    bounded_queue(bounded_queue const&) = delete;
    bounded_queue& operator=(bounded_queue const&) = delete;

    // try_push   lock-free; fails: full, closed, busy; linearizes at the CAS on tail_; v is moved from only on success.
    [[nodiscard]] status try_push(T&& v) { return try_emplace(std::move(v)); }
    [[nodiscard]] status try_push(T const& v) { return try_emplace(v); }

    // try_emplace   as try_push; a constructor that may throw runs before the queue is touched.
    template <class... Args>
    [[nodiscard]] status try_emplace(Args&&... args) {
        if constexpr (std::is_nothrow_constructible_v<T, Args...>) {
            return push(std::forward<Args>(args)...);
        } else {
            return push(T(std::forward<Args>(args)...));
        }
    }

    // try_pop   lock-free; fails: empty, closed (and drained), busy; linearizes at the CAS on head_.
    [[nodiscard]] result<T> try_pop() {
        auto at = head_.load(order::relaxed); // relaxed: a guess, the CAS decides
        for (;;) {
            auto& e = entry_of(at);
            if (e.turn.load(order::acquire) == (at | full_bit)) { // pop.take
                // seq_cst: exact answers; relaxed: a new guess
                if (head_.compare_exchange_weak(at, next(at), order::seq_cst, order::relaxed)) {
                    return take(e, at);
                }
            } else if (auto const why = nothing_at(at); why != status::success) {
                return why;
            }
        }
    }

    // try_push_n   moves from items[0, returned) at one instant; short when fewer slots are free, 0 when closed.
    std::size_t try_push_n(std::span<T> items) {
        auto at = tail_.load(order::acquire); // close.seen
        for (;;) {
            if (at & closed_bit) {
                return 0;
            }
            auto end = at;
            std::size_t n = 0;
            while (n != items.size() && entry_of(end).turn.load(order::acquire) == end) { // push.claim
                end = next(end);
                ++n;
            }
            if (n != 0) {
                // seq_cst: exact answers; close.seen
                if (tail_.compare_exchange_weak(at, end, order::seq_cst, order::acquire)) {
                    for (auto& item : items.first(n)) {
                        put(entry_of(at), at, std::move(item));
                        at = next(at);
                    }
                    return n;
                }
            } else if (items.empty() || no_room_at(at) != status::success) {
                return 0;
            }
        }
    }

    // try_pop_n   assigns to out[0, returned) at one instant; short when fewer elements are ready.
    std::size_t try_pop_n(std::span<T> out) {
        static_assert(std::is_nothrow_move_assignable_v<T>);
        auto at = head_.load(order::relaxed); // relaxed: a guess, the CAS decides
        for (;;) {
            auto end = at;
            std::size_t n = 0;
            while (n != out.size() && entry_of(end).turn.load(order::acquire) == (end | full_bit)) { // pop.take
                end = next(end);
                ++n;
            }
            if (n != 0) {
                // seq_cst: exact answers; relaxed: a new guess
                if (head_.compare_exchange_weak(at, end, order::seq_cst, order::relaxed)) {
                    for (auto& place : out.first(n)) {
                        place = take(entry_of(at), at);
                        at = next(at);
                    }
                    return n;
                }
            } else if (out.empty() || nothing_at(at) != status::success) {
                return 0;
            }
        }
    }

    // close   wait-free; later pushes answer closed; what is in the queue can still be popped. May be repeated.
    void close() { tail_.fetch_or(closed_bit, order::seq_cst); } // seq_cst: exact answers; close.mark
    bool is_closed() const { return tail_.load(order::acquire) & closed_bit; } // close.seen

    std::size_t capacity() const noexcept { return capacity_; }

    // Both may be stale when they return, and mix two instants when others push and pop meanwhile.
    bool was_empty() const { return approx_size() == 0; }
    std::size_t approx_size() const {
        auto const head = head_.load(order::relaxed); // relaxed: approximate
        auto const tail = tail_.load(order::relaxed); // relaxed: approximate
        auto const ahead = static_cast<std::int64_t>(count_to(tail) - count_to(head));
        return ahead < 0 ? 0 : std::min(static_cast<std::size_t>(ahead), capacity_);
    }

private:
    template <class... Args>
    status push(Args&&... args) {
        auto at = tail_.load(order::acquire); // close.seen
        for (;;) {
            if (at & closed_bit) {
                return status::closed;
            }
            auto& e = entry_of(at);
            if (e.turn.load(order::acquire) == at) { // push.claim
                // seq_cst: exact answers; close.seen
                if (tail_.compare_exchange_weak(at, next(at), order::seq_cst, order::acquire)) {
                    put(e, at, std::forward<Args>(args)...);
                    return status::success;
                }
            } else if (auto const why = no_room_at(at); why != status::success) {
                return why;
            }
        }
    }

    // Why nothing can be pushed at `at`, whose slot was seen not free; or success, and `at` is where to try next.
    status no_room_at(position& at) const {
        if (head_.load(order::seq_cst) == at - lap_) { // seq_cst: exact answers
            return status::full; // a whole lap ahead of head_, both when tail_ was read and now
        }
        auto const tail = tail_.load(order::acquire); // close.seen
        if (tail == at) {
            return status::busy; // popped, and not yet recycled
        }
        at = tail;
        return status::success;
    }

    // Why nothing can be popped at `at`, whose slot was seen without its element; or success, and `at` is where to try next.
    status nothing_at(position& at) const {
        auto const tail = tail_.load(order::seq_cst); // seq_cst: exact answers; close.seen
        if ((tail & ~closed_bit) == at) {
            return tail & closed_bit ? status::closed : status::empty;
        }
        auto const head = head_.load(order::relaxed); // relaxed: a guess
        if (head == at) {
            return status::busy; // claimed, and not yet published
        }
        at = head;
        return status::success;
    }

    template <class... Args>
    void put(entry& e, position at, Args&&... args) noexcept {
        e.element.construct(std::forward<Args>(args)...);
        e.turn.store(at | full_bit, order::release); // push.publish
    }
    T take(entry& e, position at) noexcept {
        T taken = e.element.take();
        e.turn.store(at + lap_, order::release); // pop.recycle
        return taken;
    }

    entry& entry_of(position at) const noexcept { return entries_[(at & (lap_ - 1)) / 2]; }
    // One slot on; past the last one, the first of the next lap.
    position next(position at) const noexcept {
        at += 2;
        return (at & (lap_ - 1)) / 2 == capacity_ ? (at | (lap_ - 1)) + 1 : at;
    }
    // How many positions come before this one.
    position count_to(position at) const noexcept { return at / lap_ * capacity_ + (at & (lap_ - 1)) / 2; }

    [[no_unique_address]] entry_allocator allocator_;

    // Read by both ends, written by none.
    typename entry_traits::pointer entries_;
    position lap_; // what a lap adds to a position: a power of two, at least twice the capacity
    std::size_t const capacity_;

    alignas(cache_line) atomic<position> head_{0};
    alignas(cache_line) atomic<position> tail_{0};
};

} // namespace lockfree
} // namespace tandem::inline TANDEM_ABI
