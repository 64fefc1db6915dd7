#pragma once

// Races of a map, written once for both halves, for both forms of the barrier, and for planted bugs. All keys have one
// hash, so that they meet in one shard and one group, or search along the same words. The second of them makes the locked map's
// table grow, with the third the next table is taken, and with the fourth elements move; the lock-free one moves with every one.

#include "named.hpp"
#include "owner.hpp"
#include "scenario.hpp"

#include <tandem/locked/map.hpp>
#include <tandem/lockfree/map.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <utility>

namespace tandem::model {

struct one_hash {
    std::size_t operator()(int) const noexcept { return 0; }
};

// A number that a lock-free map's table cannot hold as it is when it is odd: then its word would look like that of a node.
class odd_number {
public:
    odd_number(int n) noexcept : bits_(static_cast<std::uint64_t>(n) | (n % 2 != 0 ? cannot_stand : 0)) {}
    operator int() const noexcept { return static_cast<int>(bits_ & ~cannot_stand); }
    odd_number& operator++() noexcept { return *this = *this + 1; }

private:
    static constexpr std::uint64_t cannot_stand = 0xfff4'0000'0000'0000;

    std::uint64_t bits_;
};
// Keys that are compared in a way of their own: a lock-free map has a node for each.
struct own_equal {
    bool operator()(int a, int b) const noexcept { return a == b; }
};

// An allocator that finds no memory now and then.
template <class T>
struct poor_allocator {
    using value_type = T;

    poor_allocator() = default;
    template <class U>
    poor_allocator(poor_allocator<U> const&) noexcept {}

    T* allocate(std::size_t n) {
        if (auto* const memory = try_allocate(n * sizeof(T), alignof(T))) {
            return static_cast<T*>(memory);
        }
        throw std::bad_alloc();
    }
    void deallocate(T* p, std::size_t n) noexcept { tandem::deallocate(p, n * sizeof(T), alignof(T)); }
    bool operator==(poor_allocator const&) const noexcept { return true; }
};

// A map and what it keeps for the process.
template <class Map>
struct locked_map {
    static constexpr text prefix = "";
    using map = Map;
    struct process {};
};
template <class Map>
struct lockfree_map {
    static constexpr text prefix = "";
    using map = Map;
    struct process {
        world::process<lockfree::stripes> stripes;
        world::process<lockfree::rcu_domain> domain;
    };
};
template <class Map>
struct lockfree_map_of_odd_numbers : lockfree_map<Map> {
    static constexpr text prefix = "odd_numbers_";
};
template <class Map>
struct lockfree_map_in_nodes : lockfree_map<Map> {
    static constexpr text prefix = "in_nodes_";
};
template <class Map>
struct asymmetric_lockfree_map_in_nodes {
    static constexpr text prefix = "asymmetric_in_nodes_";
    using map = Map;
    struct process {
        world::asymmetric_barrier barrier;
        world::process<lockfree::stripes> stripes;
        world::process<lockfree::rcu_domain> domain;
    };
};

// A map with the keys 1 to n, each with ten times itself.
template <class Kind, int n>
class filled {
    [[no_unique_address]] typename Kind::process process_;

public:
    filled() {
        for (int k = 1; k <= n; ++k) {
            require(map.insert(k, 10 * k), "an insertion into a map of one's own");
        }
    }

    // Which of the keys below ten are there, by a traversal: each at most once.
    std::array<bool, 10> seen() const {
        std::array<bool, 10> all{};
        asking_again([&] {
            map.for_each([&](int k, int) {
                require(k > 0 && k < 10 && !std::exchange(all[static_cast<std::size_t>(k)], true),
                        "seen twice, or never there");
            });
        });
        return all;
    }
    // Alone: all ways to look agree.
    void agrees() const {
        auto const all = seen();
        std::size_t count = 0;
        for (int k = 0; k != 10; ++k) {
            auto const there = all[static_cast<std::size_t>(k)];
            require(map.contains(k) == there, "a traversal and a search disagree");
            count += there ? 1 : 0;
        }
        require(map.approx_size() == count, "a map at rest knows its size");
    }

