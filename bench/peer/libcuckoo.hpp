#pragma once

#if __has_include(<libcuckoo/cuckoohash_map.hh>)

#include "../maps.hpp"

#include <libcuckoo/cuckoohash_map.hh>

#include <algorithm>
#include <cstddef>

namespace tandem::bench {

// std::hash, its default, which is the key: it shifts and multiplies that itself to get the second place. Its growth is lazy and
// done by those that insert.
class libcuckoo_map {
public:
    static constexpr identity who{"libcuckoo::cuckoohash_map", "peer", "libcuckoo",
                                  "two spinlocks for every operation, finds too; keys and values are kept in the table"};

    explicit libcuckoo_map(std::size_t expected) : map_(expected) {}
    bool find(message key, message& value) { return map_.find(key, value); }
    bool insert(message key, message value) { return map_.insert(key, value); }
    bool erase(message key) { return map_.erase(key); }

private:
    libcuckoo::cuckoohash_map<message, message> map_;
};

// Its growth from less than it starts with by default crashes when several threads insert (its issue 156, seen here too).
struct libcuckoo_map_with_room : libcuckoo_map {
    explicit libcuckoo_map_with_room(std::size_t expected)
        : libcuckoo_map(std::max<std::size_t>(expected, libcuckoo::DEFAULT_SIZE)) {}
    static constexpr identity who{"libcuckoo::cuckoohash_map", "peer", "libcuckoo",
                                  "starts with room for 262144 elements, its default: its growth from less crashes"};
};

inline void offer_libcuckoo(catalogue& all) {
    offer_map_mix<libcuckoo_map>(all);
    offer_map_grow<libcuckoo_map_with_room>(all);
    offer_map_memory<libcuckoo_map>(all);
}

} // namespace tandem::bench

#else

namespace tandem::bench {
inline void offer_libcuckoo(catalogue& all) {
    all.missing.push_back({"libcuckoo", "libcuckoo-dev"});
}
} // namespace tandem::bench

#endif
