// map_spec: what a map promises: values by key, and each key linearizable by itself.
//
//   insert(k v), try_emplace(k v)   -> 1: it was absent and has v now; 0
//   insert_or_assign(k v)           -> 1: it was absent; 0; it has v now
//   update(k n)                     -> 1: n was added to its value; 0: it was absent
//   erase(k)                        -> the value taken out, or empty
//   erase_if(k r)                   -> 1: it was there, its value r modulo 2 (r = 2: any), and is not now; 0
//   find(k), visit(k)               -> its value, or empty                  contains(k) -> 0 or 1
//   for_each(k...)                  what a traversal of all keys saw of these -> for each its value, or 0: not seen, or the
//                                   value below 0: seen more than once, with that value at last
//   erase_each(a b r)               erase_if of the whole map, for the keys from a to b as erase_if(k r) -> how many
//   clear, approx_size -> n
//
// Values are above 0. What goes over all keys is no one instant, but one for each key, or several for a key that others erase
// and insert meanwhile: so a traversal sees a key that is there during the whole of the call exactly once, and one that is never
// there not at all. Each key is then a history of its own, and the search decides it. Of counts over many keys only bounds are
// known: what was surely there, and what can have been, as for a striped counter.
#pragma once

#include <tandem/stress/spec.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::stress {

struct map_spec {
    enum : std::uint32_t {
        insert,
        try_emplace,
        insert_or_assign,
        update,
        erase,
        erase_if,
        find,
        visit,
        contains,
        for_each,
        erase_each,
        clear,
        approx_size,
    };
    static constexpr std::string_view operations[] = {"insert", "try_emplace", "insert_or_assign", "update",   "erase",
                                                      "erase_if", "find",      "visit",            "contains", "for_each",
                                                      "erase_each", "clear",   "approx_size"};
    static constexpr bool monitor_decides = true; // to the search, what goes over all keys is one instant

    std::map<std::int64_t, std::int64_t> entries{};

    reply perform(std::uint32_t operation, values const& argument);
    finding monitor(history const& calls) const; // unknown where the search gave up on a key
    history without(history const& calls, std::vector<bool> const& drop) const;
    std::size_t begins_by(history const& calls, std::size_t impossible) const; // with the last two that changed the key
    std::string describe() const; // keys that hold their own number are written as 1..9
    std::size_t hash() const;
    bool operator==(map_spec const&) const = default;
};

static_assert(specification<map_spec>);

} // namespace tandem::stress