    // For refused memory.
    template <class F>
    static auto asking_again(F f) {
        for (;;) {
            try {
                return f();
            } catch (std::bad_alloc const&) {
            }
        }
    }

    typename Kind::map map = asking_again([] { return typename Kind::map(); });
};

template <class Kind>
struct insert_vs_insert : scenario_of<3> {
    void thread(unsigned t) override {
        if (t != 2) {
            won_[t] = filled_.map.insert(1, static_cast<int>(t));
            return;
        }
        auto const first = filled_.map.find(1);
        auto const second = filled_.map.find(1);
        require(!first || first == second, "what was there is gone, or another");
    }
    void after() override {
        require(won_[0] != won_[1], "one of two insertions takes effect");
        require(filled_.map.find(1) == (won_[0] ? 0 : 1), "the value is that of the insertion that took effect");
        filled_.agrees();
    }

private:
    filled<Kind, 0> filled_;
    std::array<bool, 2> won_{};
};

template <class Kind>
struct insert_vs_growth : scenario_of<3> {
    void thread(unsigned t) override {
        if (t == 2) {
            require(filled_.map.find(1) == 10, "lost on the way to the next table");
            require(filled_.map.contains(1), "lost on the way to the next table");
            return;
        }
        auto const k = static_cast<int>(2 + 2 * t);
        require(filled_.map.insert(k, k), "nobody else inserts it");
        require(filled_.map.insert(k + 1, k), "nobody else inserts it");
        require(filled_.map.contains(k), "inserted, and not there");
    }
    void after() override {
        for (int k = 1; k <= 5; ++k) {
            require(filled_.map.contains(k), "an insertion was lost");
        }
        filled_.agrees();
    }

private:
    filled<Kind, 1> filled_;
};

template <class Kind>
struct erase_vs_move : scenario_of<3> {
    void thread(unsigned t) override {
        if (t == 0) {
            require(filled_.map.erase(1) == 10, "lost on the way to the next table");
            require(!filled_.map.contains(1), "erased, and there");
        } else if (t == 1) {
            require(filled_.map.insert(4, 40), "nobody else inserts it");
            require(filled_.map.insert(5, 50), "nobody else inserts it");
        } else {
            require(filled_.map.erase_if(2, [](int v) { return v == 20; }), "lost on the way to the next table");
        }
    }
    void after() override {
        auto const all = filled_.seen();
        require(!all[1] && !all[2] && all[3] && all[4] && all[5], "something came back, or was lost");
        filled_.agrees();
    }

private:
    filled<Kind, 3> filled_;
};

template <class Kind>
struct update_vs_move : scenario_of<3> {
    void thread(unsigned t) override {
        if (t == 2) {
            filled_.map.insert(4, 40);
            filled_.map.insert(5, 50);
            return;
        }
        for (int turn = 0; turn != 2; ++turn) {
            require(filled_.map.update(1, [](auto& v) { ++v; }), "lost on the way to the next table");
        }
    }
    void after() override {
        require(filled_.map.find(1) == 14, "an update was lost");
        filled_.agrees();
    }

private:
    filled<Kind, 3> filled_;
};

template <class Kind>
struct insert_vs_erase : scenario_of<3> {
    void thread(unsigned t) override {
        if (t == 2) {
            taken_ = filled_.map.erase(1);
        } else {
            won_[t] = filled_.map.insert(1, 1 << t);
        }
    }
    void after() override {
        auto const left = filled_.map.find(1);
        auto const put = (won_[0] ? 1 : 0) + (won_[1] ? 2 : 0);
        require(taken_.value_or(0) + left.value_or(0) == put, "what was put in is there, or was taken out, once");
        filled_.agrees();
    }

private:
    filled<Kind, 0> filled_;
    std::array<bool, 2> won_{};
    std::optional<int> taken_;
};

template <class Kind>
struct assign_vs_erase : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            inserted_ = filled_.map.insert_or_assign(1, 7);
        } else {
            taken_ = filled_.map.erase(1);
            require(taken_.has_value(), "it was there all the time");
        }
    }
    void after() override {
        require(inserted_ == (taken_ == 10), "inserted after the erasure, or assigned before it");
        require(filled_.map.find(1) == (inserted_ ? std::optional(7) : std::nullopt), "the last of the two decides");
        filled_.agrees();
    }

