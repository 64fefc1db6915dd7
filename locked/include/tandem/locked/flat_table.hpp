#pragma once

// flat_table: an open hash table of fixed size, for whoever holds the lock.
//
//   group   eight bytes and seven elements behind them: a tag for each (0: vacant; else 0x80 and seven bits of the
//           hash), and in the last byte how many elements found the group full and went on to the next (255: or more)
//
// An element stands in the first group, from its home on, that had room when it came: a search ends at a group that
// nobody passed. A flat_table is a handle of two words, and is copied as one; who made it discards it.

#include <tandem/contract.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace tandem::inline TANDEM_ABI {
namespace locked {

template <class K, class V, class Allocator>
class flat_table {
    static_assert(contract::element<K> && contract::element<V>, "keys and values must move and be destroyed without throwing");

public:
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

private:
    static constexpr std::size_t slots = made_of(7);
    struct alignas(cache_line / 2) alignas(slot<element>) group {
        cell<std::uint64_t> tags{0};
        std::array<slot<element>, slots> elements;
    };
    using traits = typename std::allocator_traits<Allocator>::template rebind_traits<group>;

public:
    using group_allocator = typename traits::allocator_type;

    // Where an element stands.
    class spot {
    public:
        spot() = default;
        explicit operator bool() const noexcept { return of_ != nullptr; }
        slot<element>& operator*() const noexcept { return of_->elements[index_]; }
        slot<element>* operator->() const noexcept { return &of_->elements[index_]; }

        // Precondition: h is the hash of its key. The element is still to be taken or destroyed.
        void vacate(std::uint64_t h) const noexcept {
            of_->tags.write(with_tag(of_->tags.read(), index_, 0));
            in_.change_passed(h, *of_, -1);
        }

    private:
        friend class flat_table;
        spot(flat_table const& in, group& of, std::size_t index) noexcept : in_(in), of_(&of), index_(index) {}

        flat_table in_{};
        group* of_ = nullptr;
        std::size_t index_ = 0;
    };

    // None at all: no groups.
    flat_table() = default;
    // Throws what the allocator throws. Precondition: a power of two. To be prepared before anything else.
    flat_table(group_allocator& a, std::size_t groups) : groups_(traits::allocate(a, groups)), mask_(groups - 1) {}
    // The groups from one to another; all of them, each once.
    void prepare(std::size_t from, std::size_t to) const noexcept {
        std::uninitialized_default_construct_n(std::to_address(groups_) + from, to - from);
    }
    // Precondition: nothing is left in it. So many groups were prepared.
    void discard(group_allocator& a, std::size_t prepared) const noexcept {
        if (*this) {
            std::destroy_n(std::to_address(groups_), prepared);
            traits::deallocate(a, groups_, size());
        }
    }

    explicit operator bool() const noexcept { return groups_ != nullptr; }
    // Groups, the slots in them, and how many elements they hold before they are too full to be fast.
    std::size_t size() const noexcept { return groups_ == nullptr ? 0 : mask_ + 1; }
    std::size_t capacity() const noexcept { return size() * slots; }
    std::size_t limit() const noexcept { return limit_of(size()); }
    static constexpr std::size_t groups_for(std::size_t elements) noexcept {
        auto const groups = std::bit_ceil(elements / slots + 1);
        return limit_of(groups) < elements ? 2 * groups : groups;
    }

    template <class Equal>
    spot find(std::uint64_t h, K const& k, Equal const& equal) const {
        auto* g = *this ? &home(h) : nullptr;
        for (auto left = size(); left != 0; --left, g = &after(*g)) {
            auto const word = g->tags.read();
            for (auto found = matches(word, tag_of(h)); found != 0; found &= found - 1) {
                if (std::invoke(equal, g->elements[first_of(found)].get().key, k)) {
                    return {*this, *g, first_of(found)};
                }
            }
            if (passed(word) == 0) {
                break;
            }
        }
        return {};
    }
    // Precondition: there is room. Throws what the element's constructor throws, and has then done nothing.
    template <class... Args>
    void place(std::uint64_t h, Args&&... args) const {
        auto* g = &home(h);
        auto vacant = ~g->tags.read() & high;
        while (vacant == 0) {
            g = &after(*g);
            vacant = ~g->tags.read() & high;
        }
        auto const index = first_of(vacant);
        g->elements[index].construct(std::forward<Args>(args)...);
        g->tags.write(with_tag(g->tags.read(), index, tag_of(h)));
        change_passed(h, *g, 1);
    }
    // f(spot); it may vacate the spot.
    template <class F>
    void for_each(F f) const {
        for (std::size_t i = 0; i != size(); ++i) {
            auto& g = (*this)[i];
            for (auto taken = g.tags.read() & high; taken != 0; taken &= taken - 1) {
                f(spot(*this, g, first_of(taken)));
            }
        }
    }
    // One group's elements; searches here go on past it. Throws what hash throws: the others have been moved.
    template <class HashOf>
    void move_group(std::size_t i, flat_table const& to, HashOf hash_of) const {
        auto& g = (*this)[i];
        while (auto const taken = g.tags.read() & high) {
            auto const index = first_of(taken);
            auto const h = hash_of(g.elements[index].get().key);
            g.tags.write(with_tag(g.tags.read(), index, 0));
            to.place(h, g.elements[index].take());
        }
    }

private:
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
    static constexpr std::size_t limit_of(std::size_t groups) noexcept { return groups * slots * 7 / 8; }

    group& operator[](std::size_t i) const noexcept { return std::to_address(groups_)[i & mask_]; }
    group& home(std::uint64_t h) const noexcept { return (*this)[h >> 7]; }
    group& after(group& g) const noexcept { return (*this)[static_cast<std::size_t>(&g - &(*this)[0]) + 1]; }

    // Of the groups that an element passed to get where it is. A count that has reached 255 stays.
    void change_passed(std::uint64_t h, group& where, int by) const noexcept {
        for (auto* g = &home(h); g != &where; g = &after(*g)) {
            auto const word = g->tags.read();
            if (passed(word) != 255) {
                g->tags.write(word + (static_cast<std::uint64_t>(by) << 56));
            }
        }
    }

    typename traits::pointer groups_{};
    std::size_t mask_ = 0;
};

} // namespace locked
} // namespace tandem::inline TANDEM_ABI
