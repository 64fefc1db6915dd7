#pragma once

// map: an open-addressing table; it grows, and is purged, by moving entry by entry to the next table, with everybody's help
// (after Click, 2007; Maier, Sanders and Dementiev, 2016; and papaya, 2024).
//
// Where a key is compared as the word it is, and a value is a word too, both stand in the table (map_pairs.hpp). Otherwise
// an entry points to a node (map_nodes.hpp). A key's word says whether it is there: map_table.hpp. What is taken out of
// words is kept until nobody can see it any more: node_cache.hpp, reclaim/rcu_domain.hpp.
//
// How an entry moves, whoever and however many do it:
//
//   1  freeze its word: nobody changes it any more; readers go on reading it
//   2  put the same into the first entry of the next table that is free, unless its key is found before
//   3  mark it moved: from now on the next table has the say
//
// Whoever stops before 2, and goes on when the key was moved by another and has long been erased, does not bring it back: an
// erased key keeps its entry. Nor when the next table is itself being left: nothing can be put into it then, and
// that it is left says that all entries have come to it, for only the oldest table is given a next one.
//
// Edges:
//   word        release => word.read     acquire   a node is made before it is found; what was moved stands in the next table
//   next.set    release => next.get      acquire   a table is made before it is found
//   coming.set  release => coming.get    acquire   a table is made before it is prepared
//   follow.end  release => follow.begin  acquire   the table that was not used is out of the way of the next one
//   root.set    release => root.get      acquire   the same, and all entries have moved to it
//   all.moved   acq_rel => all.moved     acq_rel   who moved the last entries speaks for those who moved the others
//   tables.put  release => tables.take   acquire   a table comes with its tag
//   part.link   release => part.find     acquire   a thread's part is made before it is found
//
// Memory, for keys and values of eight bytes: 26 to 51 bytes for each key, and while the map grows the table that it leaves. Others: a node
// for each key, and 13 to 32 bytes of words. A key that was erased keeps its entry, and its node without the value (if there is
// anything to destroy in it and memory for another node), until it is inserted again or the table is left; tables are
// left when five eighths of the entries are taken. Each thread that changes the map keeps its last nodes taken out,
// some 3000, and 4 KiB of its own (stripes.hpp). An empty map takes half a kilobyte.
//
// What is lock-free beside the allocator asks it for memory, and the pool of nodes that stands before it and has a lock (node_pool.hpp): a
// thread goes there at its first change, and then for 61 nodes at once. Who stands still under that lock holds up who goes there too.
//
// Prefer locked::map when values are large and change often (here each change copies key and value), or cannot be copied.

#include <tandem/contract.hpp>
#include <tandem/lockfree/map_nodes.hpp>
#include <tandem/lockfree/map_pairs.hpp>
#include <tandem/lockfree/map_table.hpp>
#include <tandem/lockfree/node_cache.hpp>
#include <tandem/lockfree/reclaim/rcu_domain.hpp>
#include <tandem/lockfree/stripes.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace tandem::inline TANDEM_ABI {
namespace lockfree {

// Functions, hashes and comparisons that the map calls may call it again, and may throw: then nothing has happened.
template <class K, class V, class Hash, class Equal, class Allocator>
class map {
    static_assert(std::is_nothrow_destructible_v<K> && std::is_nothrow_destructible_v<V>);

#if TANDEM_PORTABLE
    static constexpr bool in_pairs = false; // addresses may need all their bits
#else
    template <class T>
    static constexpr bool is_a_word = std::is_trivially_copyable_v<T> && std::is_copy_constructible_v<T> && sizeof(T) <= 8;
    static constexpr bool in_pairs =
        is_a_word<V> && is_a_word<K> && (std::is_integral_v<K> || std::is_enum_v<K> || std::is_pointer_v<K>) &&
        (std::is_same_v<Equal, std::equal_to<K>> || std::is_same_v<Equal, std::equal_to<>>);
#endif
    using form = std::conditional_t<in_pairs, map_pairs<K, V>, map_nodes<K, V>>;
    using node = typename form::node;
    using entry = typename form::entry;
    using sought = typename form::sought;
    using table = map_table<form, Allocator>;
    using cache = node_cache<node, Allocator>;

public:
    using key_type = K;
    using mapped_type = V;

    // Room for so many keys, from the beginning and always. Throws std::length_error beyond the address space, and what the allocator throws.
    explicit map(std::size_t expected = 0, Hash const& hash = {}, Equal const& equal = {}, Allocator const& a = {})
        : hash_(hash), equal_(equal), allocator_(a), least_(capacity_for(expected)), pool_(a), root_(table::make(a, least_)) {
        root_.load(order::relaxed)->prepare(least_ + form::single_keys); // relaxed: alone
    }
    map(map const&) = delete;
    map& operator=(map const&) = delete;
    // No other thread may be using the map.
    ~map() {
        for (auto* t = root_.load(order::relaxed); t != nullptr;) { // relaxed: alone
            auto* const next = t->next.load(order::relaxed);        // relaxed: alone
            leave(*t);
            t = next;
        }
        for (auto* t = retired_.load(order::relaxed); t != nullptr;) { // relaxed: alone
            leave(*std::exchange(t, t->also_retired.read()));
        }
        for (auto* p = parts_.load(order::relaxed); p != nullptr;) { // relaxed: alone
            destroy(std::exchange(p, p->next));
        }
    }

