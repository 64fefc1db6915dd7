#pragma once

// spsc_queue: a ring between one producer and one consumer whose slots are their own flags (after FastForward,
// Giacomoni, Moseley and Vachharajani, 2008).
//
// An end looks at its next slot only, never at where the other end is: what moves between the cores is the line that
// the elements are in. Neither end executes a locked instruction.
//
//   trivially copyable, up to 8 bytes   one word, 0 when free (word_slots)
//   anything else                       the element behind a flag (flagged_slots)
//
// Push, try_emplace, try_push_n by one thread at a time, try_pop and try_pop_n by one thread at a time; close() and
// is_closed() by these two, and no third; the other observers by anyone.
//
// A push may have found the queue open and its slot free when the consumer closes. It looks for that once it has offered
// its element; the consumer looks for elements once it has closed, and one of the two sees the other (watched.hpp). From
// then on both take by compare-exchange: who gets the element decides whether it was pushed before the close. A consumer
// that was once told `closed` takes nothing more.
//
// An operation that returned on one core may be seen on another a little later, unless something else orders them. So `full`
// may be said to a producer, and at the same time `empty` to a consumer, that are each a step behind the other.
//
// Edges:
//   push.publish  release => pop.take    acquire   the element is written before it is offered
//   pop.free      release => push.claim  acquire   the element is taken out before its slot is offered again
//
// Prefer bounded_queue as soon as two threads push, or two pop.

#include <tandem/contract.hpp>
#include <tandem/watched.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace tandem::inline TANDEM_ABI {
namespace lockfree {

namespace detail {

// An array of default-constructed U.
template <class U, class Allocator>
class fixed_array {
    using allocator_type = typename std::allocator_traits<Allocator>::template rebind_alloc<U>;
    using traits = std::allocator_traits<allocator_type>;

public:
    fixed_array(std::size_t size, Allocator const& a) : allocator_(a), size_(size) {
        if (size > traits::max_size(allocator_)) {
            TANDEM_THROW(std::length_error("tandem::spsc_queue: capacity"));
        }
        elements_ = traits::allocate(allocator_, size);
        std::uninitialized_default_construct_n(data(), size);
    }
    ~fixed_array() {
        std::destroy_n(data(), size_);
        traits::deallocate(allocator_, elements_, size_);
    }
    fixed_array(fixed_array const&) = delete;
    fixed_array& operator=(fixed_array const&) = delete;

    U* data() const noexcept { return std::to_address(elements_); }

private:
    [[no_unique_address]] allocator_type allocator_;
    typename traits::pointer elements_;
    std::size_t size_;
};

// Slots of one word. A smaller element stands beside a bit that says that it is there; a whole word is stored exclusive-or
// a key, and the two values that would then be 0 and 1 are stored as 1, with a note of which one it is.
template <class T, class Allocator>
class word_slots {
    using word = std::uint64_t;
    static constexpr bool whole = sizeof(T) == sizeof(word);
    static constexpr word present = word{1} << 63;
    static constexpr word key = 0x7a3d'e5c9'4b81'f6d2;
    static constexpr word noted = 1;

public:
    using seen = word; // 0: the slot is free

    word_slots(std::size_t n, Allocator const& a) : words_(n, a), notes_(whole ? n : 0, a) {}

    // What an end keeps of it beside its own data.
    class view {
    public:
        explicit view(word_slots const& of) noexcept : words_(of.words_.data()), notes_(of.notes_.data()) {}

        bool is_free(std::size_t i) const noexcept { return words_[i].load(order::acquire) == 0; } // push.claim
        template <class... Args>
        void put(std::size_t i, Args&&... args) noexcept {
            words_[i].store(encode(i, T(std::forward<Args>(args)...)), order::release); // push.publish
        }
        // Whether nobody has taken it.
        bool take_back(std::size_t i) noexcept {
            return words_[i].exchange(0, order::relaxed) != 0; // relaxed: no more than it was put there by this thread
        }
        static void restore(std::size_t, T&) noexcept {} // was only copied
        static void drop(std::size_t) noexcept {}

        seen look(std::size_t i) const noexcept { return words_[i].load(order::acquire); } // pop.take
        T take(std::size_t i, seen s) noexcept {
            T taken = decode(i, s);
            words_[i].store(0, order::release); // pop.free
            return taken;
        }
        std::size_t take_n(std::size_t i, T* out, std::size_t most) noexcept {
            std::size_t n = 0;
            for (; n != most; ++n) {
                auto const s = look(i + n);
                if (s == 0) {
                    break;
                }
                out[n] = decode(i + n, s);
            }
            return n;
        }
        void free_n(std::size_t i, std::size_t n) noexcept {
            while (n-- != 0) {
                words_[i + n].store(0, order::release); // pop.free
            }
        }
        // As take, if the producer has not taken it back.
        result<T> contend(std::size_t i, seen s) noexcept {
            T taken = decode(i, s);
            // pop.free; relaxed: nothing was taken
            if (!words_[i].compare_exchange_strong(s, 0, order::release, order::relaxed)) {
                return status::closed;
            }
            return taken;
        }

