#pragma once

// map_pairs: the form of a map's entries for keys and values of one word each: both stand in the table, a search looks at one
// line, and nothing is allocated for a key (after Click, 2007).
//
//   code   says the key; 0: none, and one may take the entry; 1: none, and none ever will
//   word   0                    the key was never there
//          value                its upper 16 bits are not all zero
//          node                 the same: its node holds the value
//          dead, node or not    erased
//          node + frozen        as node, and changes once more, to moved; so does a value before it moves: then it can be told
//                               from the same value put there later
//          ... + moved          what there was is in the next table; with `passed`, the node is not this table's any more
//
// A value whose word would look like a node's, one of 65536 at random and none of the usual ones, has a node, and what
// replaces it has one too. Keys whose code would be 0 or 1 have entries of their own.
//
// A code changes once. All its orders are relaxed: what is read besides comes from the word. Whoever reads 0 late finds nothing,
// as a moment earlier, or fails to take the entry. Whoever reads 1 goes on in the next table; it may read late that there is
// none, and then whatever is in that one came later than its search began, too.

#include <tandem/lockfree/map_table.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

namespace tandem::inline TANDEM_ABI {
namespace lockfree {

template <class K, class V>
struct map_pairs {
    struct alignas(std::max({std::size_t{16}, alignof(slot<V>)})) node {
        slot<V> value;

        void destroy(unsigned) noexcept { value.destroy(); }
    };
    struct entry {
        constexpr explicit entry(std::uint64_t c = 0) noexcept : code(c) {}

        atomic<std::uint64_t> code;
        atomic<std::uint64_t> word{0};
    };
    struct sought {
        sought(std::uint64_t h, K const& k) noexcept : hash(h), code(code_of(k)) {}

        std::uint64_t hash;
        std::uint64_t code;
    };

    static constexpr bool in_place = true;
    static constexpr std::size_t group = made_of(4); // entries, of which the first can be a home: they are on one line
    static constexpr std::size_t single_keys = sizeof(K) == 8 ? 2 : 0;
    static constexpr bool is_single(sought const& k) noexcept { return single_keys != 0 && k.code < single_keys; }
    static constexpr std::size_t single(sought const& k) noexcept { return k.code; }

    // What a word says that is not a value.
    static constexpr std::uint64_t dead = 1;
    static constexpr std::uint64_t passed = 2;
    static constexpr std::uint64_t frozen = 4;
    static constexpr std::uint64_t moved = 8;
    static constexpr std::uint64_t closed = frozen | moved;

    static bool is_value(std::uint64_t w) noexcept { return w >> 48 != 0; }
    static node* node_in(std::uint64_t w) noexcept {
        return is_value(w) ? nullptr : reinterpret_cast<node*>(static_cast<std::uintptr_t>(w & address_mask));
    }
    static unsigned is_bare(std::uint64_t) noexcept { return 0; }
    static bool is_live(std::uint64_t w) noexcept { return is_value(w) || ((w & (dead | moved)) == 0 && w != 0); }
    static bool is_dead(std::uint64_t w) noexcept { return !is_value(w) && (w & dead) != 0; }
    static bool is_frozen(std::uint64_t w) noexcept { return !is_value(w) && (w & frozen) != 0; }
    static bool is_moved(std::uint64_t w) noexcept { return !is_value(w) && (w & moved) != 0; }
    static bool was_live(std::uint64_t w) noexcept { return is_moved(w) && (w & dead) == 0 && w != closed; }
    static std::uint64_t dead_of(std::uint64_t w) noexcept { return is_value(w) ? dead : w | dead; }
    // What to put into the next table for a frozen word.
    static std::uint64_t in_next(std::uint64_t w) noexcept {
        auto const in_word = word_of(node_in(w)->value.get());
        return is_value(in_word) ? in_word : w & ~frozen;
    }
    // What marks a frozen word as moved; with `mine`, its node is taken away.
    static std::uint64_t moved_of(std::uint64_t w, bool mine) noexcept {
        return mine ? closed | passed : w | moved | (is_value(in_next(w)) ? 0 : passed);
    }
    // The node that goes with the table, if one does, and is not in the next.
    static node* left_in(std::uint64_t w) noexcept { return !is_value(w) && (w & passed) != 0 ? nullptr : node_in(w); }

