#pragma once

// map: a hash table cut into 64 shards, each behind a brief lock. A shard grows and shrinks by itself, a little at a time.
//
//   shard   the lock, the count, and two tables (flat_table.hpp): `now`, and while it grows or shrinks another
//
//     other          whoever changes the shard
//     being made     prepares the next few of its groups; when that was the last, the two change places
//     being left     moves the elements of a few groups to `now`; when that was the last, it goes
//
// An operation that finds its shard free takes one locked instruction and looks at the line of the shard, the tags (on
// one line with the first elements, if they are small) and the element.
//
// The lock is the shard's, not the group's. Its line is needed anyway, for the address of the table, and what is
// read before a lock was taken cannot be given back while others run: locks in the groups would take a second mechanism
// that says when a table may go.
//
// A throwing hash, equality, copy, constructor, function or allocator leaves the map as it was. Refused memory fails an
// insertion only when the table is full to the last slot. For the growth of its shard an insertion allocates a table,
// prepares eight groups, or moves two.
//
// Memory: 4 KiB when empty; for an element 8/7 to 16/7 slots, and while a shard grows those of the table that it leaves.
// A shard shrinks when three quarters of it are vacant. Functions given to the map run under the lock and must not call
// the same map (debug builds trap it); they hold up 1/64 of it. Hash, equality and allocator are used by many threads
// at once.

#include <tandem/brief_mutex.hpp>
#include <tandem/contract.hpp>
#include <tandem/locked/flat_table.hpp>
#include <tandem/no_reentry.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace tandem::inline TANDEM_ABI {
namespace locked {

template <class K, class V, class Hash, class Equal, class Allocator>
class map {
    using table = flat_table<K, V, Allocator>;
    using element = typename table::element;
    using spot = typename table::spot;
    using group_allocator = typename table::group_allocator;

public:
    using key_type = K;
    using mapped_type = V;

    // expected: room for about so many without growing. Throws std::length_error beyond the address space, and what the
    // allocator throws.
    explicit map(std::size_t expected = 0, Hash hash = Hash(), Equal equal = Equal(), Allocator const& a = Allocator())
        : map(nothing{}, std::move(hash), std::move(equal), a) {
        if (expected > std::allocator_traits<group_allocator>::max_size(allocator_)) {
            TANDEM_THROW(std::length_error("tandem: expected"));
        }
        if (expected != 0) {
            for (auto& one : shards_) {
                brief_lock const lock(one.guard);
                make_other(one, table::groups_for(expected / shards_.size() + 1));
                finish(one);
            }
        }
    }
    ~map() { clear(); }
    map(map const&) = delete;
    map& operator=(map const&) = delete;

    // find, contains   wait for a lock, as every operation does, and linearize while it is held; a copy of the value
    std::optional<V> find(K const& k) const {
        std::optional<V> found;
        visit(k, [&](V const& v) { found.emplace(v); });
        return found;
    }
    bool contains(K const& k) const {
        return visit(k, [](V const&) {});
    }
    // visit   waits for a lock; f(V const&) under the lock; false: absent
    template <class F>
    bool visit(K const& k, F&& f) const {
        auto const h = mixed(k);
        auto& s = shard_of(h);
        [[maybe_unused]] no_reentry const once(this);
        brief_lock const lock(s.guard);
        auto const at = find_in(s, h, k);
        if (at) {
            std::invoke(f, std::as_const(at->get().value));
        }
        return static_cast<bool>(at);
    }

    // insert, try_emplace   wait for a lock; true: it was absent. The arguments are left alone otherwise.
    bool insert(K const& k, V const& v) { return add(k, v); }
    bool insert(K const& k, V&& v) { return add(k, std::move(v)); }
    bool insert(K&& k, V const& v) { return add(std::move(k), v); }
    bool insert(K&& k, V&& v) { return add(std::move(k), std::move(v)); }
    template <class... Args>
    requires std::constructible_from<V, Args...>
    bool try_emplace(K const& k, Args&&... args) {
        return add(k, std::forward<Args>(args)...);
    }
    template <class... Args>
    requires std::constructible_from<V, Args...>
    bool try_emplace(K&& k, Args&&... args) {
        return add(std::move(k), std::forward<Args>(args)...);
    }
    // insert_or_assign   waits for a lock; true: it was absent
    bool insert_or_assign(K const& k, V const& v) { return put_over(k, v); }
    bool insert_or_assign(K const& k, V&& v) { return put_over(k, std::move(v)); }
    bool insert_or_assign(K&& k, V const& v) { return put_over(std::move(k), v); }
    bool insert_or_assign(K&& k, V&& v) { return put_over(std::move(k), std::move(v)); }

