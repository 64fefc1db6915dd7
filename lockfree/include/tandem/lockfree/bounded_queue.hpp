#pragma once

// bounded_queue: a fixed ring of slots, each with a turn (after Vyukov, 2010).
//
// A position is { lap, index, bit 0 } and grows by one slot at a time; the lap has what is left
// of 64 bits, so it does not come round. head_.next and tail_.next are the positions of the next pop
// and push; bit 0 of tail_.next says closed. A slot's turn is the position it waits for:
//
//   turn == position           free, for the push of that lap
//   turn == position | 1       it holds the element of that lap
//
// Edges:
//   push.publish  release => pop.take    acquire   the element is written before the turn that offers it
//   pop.recycle   release => push.claim  acquire   the slot is emptied before the turn that reoffers it
//   close.mark    seq_cst => close.seen  acquire   what was done before the close is seen by whoever is told of it
//
// seq_cst, exact answers: claims, close, and the looks that decide `full`, `empty` and `closed` stand
// in one total order, so that no two threads can both miss what the other has done.
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
    static constexpr position closed_bit = 1; // of tail_.next
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

    // try_push   lock-free; fails: full, closed, busy; linearizes at the CAS on tail_.next; v is moved from only on success.
    [[nodiscard]] status try_push(T&& v) { return try_emplace(std::move(v)); }
    [[nodiscard]] status try_push(T const& v) { return try_emplace(v); }

    // try_emplace   as try_push; a constructor that may throw runs before the queue is touched.
    template <class... Args>
    [[nodiscard]] status try_emplace(Args&&... args) {
        auto const why_not = [this](position& at) { return no_room_at(at); };
        if constexpr (std::is_nothrow_constructible_v<T, Args...>) {
            return push(why_not, std::forward<Args>(args)...);
        } else {
            return push(why_not, T(std::forward<Args>(args)...));
        }
    }

    // try_pop   lock-free; fails: empty, closed (and drained), busy; linearizes at the CAS on head_.next.
    [[nodiscard]] result<T> try_pop() {
        return pop([this](position& at) { return nothing_at(at); });
    }

    // try_push_n   lock-free; moves from items[0, returned) at one instant; short when fewer slots are free, 0 when closed.
    std::size_t try_push_n(std::span<T> items) {
        auto at = tail_.guess.load(order::relaxed); // relaxed: a guess, the CAS decides
        for (;;) {
            if (at & closed_bit) {
                return 0;
            }
            auto end = at;
            std::size_t n = 0;
            while (n != items.size() && entry_of(end).turn.load(order::acquire) == end) { // push.claim
                end = after(end);
                ++n;
            }
            if (n != 0) {
                if (claim_tail(at, end)) {
                    for (auto& item : items.first(n)) {
                        put(entry_of(at), at, std::move(item));
                        at = after(at);
                    }
                    return n;
                }
            } else if (items.empty() || no_room_at(at) != status::success) {
                return 0;
            }
        }
    }

    // try_pop_n   lock-free; assigns to out[0, returned) at one instant; short when fewer elements are ready.
    std::size_t try_pop_n(std::span<T> out) {
        static_assert(std::is_nothrow_move_assignable_v<T>);
        auto at = head_.guess.load(order::relaxed); // relaxed: a guess, the CAS decides
        for (;;) {
            auto end = at;
            std::size_t n = 0;
            while (n != out.size() && entry_of(end).turn.load(order::acquire) == (end | full_bit)) { // pop.take
                end = after(end);
                ++n;
            }
            if (n != 0) {
                if (claim_head(at, end)) {
                    for (auto& place : out.first(n)) {
                        place = take(entry_of(at), at);
                        at = after(at);
                    }
                    return n;
                }
            } else if (out.empty() || nothing_at(at) != status::success) {
                return 0;
            }
        }
    }

    // close, is_closed   wait-free, 1 step; later pushes answer closed; what is in the queue can still be popped. May be repeated.
    void close() { tail_.next.fetch_or(closed_bit, order::seq_cst); } // seq_cst: exact answers; close.mark
    bool is_closed() const {
        return tail_.next.load(order::seq_cst) & closed_bit; // seq_cst: exact answers; close.seen
    }

    // capacity   wait-free, 0 steps.
    std::size_t capacity() const noexcept { return capacity_; }

    // was_empty, approx_size   wait-free, 2 steps; may be stale when they return, and mix two instants when others push and
    // pop meanwhile.
    bool was_empty() const { return approx_size() == 0; }
    std::size_t approx_size() const {
        auto const head = head_.next.load(order::relaxed); // relaxed: approximate
        auto const tail = tail_.next.load(order::relaxed); // relaxed: approximate
        auto const ahead = static_cast<std::int64_t>(count_to(tail) - count_to(head));
        return ahead < 0 ? 0 : std::min(static_cast<std::size_t>(ahead), capacity_);
    }

