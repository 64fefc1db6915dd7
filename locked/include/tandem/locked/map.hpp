#pragma once

// map: a hash table cut into 64 shards, each behind a brief lock; a shard grows and shrinks by itself, a little at a time.
//
//   shard   the lock, the count, and two tables: of `old` a few groups are moved to `now` by whoever changes the shard
//   group   eight bytes and seven elements behind them: a tag for each (0: vacant; else 0x80 and seven bits of the
//           hash), and in the last byte how many elements found the group full and went on to the next (255: or more)
//
// An element stands in the first group, from its home on, that had room when it came: a search ends at a group that nobody
// passed. An operation that finds its shard free takes one locked instruction and looks at the line of the shard, the
// tags (on one line with the first elements, if they are small) and the element.
//
// The lock is the shard's, not the group's. Its line is needed anyway, for the address of the table, and what is
// read before a lock was taken cannot be given back while others run: locks in the groups would take a second mechanism
// that says when a table may go.
//
// A throwing hash, equality, copy, constructor, function or allocator leaves the map as it was. Refused memory fails an insertion only
// when the table is full to the last slot. Growing moves at most 14 elements at a time, but clears the tags of a whole new table.
//
// Memory: 4 KiB when empty; at most 8/7 slots for an element after growth is done and 16/7 before the next, besides
// the table that is being left. It shrinks when three quarters are vacant. Functions given to the map run
// under the lock and must not call the same map (debug builds trap it); they hold up 1/64 of it.

#include <tandem/brief_mutex.hpp>
#include <tandem/contract.hpp>
#include <tandem/no_reentry.hpp>

#include <algorithm>
#include <array>
#include <bit>
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
    static_assert(contract::element<K> && contract::element<V>, "keys and values must move and be destroyed without throwing");