    // find, contains, visit   lock-free: a search begins again in the next table when that took over meanwhile; linearize
    // at the last load of a word.
    std::optional<V> find(K const& k) const {
        sought const wanted{hash_of(k), k};
        section const in(domain_);
        return form::copy_if_live(look(wanted));
    }
    bool contains(K const& k) const {
        return visit(k, [](V const&) {});
    }
    template <class F>
    bool visit(K const& k, F&& f) const {
        sought const wanted{hash_of(k), k};
        section const in(domain_);
        auto const w = look(wanted);
        if (!form::is_live(w)) {
            return false;
        }
        form::with_value(w, std::forward<F>(f));
        return true;
    }

    // insert, try_emplace   lock-free beside the allocator; linearize at the CAS on the key's word, or, when the key is
    // present, at the load that shows it. Throw what the allocator and the constructors throw.
    // Arguments are moved from when true is returned; try_emplace may also have used them when another thread was faster.
    bool insert(K const& k, V const& v) { return insert_one(k, v); }
    bool insert(K const& k, V&& v) { return insert_one(k, std::move(v)); }
    bool insert(K&& k, V const& v) { return insert_one(std::move(k), v); }
    bool insert(K&& k, V&& v) { return insert_one(std::move(k), std::move(v)); }
    template <class... A>
    bool try_emplace(K const& k, A&&... args) {
        return emplace(nothing_back, k, std::forward<A>(args)...);
    }
    template <class... A>
    bool try_emplace(K&& k, A&&... args) {
        return emplace(key_back(k), std::move(k), std::forward<A>(args)...);
    }

    // insert_or_assign   as insert; true: the key was absent.
    bool insert_or_assign(K const& k, V const& v) { return assign_one(k, v); }
    bool insert_or_assign(K const& k, V&& v) { return assign_one(k, std::move(v)); }
    bool insert_or_assign(K&& k, V const& v) { return assign_one(std::move(k), v); }
    bool insert_or_assign(K&& k, V&& v) { return assign_one(std::move(k), std::move(v)); }

    // update   as insert; false: absent. f works on a copy of the value, and again on another when the value changed
    // meanwhile; the one whose copy took effect is the last.
    template <class F>
    bool update(K const& k, F&& f) {
        sought const wanted{hash_of(k), k};
        section const in(domain_);
        std::optional<part_in_use> own;
        for (;;) {
            auto at = locate<purpose::change>(wanted);
            if (!form::is_live(at.seen)) {
                return false;
            }
            if (!own) {
                own.emplace(*this);
                assist();
                continue;
            }
            fresh<nothing> made((**own).nodes, nothing_back);
            made.copy(at.seen);
            std::invoke(f, made.value());
            if (at.put(made, wanted)) {
                settle(**own, at);
                return true;
            }
        }
    }

    // erase, erase_if   lock-free beside the allocator, whose failures they stand; linearize at the CAS on the key's word,
    // or at the load that shows it absent, or not as wanted.
    std::optional<V> erase(K const& k) {
        std::optional<V> taken;
        bool const erased = erase_if(k, [&](V const& v) {
            taken.emplace(v);
            return true;
        });
        if (!erased) { // what was seen, another erased
            taken.reset();
        }
        return taken;
    }
    template <class P>
    bool erase_if(K const& k, P&& pred) {
        sought const wanted{hash_of(k), k};
        section const in(domain_);
        for (bool assisted = false;; assisted = true) {
            auto at = locate<purpose::change>(wanted);
            if (!form::is_live(at.seen) || !form::with_value(at.seen, pred)) {
                return false;
            }
            if (!assisted) {
                assist();
            }
            if (bury(at, wanted)) {
                return true;
            }
        }
    }