private:
    filled<Kind, 1> filled_;
    std::optional<int> taken_;
    bool inserted_ = false;
};

template <class Kind>
struct clear_vs_insert : scenario_of<3> {
    void thread(unsigned t) override {
        if (t == 0) {
            filled_.map.clear();
            require(!filled_.map.contains(1) && !filled_.map.contains(2), "there after all was cleared");
        } else if (t == 1) {
            require(filled_.map.insert(3, 30), "nobody else inserts it");
            require(filled_.map.insert(4, 40), "nobody else inserts it");
        } else {
            bool const first = filled_.map.contains(2);
            require(first || !filled_.map.contains(2), "it came back");
        }
    }
    void after() override {
        auto const all = filled_.seen();
        require(!all[1] && !all[2], "there after all was cleared");
        filled_.agrees();
    }

private:
    filled<Kind, 2> filled_;
};

template <class Kind>
struct traversal_vs_growth : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            filled_.map.insert(3, 30);
            filled_.map.insert(4, 40);
            filled_.map.erase(3);
        } else {
            auto const all = filled_.seen();
            require(all[1] && all[2], "what stays is seen");
        }
    }
    void after() override { filled_.agrees(); }

private:
    filled<Kind, 2> filled_;
};

template <class Kind>
struct erase_if_vs_growth : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            require(filled_.map.insert(3, 30), "nobody else inserts it");
            require(filled_.map.insert(4, 40), "nobody else inserts it");
        } else {
            erased_ = filled_.map.erase_if([](int k, int) { return k != 2; });
        }
    }
    void after() override {
        auto const all = filled_.seen();
        require(!all[1] && all[2], "what stays is judged");
        require(erased_ == std::size_t{1} + (all[3] ? 0 : 1) + (all[4] ? 0 : 1), "counted what it did not erase");
        filled_.agrees();
    }

private:
    filled<Kind, 2> filled_;
    std::size_t erased_ = 0;
};

template <class Kind>
struct erase_if_vs_insert : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            require(filled_.map.insert(1, 10), "nobody else inserts it");
        } else {
            erased_ = filled_.map.erase_if([](int k, int v) { return v == 10 * k; });
        }
    }
    void after() override {
        require(filled_.map.contains(1) == (erased_ == 0), "counted what it did not erase");
        filled_.agrees();
    }

private:
    filled<Kind, 0> filled_;
    std::size_t erased_ = 0;
};

template <class Kind>
struct shrink_vs_find : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            for (int k = 1; k != 4; ++k) {
                require(filled_.map.erase(k) == 10 * k, "lost on the way to the next table");
            }
            require(filled_.map.insert(5, 50), "nobody else inserts it");
        } else {
            require(filled_.map.find(4) == 40, "lost on the way to the next table");
            require(filled_.map.find(4) == 40, "lost on the way to the next table");
        }
    }
    void after() override {
        auto const all = filled_.seen();
        require(!all[1] && !all[2] && !all[3] && all[4] && all[5], "something came back, or was lost");
        filled_.agrees();
    }

private:
    filled<Kind, 4> filled_;
};

// A smaller table is being prepared, and so many keys come meanwhile that it is too small.
template <class Kind>
struct insert_vs_shrink : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            for (int k = 1; k != 5; ++k) {
                require(filled_.map.erase(k) == 10 * k, "lost on the way to the next table");
            }
        }
        for (int i = 0; i != 5; ++i) {
            auto const k = static_cast<int>(5 + 2 * t);
            require(filled_.map.insert(k, k), "nobody else inserts it");
            require(filled_.map.insert(k + 1, k), "nobody else inserts it");
            if (i != 4) {
                require(filled_.map.erase(k) == k, "lost on the way to the next table");
                require(filled_.map.erase(k + 1) == k, "lost on the way to the next table");
            }
        }
    }
    void after() override {
        auto const all = filled_.seen();
        require(!all[1] && !all[4] && all[5] && all[6] && all[7] && all[8], "something came back, or was lost");
        filled_.agrees();
    }

