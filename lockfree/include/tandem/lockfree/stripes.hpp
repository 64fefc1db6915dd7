#pragma once

// stripes: for every thread a row of numbers that it alone writes, without a locked instruction, and all may read.
//
//   row     the numbers of one thread; when it ends, they stay, and the next thread to begin goes on with them
//   piece   a stretch of a row: the first is a page, each next one is twice as long as the one before
//   place   where a number stands, the same in every row
//
// Nobody but the thread whose row it is can set a number back to 0 without losing an addition. So a place that is
// taken again keeps what it held: its new owner reads the sum first, and counts from there.
//
// Edges:
//   add         release => read       acquire   what was done before an addition is seen by whoever sees the addition
//   row.leave   release => row.take   acquire   the next thread goes on from the last number
//   row.link    release => row.find   acquire   a row is made before it is found
//   piece.link  release => piece.find acquire   a piece is made before it is found
//
// Memory: 4 KiB for each thread that adds, of those alive at the same time, holding 496 numbers; and 8 bytes for each
// further place. It is kept until the process ends.

#include <tandem/mutex.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>

namespace tandem::inline TANDEM_ABI {
namespace lockfree {

class stripes {
    using number = atomic<std::uint64_t>;

public:
    // A number for each thread. Nobody else's, from take() to give_back().
    struct place {
        explicit place(std::size_t index) noexcept : at(index) {}
        std::size_t const at;
        cell<place*> next_free{nullptr};
    };

    // Those of the process.
    static stripes& all() noexcept { return of_process<stripes>(); }

    constexpr stripes() noexcept = default;
    stripes(stripes const&) = delete;
    stripes& operator=(stripes const&) = delete;
    // Never in a program: a model checker wants its memory back.
    ~stripes() {
        for (auto* one = rows_.load(order::relaxed); one != nullptr;) { // relaxed: alone
            destroy(std::exchange(one, one->next.read()));
        }
        while (auto* const one = pop_free()) {
            std::destroy_at(one);
            allocator<place>().deallocate(one, 1);
        }
    }

    // take, give_back   wait for a lock; take throws what the allocator throws.
    place& take() {
        scoped_lock const lock(mutex_);
        if (auto* const one = pop_free()) {
            return *one;
        }
        auto* const made = std::construct_at(allocator<place>().allocate(1), places_.read());
        places_.write(places_.read() + 1);
        return *made;
    }
    void give_back(place& p) noexcept {
        scoped_lock const lock(mutex_);
        p.next_free.write(free_.read());
        free_.write(&p);
    }

    // at_hand   wait-free: the number of this thread; nullptr: the place is not in the first piece of its row, or there is
    // none yet.
    [[gnu::always_inline]] static number* at_hand(std::size_t at) noexcept {
        auto const& mine = of_thread<own>();
        return at < mine.count ? &mine.numbers[at] : nullptr;
    }
    // beyond   the same anywhere; makes what is missing, which is lock-free beside the allocator. nullptr: there is no
    // memory, or the thread is ending and has left its row.
    number* beyond(std::size_t at) noexcept { return find_or_make(of_thread<own>(), at); }

    // Only the thread whose number it is adds to it, so that nothing comes between. Linearizes at the store.
    [[gnu::always_inline]] static void add_to(number& mine, std::uint64_t n) noexcept {
        auto const old = mine.load(order::relaxed); // relaxed: this thread's own, or handed over by row.take
        mine.store(old + n, order::release);        // add
    }

    // sum   wait-free, in as many steps as there are rows; each number is read at an instant of its own.
    std::uint64_t sum(std::size_t at) const noexcept {
        std::uint64_t total = 0;
        each(at, [&](number const& one) { total += one.load(order::acquire); }); // read
        return total;
    }
    // clear   sets all numbers at a place to 0. Precondition: no other thread uses the place yet.
    void clear(std::size_t at) noexcept {
        each(at, [](number& one) { one.store(0, order::relaxed); }); // relaxed: whoever uses the place is told of it afterwards
    }

private:
    struct piece {
        std::size_t const count;
        number* const numbers;
        atomic<piece*> next{nullptr};
    };
    struct row {
        atomic<std::uint32_t> taken{1};
        atomic<piece*> first{nullptr};
        cell<row*> next{nullptr};
    };
    // What a thread knows of its row: its first piece.
    struct own {
        number* numbers = nullptr;
        std::size_t count = 0;
        row* whole = nullptr;
        bool left = false;
    };

