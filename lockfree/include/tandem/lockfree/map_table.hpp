#pragma once

// map_table: one generation of a map: a row of entries. A key is searched from its home on, around the end, up to where no key is.
//
// What an entry is, the form says: map_nodes.hpp, a word that points to a node with key and value; map_pairs.hpp, key and value
// themselves. Both say in a word:
//
//   0          the key was never there
//   live       the key is there
//   dead       it was erased
//   frozen     what there is, is there, or is not, and the word changes once more, to moved
//   moved      what there was is in the next table
//   closed     frozen and moved, and nothing was there
//
// An entry that a key has taken is that key's for as long as there is the table, and a key takes the first that is free: nobody
// who searches for a key can miss it, and two threads that insert one key meet at one word.
//
// Edges:
//   all.prepared  acq_rel => all.prepared  acq_rel   who prepares the last entries speaks for those who prepared the others

#include <tandem/mutex.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

namespace tandem::inline TANDEM_ABI {
namespace lockfree {

// What an entry is to who searches for a key.
enum class map_entry_is {
    other,   // of another key
    mine,    // of the key
    perhaps, // moved, and it can't be seen any more whose it was
    free,    // the search ends: the key may take it
    closed,  // the search ends here, and goes on in the next table
};

// The entries stand behind the object: `capacity` to search in, and those that the form gives to single keys.
template <class Form, class Allocator>
class alignas(cache_line) map_table {
public:
    using entry = typename Form::entry;

    // Its entries are still to be prepared. Precondition: a power of two, two at least. Throws what the allocator throws.
    static map_table* make(Allocator const& a, std::size_t capacity) {
        units from(a);
        auto* const memory = std::to_address(std::allocator_traits<units>::allocate(from, units_for(capacity)));
        return ::new (static_cast<void*>(memory)) map_table(capacity);
    }
    // Prepares the next so many entries that nobody has begun with. True: they were the last, of all.
    bool prepare(std::size_t n) noexcept {
        auto const begin = to_prepare_.fetch_add(n, order::relaxed); // relaxed: a number, each given once
        auto const end = std::min(begin + n, size());
        for (auto i = begin; i < end; ++i) {
            if constexpr (Form::single_keys != 0) {
                std::construct_at(entries() + i, i < capacity ? 0 : i - capacity);
            } else {
                std::construct_at(entries() + i);
            }
        }
        return begin < end && prepared_.fetch_add(end - begin, order::acq_rel) + (end - begin) == size(); // all.prepared
    }
    void destroy(Allocator const& a) noexcept {
        using pointer = typename std::allocator_traits<units>::pointer;
        units to(a);
        auto const count = units_for(capacity);
        std::destroy_n(entries(), prepared_.load(order::relaxed)); // relaxed: nobody prepares any more
        std::destroy_at(this);
        auto& memory = *reinterpret_cast<unit*>(this);
        std::allocator_traits<units>::deallocate(to, std::pointer_traits<pointer>::pointer_to(memory), count);
    }

    // The upper bits of a hash: what is near each other here, is so in a table of another size.
    std::size_t home(typename Form::sought const& k) const noexcept {
        return Form::is_single(k) ? capacity + Form::single(k) : static_cast<std::size_t>(k.hash >> shift_) & ~(Form::group - 1);
    }
    std::size_t after(std::size_t i, std::size_t n = 1) const noexcept { return (i + n) & (capacity - 1); }
    entry& operator[](std::size_t i) noexcept { return entries()[i]; }
    std::size_t size() const noexcept { return capacity + Form::single_keys; }

    std::size_t const capacity;

private:
    int const shift_;

public:
    atomic<map_table*> next{nullptr};
    atomic<map_table*> coming{nullptr}; // next, when it is prepared, unless that took too long

    // Entries taken, about: threads add what they took by the dozen.
    alignas(cache_line) atomic<std::size_t> taken{0};
    atomic<std::size_t> taken_early{0}; // by insertions while there was a table before this one
    atomic<std::uint32_t> being_followed{0}; // a thread is making the next table
    atomic<std::uint32_t> any_left{0};       // nodes, when it was left
    atomic<std::size_t> to_move{0};          // from here on nobody has begun to move entries
    atomic<std::size_t> moved{0};            // entries

    // When it has been replaced.
    cell<map_table*> also_retired{nullptr};
    cell<std::uint64_t> tag{0};

private:
    struct alignas(cache_line) unit {
        std::byte bytes[cache_line];
    };
    using units = typename std::allocator_traits<Allocator>::template rebind_alloc<unit>;

    alignas(cache_line) atomic<std::size_t> to_prepare_{0};
    atomic<std::size_t> prepared_{0};

    explicit map_table(std::size_t c) noexcept : capacity(c), shift_(64 - std::countr_zero(c)) {}

    entry* entries() noexcept { return reinterpret_cast<entry*>(this + 1); }
    static std::size_t units_for(std::size_t c) noexcept {
        return (sizeof(map_table) + (c + Form::single_keys) * sizeof(entry) + sizeof(unit) - 1) / sizeof(unit);
    }
};

} // namespace lockfree
} // namespace tandem::inline TANDEM_ABI
