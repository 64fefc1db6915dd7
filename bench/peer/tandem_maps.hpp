#pragma once

#include "../maps.hpp"

#include <tandem/locked/map.hpp>
#include <tandem/lockfree/map.hpp>

#include <cstddef>

namespace tandem::bench {

template <class Map>
class tandem_map {
public:
    explicit tandem_map(std::size_t expected) : map_(expected) {}
    bool find(message key, message& value) {
        auto const found = map_.find(key);
        if (found) {
            value = *found;
        }
        return found.has_value();
    }
    bool insert(message key, message value) { return map_.insert(key, value); }
    bool erase(message key) { return map_.erase(key).has_value(); }

private:
    Map map_;
};

struct locked_map : tandem_map<locked::map<message, message>> {
    using tandem_map::tandem_map;
    static constexpr identity who{"locked.map", "locked", "tandem", ""};
};

struct lockfree_map : tandem_map<lockfree::map<message, message>> {
    using tandem_map::tandem_map;
    static constexpr identity who{"lockfree.map", "lockfree", "tandem", ""};
};

} // namespace tandem::bench