    template <class F>
    void each(std::size_t at, F f) const noexcept {
        for (auto const* one = rows_.load(order::acquire); one != nullptr; one = one->next.read()) { // row.find
            auto index = at;
            auto const* p = one->first.load(order::acquire); // piece.find
            while (p != nullptr && index >= p->count) {
                index -= p->count;
                p = p->next.load(order::acquire); // piece.find
            }
            if (p != nullptr) {
                f(p->numbers[index]);
            }
        }
    }
    static constexpr std::size_t header = (sizeof(piece) + cache_line - 1) / cache_line * cache_line;

public:
    static constexpr std::size_t in_first_piece = page < header + sizeof(number) ? 1 : (page - header) / sizeof(number);

private:
    [[gnu::cold]] number* find_or_make(own& mine, std::size_t at) noexcept {
        if (mine.whole == nullptr) {
            if (mine.left || (mine.whole = take_row()) == nullptr) {
                return nullptr;
            }
            at_thread_exit<&leave_row>();
        }
        auto* link = &mine.whole->first;
        for (auto count = in_first_piece;; count *= 2) {
            auto* p = link->load(order::relaxed); // relaxed: linked by this thread, or handed over by row.take
            if (p == nullptr) {
                p = make_piece(count);
                if (p == nullptr) {
                    return nullptr;
                }
                link->store(p, order::release); // piece.link
            }
            if (mine.count == 0) {
                mine.numbers = p->numbers;
                mine.count = p->count;
            }
            if (at < p->count) {
                return &p->numbers[at];
            }
            at -= p->count;
            link = &p->next;
        }
    }

    [[gnu::cold]] row* take_row() noexcept {
        for (auto* one = rows_.load(order::acquire); one != nullptr; one = one->next.read()) { // row.find
            if (one->taken.load(order::relaxed) == 0 &&        // relaxed: a guess
                one->taken.exchange(1, order::acquire) == 0) { // row.take
                return one;
            }
        }
        auto* const memory = try_allocate(sizeof(row), alignof(row));
        if (memory == nullptr) {
            return nullptr;
        }
        auto* const made = std::construct_at(static_cast<row*>(memory));
        auto* before = rows_.load(order::relaxed); // relaxed: the CAS passes on what others linked
        do {
            made->next.write(before);
            // row.link; relaxed: as before
        } while (!rows_.compare_exchange_weak(before, made, order::release, order::relaxed));
        return made;
    }
    static void leave_row() noexcept {
        auto& mine = of_thread<own>();
        auto& whole = *mine.whole;
        mine = {.left = true};
        whole.taken.store(0, order::release); // row.leave
    }

    static constexpr std::size_t bytes_of(std::size_t count) noexcept { return header + count * sizeof(number); }
    [[gnu::cold]] static piece* make_piece(std::size_t count) noexcept {
        auto* const memory = static_cast<std::byte*>(try_allocate(bytes_of(count), cache_line));
        if (memory == nullptr) {
            return nullptr;
        }
        auto* const numbers = static_cast<number*>(static_cast<void*>(memory + header));
        for (std::size_t i = 0; i != count; ++i) {
            std::construct_at(numbers + i, std::uint64_t{0});
        }
        return ::new (static_cast<void*>(memory)) piece{count, numbers};
    }

    static void destroy(row* r) noexcept {
        for (auto* p = r->first.load(order::relaxed); p != nullptr;) { // relaxed: alone
            auto* const next = p->next.load(order::relaxed);           // relaxed: alone
            auto const bytes = bytes_of(p->count);
            std::destroy_n(p->numbers, p->count);
            std::destroy_at(p);
            deallocate(p, bytes, cache_line);
            p = next;
        }
        std::destroy_at(r);
        deallocate(r, sizeof(row), alignof(row));
    }

    place* pop_free() noexcept TANDEM_REQUIRES(mutex_) {
        auto* const one = free_.read();
        if (one != nullptr) {
            free_.write(one->next_free.read());
        }
        return one;
    }

    atomic<row*> rows_{nullptr};
    mutex mutex_;
    cell<place*> free_ TANDEM_GUARDED_BY(mutex_){nullptr};
    cell<std::size_t> places_ TANDEM_GUARDED_BY(mutex_){0};
};

} // namespace lockfree
} // namespace tandem::inline TANDEM_ABI