public:
    using key_type = K;
    using mapped_type = V;

    // expected: room for about so many without growing. Throws std::length_error beyond the address space, and what
    // the allocator throws.
    explicit map(std::size_t expected = 0, Hash hash = Hash(), Equal equal = Equal(), Allocator const& a = Allocator())
        : map(nothing{}, std::move(hash), std::move(equal), a) {
        if (expected > group_traits::max_size(allocator_)) {
            TANDEM_THROW(std::length_error("tandem: expected"));
        }
        if (expected != 0) {
            for (auto& one : shards_) {
                brief_lock const lock(one.guard);
                resize(one, groups_for(expected / shards_.size() + 1));
            }
        }
    }
    ~map() { clear(); }
    map(map const&) = delete;
    map& operator=(map const&) = delete;

    // Every operation waits for locks, and linearizes while it holds one.
    // find   a copy of the value
    std::optional<V> find(K const& k) const {
        std::optional<V> found;
        visit(k, [&](V const& v) { found.emplace(v); });
        return found;
    }
    bool contains(K const& k) const {
        return visit(k, [](V const&) {});
    }
    // visit   f(V const&) under the lock; false: absent
    template <class F>
    bool visit(K const& k, F&& f) const {
        auto const h = mixed(k);
        auto& s = shard_of(h);
        [[maybe_unused]] no_reentry const once(this);
        brief_lock const lock(s.guard);
        auto const at = find_in(s, h, k);
        if (at) {
            std::invoke(f, std::as_const((*at).get().value));
        }
        return static_cast<bool>(at);
    }

    // insert, try_emplace   true: it was absent. The arguments are left alone otherwise.
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
    // insert_or_assign   true: it was absent
    bool insert_or_assign(K const& k, V const& v) { return put_over(k, v); }
    bool insert_or_assign(K const& k, V&& v) { return put_over(k, std::move(v)); }
    bool insert_or_assign(K&& k, V const& v) { return put_over(std::move(k), v); }
    bool insert_or_assign(K&& k, V&& v) { return put_over(std::move(k), std::move(v)); }

    // update   f(V&) under the lock; false: absent. f works on a copy unless it is noexcept or there are no copies
    // of V; then what it changed before it threw stays changed.
    template <class F>
    bool update(K const& k, F&& f) {
        auto const h = mixed(k);
        auto& s = shard_of(h);
        [[maybe_unused]] no_reentry const once(this);
        brief_lock const lock(s.guard);
        auto const at = find_in(s, h, k);
        if (at) {
            auto& value = (*at).modify().value;
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

    // erase   the value, moved out
    std::optional<V> erase(K const& k) {
        std::optional<V> value;
        take_if(k, [](V const&) { return true; }, [&](element& taken) { value.emplace(std::move(taken.value)); });
        return value;
    }
    // erase_if   true: it was there, and pred(V const&), called under the lock, held
    template <class Pred>
    bool erase_if(K const& k, Pred&& pred) {
        return take_if(k, pred, [](element&) {});
    }

    // for_each   f(K const&, V const&) for each element, under the lock of its shard
    template <class F>
    void for_each(F&& f) const {
        [[maybe_unused]] no_reentry const once(this);
        for (auto& s : shards_) {
            brief_lock const lock(s.guard);
            for (auto const& t : {s.now.read(), s.old.read()}) {
                for_each_in(t, [&](spot at) {
                    auto const& e = (*at).get();
                    std::invoke(f, e.key, e.value);
                });
            }
        }
    }
    // erase_if   those of which pred(K const&, V const&) holds, under the lock of the shard, one by one; how many
    template <class Pred>
    std::size_t erase_if(Pred&& pred) {
        [[maybe_unused]] no_reentry const once(this);
        std::size_t erased = 0;
        for (auto& s : shards_) {
            brief_lock const lock(s.guard);
            for (auto const& t : {s.now.read(), s.old.read()}) {
                for_each_in(t, [&](spot at) {
                    auto const& e = (*at).get();
                    if (std::invoke(pred, e.key, std::as_const(e.value))) {
                        vacate(at, mixed(e.key));
                        (*at).destroy();
                        count(s, -1);
                        ++erased;
                    }
                });
            }
            shrink(s);
            while (s.old.read()) {
                move_some(s);
            }
        }
        return erased;
    }

    // Of each shard as it was at an instant of its own.
    std::size_t approx_size() const noexcept {
        std::size_t sum = 0;
        for (auto& s : shards_) {
            sum += s.count.load(order::relaxed); // relaxed: a number, and nothing is read on its account
        }
        return sum;
    }

    // clear   one shard after the other
    void clear() noexcept {
        for (auto& s : shards_) {
            table now, old;
            {
                [[maybe_unused]] no_reentry const once(this);
                brief_lock const lock(s.guard);
                now = s.now.read();
                old = s.old.read();
                forget_tables(s);
            }
            for (auto const& t : {now, old}) {
                for_each_in(t, [](spot at) { (*at).destroy(); });
                discard(t);
            }
        }
    }

private:
    struct nothing {};
    map(nothing, Hash&& hash, Equal&& equal, Allocator const& a)
        : hash_(std::move(hash)), equal_(std::move(equal)), allocator_(a) {}

    // The value first: it may fail to be made, and then the key has not been moved from.
    struct element {
        template <class Key, class... Args>
        explicit element(Key&& k, Args&&... args) noexcept(std::is_nothrow_constructible_v<K, Key> &&
                                                           std::is_nothrow_constructible_v<V, Args...>)
            : value(V(std::forward<Args>(args)...)), key(std::forward<Key>(k)) {}
        element(element&&) noexcept = default;
        V value;
        K key;
    };

    static constexpr std::size_t slots = made_of(7);
    struct alignas(cache_line / 2) alignas(slot<element>) group {
        cell<std::uint64_t> tags{0};
        std::array<slot<element>, slots> elements;
    };
    using group_allocator = typename std::allocator_traits<Allocator>::template rebind_alloc<group>;
    using group_traits = std::allocator_traits<group_allocator>;

    struct table {
        typename group_traits::pointer groups{};
        std::size_t mask = 0;

        explicit operator bool() const noexcept { return groups != nullptr; }
        std::size_t size() const noexcept { return groups == nullptr ? 0 : mask + 1; }
        group& home(std::uint64_t h) const noexcept { return (*this)[h >> 7]; }
        group& after(group& g) const noexcept { return (*this)[static_cast<std::size_t>(&g - &(*this)[0]) + 1]; }
        group& operator[](std::size_t i) const noexcept { return std::to_address(groups)[i & mask]; }
    };

    struct alignas(cache_line / 2) shard {
        mutable brief_mutex guard;
        atomic<std::size_t> count{0}; // written under the lock
        cell<table> now TANDEM_GUARDED_BY(guard){};
        cell<table> old TANDEM_GUARDED_BY(guard){};
        cell<std::size_t> next TANDEM_GUARDED_BY(guard){0}; // the group of old to be moved next
    };

    // An element and where it stands.
    struct spot {
        table in{};
        group* of = nullptr;
        std::size_t index = 0;

        explicit operator bool() const noexcept { return of != nullptr; }
        slot<element>& operator*() const noexcept { return of->elements[index]; }
    };

    // Bytes of the tags' word.
    static constexpr std::uint64_t ones = 0x0101'0101'0101'0101 >> (64 - 8 * slots);
    static constexpr std::uint64_t high = ones << 7;
    static constexpr std::uint64_t tag_of(std::uint64_t h) noexcept { return (h & 0x7f) | 0x80; }
    static constexpr std::size_t first_of(std::uint64_t marks) noexcept {
        return static_cast<std::size_t>(std::countr_zero(marks)) / 8;
    }
    static constexpr std::uint64_t with_tag(std::uint64_t word, std::size_t index, std::uint64_t tag) noexcept {
        return (word & ~(std::uint64_t{0xff} << 8 * index)) | tag << 8 * index;
    }
    static constexpr std::uint64_t matches(std::uint64_t word, std::uint64_t tag) noexcept {
        auto const differs = word ^ ones * tag;
        return ~((differs & (high - ones)) + (high - ones)) & ~differs & high;
    }
    static constexpr std::uint64_t passed(std::uint64_t word) noexcept { return word >> 56; }

    // How many elements so many groups hold before they are too full to be fast.
    static constexpr std::size_t limit(std::size_t groups) noexcept { return groups * slots * 7 / 8; }
    static constexpr std::size_t groups_for(std::size_t elements) noexcept {
        auto groups = std::bit_ceil(elements / slots + 1);
        return limit(groups) < elements ? 2 * groups : groups;
    }

    // std::hash of a number is often the number.
    std::uint64_t mixed(K const& k) const {
        __extension__ using wide = unsigned __int128;
        auto const product = static_cast<wide>(std::invoke(hash_, k)) * 0x9e37'79b9'7f4a'7c15;
        return static_cast<std::uint64_t>(product >> 64) ^ static_cast<std::uint64_t>(product);
    }
    shard const& shard_of(std::uint64_t h) const noexcept { return shards_[(h >> 32) % shards_.size()]; }
    shard& shard_of(std::uint64_t h) noexcept { return shards_[(h >> 32) % shards_.size()]; }

    spot find_in(shard const& s, std::uint64_t h, K const& k) const TANDEM_REQUIRES(s.guard) {
        auto const at = find_in(s.now.read(), h, k);
        return at ? at : find_in(s.old.read(), h, k);
    }
    spot find_in(table const& t, std::uint64_t h, K const& k) const {
        auto* g = t ? &t.home(h) : nullptr;
        for (auto left = t.size(); left != 0; --left, g = &t.after(*g)) {
            auto const word = g->tags.read();
            for (auto found = matches(word, tag_of(h)); found != 0; found &= found - 1) {
                if (std::invoke(equal_, g->elements[first_of(found)].get().key, k)) {
                    return {t, g, first_of(found)};
                }
            }
            if (passed(word) == 0) {
                break;
            }
        }
        return {};
    }
    // Precondition: t is not full. Throws what the element's constructor throws.
    template <class... Args>
    static void place_in(table const& t, std::uint64_t h, Args&&... args) {
        auto* g = &t.home(h);
        auto vacant = ~g->tags.read() & high;
        while (vacant == 0) {
            g = &t.after(*g);
            vacant = ~g->tags.read() & high;
        }
        auto const index = first_of(vacant);
        g->elements[index].construct(std::forward<Args>(args)...);
        g->tags.write(with_tag(g->tags.read(), index, tag_of(h)));
        change_passed(t, h, *g, 1);
    }
    // The element is still to be destroyed.
    static void vacate(spot const& at, std::uint64_t h) noexcept {
        at.of->tags.write(with_tag(at.of->tags.read(), at.index, 0));
        change_passed(at.in, h, *at.of, -1);
    }
    // Of the groups that an element passed to get where it is. A count that has reached 255 stays.
    static void change_passed(table const& t, std::uint64_t h, group& where, int by) noexcept {
        for (auto* g = &t.home(h); g != &where; g = &t.after(*g)) {
            auto const word = g->tags.read();
            if (passed(word) != 255) {
                g->tags.write(word + (static_cast<std::uint64_t>(by) << 56));
            }
        }
    }
    template <class F>
    static void for_each_in(table const& t, F f) {
        for (std::size_t i = 0; i != t.size(); ++i) {
            for (auto taken = t[i].tags.read() & high; taken != 0; taken &= taken - 1) {
                f(spot{t, &t[i], first_of(taken)});
            }
        }
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
            place_in(s.now.read(), h, std::forward<Key>(k), std::forward<Args>(args)...);
        } else {
            place_in(s.now.read(), h, K(std::forward<Key>(k)), std::forward<Args>(args)...);
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
            replace((*at).modify().value, std::forward<Value>(v));
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
        move_some(s);
        auto const at = find_in(s, h, k);
        if (!at || !std::invoke(pred, std::as_const((*at).get().value))) {
            return false;
        }
        vacate(at, h);
        taken.emplace((*at).take());
        count(s, -1);
        shrink(s);
        take(*taken);
        return true;
    }

    // Throws what the hash throws; whatever was moved by then has been moved.
    void move_some(shard& s) TANDEM_REQUIRES(s.guard) {
        auto const from = s.old.read();
        for (int left = 2; from && left != 0; --left) {
            auto const i = s.next.read();
            if (i == from.size()) {
                s.old.write({});
                discard(from);
                break;
            }
            auto& g = from[i];
            while (auto const taken = g.tags.read() & high) {
                auto const index = first_of(taken);
                auto const h = mixed(g.elements[index].get().key);
                g.tags.write(with_tag(g.tags.read(), index, 0)); // that it was passed stays
                place_in(s.now.read(), h, g.elements[index].take());
            }
            s.next.write(i + 1);
        }
    }
    // Before an insertion.
    void make_room(shard& s) TANDEM_REQUIRES(s.guard) {
        move_some(s);
        auto const groups = s.now.read().size();
        if (counted(s) < limit(groups)) {
            return;
        }
        while (s.old.read()) {
            move_some(s);
        }
        if (counted(s) == groups * slots) {
            resize(s, std::max<std::size_t>(1, 2 * groups));
        } else {
            try_resize(s, 2 * groups);
        }
    }
    // After an erasure.
    void shrink(shard& s) noexcept TANDEM_REQUIRES(s.guard) {
        auto const n = counted(s);
        auto const now = s.now.read();
        auto const old = s.old.read();
        if (n == 0 && (old || now.size() > 1)) {
            forget_tables(s);
            discard(now);
            discard(old);
        } else if (!old && 4 * n < now.size() * slots && groups_for(n + n / 2) < now.size()) {
            try_resize(s, groups_for(n + n / 2));
        }
    }
    void forget_tables(shard& s) noexcept TANDEM_REQUIRES(s.guard) {
        s.now.write({});
        s.old.write({});
        s.count.store(0, order::relaxed); // relaxed: as in approx_size
    }

    // Precondition: there is no old table.
    void resize(shard& s, std::size_t groups) TANDEM_REQUIRES(s.guard) {
        table const made{group_traits::allocate(allocator_, groups), groups - 1};
        std::uninitialized_default_construct_n(std::to_address(made.groups), groups);
        s.old.write(s.now.read());
        s.now.write(made);
        s.next.write(0);
    }
    void try_resize(shard& s, std::size_t groups) noexcept TANDEM_REQUIRES(s.guard) {
#if defined(__cpp_exceptions)
        try {
            resize(s, groups);
        } catch (...) { // it goes on as it is
        }
#else
        resize(s, groups);
#endif
    }
    // Precondition: nothing is left in it.
    void discard(table const& t) noexcept {
        if (t) {
            std::destroy_n(std::to_address(t.groups), t.size());
            group_traits::deallocate(allocator_, t.groups, t.size());
        }
    }

    [[no_unique_address]] Hash hash_;
    [[no_unique_address]] Equal equal_;
    [[no_unique_address]] group_allocator allocator_;
    std::array<shard, made_of(64)> shards_{};
};

} // namespace locked
} // namespace tandem::inline TANDEM_ABI