    private:
        word encode(std::size_t i, T const& v) noexcept {
            word w = 0;
            std::memcpy(&w, std::addressof(v), sizeof v);
            if constexpr (whole) {
                w ^= key;
                return w > noted ? w : note(i, w);
            } else {
                return w | present;
            }
        }
        T decode(std::size_t i, word w) const noexcept {
            if constexpr (whole) {
                w = (w != noted ? w : noted_at(i)) ^ key;
            }
            std::array<std::byte, sizeof(T)> bytes;
            std::memcpy(bytes.data(), &w, sizeof(T));
            return std::bit_cast<T>(bytes);
        }

        // Two words in 2^64: out of the way of the others.
        [[gnu::noinline, gnu::cold]] word note(std::size_t i, word w) noexcept {
            notes_[i].write(w == noted);
            return noted;
        }
        [[gnu::noinline, gnu::cold]] word noted_at(std::size_t i) const noexcept { return notes_[i].read() ? noted : 0; }

        atomic<word>* words_;
        cell<bool>* notes_;
    };

private:
    fixed_array<atomic<word>, Allocator> words_;
    fixed_array<cell<bool>, Allocator> notes_;
};

// Slots for any element.
template <class T, class Allocator>
class flagged_slots {
    enum : std::uint32_t { vacant, offered, claimed };
    struct entry {
        atomic<std::uint32_t> state{vacant};
        slot<T> element;
    };

public:
    using seen = std::uint32_t; // 0: the slot is free

    flagged_slots(std::size_t n, Allocator const& a) : entries_(n, a), size_(n) {}
    ~flagged_slots() {
        for (auto& e : std::span(entries_.data(), size_)) {
            if (e.state.load(order::relaxed) == offered) { // relaxed: no other thread is here
                e.element.destroy();
            }
        }
    }

    class view {
    public:
        explicit view(flagged_slots const& of) noexcept : entries_(of.entries_.data()) {}

        bool is_free(std::size_t i) const noexcept { return entries_[i].state.load(order::acquire) == vacant; } // push.claim
        template <class... Args>
        void put(std::size_t i, Args&&... args) noexcept {
            entries_[i].element.construct(std::forward<Args>(args)...);
            entries_[i].state.store(offered, order::release); // push.publish
        }
        bool take_back(std::size_t i) noexcept {
            auto expected = seen{offered};
            // relaxed: no more than it was put there by this thread; relaxed: it is the consumer's
            return entries_[i].state.compare_exchange_strong(expected, vacant, order::relaxed, order::relaxed);
        }
        // Precondition of both: it was taken back.
        void restore(std::size_t i, T& to) noexcept {
            if constexpr (std::is_nothrow_move_assignable_v<T>) {
                to = entries_[i].element.take();
            } else {
                std::destroy_at(std::addressof(to));
                std::construct_at(std::addressof(to), entries_[i].element.take());
            }
        }
        void drop(std::size_t i) noexcept { entries_[i].element.destroy(); }

        seen look(std::size_t i) const noexcept { return entries_[i].state.load(order::acquire); } // pop.take
        T take(std::size_t i, seen) noexcept {
            T taken = entries_[i].element.take();
            entries_[i].state.store(vacant, order::release); // pop.free
            return taken;
        }
        std::size_t take_n(std::size_t i, T* out, std::size_t most) noexcept {
            std::size_t n = 0;
            for (; n != most && look(i + n) == offered; ++n) {
                out[n] = entries_[i + n].element.take();
            }
            return n;
        }
        void free_n(std::size_t i, std::size_t n) noexcept {
            while (n-- != 0) {
                entries_[i + n].state.store(vacant, order::release); // pop.free
            }
        }
        result<T> contend(std::size_t i, seen s) noexcept {
            // relaxed: pop.take came before; relaxed: nothing was taken
            if (!entries_[i].state.compare_exchange_strong(s, claimed, order::relaxed, order::relaxed)) {
                return status::closed;
            }
            return take(i, s);
        }

    private:
        entry* entries_;
    };

private:
    fixed_array<entry, Allocator> entries_;
    std::size_t size_;
};

template <class T, class Allocator>
using spsc_slots = std::conditional_t<std::is_trivially_copyable_v<T> && sizeof(T) <= sizeof(std::uint64_t),
                                      word_slots<T, Allocator>, flagged_slots<T, Allocator>>;

} // namespace detail

template <class T, class Allocator>
class spsc_queue {
    static_assert(contract::element<T>, "an element must move and be destroyed without throwing");
    using slots = detail::spsc_slots<T, Allocator>;

public:
    // Throws std::invalid_argument for capacity 0, std::length_error for one beyond the address space,
    // and what the allocator throws. The destructor destroys what is left: no other thread may be using the queue.
    explicit spsc_queue(std::size_t capacity, Allocator a = {})
        : slots_(checked(capacity), a), producer_(slots_, capacity), consumer_(slots_, capacity) {}
    spsc_queue(spsc_queue const&) = delete;
    spsc_queue& operator=(spsc_queue const&) = delete;