    template <class Equal>
    static map_entry_is compare(entry const& e, std::uint64_t, sought const& k, Equal const&) noexcept {
        auto const code = e.code.load(order::relaxed); // relaxed: as at the top
        if (code == k.code) {
            return map_entry_is::mine;
        }
        return code > 1 ? map_entry_is::other : code == 0 ? map_entry_is::free : map_entry_is::closed;
    }
    // Of the group that begins with e: the entry of the key, or, if there is none, the first. Chosen without a branch, since none
    // could be foretold.
    [[gnu::always_inline]] static entry* best_of(entry* e, sought const& k) noexcept {
        return [&]<std::size_t... i>(std::index_sequence<i...>) {
            std::uint64_t const codes[] = {e[i + 1].code.load(order::relaxed)...}; // relaxed: as at the top
            auto* best = e;
            ((best = codes[i] == k.code ? &e[i + 1] : best), ...);
            return best;
        }(std::make_index_sequence<group - 1>());
    }
    [[gnu::always_inline]] static bool is_of(entry const& e, sought const& k) noexcept {
        return e.code.load(order::relaxed) == k.code; // relaxed: as at the top
    }
    // Whether a search ends here.
    static bool is_end(entry const& e) noexcept { return e.code.load(order::relaxed) <= 1; } // relaxed: as at the top
    // False: another was faster, perhaps with the same key.
    static bool claim(entry& e, sought const& k) noexcept { return take(e, k.code); }
    static bool close(entry& e) noexcept { return take(e, 1); }

    // Of an entry that has a key.
    static K key_of(entry const& e, std::uint64_t) noexcept {
        auto const code = e.code.load(order::relaxed); // relaxed: as at the top
        return out_of<K>(code ^ key_mask);
    }
    template <class F>
    static decltype(auto) with_value(std::uint64_t w, F&& f) {
        auto const v = value_of(w);
        return std::invoke(std::forward<F>(f), v);
    }
    static std::optional<V> copy_if_live(std::uint64_t w) noexcept {
        return is_live(w) ? std::optional<V>(value_of(w)) : std::nullopt;
    }
    // The word of a value, when that is in a node: this one, into which it is put.
    static std::uint64_t word_to(node& n, std::uint64_t w) noexcept {
        n.value.construct(value_of(w));
        return reinterpret_cast<std::uintptr_t>(&n);
    }

    // A value that is not in the map yet.
    template <class Cache, class Back>
    class made {
    public:
        made(Cache& nodes, Back const&) noexcept : nodes_(nodes) {}
        ~made() {
            if (node_ != nullptr) {
                put_back();
            }
        }
        made(made const&) = delete;
        made& operator=(made const&) = delete;

        template <class... A>
        void construct(K const& k, A&&... args) {
            key_ = k;
            value_.emplace(std::forward<A>(args)...);
        }
        void copy(std::uint64_t w) { value_.emplace(value_of(w)); }

        K const& key() const noexcept { return key_; }
        V& value() noexcept { return *value_; }

        // What to put where `seen` is. Throws what the allocator throws.
        std::uint64_t word(std::uint64_t, std::uint64_t seen) {
            auto const w = word_of(*value_);
            if (is_value(w) && node_in(seen) == nullptr) [[likely]] {
                return w;
            }
            if (node_ == nullptr) {
                node_ = nodes_.take();
                node_->value.construct(*value_);
            }
            return reinterpret_cast<std::uintptr_t>(node_);
        }
        // It is there.
        void placed(std::uint64_t seen, std::uint64_t by) noexcept {
            if (node_in(by) == nullptr) {
                return;
            }
            node_ = nullptr;
            if (auto* const before = node_in(seen)) {
                nodes_.retire(before, 0);
            } else {
                nodes_.keep();
            }
        }

    private:
        void put_back() noexcept {
            node_->destroy(0);
            nodes_.put_back(node_);
        }

        Cache& nodes_;
        node* node_ = nullptr;
        K key_{};
        std::optional<V> value_;
    };

private:
    static constexpr std::uint64_t address_mask = 0x0000'ffff'ffff'fff0;
    static constexpr std::uint64_t value_mask = 0xfff4'0000'0000'0000;
    static constexpr std::uint64_t key_mask = sizeof(K) == 8 ? 0xfff4'9e37'79b9'7f4a : std::uint64_t{1} << 63;

    // The bytes of a small object, and what comes of them.
    template <class T>
    static std::uint64_t into(T const& t) noexcept {
        std::array<std::byte, 8> all{};
        auto const bytes = std::bit_cast<std::array<std::byte, sizeof(T)>>(t);
        std::copy(bytes.begin(), bytes.end(), all.begin());
        return std::bit_cast<std::uint64_t>(all);
    }
    template <class T>
    static T out_of(std::uint64_t n) noexcept {
        auto const all = std::bit_cast<std::array<std::byte, 8>>(n);
        std::array<std::byte, sizeof(T)> bytes;
        std::copy_n(all.begin(), sizeof(T), bytes.begin());
        return std::bit_cast<T>(bytes);
    }
    static std::uint64_t code_of(K const& k) noexcept { return into(k) ^ key_mask; }
    // Of a value that must have a node, no value.
    static std::uint64_t word_of(V const& v) noexcept { return into(v) ^ value_mask; }
    static V value_of(std::uint64_t w) noexcept {
        return is_value(w) ? out_of<V>(w ^ value_mask) : node_in(w)->value.get();
    }

    static bool take(entry& e, std::uint64_t by) noexcept {
        std::uint64_t none = 0;
        return e.code.compare_exchange_strong(none, by, order::relaxed, order::relaxed); // relaxed: as at the top
    }
};

} // namespace lockfree
} // namespace tandem::inline TANDEM_ABI