    // update   waits for a lock; f(V&) under the lock; false: absent. f works on a copy unless it is noexcept or there are no copies
    // of V; then what it changed before it threw stays changed.
    template <class F>
    bool update(K const& k, F&& f) {
        auto const h = mixed(k);
        auto& s = shard_of(h);
        [[maybe_unused]] no_reentry const once(this);
        brief_lock const lock(s.guard);
        auto const at = find_in(s, h, k);
        if (at) {
            auto& value = at->modify().value;
            if constexpr (std::is_nothrow_invocable_v<F&, V&> || !std::is_copy_constructible_v<V>) {
                std::invoke(f, value);
            } else {
                V changed(std::as_const(value));
                std::invoke(f, changed);
                replace(value, std::move(changed));
            }
        }
        return static_cast<bool>(at);
    }

    // erase   waits for a lock; the value, moved out
    std::optional<V> erase(K const& k) {
        std::optional<V> value;
        take_if(k, [](V const&) { return true; }, [&](element& taken) { value.emplace(std::move(taken.value)); });
        return value;
    }
    // erase_if   waits for a lock; true: it was there, and pred(V const&), called under the lock, held
    template <class Pred>
    bool erase_if(K const& k, Pred&& pred) {
        return take_if(k, pred, [](element&) {});
    }

    // for_each   waits for locks; f(K const&, V const&) for each element, under the lock of its shard
    template <class F>
    void for_each(F&& f) const {
        [[maybe_unused]] no_reentry const once(this);
        for (auto& s : shards_) {
            brief_lock const lock(s.guard);
            for (auto const& t : {s.now.read(), left_by(s)}) {
                t.for_each([&](spot at) {
                    auto const& e = at->get();
                    std::invoke(f, e.key, e.value);
                });
            }
        }
    }
    // erase_if   waits for locks; those of which pred(K const&, V const&) holds, under the lock of the shard, one by one; how many
    template <class Pred>
    std::size_t erase_if(Pred&& pred) {
        [[maybe_unused]] no_reentry const once(this);
        std::size_t erased = 0;
        for (auto& s : shards_) {
            brief_lock const lock(s.guard);
            for (auto const& t : {s.now.read(), left_by(s)}) {
                t.for_each([&](spot at) {
                    auto const& e = at->get();
                    if (std::invoke(pred, e.key, std::as_const(e.value))) {
                        at.vacate(mixed(e.key));
                        at->destroy();
                        count(s, -1);
                        ++erased;
                    }
                });
            }
            shrink(s);
            finish(s);
        }
        return erased;
    }

    // approx_size   wait-free, 0 steps and 1 a shard; of each shard as it was at an instant of its own.
    std::size_t approx_size() const noexcept {
        std::size_t sum = 0;
        for (auto& s : shards_) {
            sum += s.count.load(order::relaxed); // relaxed: a number, and nothing is read on its account
        }
        return sum;
    }

    // clear   waits for locks, one shard after the other
    void clear() noexcept {
        for (auto& s : shards_) {
            table now, other;
            std::size_t prepared = 0;
            {
                [[maybe_unused]] no_reentry const once(this);
                brief_lock const lock(s.guard);
                now = s.now.read();
                other = s.other.read();
                prepared = prepared_of_other(s);
                forget_tables(s);
            }
            now.for_each([](spot at) { at->destroy(); });
            now.discard(allocator_, now.size());
            if (prepared == other.size()) {
                other.for_each([](spot at) { at->destroy(); });
            }
            other.discard(allocator_, prepared);
        }
    }

private:
    struct nothing {};
    map(nothing, Hash&& hash, Equal&& equal, Allocator const& a)
        : hash_(std::move(hash)), equal_(std::move(equal)), allocator_(a) {}