private:
    template <class, class, class>
    friend class blocking;

    // For whoever is going to wait anyway: as try_push and try_pop, but these answer busy without finding out why,
    // and do not take the other end's line away from it for that.
    template <class V>
    status weak_push(V&& v) {
        return push([this](position& at) { return moved_on(tail_, at); }, std::forward<V>(v));
    }
    result<T> weak_pop() {
        return pop([this](position& at) { return moved_on(head_, at); });
    }

    // `why_not` is asked about a position whose slot was seen not free, and answers as no_room_at.
    template <class WhyNot, class... Args>
    status push(WhyNot why_not, Args&&... args) {
        auto at = tail_.guess.load(order::relaxed); // relaxed: a guess, the CAS decides
        for (;;) {
            if (at & closed_bit) {
                return status::closed;
            }
            auto& e = entry_of(at);
            if (e.turn.load(order::acquire) == at) { // push.claim
                if (claim_tail(at, after(at))) {
                    put(e, at, std::forward<Args>(args)...);
                    return status::success;
                }
            } else if (auto const why = why_not(at); why != status::success) {
                return why;
            }
        }
    }
    // `why_not` is asked about a position whose slot was seen without its element, and answers as nothing_at.
    template <class WhyNot>
    result<T> pop(WhyNot why_not) {
        auto at = head_.guess.load(order::relaxed); // relaxed: a guess, the CAS decides
        for (;;) {
            auto& e = entry_of(at);
            if (e.turn.load(order::acquire) == (at | full_bit)) { // pop.take
                if (claim_head(at, after(at))) {
                    return take(e, at);
                }
            } else if (auto const why = why_not(at); why != status::success) {
                return why;
            }
        }
    }

    // Takes the slots [at, end) for this thread's push; or fails, and `at` is where tail_ is.
    bool claim_tail(position& at, position end) noexcept {
        // seq_cst: exact answers; close.seen
        if (!tail_.next.compare_exchange_weak(at, end, order::seq_cst, order::acquire)) {
            return false;
        }
        tail_.guess.store(end, order::relaxed); // relaxed: a guess
        return true;
    }
    bool claim_head(position& at, position end) noexcept {
        // seq_cst: exact answers; relaxed: a better guess
        if (!head_.next.compare_exchange_weak(at, end, order::seq_cst, order::relaxed)) {
            return false;
        }
        head_.guess.store(end, order::relaxed); // relaxed: a guess
        return true;
    }

    // Nothing is known but that the slot at `at` was not ready: busy; or success, and `at` is where to try next.
    struct end_of_queue;
    static status moved_on(end_of_queue const& end, position& at) {
        auto const next = end.next.load(order::acquire); // close.seen
        return std::exchange(at, next) == next ? status::busy : status::success;
    }

    // Why nothing can be pushed at `at`, whose slot was seen not free; or success, and `at` is where to try next.
    status no_room_at(position& at) const {
        auto const tail = tail_.next.load(order::seq_cst); // seq_cst: exact answers; close.seen
        if (tail != at) {
            at = tail;
            return status::success;
        }
        // full: head_ is a lap behind, so it was when tail_ was read, and nothing has been pushed since.
        // busy: the slot's element is claimed by a pop that has not recycled it.
        return head_.next.load(order::seq_cst) == at - lap_ ? status::full : status::busy; // seq_cst: exact answers
    }

    // Why nothing can be popped at `at`, whose slot was seen without its element; or success, and `at` is where to try next.
    status nothing_at(position& at) const {
        auto const tail = tail_.next.load(order::seq_cst); // seq_cst: exact answers; close.seen
        if ((tail & ~closed_bit) == at) {
            return tail & closed_bit ? status::closed : status::empty;
        }
        auto const head = head_.next.load(order::relaxed); // relaxed: a guess
        if (head == at) {
            return status::busy; // claimed by a push that has not published it
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
    position after(position at) const noexcept {
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

    // A load right behind a locked instruction on the same word, or the same line, has to wait for it.
    // So what was last known of `next` stands on the line beside, for a call to start from: a push and
    // a pop together take 16 to 20 ns instead of 29 (Sapphire Rapids).
    struct alignas(cache_line) end_of_queue {
        atomic<position> next{0};
        alignas(cache_line / 2) atomic<position> guess{0};
    };
    end_of_queue head_;
    end_of_queue tail_;
};

} // namespace lockfree
} // namespace tandem::inline TANDEM_ABI