    // for_each, erase_if   lock-free beside the allocator; each key by itself, as find and erase_if. A key that is there all the time
    // is seen once, one that never is, never. While the map grows, throw what the allocator throws.
    template <class F>
    void for_each(F&& f) const {
        section const in(domain_);
        auto& t = whole_table();
        for (std::size_t i = 0; i != t.size(); ++i) {
            auto const w = t[i].word.load(order::acquire); // word.read
            if (form::is_live(w)) {
                auto const& k = form::key_of(t[i], w);
                form::with_value(w, [&](V const& v) { std::invoke(f, k, v); });
            } else if (form::was_live(w)) {
                // It moved after this section began, so its node is still there.
                auto const& k = form::key_of(t[i], w);
                // relaxed: whoever moved it had read it
                auto const now = look_from(t.next.load(order::relaxed), sought{hash_of(k), k});
                if (form::is_live(now)) {
                    form::with_value(now, [&](V const& v) { std::invoke(f, k, v); });
                }
            }
        }
    }
    template <class P>
    std::size_t erase_if(P&& pred) {
        std::size_t erased = 0;
        {
            section const in(domain_);
            auto& t = whole_table();
            for (std::size_t i = 0; i != t.size(); ++i) {
                auto const w = t[i].word.load(order::acquire); // word.read
                if (form::is_live(w) || form::was_live(w)) {
                    auto const& k = form::key_of(t[i], w);
                    erased += erase_if(k, [&](V const& v) -> bool { return std::invoke(pred, k, v); }) ? 1U : 0U;
                }
            }
        }
        if (erased > approx_size()) {
            attempt([&] { give_back(); });
        }
        return erased;
    }

    // approx_size   wait-free, 2 steps and 1 a thread, of as many as there were at once; what was inserted before it began, less what
    // was erased, and of what others do meanwhile any part.
    std::size_t approx_size() const noexcept {
        auto n = unclaimed_.load(order::relaxed); // relaxed: a number
        for (auto const* p = parts_.load(order::acquire); p != nullptr; p = p->next) { // part.find
            n += p->live.load(order::relaxed); // relaxed: a number
        }
        return static_cast<std::size_t>(std::max<std::int64_t>(n, 0));
    }

    // clear   lock-free beside the allocator; erases each key that is there all the time.
    void clear() {
        erase_if([](K const&, V const&) { return true; });
    }

private:
    // In it nothing that can be found is freed.
    class section {
    public:
        explicit section(rcu_domain& d) noexcept : domain_(d) { domain_.lock(); }
        ~section() { domain_.unlock(); }
        section(section const&) = delete;
        section& operator=(section const&) = delete;

    private:
        rcu_domain& domain_;
    };

    // What one thread has of the map, at a time.
    struct alignas(cache_line) part {
        explicit part(map& m) noexcept : nodes(m.pool_, m.domain_, m.allocator_) {}

        cache nodes;
        atomic<std::int64_t> live{0}; // keys inserted, less keys erased, by the thread
        std::size_t taken = 0;        // entries, not yet added to the table's
        std::size_t changes = 0;
        std::size_t next_scan = 0; // when so many changes were made
        std::size_t between_scans = often;
        part* next = nullptr; // of all
        part* idle = nullptr; // of those that no thread has
    };

    static constexpr std::size_t often = std::max<std::size_t>(page / 64, 1);
    static constexpr std::size_t smallest = std::max<std::size_t>(page / 256, 2);
    static constexpr std::size_t entries_at_once = often; // to move

    // Its part for as long as an operation takes: a thread that has no row borrows one.
    class part_in_use {
    public:
        explicit part_in_use(map& m) : map_(m) {
            auto* const number = stripes::at_hand(m.number_.place.at);
            auto const known = number != nullptr ? number->load(order::relaxed) : 0; // relaxed: this thread's own
            if (known != 0) [[likely]] {
                part_ = reinterpret_cast<part*>(static_cast<std::uintptr_t>(known));
            } else {
                part_ = &m.find_part(borrowed_);
            }
        }
        ~part_in_use() {
            if (borrowed_) {
                map_.return_part(*part_);
            }
        }
        part_in_use(part_in_use const&) = delete;
        part_in_use& operator=(part_in_use const&) = delete;

        part& operator*() noexcept { return *part_; }

    private:
        map& map_;
        part* part_;
        bool borrowed_ = false;
    };

    template <class Back>
    using fresh = typename form::template made<cache, Back>;
    // Where the value of a word is while that is frozen, if it must leave the word for that.
    class aside {
    public:
        explicit aside(map& m) noexcept : map_(m) {}
        ~aside() {
            if (node_ == nullptr) {
                return;
            }
            if (there_) {
                (**own_).nodes.keep();
            } else {
                node_->destroy(0);
                (**own_).nodes.put_back(node_);
            }
        }
        aside(aside const&) = delete;
        aside& operator=(aside const&) = delete;

        // The word that says so. Throws what the allocator throws.
        std::uint64_t put(std::uint64_t w) {
            if (node_ == nullptr) {
                own_.emplace(map_);
                node_ = (**own_).nodes.take();
            } else {
                node_->destroy(0);
            }
            return form::word_to(*node_, w);
        }
        // The word with this node stands in the table.
        void is_there(node* n) noexcept { there_ = n != nullptr && n == node_; }
        bool is_mine() const noexcept { return there_; }
        // Nobody who begins to look finds it.
        void retire() noexcept {
            if (there_) {
                (**own_).nodes.retire(std::exchange(node_, nullptr), 0);
            }
        }

