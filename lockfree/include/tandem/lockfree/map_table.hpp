#pragma once

// map_table: one generation of a map: a row of words. A key is searched from its home on, around the end, up to where nothing is.
//
//   0                    nothing
//   node, tag            the node's key is present, and has this word for as long as there is the table
//   ... + dead           the key is absent; with `bare`, its node holds no value
//   ... + frozen         the same, and the word changes once more, to moved
//   ... + moved          what there was is in the next table; the node may be gone. Without a node: closed, nothing ever was here
//
// A word never becomes 0 again, and a key takes the first that is: nobody who searches for a key can miss it, and two
// threads that insert one key meet at one word.

#include <tandem/mutex.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

namespace tandem::inline TANDEM_ABI {
namespace lockfree {

// What a word says. Where addresses leave room, a tag of 16 bits of the hash spares nearly every look at another key's node.
template <class Node>
struct map_word {
    static_assert(alignof(Node) >= 16);

    static constexpr std::uint64_t dead = 1;
    static constexpr std::uint64_t bare = 2;
    static constexpr std::uint64_t frozen = 4;
    static constexpr std::uint64_t moved = 8;
    static constexpr std::uint64_t closed = frozen | moved;

#if TANDEM_PORTABLE
    static constexpr std::uint64_t address_mask = ~std::uint64_t{15};
    static constexpr std::uint64_t tag(std::uint64_t) noexcept { return 0; }
#else
    static constexpr std::uint64_t address_mask = 0x0000'ffff'ffff'fff0;
    static constexpr std::uint64_t tag(std::uint64_t hash) noexcept { return hash << 48; }
#endif
    static constexpr std::uint64_t tag_mask = ~(address_mask | 15);

    static std::uint64_t of(Node* n, std::uint64_t hash) noexcept { return reinterpret_cast<std::uintptr_t>(n) | tag(hash); }
    static Node* node(std::uint64_t word) noexcept {
        return reinterpret_cast<Node*>(static_cast<std::uintptr_t>(word & address_mask));
    }
    static bool fits(Node* n) noexcept { return node(reinterpret_cast<std::uintptr_t>(n)) == n; }
    static bool is_nothing(std::uint64_t word) noexcept { return (word & ~closed) == 0; }
    static bool is_live(std::uint64_t word) noexcept { return word != 0 && (word & (dead | moved)) == 0; }
    static unsigned is_bare(std::uint64_t word) noexcept { return (word & bare) != 0 ? 1 : 0; }
    static bool may_be_of(std::uint64_t word, std::uint64_t hash) noexcept { return ((word ^ tag(hash)) & tag_mask) == 0; }
};

// The words stand behind the object.
template <class Allocator>
class alignas(cache_line) map_table {
public:
    using word = atomic<std::uint64_t>;

    // Precondition: a power of two, two at least. Throws what the allocator throws.
    static map_table* make(Allocator const& a, std::size_t capacity) {
        units from(a);
        auto* const memory = std::to_address(std::allocator_traits<units>::allocate(from, units_for(capacity)));
        auto* const made = ::new (static_cast<void*>(memory)) map_table(capacity);
        std::uninitialized_value_construct_n(made->words(), capacity);
        return made;
    }
    void destroy(Allocator const& a) noexcept {
        using pointer = typename std::allocator_traits<units>::pointer;
        units to(a);
        auto const count = units_for(capacity);
        std::destroy_n(words(), capacity);
        std::destroy_at(this);
        auto& memory = *reinterpret_cast<unit*>(this);
        std::allocator_traits<units>::deallocate(to, std::pointer_traits<pointer>::pointer_to(memory), count);
    }

    // The upper bits of a hash: what is near each other here, is so in a table of another size.
    std::size_t home(std::uint64_t hash) const noexcept { return static_cast<std::size_t>(hash >> shift_); }
    std::size_t after(std::size_t i) const noexcept { return (i + 1) & (capacity - 1); }
    word& operator[](std::size_t i) noexcept { return words()[i]; }

    std::size_t const capacity;

private:
    int const shift_;

public:
    atomic<map_table*> next{nullptr};

    // Words taken, about: threads add what they took by the dozen.
    alignas(cache_line) atomic<std::size_t> taken{0};
    atomic<std::size_t> taken_early{0}; // by insertions while there was a table before this one
    atomic<std::uint32_t> being_followed{0}; // a thread is making the next table
    atomic<std::uint32_t> any_dead{0};       // when it was left
    atomic<std::size_t> to_move{0};          // from here on nobody has begun to move words
    atomic<std::size_t> moved{0};            // words

    // When it has been replaced.
    cell<map_table*> also_retired{nullptr};
    cell<std::uint64_t> tag{0};

private:
    struct alignas(cache_line) unit {
        std::byte bytes[cache_line];
    };
    using units = typename std::allocator_traits<Allocator>::template rebind_alloc<unit>;

    explicit map_table(std::size_t c) noexcept : capacity(c), shift_(64 - std::countr_zero(c)) {}

    word* words() noexcept { return reinterpret_cast<word*>(this + 1); }
    static std::size_t units_for(std::size_t c) noexcept {
        return (sizeof(map_table) + c * sizeof(word) + sizeof(unit) - 1) / sizeof(unit);
    }
};

} // namespace lockfree
} // namespace tandem::inline TANDEM_ABI
