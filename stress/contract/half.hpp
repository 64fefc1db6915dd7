// half: the two halves as types, for typed tests.
#pragma once

#include <tandem/locked/bounded_queue.hpp>
#include <tandem/locked/counter.hpp>
#include <tandem/locked/map.hpp>
#include <tandem/locked/reclaim/rcu_domain.hpp>
#include <tandem/locked/spsc_queue.hpp>
#include <tandem/locked/striped_counter.hpp>
#include <tandem/lockfree/bounded_queue.hpp>
#include <tandem/lockfree/counter.hpp>
#include <tandem/lockfree/map.hpp>
#include <tandem/lockfree/reclaim/rcu_domain.hpp>
#include <tandem/lockfree/spsc_queue.hpp>
#include <tandem/lockfree/striped_counter.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <type_traits>
#include <utility>

namespace tandem::test {

struct locked_half {
    template <class T, class Allocator = tandem::allocator<T>>
    using bounded_queue = tandem::locked::bounded_queue<T, Allocator>;
    template <class T, class Allocator = tandem::allocator<T>>
    using spsc_queue = tandem::locked::spsc_queue<T, Allocator>;
    template <class K, class V, class Hash = std::hash<K>, class Equal = std::equal_to<K>,
              class Allocator = tandem::allocator<std::pair<K const, V>>>
    using map = tandem::locked::map<K, V, Hash, Equal, Allocator>;
    using counter = tandem::locked::counter;
    using rcu_domain = tandem::locked::rcu_domain;
    static rcu_domain& rcu_default_domain() noexcept { return tandem::locked::rcu_default_domain(); }
    using striped_counter = tandem::locked::striped_counter;
};

struct lockfree_half {
    template <class T, class Allocator = tandem::allocator<T>>
    using bounded_queue = tandem::lockfree::bounded_queue<T, Allocator>;
    template <class T, class Allocator = tandem::allocator<T>>
    using spsc_queue = tandem::lockfree::spsc_queue<T, Allocator>;
    template <class K, class V, class Hash = std::hash<K>, class Equal = std::equal_to<K>,
              class Allocator = tandem::allocator<std::pair<K const, V>>>
    using map = tandem::lockfree::map<K, V, Hash, Equal, Allocator>;
    using counter = tandem::lockfree::counter;
    using rcu_domain = tandem::lockfree::rcu_domain;
    static rcu_domain& rcu_default_domain() noexcept { return tandem::lockfree::rcu_default_domain(); }
    using striped_counter = tandem::lockfree::striped_counter;
};

using both_halves = testing::Types<locked_half, lockfree_half>;

// A lock-free map lays out keys that are words in another way than others, and than those that are compared in a way of their own:
// the tests go both ways.
template <class T>
struct own_equal : std::equal_to<T> {
    own_equal() = default;
    own_equal(std::equal_to<T>) noexcept {}
};
template <class Equal>
struct own {
    using equal = Equal;
};
template <class T>
struct own<std::equal_to<T>> {
    using equal = own_equal<T>;
};
struct lockfree_half_in_nodes : lockfree_half {
    template <class K, class V, class Hash = std::hash<K>, class Equal = std::equal_to<K>,
              class Allocator = tandem::allocator<std::pair<K const, V>>>
    using map = tandem::lockfree::map<K, V, Hash, typename own<Equal>::equal, Allocator>;
};
using both_halves_of_maps = testing::Types<locked_half, lockfree_half, lockfree_half_in_nodes>;

struct half_name {
    template <class Half>
    static std::string GetName(int) {
        return std::is_same_v<Half, locked_half> ? "locked" : std::is_same_v<Half, lockfree_half> ? "lockfree" : "lockfree_in_nodes";
    }
};

} // namespace tandem::test