    private:
        map& map_;
        std::optional<part_in_use> own_;
        node* node_ = nullptr;
        bool there_ = false;
    };
    struct nothing_aside {
        explicit nothing_aside(map&) noexcept {}
        void is_there(node*) noexcept {}
    };
    struct nothing {
        void operator()(node&) const noexcept {}
    };
    static constexpr nothing nothing_back{};

    // A key's word, or the one it would take, and what it held.
    struct place {
        table* in;
        entry* of;
        std::uint64_t seen;

        bool replace(std::uint64_t by) noexcept {
            // word; relaxed: whoever fails searches again
            return of->word.compare_exchange_strong(seen, by, order::release, order::relaxed);
        }
        template <class Made>
        bool put(Made& made, sought const& k) {
            auto const by = made.word(k.hash, seen);
            if (!replace(by)) {
                return false;
            }
            made.placed(seen, by);
            return true;
        }
    };

    std::uint64_t hash_of(K const& k) const {
        auto const h = static_cast<std::uint64_t>(hash_(k)) * 0x9e37'79b9'7f4a'7c15; // std::hash<int> changes nothing
        return h ^ (h >> 32);
    }

    // Searching

    // The key's entry in the table, if it has one: a shorter way, for entries that are searched by the group.
    [[gnu::always_inline]] static entry* find_entry(table& t, sought const& k) noexcept {
        auto i = t.home(k);
        if (form::is_single(k)) [[unlikely]] {
            return &t[i];
        }
        for (auto left = t.capacity; left != 0; left -= form::group, i = t.after(i, form::group)) {
            auto* const first = &t[i];
            auto* const best = form::best_of(first, k);
            if (form::is_of(*best, k)) {
                return best;
            }
            if (form::is_end(first[form::group - 1])) {
                break;
            }
        }
        return nullptr;
    }

    // The key's word; 0: it has none.
    std::uint64_t look(sought const& k) const {
        auto& t = *root_.load(order::acquire); // root.get
        if constexpr (form::in_place) {
            bool const is_all = t.next.load(order::relaxed) == nullptr; // relaxed: only whether there is one
            if (auto const* const e = find_entry(t, k)) {
                auto const w = e->word.load(order::acquire); // word.read
                if (!form::is_moved(w)) [[likely]] {
                    return w;
                }
            } else if (is_all) [[likely]] {
                return 0; // it was nowhere when the search began
            }
        }
        return look_from(&t, k);
    }
    std::uint64_t look_from(table* t, sought const& k) const {
        for (; t != nullptr; t = t->next.load(order::acquire)) { // next.get
            bool may_have_moved = false;
            auto i = t->home(k);
            for (auto left = t->capacity; left != 0; --left, i = t->after(i)) {
                auto const& e = (*t)[i];
                auto const w = e.word.load(order::acquire); // word.read
                auto const is = form::compare(e, w, k, equal_);
                if (is == map_entry_is::mine) {
                    if (form::is_moved(w)) {
                        break;
                    }
                    return w;
                }
                if (is == map_entry_is::free && !may_have_moved) {
                    return 0;
                }
                if (is == map_entry_is::free || is == map_entry_is::closed) {
                    break;
                }
                may_have_moved |= is == map_entry_is::perhaps;
            }
        }
        return 0;
    }

    enum class purpose { change, insert };

    // The place of a key, not frozen; if there is none: to insert it, the one it has taken or would take; otherwise one that says 0.
    template <purpose why>
    place locate(sought const& k) {
    again:
        auto* const first = root_.load(order::acquire); // root.get
        if constexpr (form::in_place) {
            if (auto* const e = find_entry(*first, k)) {
                auto const w = e->word.load(order::acquire); // word.read
                if (!form::is_frozen(w)) [[likely]] {
                    return {first, e, w};
                }
            }
        }
        for (auto* t = first;;) {
            bool may_have_moved = false;
            auto i = t->home(k);
            auto left = t->capacity;
            while (left != 0) {
                auto& e = (*t)[i];
                auto const w = e.word.load(order::acquire); // word.read
                auto const is = form::compare(e, w, k, equal_);
                if (is == map_entry_is::mine) {
                    if (!form::is_frozen(w)) {
                        return {t, &e, w};
                    }
                    move(*t, i);
                    break;
                }
                if (is == map_entry_is::closed) {
                    break;
                }
                if (is == map_entry_is::free) {
                    if (may_have_moved) {
                        if (why == purpose::change || close(e)) {
                            break;
                        }
                        continue;
                    }
                    if (why == purpose::change) {
                        return {t, &e, 0};
                    }
                    if (!admits(*t, *first)) {
                        complete(*first);
                        goto again;
                    }
                    if (form::claim(e, k)) {
                        return {t, &e, 0};
                    }
                    continue;
                }
                may_have_moved |= is == map_entry_is::perhaps;
                i = t->after(i);
                --left;
            }
            auto* next = t->next.load(order::acquire); // next.get
            if (next == nullptr) { // every entry is taken, by other keys
                if (why == purpose::change) {
                    return {t, nullptr, 0};
                }
                if (t != first) {
                    complete(*first);
                    goto again;
                }
                follow(*t, 2 * t->capacity);
                next = t->next.load(order::acquire); // next.get
            }
            t = next;
        }
    }