    struct alignas(cache_line / 2) shard {
        mutable brief_mutex guard;
        cell<bool> leaving TANDEM_GUARDED_BY(guard){false}; // other is being left, not made
        atomic<std::size_t> count{0};                       // written under the lock
        cell<table> now TANDEM_GUARDED_BY(guard){};
        cell<table> other TANDEM_GUARDED_BY(guard){};
        cell<std::size_t> next TANDEM_GUARDED_BY(guard){0}; // the group of other that is prepared or moved next
    };

    // std::hash of a number is often the number.
    std::uint64_t mixed(K const& k) const {
        __extension__ using wide = unsigned __int128;
        auto const product = static_cast<wide>(std::invoke(hash_, k)) * 0x9e37'79b9'7f4a'7c15;
        return static_cast<std::uint64_t>(product >> 64) ^ static_cast<std::uint64_t>(product);
    }
    shard const& shard_of(std::uint64_t h) const noexcept { return shards_[(h >> 32) % shards_.size()]; }
    shard& shard_of(std::uint64_t h) noexcept { return shards_[(h >> 32) % shards_.size()]; }

    spot find_in(shard const& s, std::uint64_t h, K const& k) const TANDEM_REQUIRES(s.guard) {
        auto const at = s.now.read().find(h, k, equal_);
        return at ? at : left_by(s).find(h, k, equal_);
    }
    // The table that is being left, if there is one.
    static table left_by(shard const& s) noexcept TANDEM_REQUIRES(s.guard) {
        return s.leaving.read() ? s.other.read() : table();
    }
    static std::size_t prepared_of_other(shard const& s) noexcept TANDEM_REQUIRES(s.guard) {
        return s.leaving.read() ? s.other.read().size() : s.next.read();
    }

    // Under the lock.
    static void count(shard& s, int by) noexcept {
        auto const n = s.count.load(order::relaxed);                     // relaxed: written under the lock
        s.count.store(n + static_cast<std::size_t>(by), order::relaxed); // relaxed: as in approx_size
    }
    static std::size_t counted(shard const& s) noexcept TANDEM_REQUIRES(s.guard) {
        return s.count.load(order::relaxed); // relaxed: written under the lock
    }

    // What may throw comes before anything is moved from.
    template <class Key, class... Args>
    void construct(shard& s, std::uint64_t h, Key&& k, Args&&... args) TANDEM_REQUIRES(s.guard) {
        make_room(s);
        if constexpr (std::is_nothrow_constructible_v<K, Key>) {
            s.now.read().place(h, std::forward<Key>(k), std::forward<Args>(args)...);
        } else {
            s.now.read().place(h, K(std::forward<Key>(k)), std::forward<Args>(args)...);
        }
        count(s, 1);
    }
    template <class Key, class... Args>
    bool add(Key&& k, Args&&... args) {
        auto const h = mixed(k);
        auto& s = shard_of(h);
        [[maybe_unused]] no_reentry const once(this);
        brief_lock const lock(s.guard);
        if (find_in(s, h, k)) {
            return false;
        }
        construct(s, h, std::forward<Key>(k), std::forward<Args>(args)...);
        return true;
    }
    template <class Key, class Value>
    bool put_over(Key&& k, Value&& v) {
        auto const h = mixed(k);
        auto& s = shard_of(h);
        [[maybe_unused]] no_reentry const once(this);
        brief_lock const lock(s.guard);
        if (auto const at = find_in(s, h, k)) {
            replace(at->modify().value, std::forward<Value>(v));
            return false;
        }
        construct(s, h, std::forward<Key>(k), std::forward<Value>(v));
        return true;
    }
    template <class Value>
    static void replace(V& old, Value&& v) {
        if constexpr (std::is_nothrow_constructible_v<V, Value>) {
            std::destroy_at(&old);
            std::construct_at(&old, std::forward<Value>(v));
        } else {
            replace(old, V(std::forward<Value>(v)));
        }
    }
    template <class Pred, class Take>
    bool take_if(K const& k, Pred&& pred, Take take) {
        auto const h = mixed(k);
        auto& s = shard_of(h);
        std::optional<element> taken; // destroyed after the unlock
        [[maybe_unused]] no_reentry const once(this);
        brief_lock const lock(s.guard);
        go_on(s);
        auto const at = find_in(s, h, k);
        if (!at || !std::invoke(pred, std::as_const(at->get().value))) {
            return false;
        }
        at.vacate(h);
        taken.emplace(at->take());
        count(s, -1);
        shrink(s);
        take(*taken);
        return true;
    }

