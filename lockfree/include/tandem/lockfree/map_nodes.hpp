#pragma once

// map_nodes: the form of a map's entries for keys and values of every type: a word that points to a node.
//
//   0                    nothing
//   node, tag            the node's key is present, and has this word for as long as there is the table
//   ... + dead           the key is absent; with `bare`, its node holds no value
//   ... + frozen         the same, and the word changes once more, to moved
//   ... + moved          what there was is in the next table; the node may be gone
//   closed               without a node: nothing ever was here
//
// A node is a key and a value; neither changes while it can be found, so a change of a value is a new node in the same word.

#include <tandem/contract.hpp>
#include <tandem/lockfree/map_table.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <new>
#include <optional>
#include <type_traits>
#include <utility>

namespace tandem::inline TANDEM_ABI {
namespace lockfree {

template <class K, class V>
struct map_nodes {
    struct alignas(std::max({std::size_t{16}, alignof(slot<K>), alignof(slot<V>)})) node {
        slot<K> key;
        slot<V> value;

        void destroy(unsigned without_value) noexcept {
            key.destroy();
            if (without_value == 0) {
                value.destroy();
            }
        }
    };
    struct entry {
        atomic<std::uint64_t> word{0};
    };
    struct sought {
        std::uint64_t hash;
        K const& key;
    };

    static constexpr bool in_place = false;
    static constexpr std::size_t group = 1; // entries, of which the first can be a home
    static constexpr std::size_t single_keys = 0;
    static constexpr bool is_single(sought const&) noexcept { return false; }
    static constexpr std::size_t single(sought const&) noexcept { return 0; }

    // What a word says.
    static constexpr std::uint64_t dead = 1;
    static constexpr std::uint64_t bare = 2;
    static constexpr std::uint64_t frozen = 4;
    static constexpr std::uint64_t moved = 8;
    static constexpr std::uint64_t closed = frozen | moved;

    static node* node_in(std::uint64_t w) noexcept {
        return reinterpret_cast<node*>(static_cast<std::uintptr_t>(w & address_mask));
    }
    static unsigned is_bare(std::uint64_t w) noexcept { return (w & bare) != 0 ? 1 : 0; }
    static bool is_live(std::uint64_t w) noexcept { return w != 0 && (w & (dead | moved)) == 0; }
    static bool is_dead(std::uint64_t w) noexcept { return (w & dead) != 0; }
    static bool is_frozen(std::uint64_t w) noexcept { return (w & frozen) != 0; }
    static bool is_moved(std::uint64_t w) noexcept { return (w & moved) != 0; }
    static bool was_live(std::uint64_t w) noexcept { return (w & (moved | dead)) == moved && w != closed; }
    static std::uint64_t dead_of(std::uint64_t w) noexcept { return w | dead; }
    static std::uint64_t in_next(std::uint64_t w) noexcept { return w & ~frozen; }
    // The node that goes with the table, if one does, and is not in the next.
    static node* left_in(std::uint64_t w) noexcept { return (w & dead) != 0 || (w & moved) == 0 ? node_in(w) : nullptr; }

    template <class Equal>
    static map_entry_is compare(entry const&, std::uint64_t w, sought const& k, Equal const& equal) {
        if ((w & ~closed) == 0) {
            return w == 0 ? map_entry_is::free : map_entry_is::closed;
        }
        if (((w ^ tag(k.hash)) & tag_mask) != 0) {
            return map_entry_is::other;
        }
        if ((w & moved) != 0) {
            return map_entry_is::perhaps;
        }
        return std::invoke(equal, node_in(w)->key.get(), k.key) ? map_entry_is::mine : map_entry_is::other;
    }
    // A key takes an entry with the word that points to its node.
    static bool claim(entry&, sought const&) noexcept { return true; }

    // Of a word with a node that can still be seen.
    static K const& key_of(entry const&, std::uint64_t w) noexcept { return node_in(w)->key.get(); }
    template <class F>
    static decltype(auto) with_value(std::uint64_t w, F&& f) {
        return std::invoke(std::forward<F>(f), std::as_const(node_in(w)->value.get()));
    }

    static std::optional<V> copy_if_live(std::uint64_t w) {
        return is_live(w) ? std::optional<V>(node_in(w)->value.get()) : std::nullopt;
    }

    // A key and a value that are not in the map yet: a node. If it never will be, back(node) takes from it what was moved into it.
    template <class Cache, class Back>
    class made {
    public:
        made(Cache& nodes, Back const& back) noexcept : nodes_(nodes), back_(back) {}
        ~made() {
            if (node_ != nullptr) {
                drop();
            }
        }
        made(made const&) = delete;
        made& operator=(made const&) = delete;

        // What may throw comes first, so that nothing is moved from in vain. Throws also when the node cannot be told in a word.
        template <class Q, class... A>
        void construct(Q&& k, A&&... args) {
            take();
            if constexpr (std::is_nothrow_constructible_v<K, Q&&>) {
                construct_value(std::forward<A>(args)...);
                construct_key(std::forward<Q>(k));
            } else {
                construct_key(std::forward<Q>(k));
                construct_value(std::forward<A>(args)...);
            }
        }
        template <class Q>
        void construct_bare(Q&& k) {
            take();
            construct_key(std::forward<Q>(k));
        }
        void copy(std::uint64_t w) { construct(node_in(w)->key.get(), node_in(w)->value.get()); }

        K const& key() const noexcept { return node_->key.get(); }
        V& value() noexcept { return node_->value.modify(); }

        // What to put where `seen` is.
        std::uint64_t word(std::uint64_t hash, std::uint64_t) const noexcept {
            return reinterpret_cast<std::uintptr_t>(node_) | tag(hash);
        }
        // It is there.
        void placed(std::uint64_t seen, std::uint64_t) noexcept {
            node_ = nullptr;
            if (seen == 0) {
                nodes_.keep();
            } else {
                nodes_.retire(node_in(seen), is_bare(seen));
            }
        }

    private:
        void take() {
            node_ = nodes_.take();
            if (node_in(reinterpret_cast<std::uintptr_t>(node_)) != node_) [[unlikely]] {
                TANDEM_THROW(std::bad_alloc());
            }
        }
        template <class Q>
        void construct_key(Q&& k) {
            node_->key.construct(std::forward<Q>(k));
            key_ = true;
        }
        template <class... A>
        void construct_value(A&&... args) {
            node_->value.construct(std::forward<A>(args)...);
            value_ = true;
        }
        void drop() noexcept {
            if (key_ && value_) {
                back_(*node_);
            }
            if (key_) {
                node_->key.destroy();
            }
            if (value_) {
                node_->value.destroy();
            }
            nodes_.put_back(node_);
        }

        Cache& nodes_;
        Back const& back_;
        node* node_ = nullptr;
        bool key_ = false;
        bool value_ = false;
    };

private:
    // Where addresses leave room, a tag of 16 bits of the hash spares nearly every look at another key's node.
#if TANDEM_PORTABLE
    static constexpr std::uint64_t address_mask = ~std::uint64_t{15};
    static constexpr std::uint64_t tag(std::uint64_t) noexcept { return 0; }
#else
    static constexpr std::uint64_t address_mask = 0x0000'ffff'ffff'fff0;
    static constexpr std::uint64_t tag(std::uint64_t hash) noexcept { return hash << 48; }
#endif
    static constexpr std::uint64_t tag_mask = ~(address_mask | 15);
};

} // namespace lockfree
} // namespace tandem::inline TANDEM_ABI