    // Changing

    // Moves back what a node was given, when it is not needed: without throwing, or not at all.
    template <class T>
    static void restore(T& to, slot<T>& from) noexcept {
        if constexpr (std::is_nothrow_move_assignable_v<T>) {
            to = std::move(from.modify());
        } else if constexpr (std::is_nothrow_move_constructible_v<T>) {
            std::destroy_at(&to);
            std::construct_at(&to, std::move(from.modify()));
        }
    }
    template <class T>
    static void restore(T const&, slot<T>&) noexcept {} // it was copied
    static auto key_back(K& k) noexcept {
        return [&k](auto& n) noexcept { restore(k, n.key); };
    }
    template <class Q, class U>
    static auto both_back(Q& k, U& v) noexcept {
        return [&k, &v](auto& n) noexcept {
            restore(k, n.key);
            restore(v, n.value);
        };
    }

    template <class Q, class U>
    bool insert_one(Q&& k, U&& v) {
        return emplace(both_back(k, v), std::forward<Q>(k), std::forward<U>(v));
    }
    template <class Back, class Q, class... A>
    bool emplace(Back const& back, Q&& k, A&&... args) {
        auto const h = hash_of(k);
        section const in(domain_);
        auto at = locate<purpose::insert>(sought{h, k});
        if (form::is_live(at.seen)) {
            return false;
        }
        part_in_use own(*this);
        assist();
        fresh<Back> made((*own).nodes, back);
        made.construct(std::forward<Q>(k), std::forward<A>(args)...);
        sought const wanted{h, made.key()};
        while (!at.put(made, wanted)) {
            at = locate<purpose::insert>(wanted);
            if (form::is_live(at.seen)) {
                return false;
            }
        }
        settle(*own, at);
        return true;
    }
    template <class Q, class U>
    bool assign_one(Q&& k, U&& v) {
        auto const h = hash_of(k);
        auto const back = both_back(k, v);
        section const in(domain_);
        part_in_use own(*this);
        assist();
        fresh<decltype(back)> made((*own).nodes, back);
        made.construct(std::forward<Q>(k), std::forward<U>(v));
        sought const wanted{h, made.key()};
        for (;;) {
            auto at = locate<purpose::insert>(wanted);
            if (at.put(made, wanted)) {
                settle(*own, at);
                return !form::is_live(at.seen);
            }
        }
    }

    // After what was made was put where at says.
    void settle(part& own, place const& at) noexcept {
        if (at.seen == 0) {
            count_taken(own, *at.in);
        }
        if (!form::is_live(at.seen)) {
            add(own.live, 1);
        }
        changed(own);
    }

    // Erases what at says, if it is still there. The value is not to be kept with the word, if there is anything to destroy in it:
    // then a node with only the key takes its place.
    bool bury(place& at, sought const& k) {
        std::optional<part_in_use> own;
        attempt([&] { own.emplace(*this); });
        if constexpr (!std::is_trivially_destructible_v<V> && std::is_copy_constructible_v<K>) {
            if (own) {
                fresh<nothing> made((**own).nodes, nothing_back);
                if (attempt([&] { made.construct_bare(form::key_of(*at.of, at.seen)); })) {
                    auto const by = form::dead_of(made.word(k.hash, at.seen)) | form::bare;
                    if (!at.replace(by)) {
                        return false;
                    }
                    made.placed(at.seen, by);
                    add((**own).live, -1);
                    changed(**own);
                    return true;
                }
            }
        }
        if (!at.replace(form::dead_of(at.seen))) {
            return false;
        }
        if (own) {
            add((**own).live, -1);
            changed(**own);
        } else {
            unclaimed_.fetch_sub(1, order::relaxed); // relaxed: as in approx_size
        }
        return true;
    }

    static void add(atomic<std::int64_t>& live, std::int64_t n) noexcept {
        auto const old = live.load(order::relaxed); // relaxed: this thread's own, or handed over with its row
        live.store(old + n, order::relaxed);        // relaxed: as in approx_size
    }
    // Whether f came to its end.
    template <class F>
    static bool attempt(F f) noexcept {
#if defined(__cpp_exceptions)
        try {
            f();
        } catch (...) {
            return false;
        }
#else
        f();
#endif
        return true;
    }

    // Growing, purging, shrinking

    static std::size_t capacity_for(std::size_t keys) {
        if (keys > std::size_t{1} << (std::numeric_limits<std::size_t>::digits - 8)) {
            TANDEM_THROW(std::length_error("tandem: expected"));
        }
        return std::max(std::bit_ceil(keys + keys * 3 / 5 + 1), smallest);
    }
    static std::size_t part_of(table const& t, std::size_t eighths) noexcept {
        return t.capacity / 8 * eighths + t.capacity % 8 * eighths / 8;
    }

