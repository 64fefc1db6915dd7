// Every operation of a map, each in a function of its own.
#pragma once

#include <cstddef>
#include <optional>

template <class Map, class K, class V>
struct map_operations {
    static std::optional<V> find(Map const& m, K const& k) { return m.find(k); }
    static bool contains(Map const& m, K const& k) { return m.contains(k); }
    static bool visit(Map const& m, K const& k, void (*f)(V const&)) { return m.visit(k, f); }
    static bool insert(Map& m, K const& k, V const& v) { return m.insert(k, v); }
    static bool try_emplace(Map& m, K const& k, V const& v) { return m.try_emplace(k, v); }
    static bool insert_or_assign(Map& m, K const& k, V const& v) { return m.insert_or_assign(k, v); }
    static bool update(Map& m, K const& k, void (*f)(V&)) { return m.update(k, f); }
    static std::optional<V> erase(Map& m, K const& k) { return m.erase(k); }
    static bool erase_if(Map& m, K const& k, bool (*f)(V const&)) { return m.erase_if(k, f); }
    static void for_each(Map const& m, void (*f)(K const&, V const&)) { m.for_each(f); }
    static std::size_t erase_all_if(Map& m, bool (*f)(K const&, V const&)) { return m.erase_if(f); }
    static std::size_t approx_size(Map const& m) { return m.approx_size(); }
    static void clear(Map& m) { m.clear(); }
};