private:
    filled<Kind, 4> filled_;
};

template <class Kind>
struct size_vs_erase : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            filled_.map.erase(1);
            filled_.map.insert(3, 30);
        } else {
            auto const n = filled_.map.approx_size();
            require(n >= 1 && n <= 3, "less than what stays, or more than ever came");
        }
    }
    void after() override { filled_.agrees(); }

private:
    filled<Kind, 2> filled_;
};

// What was done before an insertion is seen by whoever finds the key, and before an erasure by whoever does not.
template <class Kind>
struct map_publishes : scenario_of<3> {
    void thread(unsigned t) override {
        if (t == 0) {
            before_insertion_.write(1);
            filled_.map.insert(2, 20);
        } else if (t == 1) {
            before_erasure_.write(1);
            filled_.map.erase(1);
        } else {
            if (filled_.map.contains(2)) {
                require(before_insertion_.read() == 1, "the insertion is seen, not what came before it");
            }
            if (!filled_.map.contains(1)) {
                require(before_erasure_.read() == 1, "the erasure is seen, not what came before it");
            }
        }
    }
    void after() override { filled_.agrees(); }

private:
    filled<Kind, 1> filled_;
    cell<int> before_insertion_{0}, before_erasure_{0};
};

// An insertion may fail for want of memory, and then has done nothing; a table that cannot grow is used to the last slot.
template <class Kind>
struct refused_growth : scenario_of<2> {
    void thread(unsigned t) override {
        auto const k = static_cast<int>(1 + 2 * t);
        for (int i = k; i != k + 2; ++i) {
            inserted_[static_cast<std::size_t>(i)] = insert(i);
        }
        erased_[t] = filled_.map.erase(k) == k;
        require(erased_[t] == inserted_[static_cast<std::size_t>(k)], "what takes away needs no memory");
    }
    void after() override {
        auto const all = filled_.seen();
        require(!all[1] && all[2] == inserted_[2], "what was inserted is there, and nothing else");
        require(!all[3] && all[4] == inserted_[4], "what was inserted is there, and nothing else");
        filled_.agrees();
    }

private:
    bool insert(int k) {
        try {
            require(filled_.map.insert(k, k), "nobody else inserts it");
            return true;
        } catch (std::bad_alloc const&) {
            return false;
        }
    }

    filled<Kind, 0> filled_;
    std::array<bool, 5> inserted_{};
    std::array<bool, 2> erased_{};
};

// Two tables are left while keys come and go: nobody brings back what was erased.
template <class Kind>
struct erase_vs_two_growths : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            require(filled_.map.erase(1) == 10, "lost on the way to the next table");
            require(filled_.map.insert(5, 50), "nobody else inserts it");
            require(!filled_.map.contains(1), "erased, and there");
            require(filled_.map.insert(6, 60), "nobody else inserts it");
        } else {
            require(filled_.map.insert(3, 30), "nobody else inserts it");
            require(filled_.map.insert(4, 40), "nobody else inserts it");
            require(filled_.map.erase(2) == 20, "lost on the way to the next table");
        }
    }
    void after() override {
        auto const all = filled_.seen();
        require(!all[1] && !all[2] && all[3] && all[4] && all[5] && all[6], "something came back, or was lost");
        filled_.agrees();
    }

private:
    filled<Kind, 2> filled_;
};

// A table is left by one thread: it sets the next one, closes the entry that nobody has taken, and puts a key into the next. The other,
// which comes to that entry first of all, may know of the closing and not of the next table.
enum class beside { insert, erase, find };

template <class Kind, beside what>
struct closing_vs_key : scenario_of<2> {
    void before() override {
        for (int n = 0; n != 3; ++n) {
            prepare_an_entry();
        }
    }
    void thread(unsigned t) override {
        if (t == 0) {
            prepare_an_entry(); // the last of four
            won_[0] = filled_.map.insert(2, 20);
        } else if (what == beside::insert) {
            won_[1] = filled_.map.insert(2, 21);
        } else if (what == beside::erase) {
            gone_ = filled_.map.erase(2).has_value();
        } else {
            require(filled_.map.find(2).value_or(20) == 20, "a value that never was there");
        }
    }
    void after() override {
        require(won_[0] != won_[1], "one of two insertions takes effect");
        require(filled_.map.contains(2) != gone_, "inserted, and not there; or erased, and there");
        filled_.agrees();
    }

private:
    // Of the next table: each change does.
    void prepare_an_entry() { filled_.map.insert_or_assign(1, 10); }