    // Room for what will be moved there, and for as much again: by doubling; or, with several threads in the middle of an
    // insertion for each thousand entries, for four times what there is.
    std::size_t capacity_after(table const& t) const noexcept {
        auto const live = approx_size();
        if (live >= t.capacity / 4 || t.capacity < page) {
            return 2 * t.capacity;
        }
        return std::min(t.capacity, std::max({std::bit_ceil(4 * live + 8), page, least_}));
    }
    // Whether a key may take an entry of `in`. While entries move from the first table to the next, insertions into either take
    // no more of the next than what moves there leaves: three eighths.
    static bool admits(table& in, table& first) noexcept {
        auto* const next = &in == &first ? first.next.load(order::acquire) : &in; // next.get
        return next == nullptr ||
               next->taken_early.fetch_add(1, order::relaxed) < part_of(*next, 3); // relaxed: a number, each given once
    }

    void count_taken(part& own, table& t) noexcept {
        if (++own.taken < std::clamp<std::size_t>(t.capacity / page, 1, often)) {
            return;
        }
        auto const n = std::exchange(own.taken, 0);
        if (t.taken.fetch_add(n, order::relaxed) + n >= part_of(t, 5)) { // relaxed: a number
            follow_in_time(t);
        }
    }
    // Sees to it that there is a table after this one, now.
    void follow(table& t, std::size_t capacity) {
        auto* const made = table::make(allocator_, capacity);
        made->prepare(made->size());
        if (!set_next(t, *made)) {
            made->destroy(allocator_);
        }
    }
    static bool set_next(table& t, table& made) noexcept {
        table* none = nullptr;
        return t.next.compare_exchange_strong(none, &made, order::release, order::relaxed); // next.set; relaxed: not used
    }
    // Sees to it that there will be one: insertions prepare it, a little each. If there is no memory, the table will do for a while.
    void follow_in_time(table& t) noexcept {
        if (root_.load(order::relaxed) != &t ||            // relaxed: only compared
            t.being_followed.load(order::relaxed) != 0) { // relaxed: a guess
            return;
        }
        if (t.being_followed.exchange(1, order::acquire) != 0) { // follow.begin
            return;
        }
        if (!attempt([&] { t.coming.store(table::make(allocator_, capacity_after(t)), order::release); })) { // coming.set
            t.being_followed.store(0, order::relaxed); // relaxed: nothing was done
        }
    }
    void prepare_coming(table& t) noexcept {
        auto* const coming = t.coming.load(order::acquire); // coming.get
        if (coming == nullptr || !coming->prepare(entries_at_once)) {
            return;
        }
        if (coming->capacity >= capacity_after(t)) {
            set_next(t, *coming);
            return;
        }
        // It took so long that there are too many keys for it by now.
        t.coming.store(nullptr, order::relaxed); // relaxed: gives nothing to anybody
        put_away(*coming);
        t.being_followed.store(0, order::release); // follow.end
    }

    // Does a little of what there is to do for the next table: prepares entries, or moves some, if there is memory for that.
    void assist() noexcept {
        auto& t = *root_.load(order::acquire); // root.get
        auto* const next = t.next.load(order::acquire); // next.get
        if (next == nullptr) [[likely]] {
            prepare_coming(t);
            return;
        }
        if (t.to_move.load(order::relaxed) >= t.size()) { // relaxed: a guess
            return;
        }
        auto const begin = t.to_move.fetch_add(entries_at_once, order::relaxed); // relaxed: a number, each given once
        if (begin >= t.size()) {
            return;
        }
        auto const end = std::min(begin + entries_at_once, t.size());
        std::size_t put = 0;
        bool const all = attempt([&] {
            for (auto i = begin; i != end; ++i) {
                put += move(t, i) ? 1U : 0U;
            }
        });
        next->taken.fetch_add(put, order::relaxed); // relaxed: a number
        if (all && t.moved.fetch_add(end - begin, order::acq_rel) + (end - begin) == t.size()) { // all.moved
            promote(t);
        }
    }
    // Moves all that is left.
    void complete(table& t) {
        for (std::size_t i = 0; i != t.size(); ++i) {
            move(t, i);
        }
        promote(t);
    }
    // Moving changes nothing that can be seen.
    table& whole_table() const {
        for (;;) {
            auto& t = *root_.load(order::acquire);        // root.get
            if (t.next.load(order::relaxed) == nullptr) { // relaxed: only whether there is one
                return t;
            }
            const_cast<map&>(*this).complete(t);
        }
    }
    void promote(table& t) noexcept {
        auto* from = &t;
        auto* const to = t.next.load(order::acquire); // next.get
        // root.set; relaxed: then it has been done
        if (root_.compare_exchange_strong(from, to, order::release, order::relaxed)) {
            put_away(t);
        }
    }

