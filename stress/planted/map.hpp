// Planted: six bugs in one small map, two tables behind a mutex: whatever changes it first moves a key from the old table to the
// new one, and when all are moved the new one is old.
//
//   write_lost         a key is moved with the value that it had a while ago: a write to the old table meanwhile is lost
//   came_back          a key is moved although it was erased meanwhile
//   inserted_twice     an insert looks, and inserts later: of two, both succeed
//   seen_twice         a traversal goes over the old table, then over the new one: what was moved meanwhile it sees again
//   not_seen           the other way round: what was moved meanwhile it does not see
//   erased_twice       an erase looks, and erases later: two take the same value out
#pragma once

#include <tandem/mutex.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <thread>
#include <unordered_map>
#include <utility>

namespace tandem::planted {

enum class map_bug { write_lost, came_back, inserted_twice, seen_twice, not_seen, erased_twice };

template <class K, class V, class Hash, map_bug Bug>
class moving_map {
public:
    explicit moving_map(std::size_t expected = 0, Hash hash = Hash()) : old_(expected, hash), new_(expected, hash) {}

    template <class F>
    bool visit(K const& k, F f) const {
        scoped_lock const lock(mutex_);
        V const* const v = find_in_both(k);
        if (v != nullptr) {
            f(*v);
        }
        return v != nullptr;
    }
    std::optional<V> find(K const& k) const {
        std::optional<V> found;
        visit(k, [&](V const& v) { found = v; });
        return found;
    }
    bool contains(K const& k) const {
        return visit(k, [](V const&) {});
    }

    bool insert(K const& k, V const& v) {
        move_one();
        if (Bug == map_bug::inserted_twice) {
            if (contains(k)) {
                return false;
            }
            a_while();
        }
        scoped_lock const lock(mutex_);
        return put(k, v, Bug == map_bug::inserted_twice) || Bug == map_bug::inserted_twice;
    }
    bool try_emplace(K const& k, V const& v) { return insert(k, v); }
    bool insert_or_assign(K const& k, V const& v) {
        move_one();
        scoped_lock const lock(mutex_);
        return put(k, v, true);
    }
    template <class F>
    bool update(K const& k, F f) {
        move_one();
        scoped_lock const lock(mutex_);
        auto* const v = find_in_both(k);
        if (v != nullptr) {
            f(*v);
        }
        return v != nullptr;
    }

    std::optional<V> erase(K const& k) {
        if (Bug == map_bug::erased_twice) {
            auto const v = find(k);
            a_while();
            erase_if(k, [](V const&) { return true; });
            return v;
        }
        std::optional<V> taken;
        erase_if(k, [&](V const& v) {
            taken = v;
            return true;
        });
        return taken;
    }
    template <class Pred>
    bool erase_if(K const& k, Pred pred) {
        move_one();
        scoped_lock const lock(mutex_);
        V const* const v = find_in_both(k);
        if (v == nullptr || !pred(*v)) {
            return false;
        }
        return old_.erase(k) + new_.erase(k) != 0;
    }

    template <class F>
    void for_each(F f) const {
        auto const go_over = [&](table const& t) {
            for (auto const& [k, v] : t) {
                f(k, v);
            }
        };
        constexpr bool in_two_parts = Bug == map_bug::seen_twice || Bug == map_bug::not_seen;
        {
            scoped_lock const lock(mutex_);
            go_over(Bug == map_bug::not_seen ? new_ : old_);
            if (!in_two_parts) {
                go_over(new_);
                return;
            }
            ++traversals_;
        }
        a_while();
        scoped_lock const lock(mutex_);
        go_over(Bug == map_bug::not_seen ? old_ : new_);
        --traversals_;
    }
    template <class Pred>
    std::size_t erase_if(Pred pred) {
        scoped_lock const lock(mutex_);
        auto const held = [&](auto const& entry) { return pred(entry.first, entry.second); };
        return std::erase_if(old_, held) + std::erase_if(new_, held);
    }
    std::size_t approx_size() const {
        scoped_lock const lock(mutex_);
        return old_.size() + new_.size();
    }
    void clear() {
        scoped_lock const lock(mutex_);
        old_.clear();
        new_.clear();
    }

private:
    using table = std::unordered_map<K, V, Hash>;

    static void a_while() { std::this_thread::yield(); }

    V* find_in_both(K const& k) const TANDEM_REQUIRES(mutex_) {
        for (auto* const t : {&new_, &old_}) {
            if (auto const at = t->find(k); at != t->end()) {
                return &at->second;
            }
        }
        return nullptr;
    }
    // True: it was absent.
    bool put(K const& k, V const& v, bool over) TANDEM_REQUIRES(mutex_) {
        auto* const at = find_in_both(k);
        if (at == nullptr) {
            new_.emplace(k, v);
        } else if (over) {
            *at = v;
        }
        return at == nullptr;
    }

    // The traversals that are in between would miss all that is in the new table.
    void move_one() {
        constexpr bool late = Bug == map_bug::write_lost || Bug == map_bug::came_back;
        std::optional<std::pair<K const, V>> found;
        {
            scoped_lock const lock(mutex_);
            if (old_.empty() && traversals_ == 0) {
                old_.swap(new_);
            }
            if (old_.empty()) {
                return;
            }
            if (!late) {
                new_.insert(old_.extract(old_.begin()));
                return;
            }
            found.emplace(*old_.begin());
        }
        a_while();
        scoped_lock const lock(mutex_);
        auto node = old_.extract(found->first);
        if (node.empty() && Bug == map_bug::came_back) {
            new_.insert(*found);
        } else if (!node.empty()) {
            if (Bug == map_bug::write_lost) {
                node.mapped() = found->second;
            }
            new_.insert(std::move(node));
        }
    }

    mutable mutex mutex_;
    mutable table old_ TANDEM_GUARDED_BY(mutex_), new_ TANDEM_GUARDED_BY(mutex_);
    mutable std::size_t traversals_ TANDEM_GUARDED_BY(mutex_) = 0; // between their two parts
};

} // namespace tandem::planted