    // A little of what there is to do for the other table. Throws what the hash throws, and nothing is lost.
    void go_on(shard& s) TANDEM_REQUIRES(s.guard) {
        auto const now = s.now.read();
        auto const other = s.other.read();
        if (!other) {
            return;
        }
        auto i = s.next.read();
        auto const few = std::min(other.size(), i + (s.leaving.read() ? 2 : made_of(8)));
        if (!s.leaving.read()) {
            other.prepare(i, few);
            s.next.write(few);
            if (few == other.size()) {
                s.now.write(other);
                s.other.write(now);
                s.leaving.write(static_cast<bool>(now));
                s.next.write(0);
            }
            return;
        }
        for (; i != few; ++i) {
            other.move_group(i, now, [this](K const& k) { return mixed(k); });
            s.next.write(i + 1);
        }
        if (few == other.size()) {
            s.other.write({});
            s.leaving.write(false);
            other.discard(allocator_, other.size());
        }
    }
    void finish(shard& s) TANDEM_REQUIRES(s.guard) {
        while (s.other.read()) {
            go_on(s);
        }
    }

    // Before an insertion.
    void make_room(shard& s) TANDEM_REQUIRES(s.guard) {
        go_on(s);
        if (counted(s) < s.now.read().limit()) {
            return;
        }
        if (s.leaving.read()) {
            finish(s); // seldom: memory was refused, or it had just shrunk
        }
        auto const now = s.now.read();
        bool const full = counted(s) == now.capacity();
        if (!s.other.read()) {
            full ? make_other(s, std::max<std::size_t>(1, 2 * now.size())) : try_make_other(s, 2 * now.size());
        }
        while (counted(s) == s.now.read().capacity()) {
            go_on(s);
        }
    }
    // After an erasure.
    void shrink(shard& s) noexcept TANDEM_REQUIRES(s.guard) {
        auto const n = counted(s);
        auto const now = s.now.read();
        auto const other = s.other.read();
        if (n == 0 && (other || now.size() > 1)) {
            auto const prepared = prepared_of_other(s);
            forget_tables(s);
            now.discard(allocator_, now.size());
            other.discard(allocator_, prepared);
        } else if (!other && 4 * n < now.capacity() && table::groups_for(n + n / 2) < now.size()) {
            try_make_other(s, table::groups_for(n + n / 2));
        }
    }
    void forget_tables(shard& s) noexcept TANDEM_REQUIRES(s.guard) {
        s.now.write({});
        s.other.write({});
        s.leaving.write(false);
        s.count.store(0, order::relaxed); // relaxed: as in approx_size
    }

    // Precondition: there is none.
    void make_other(shard& s, std::size_t groups) TANDEM_REQUIRES(s.guard) {
        s.other.write(table(allocator_, groups));
        s.leaving.write(false);
        s.next.write(0);
    }
    void try_make_other(shard& s, std::size_t groups) noexcept TANDEM_REQUIRES(s.guard) {
#if defined(__cpp_exceptions)
        try {
            make_other(s, groups);
        } catch (...) { // it goes on as it is
        }
#else
        make_other(s, groups);
#endif
    }

    [[no_unique_address]] Hash hash_;
    [[no_unique_address]] Equal equal_;
    [[no_unique_address]] group_allocator allocator_;
    std::array<shard, made_of(64)> shards_{};
};

} // namespace locked
} // namespace tandem::inline TANDEM_ABI
