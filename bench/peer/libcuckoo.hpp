#pragma once

#if __has_include(<libcuckoo/cuckoohash_map.hh>)

#include "../maps.hpp"

#include <libcuckoo/cuckoohash_map.hh>

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

inline void offer_libcuckoo(catalogue& all) {
    offer_map<libcuckoo_map>(all);
}

} // namespace tandem::bench

#else

namespace tandem::bench {
inline void offer_libcuckoo(catalogue& all) {
    all.missing.push_back({"libcuckoo", "libcuckoo-dev"});
}
} // namespace tandem::bench

#endif
