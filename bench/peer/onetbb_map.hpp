#pragma once

#if __has_include(<oneapi/tbb/concurrent_hash_map.h>)

#include "../maps.hpp"

#include <oneapi/tbb/concurrent_hash_map.h>

#include <cstddef>
#include <memory>
#include <utility>

namespace tandem::bench {

// tbb_hash_compare, its default, multiplies what std::hash says by a large odd number.
template <class Allocator>
class onetbb_hash_map {
    using map = tbb::concurrent_hash_map<message, message, tbb::tbb_hash_compare<message>, Allocator>;

public:
    explicit onetbb_hash_map(std::size_t expected) : map_(expected) {}
    bool find(message key, message& value) {
        typename map::const_accessor at;
        if (!map_.find(at, key)) {
            return false;
        }
        value = at->second;
        return true;
    }
    bool insert(message key, message value) { return map_.insert(std::pair<message const, message>(key, value)); }
    bool erase(message key) { return map_.erase(key); }

private:
    map map_;
};

using in_its_map = std::pair<message const, message>;

struct onetbb_map : onetbb_hash_map<tbb::tbb_allocator<in_its_map>> {
    using onetbb_hash_map::onetbb_hash_map;
    static constexpr identity who{"tbb::concurrent_hash_map", "peer", "onetbb",
                                  "a node for each element, from an allocator of its own; a find locks the element, and could "
                                  "change it"};
};

// What the allocator of its own takes, from the system, is not seen.
struct onetbb_map_and_std_allocator : onetbb_hash_map<std::allocator<in_its_map>> {
    using onetbb_hash_map::onetbb_hash_map;
    static constexpr identity who{"tbb::concurrent_hash_map", "peer", "onetbb",
                                  "a node for each element; here with std::allocator, so that it is counted"};
};

inline void offer_onetbb_map(catalogue& all) {
    offer_map_mix<onetbb_map>(all);
    offer_map_grow<onetbb_map>(all);
    offer_map_memory<onetbb_map_and_std_allocator>(all);
}

} // namespace tandem::bench

#else

namespace tandem::bench {
inline void offer_onetbb_map(catalogue&) {} // the queues say that it is missing
} // namespace tandem::bench

#endif