    filled<Kind, 1> filled_;
    std::array<bool, 2> won_{};
    bool gone_ = false;
};

// What one thread looks at, others replace, erase and insert again, each time giving back what nobody sees.
template <class Kind>
struct visit_vs_replace : scenario_of<3> {
    void thread(unsigned t) override {
        if (t == 0) {
            for (int turn = 0; turn != 2; ++turn) {
                filled_.map.visit(1, [](int v) { require(v >= 10 && v <= 16, "a value that never was there"); });
            }
            return;
        }
        for (int v = 11; v != 14; ++v) {
            if (t == 1) {
                filled_.map.insert_or_assign(1, v);
            } else if (filled_.map.erase(1)) {
                filled_.map.insert(1, v + 3);
            }
        }
    }
    void after() override { filled_.agrees(); }

private:
    filled<Kind, 1> filled_;
};

// A thread ends and another goes on with what it leaves; or it goes on itself, in its last destructors.
template <class Kind>
struct exit_vs_change : scenario_of<3> {
    void thread(unsigned t) override {
        auto const k = static_cast<int>(2 * t + 2);
        require(filled_.map.insert(k, k), "nobody else inserts it");
        world::end_thread();
        if (t == 0) {
            require(filled_.map.erase(k) == k, "lost with the thread");
            require(filled_.map.insert(k, k), "nobody else inserts it");
        }
        world::begin_thread();
        require(filled_.map.insert_or_assign(k, k + 1) == false, "lost with the thread");
        erased_[t] = filled_.map.erase(1).has_value();
    }
    void after() override {
        for (int k = 2; k != 8; k += 2) {
            require(filled_.map.find(k) == k + 1, "lost with the thread");
        }
        require(std::ranges::count(erased_, true) == 1, "it was there once");
        filled_.agrees();
    }

private:
    filled<Kind, 1> filled_;
    std::array<bool, 3> erased_{};
};

// What an element owns is given back once, whoever inserts, looks, and erases.
template <class Kind>
struct owners_come_and_go : scenario_of<3> {
    void thread(unsigned t) override {
        if (t == 0) {
            owner one(1);
            if (!map_.insert(1, std::move(one))) {
                require(one.value() == 1, "taken, though not inserted");
            }
            map_.insert(2, owner(2));
        } else if (t == 1) {
            for (int turn = 0; turn != 2; ++turn) {
                map_.erase_if(1, [](owner const& o) { return o.value() == 1; });
                map_.try_emplace(1, 1);
            }
        } else {
            map_.visit(1, [](owner const& o) { require(o.value() == 1, "seen after its end"); });
            map_.erase_if(2, [](owner const& o) { return o.value() == 2; });
            map_.visit(1, [](owner const& o) { require(o.value() == 1, "seen after its end"); });
        }
    }

private:
    [[no_unique_address]] typename Kind::process process_;
    typename Kind::map map_;
};

// A function that the map calls goes on with the map.
template <class Kind>
struct function_calls_map : scenario_of<2> {
    void thread(unsigned t) override {
        auto const k = static_cast<int>(3 + t);
        require(filled_.map.update(1, [&](auto& v) {
            filled_.map.insert_or_assign(k, v);
            ++v;
        }), "nobody erases it");
        filled_.map.for_each([&](int seen, int) {
            if (seen == 2) {
                filled_.map.erase(k);
            }
        });
    }
    void after() override {
        require(filled_.map.find(1) == 12, "an update was lost");
        auto const all = filled_.seen();
        require(all[1] && all[2] && !all[3] && !all[4], "a function's change was lost");
        filled_.agrees();
    }

private:
    filled<Kind, 2> filled_;
};

} // namespace tandem::model