    // try_push   wait-free, 11 steps; fails: full, closed; linearizes where it offers the element; v is moved from only on
    //            success, or moved back.
    [[nodiscard]] status try_push(T&& v) { return try_emplace(std::move(v)); }
    [[nodiscard]] status try_push(T const& v) { return try_emplace(v); }

    // try_emplace   as try_push; a constructor that may throw runs before the queue is touched. What the element was
    //               made from is not restored when the consumer closes meanwhile.
    template <class... Args>
    [[nodiscard]] status try_emplace(Args&&... args) {
        if constexpr (std::is_nothrow_constructible_v<T, Args...>) {
            return push(std::forward<Args>(args)...);
        } else {
            static_assert(std::is_constructible_v<T, Args...>);
            return push(T(std::forward<Args>(args)...));
        }
    }

    // try_pop   wait-free, 9 steps; fails: empty, closed (and drained); linearizes where it frees the slot.
    //           Always inlined, as push is: with a call in its place the two together took a seventh longer.
    [[nodiscard, gnu::always_inline]] result<T> try_pop() {
        if (is_closed()) [[unlikely]] {
            return pop_from_closed();
        }
        auto const i = consumer_.next.load(order::relaxed); // relaxed: this end's own
        auto const next = consumer_.after(i);
        auto ring = consumer_.ring;
        auto const seen = ring.look(i);
        if (seen == 0) {
            return is_closed() ? pop_from_closed() : status::empty;
        }
        consumer_.next.store(next, order::relaxed); // relaxed: for approx_size, ordered by the slot
        return ring.take(i, seen);
    }

    // try_push_n   wait-free, 6 steps and 5 an element; moves from items[0, returned) at one instant; short when there was no
    //              room for more, 0 when closed.
    std::size_t try_push_n(std::span<T> items) {
        auto const i = producer_.next.load(order::relaxed); // relaxed: this end's own
        auto ring = producer_.ring;
        auto const most = std::min(items.size(), producer_.capacity);
        auto const up_to_end = std::min(most, producer_.capacity - i);
        auto n = count_free(ring, i, up_to_end);
        if (n == up_to_end && n != most) {
            n += count_free(ring, 0, most - n);
        }
        if (n == 0 || is_closed()) [[unlikely]] {
            return 0;
        }
        producer_.next.store(producer_.after(i, n), order::relaxed); // relaxed: for approx_size, ordered by the slots
        // The first one last: it offers them all.
        if (n > up_to_end) {
            put_n(ring, 0, items.subspan(up_to_end, n - up_to_end));
            put_n(ring, i, items.first(up_to_end));
        } else {
            put_n(ring, i, items.first(n));
        }
        return closed_.look() == 0 ? n : take_back_n(items.first(n));
    }

    // try_pop_n   wait-free, 3 steps and 5 an element; assigns to out[0, returned) at one instant; short when there were no more.
    std::size_t try_pop_n(std::span<T> out) {
        static_assert(std::is_nothrow_move_assignable_v<T>);
        if (is_closed()) [[unlikely]] {
            return pop_n_from_closed(out);
        }
        auto const i = consumer_.next.load(order::relaxed); // relaxed: this end's own
        auto ring = consumer_.ring;
        auto const most = std::min(out.size(), consumer_.capacity);
        auto const up_to_end = std::min(most, consumer_.capacity - i);
        auto n = ring.take_n(i, out.data(), up_to_end);
        if (n == up_to_end && n != most) {
            n += ring.take_n(0, out.data() + n, most - n);
        }
        consumer_.next.store(consumer_.after(i, n), order::relaxed); // relaxed: for approx_size, ordered by the slots
        // The first one last: it frees them all.
        if (n > up_to_end) {
            ring.free_n(0, n - up_to_end);
            ring.free_n(i, up_to_end);
        } else {
            ring.free_n(i, n);
        }
        return n;
    }

    // is_closed   wait-free, 1 step.
    // close   wait-free, 3 steps; later pushes answer closed; what is in the queue can still be popped. May be repeated.
    void close() {
        if (!is_closed()) {
            closed_.add(1);
        }
    }
    bool is_closed() const { return closed_.any(); }

    // capacity   wait-free, 0 steps.
    std::size_t capacity() const noexcept { return consumer_.capacity; }

