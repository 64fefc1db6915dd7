#pragma once

#if __has_include(<xenium/vyukov_hash_map.hpp>)

#include "../maps.hpp"

#include <xenium/reclamation/generic_epoch_based.hpp>
#include <xenium/vyukov_hash_map.hpp>

#include <algorithm>
#include <cstddef>

namespace tandem::bench {

// xenium::hash, its default, is std::hash, which is the key; the lowest bits choose the bucket.
class xenium_map {
public:
    static constexpr identity who{"xenium::vyukov_hash_map", "peer", "xenium",
                                  "keys and values of 4 or 8 trivial bytes are kept in the table; expected elements are "
                                  "taken as buckets of three; whoever changes something waits while it grows"};

    // With fewer buckets than its default it has no room for collisions, and reads through a null pointer at the first one.
    explicit xenium_map(std::size_t expected) : map_(std::max(expected, std::size_t{128})) {}
    bool find(message key, message& value) {
        map::accessor at;
        if (!map_.try_get_value(key, at)) {
            return false;
        }
        value = *at;
        return true;
    }
    bool insert(message key, message value) { return map_.emplace(key, value); }
    bool erase(message key) { return map_.erase(key); }

private:
    using map = xenium::vyukov_hash_map<message, message, xenium::policy::reclaimer<xenium::reclamation::epoch_based<>>>;
    map map_;
};

inline void offer_xenium_map(catalogue& all) {
    offer_map<xenium_map>(all);
}

} // namespace tandem::bench

#else

namespace tandem::bench {
inline void offer_xenium_map(catalogue&) {} // the queues say that it is missing
} // namespace tandem::bench

#endif