    // So that no key can take an entry that none has taken; false: one has.
    static bool close(entry& e) noexcept {
        if constexpr (form::in_place) {
            return form::close(e);
        } else {
            std::uint64_t nothing = 0;
            // relaxed: whoever sees it goes on in the next table, or does not see that yet, and is right to find nothing: what is there
            // came later than its search began; relaxed: looked at again
            return e.word.compare_exchange_strong(nothing, form::closed, order::relaxed, order::relaxed);
        }
    }
    // Sees to it that an entry is marked moved. Whether this thread put what it held into the next table.
    bool move(table& t, std::size_t i) {
        auto& e = t[i];
        auto w = e.word.load(order::acquire); // word.read
        std::conditional_t<form::in_place, aside, nothing_aside> value(*this);
        while (!form::is_frozen(w)) {
            if (w == 0 && i < t.capacity && close(e)) {
                return false;
            }
            auto then = w | (form::is_live(w) ? form::frozen : form::closed);
            if constexpr (form::in_place) {
                if (form::is_value(w)) {
                    then = value.put(w) | form::frozen;
                }
            }
            if (form::is_dead(w)) {
                t.any_left.store(1, order::relaxed); // relaxed: word passes it on
            }
            if (e.word.compare_exchange_weak(w, then, order::release, order::acquire)) { // word; word.read
                value.is_there(form::node_in(then));
                w = then;
            }
        }
        if (form::is_moved(w)) {
            return false;
        }
        auto const& k = form::key_of(e, w);
        bool const put_here = put(*t.next.load(order::acquire), sought{hash_of(k), k}, form::in_next(w)); // next.get
        if constexpr (form::in_place) {
            // Whoever marks it, if he has put the value aside, takes that away.
            auto const then = form::moved_of(w, value.is_mine());
            if (form::left_in(then) != nullptr) {
                t.any_left.store(1, order::relaxed); // relaxed: word passes it on
            }
            // word; relaxed: it is marked, and that a node is left, the end of the other's section tells
            if (e.word.compare_exchange_strong(w, then, order::release, order::relaxed)) {
                value.retire();
            }
        } else {
            e.word.store(w | form::moved, order::release); // word
        }
        return put_here;
    }
    bool put(table& to, sought const& k, std::uint64_t w) const {
        for (auto i = to.home(k);;) {
            auto& e = to[i];
            auto seen = e.word.load(order::acquire); // word.read
            auto const is = form::compare(e, seen, k, equal_);
            if (is == map_entry_is::free && !form::claim(e, k)) {
                continue;
            }
            if (is == map_entry_is::free || (is == map_entry_is::mine && seen == 0)) {
                if (e.word.compare_exchange_strong(seen, w, order::release, order::relaxed)) { // word; relaxed: looked at again
                    return true;
                }
                continue;
            }
            if (is == map_entry_is::mine || is == map_entry_is::closed || form::is_frozen(seen)) {
                return false;
            }
            i = to.after(i);
        }
    }

    // Giving back

    void changed(part& own) noexcept {
        if (++own.changes % often == 0) [[unlikely]] {
            tidy(own);
        }
    }
    [[gnu::noinline, gnu::cold]] void tidy(part& own) noexcept {
        own.nodes.reclaim();
        if (retired_.load(order::relaxed) != nullptr && own.changes >= own.next_scan) { // relaxed: a guess
            // A reader may hold the epoch for long.
            bool const all = free_tables() || domain_.try_advance();
            own.between_scans = all ? often : std::min(2 * own.between_scans, 16 * page);
            own.next_scan = own.changes + own.between_scans;
        }
        auto& t = *root_.load(order::acquire); // root.get
        if (t.capacity > std::max(page, least_) && 16 * approx_size() < t.capacity) {
            follow_in_time(t);
        }
    }
    // After most keys were erased in one section: leaves the table, and with it the nodes of those keys.
    void give_back() {
        {
            section const in(domain_);
            auto& t = whole_table();
            if (auto const capacity = capacity_after(t); capacity <= t.capacity) {
                follow(t, capacity);
                complete(t);
            }
        }
        part_in_use own(*this);
        for (int epochs = 0; epochs != 3 && domain_.try_advance(); ++epochs) {
        }
        (*own).nodes.reclaim();
        free_tables();
    }