    // was_empty, approx_size   wait-free, 3 steps; may be stale when they return, and mix two instants when others push and
    // pop meanwhile.
    bool was_empty() const { return approx_size() == 0; }
    std::size_t approx_size() const {
        auto const head = consumer_.next.load(order::relaxed); // relaxed: approximate
        auto const tail = producer_.next.load(order::relaxed); // relaxed: approximate
        if (head == tail) {
            return consumer_.ring.look(head) == 0 ? 0 : capacity();
        }
        return tail > head ? tail - head : tail + capacity() - head;
    }

private:
    // Where an end is, and copies of what is the same for both, on lines of its own. It moves on before it offers or frees
    // the slots it passes: whoever sees that sees this too.
    struct alignas(cache_line) end_of_queue {
        end_of_queue(slots const& of, std::size_t n) noexcept : ring(of), capacity(n) {}

        std::size_t after(std::size_t i) const noexcept {
            if (++i == capacity) [[unlikely]] {
                i = 0;
            }
            return i;
        }
        // Precondition: n <= capacity.
        std::size_t after(std::size_t i, std::size_t n) const noexcept {
            auto const to_the_end = capacity - i;
            return n < to_the_end ? i + n : n - to_the_end;
        }

        typename slots::view ring;
        std::size_t const capacity;
        atomic<std::size_t> next{0}; // the slot
    };

    // Of slots in a row, at most so many, from i on.
    static std::size_t count_free(typename slots::view const& ring, std::size_t i, std::size_t most) noexcept {
        std::size_t n = 0;
        while (n != most && ring.is_free(i + n)) {
            ++n;
        }
        return n;
    }
    // The first one last.
    static void put_n(typename slots::view& ring, std::size_t i, std::span<T> items) noexcept {
        for (auto n = items.size(); n-- != 0;) {
            ring.put(i + n, std::move(items[n]));
        }
    }

    static std::size_t checked(std::size_t capacity) {
        if (capacity == 0) {
            TANDEM_THROW(std::invalid_argument("tandem::spsc_queue: capacity 0"));
        }
        return capacity;
    }

    template <class... Args>
    [[gnu::always_inline]] status push(Args&&... args) {
        auto const i = producer_.next.load(order::relaxed); // relaxed: this end's own
        auto const next = producer_.after(i);
        auto ring = producer_.ring;
        if (!ring.is_free(i)) {
            return is_closed() ? status::closed : status::full;
        }
        if (is_closed()) [[unlikely]] { // after the look: a slot that was freed after a close is not to be filled
            return status::closed;
        }
        producer_.next.store(next, order::relaxed); // relaxed: for approx_size, ordered by the slot
        ring.put(i, std::forward<Args>(args)...);
        return closed_.look() == 0 ? status::success : take_back(std::forward<Args>(args)...);
    }

    // The consumer has closed: what it has not taken was not pushed.
    template <class... Args>
    [[gnu::noinline, gnu::cold]] status take_back(Args&&... args) {
        auto const next = producer_.next.load(order::relaxed); // relaxed: this end's own
        auto const i = producer_.after(next, capacity() - 1);
        if (!producer_.ring.take_back(i)) {
            return status::success;
        }
        producer_.next.store(i, order::relaxed); // relaxed: approximate
        if constexpr (sizeof...(Args) == 1 && (std::is_same_v<Args, T> && ...)) {
            (producer_.ring.restore(i, args), ...);
        } else {
            producer_.ring.drop(i);
        }
        return status::closed;
    }
    [[gnu::noinline, gnu::cold]] std::size_t take_back_n(std::span<T> items) {
        auto n = items.size();
        while (n != 0 && take_back(std::move(items[n - 1])) == status::closed) {
            --n;
        }
        return n;
    }

    [[gnu::noinline, gnu::cold]] result<T> pop_from_closed() {
        auto const i = consumer_.next.load(order::relaxed); // relaxed: this end's own
        if (auto const seen = consumer_.ring.look(i); seen != 0 && !drained_.read()) {
            if (auto taken = consumer_.ring.contend(i, seen)) {
                consumer_.next.store(consumer_.after(i), order::relaxed); // relaxed: approximate
                return taken;
            }
        }
        drained_.write(true);
        return status::closed;
    }
    [[gnu::noinline, gnu::cold]] std::size_t pop_n_from_closed(std::span<T> out) {
        std::size_t n = 0;
        for (; n != out.size(); ++n) {
            auto popped = pop_from_closed();
            if (!popped) {
                break;
            }
            out[n] = *std::move(popped);
        }
        return n;
    }

    slots slots_;
    watched closed_;
    end_of_queue producer_;
    end_of_queue consumer_;
    cell<bool> drained_{false}; // the consumer's: it was told closed
};

} // namespace lockfree
} // namespace tandem::inline TANDEM_ABI
