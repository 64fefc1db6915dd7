#pragma once

#if __has_include(<boost/unordered/unordered_flat_map.hpp>)

#include "../maps.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <array>
#include <cstddef>
#include <mutex>
#include <shared_mutex>

namespace tandem::bench {

// What one writes who wants a fast map for many threads and has a fast one for one. The flat map mixes boost::hash, which is
// the key, once more by itself; the keys' highest bits choose the shard.
class boost_shards {
    static constexpr int bits = 6;

public:
    static constexpr identity who{"64 shards of boost::unordered_flat_map", "peer", "boost",
                                  "a std::shared_mutex for each shard: a find shuts out who changes the shard; a shard that "
                                  "grows shuts out everyone"};

    explicit boost_shards(std::size_t expected) {
        for (auto& one : shards_) {
            one.map.reserve(expected / shards_.size());
        }
    }
    bool find(message key, message& value) {
        auto& mine = shard_of(key);
        std::shared_lock const lock(mine.mutex);
        auto const at = mine.map.find(key);
        if (at == mine.map.end()) {
            return false;
        }
        value = at->second;
        return true;
    }
    bool insert(message key, message value) {
        auto& mine = shard_of(key);
        std::lock_guard const lock(mine.mutex);
        return mine.map.emplace(key, value).second;
    }
    bool erase(message key) {
        auto& mine = shard_of(key);
        std::lock_guard const lock(mine.mutex);
        return mine.map.erase(key) != 0;
    }

private:
    struct alignas(128) shard {
        std::shared_mutex mutex;
        boost::unordered_flat_map<message, message> map;
    };
    shard& shard_of(message key) { return shards_[key >> (64 - bits)]; }

    std::array<shard, std::size_t{1} << bits> shards_;
};

inline void offer_boost_map(catalogue& all) {
    offer_map<boost_shards>(all);
}

} // namespace tandem::bench

#else

namespace tandem::bench {
inline void offer_boost_map(catalogue& all) {
    all.missing.push_back({"boost::unordered_flat_map", "libboost1.81-dev"});
}
} // namespace tandem::bench

#endif
