#pragma once

// What somebody writes who has only the standard library.

#include "../maps.hpp"

#include <cstddef>
#include <mutex>
#include <unordered_map>

namespace tandem::bench {

class mutex_and_map {
public:
    static constexpr identity who{"std::mutex and std::unordered_map", "peer", "std",
                                  "one lock for everything; a node for each element; when it grows, everyone waits"};

    explicit mutex_and_map(std::size_t expected) { map_.reserve(expected); }
    bool find(message key, message& value) {
        std::lock_guard const lock(mutex_);
        auto const at = map_.find(key);
        if (at == map_.end()) {
            return false;
        }
        value = at->second;
        return true;
    }
    bool insert(message key, message value) {
        std::lock_guard const lock(mutex_);
        return map_.emplace(key, value).second;
    }
    bool erase(message key) {
        std::lock_guard const lock(mutex_);
        return map_.erase(key) != 0;
    }

private:
    std::mutex mutex_;
    std::unordered_map<message, message> map_;
};

inline void offer_standard_map(catalogue& all) {
    offer_map<mutex_and_map>(all);
}

} // namespace tandem::bench