    // Nobody who begins to look finds it.
    void put_away(table& t) noexcept {
        t.tag.write(domain_.now());
        retire(&t, &t);
    }
    // Puts tables into the list, from first to last.
    void retire(table* first, table* last) noexcept {
        auto* before = retired_.load(order::relaxed); // relaxed: the CAS passes on what others put
        do {
            last->also_retired.write(before);
            // tables.put; relaxed: as before
        } while (!retired_.compare_exchange_weak(before, first, order::release, order::relaxed));
    }
    // Frees the tables that nobody sees any more; whether that was all.
    bool free_tables() noexcept {
        table* kept = nullptr;
        table* last = nullptr;
        for (auto* t = retired_.exchange(nullptr, order::acquire); t != nullptr;) { // tables.take
            auto* const after = t->also_retired.read();
            if (domain_.expired(t->tag.read())) {
                free(*t);
            } else {
                t->also_retired.write(kept);
                kept = t;
                last = last == nullptr ? t : last;
            }
            t = after;
        }
        if (kept != nullptr) {
            retire(kept, last);
        }
        return kept == nullptr;
    }
    void destroy(table& t) noexcept {
        auto* const coming = t.coming.load(order::relaxed); // relaxed: nobody prepares it any more
        if (coming != nullptr && coming != t.next.load(order::relaxed)) { // relaxed: nobody changes it any more
            coming->destroy(allocator_);
        }
        t.destroy(allocator_);
    }
    // With the nodes that nobody moved.
    void free(table& t) noexcept {
        if (t.any_left.load(order::relaxed) != 0) { // relaxed: passed on by word, and all.moved
            std::array<node*, often> nodes;
            std::size_t n = 0;
            for (std::size_t i = 0; i != t.size(); ++i) {
                auto const w = t[i].word.load(order::relaxed); // relaxed: nobody changes it any more
                if (auto* const left = form::left_in(w)) {
                    left->destroy(form::is_bare(w));
                    nodes[n++] = left;
                }
                if (n == nodes.size() || (n != 0 && i + 1 == t.size())) {
                    pool_.give(std::span(nodes).first(std::exchange(n, 0)));
                }
            }
        }
        destroy(t);
    }

    // At the end of the map: those of the table's nodes that are in no other.
    void leave(table& t) noexcept {
        if constexpr (!std::is_trivially_destructible_v<K> || !std::is_trivially_destructible_v<V> ||
                      !std::is_trivially_destructible_v<node>) {
            for (std::size_t i = 0; i != t.size(); ++i) {
                auto const w = t[i].word.load(order::relaxed); // relaxed: alone
                if (auto* const left = form::left_in(w)) {
                    left->destroy(form::is_bare(w));
                    std::destroy_at(left);
                }
            }
        }
        destroy(t);
    }

    // Parts

    using parts = typename std::allocator_traits<Allocator>::template rebind_alloc<part>;

    [[gnu::noinline, gnu::cold]] part& find_part(bool& borrowed) {
        if (auto* const mine = stripes::all().beyond(number_.place.at)) {
            auto known = reinterpret_cast<part*>(static_cast<std::uintptr_t>(mine->load(order::relaxed))); // relaxed: own
            if (known == nullptr) {
                known = &make_part();
                mine->store(reinterpret_cast<std::uintptr_t>(known), order::relaxed); // relaxed: own
            }
            return *known;
        }
        borrowed = true;
        {
            scoped_lock const lock(idle_mutex_);
            if (auto* const one = idle_.read()) {
                idle_.write(one->idle);
                return *one;
            }
        }
        return make_part();
    }
    void return_part(part& p) noexcept {
        scoped_lock const lock(idle_mutex_);
        p.idle = idle_.read();
        idle_.write(&p);
    }
    part& make_part() {
        parts from(allocator_);
        auto* const memory = std::to_address(std::allocator_traits<parts>::allocate(from, 1));
        auto* const made = ::new (static_cast<void*>(memory)) part(*this);
        made->next = parts_.load(order::relaxed); // relaxed: the CAS passes on what others linked
        // part.link; relaxed: as before
        while (!parts_.compare_exchange_weak(made->next, made, order::release, order::relaxed)) {
        }
        return *made;
    }
    void destroy(part* p) noexcept {
        using pointer = typename std::allocator_traits<parts>::pointer;
        parts to(allocator_);
        std::destroy_at(p);
        std::allocator_traits<parts>::deallocate(to, std::pointer_traits<pointer>::pointer_to(*p), 1);
    }

    // The number of each thread that tells it its part.
    struct number {
        number() { stripes::all().clear(place.at); } // of what another structure left there
        number(number const&) = delete;
        number& operator=(number const&) = delete;
        ~number() { stripes::all().give_back(place); }
        stripes::place& place = stripes::all().take();
    };

    number number_;
    [[no_unique_address]] Hash hash_;
    [[no_unique_address]] Equal equal_;
    [[no_unique_address]] Allocator allocator_;
    rcu_domain& domain_ = rcu_default_domain();
    std::size_t const least_; // capacity
    typename cache::pool pool_;
    atomic<table*> root_; // the oldest table, from where every search begins
    atomic<table*> retired_{nullptr};
    atomic<part*> parts_{nullptr};
    atomic<std::int64_t> unclaimed_{0}; // keys of threads that could have no part
    mutex idle_mutex_;
    cell<part*> idle_ TANDEM_GUARDED_BY(idle_mutex_){nullptr};
};

} // namespace lockfree
} // namespace tandem::inline TANDEM_ABI
