// What the workloads of maps notice, and what the count of allocations sees.

#include "../allocations.hpp"
#include "../peer/standard_map.hpp"
#include "../plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <set>
#include <thread>
#include <unordered_map>
#include <vector>

namespace tandem::bench {
namespace {

setup small(int threads) {
    setup s;
    s.producers = threads;
    s.items = 4000;
    s.capacity = 256;
    s.finds = 50;
    cpu_set_t any;
    CPU_ZERO(&any);
    for (auto const core : allowed_cores()) {
        CPU_SET(static_cast<std::size_t>(core), &any);
    }
    s.cores.assign(static_cast<std::size_t>(threads), any);
    return s;
}

enum class fault { none, loses_an_insertion, says_erased_and_keeps, erases_too_much, another_key, another_value, says_absent };

// Sound, but for the 200th time that the operation succeeds which the fault is about.
template <fault Fault>
class faulty {
public:
    explicit faulty(std::size_t) {}
    bool find(message key, message& value) {
        auto const at = map_.find(key);
        if (at != map_.end()) {
            value = at->second;
        }
        return at != map_.end();
    }
    bool insert(message key, message value) {
        if (map_.contains(key)) {
            return false;
        }
        if (now(fault::loses_an_insertion)) {
            return true;
        }
        if (now(fault::says_absent)) {
            map_.emplace(key, value);
            return false;
        }
        if (now(fault::another_value)) {
            value ^= 1;
        }
        if (now(fault::another_key)) {
            key ^= 1;
        }
        return map_.emplace(key, value).second;
    }
    bool erase(message key) {
        if (!map_.contains(key)) {
            return false;
        }
        if (now(fault::says_erased_and_keeps)) {
            return true;
        }
        map_.erase(key);
        if (now(fault::erases_too_much)) {
            map_.erase(map_.begin());
        }
        return true;
    }

private:
    bool now(fault which) { return which == Fault && ++times_ == 200; }

    std::unordered_map<message, message> map_;
    int times_ = 0;
};

TEST(map_mix, a_sound_map_is_intact_sample_after_sample) {
    for (int threads = 1; threads != 4; ++threads) {
        EXPECT_TRUE(map_mix<mutex_and_map>(small(threads)).intact);
        EXPECT_TRUE(map_mix<faulty<fault::none>>(small(1)).intact);
    }
}

// Whether one of several samples says so; the first one may be over before it happens.
template <fault Fault>
bool mix_notices() {
    for (int i = 0; i != 4; ++i) {
        if (!map_mix<faulty<Fault>>(small(1)).intact) {
            return true;
        }
    }
    return false;
}

TEST(map_mix, what_is_lost_kept_or_changed_is_noticed) {
    EXPECT_TRUE(mix_notices<fault::loses_an_insertion>());
    EXPECT_TRUE(mix_notices<fault::says_erased_and_keeps>());
    EXPECT_TRUE(mix_notices<fault::erases_too_much>());
    EXPECT_TRUE(mix_notices<fault::another_key>());
    EXPECT_TRUE(mix_notices<fault::another_value>());
    EXPECT_TRUE(mix_notices<fault::says_absent>());
}

// Counts what it is asked for.
class tally {
public:
    explicit tally(std::size_t) {}
    bool find(message key, message& value) {
        ++finds;
        hits += there_.contains(key) ? 1 : 0;
        value = value_of(key);
        return there_.contains(key);
    }
    bool insert(message key, message) {
        ++insertions;
        return there_.insert(key).second;
    }
    bool erase(message key) {
        ++erasures;
        return there_.erase(key) != 0;
    }
    static inline int finds, hits, insertions, erasures;

private:
    std::set<message> there_;
};

TEST(map_mix, the_mix_is_the_one_asked_for_and_half_of_the_finds_hit) {
    auto s = small(1);
    s.items = 1;
    map_mix<tally>(s); // fills it
    for (std::size_t const finds : {98U, 50U}) {
        tally::finds = tally::hits = tally::insertions = tally::erasures = 0;
        s.items = 20'000;
        s.finds = finds;
        EXPECT_TRUE(map_mix<tally>(s).intact);
        auto const looked_for = tally::finds - static_cast<int>(s.capacity); // the last ones only count
        auto const changes = static_cast<double>(100 - finds) / 2 * 200;
        EXPECT_NEAR(looked_for, static_cast<double>(finds) * 200, 500);
        EXPECT_NEAR(tally::insertions, changes, changes / 4);
        EXPECT_NEAR(tally::erasures, changes, changes / 4);
        EXPECT_NEAR(static_cast<double>(tally::hits) / looked_for, 0.5, 0.15);
    }
}

TEST(map_grow, every_insertion_is_timed_and_what_is_lost_or_changed_is_noticed) {
    for (int threads = 1; threads != 4; ++threads) {
        auto const seen = map_grow<mutex_and_map>(small(threads));
        EXPECT_TRUE(seen.intact);
        EXPECT_GT(seen.seconds, 0);
        EXPECT_EQ(seen.latency.count(), 4000U);
    }
    EXPECT_FALSE(map_grow<faulty<fault::loses_an_insertion>>(small(1)).intact);
    EXPECT_FALSE(map_grow<faulty<fault::another_key>>(small(1)).intact);
    EXPECT_FALSE(map_grow<faulty<fault::another_value>>(small(1)).intact);
    EXPECT_FALSE(map_grow<faulty<fault::says_absent>>(small(1)).intact);
}

// Sixteen bytes for each element, and twice as many after a power of two until it has moved.
class in_a_vector {
public:
    explicit in_a_vector(std::size_t) {}
    bool insert(message key, message value) {
        elements_.push_back({key, value});
        return true;
    }

private:
    struct element {
        message key, value;
    };
    std::vector<element> elements_;
};

TEST(map_memory, is_what_was_allocated_and_at_most_what_was_while_it_grew) {
    auto s = small(1);
    for (std::size_t const n : {16U, 1024U, 131'072U}) {
        s.capacity = n;
        auto const seen = map_memory<in_a_vector>(s);
        EXPECT_TRUE(seen.intact);
        auto const per_element = 64 / static_cast<double>(n); // the vector itself, and words and roundings of malloc
        auto const page = n > 8192 ? 8192 / static_cast<double>(n) : 0;
        EXPECT_GE(seen.figure, 16);
        EXPECT_LE(seen.figure, 16 + per_element + page);
        EXPECT_GE(seen.peak, 24);
        EXPECT_LE(seen.peak, 24 + 2 * (per_element + page));
    }
}

TEST(map_memory, a_node_is_counted_each_and_what_nobody_counts_is_noticed) {
    auto s = small(1);
    s.capacity = 10'000;
    auto const nodes = map_memory<mutex_and_map>(s);
    EXPECT_TRUE(nodes.intact);
    EXPECT_GE(nodes.figure, 32 + sizeof(void*)); // a block of malloc, and a bucket
    EXPECT_LE(nodes.figure, 48 + 3 * sizeof(void*));

    class keeps_nothing {
    public:
        explicit keeps_nothing(std::size_t) {}
        bool insert(message, message) { return true; }
    };
    EXPECT_FALSE(map_memory<keeps_nothing>(s).intact);
}

// Keeps the compiler from leaving out a new whose result only a delete uses.
void* volatile escaped;
template <class T>
T* needed(T* block) {
    escaped = block;
    return block;
}
template <class T>
std::unique_ptr<T> needed(std::unique_ptr<T> block) {
    needed(block.get());
    return block;
}

TEST(allocations, every_operator_new_is_counted_and_every_delete_takes_it_back) {
    struct alignas(256) wide {
        char bytes[256];
    };
    allocations seen;
    EXPECT_EQ(seen.in_use(), 0U);
    {
        auto const one = needed(std::make_unique<char>());
        EXPECT_GE(seen.in_use(), 24U + sizeof(std::size_t));
        auto const many = needed(std::make_unique<char[]>(1000));
        EXPECT_GE(seen.in_use(), 1032U);
        EXPECT_LE(seen.in_use(), 1072U);
        auto const aligned = needed(std::make_unique<wide>());
        auto const some_aligned = needed(std::make_unique<wide[]>(3));
        EXPECT_GE(seen.in_use(), 1032U + 4 * sizeof(wide));
        auto* const no_throw = needed(new (std::nothrow) char[500]);
        EXPECT_GE(seen.in_use(), 1532U + 4 * sizeof(wide));
        delete[] no_throw;
        auto* const both = needed(new (std::align_val_t(64), std::nothrow) char[500]);
        EXPECT_GE(seen.in_use(), 1532U + 4 * sizeof(wide));
        operator delete[](both, std::align_val_t(64));
    }
    EXPECT_EQ(seen.in_use(), 0U);
    EXPECT_GE(seen.at_most(), 1532U + 4 * sizeof(wide));
}

TEST(allocations, what_was_there_before_and_what_others_allocate_does_not_count) {
    auto before = needed(std::make_unique<char[]>(1000));
    std::unique_ptr<char[]> of_another;
    allocations seen;
    before.reset();
    EXPECT_EQ(seen.in_use(), 0U);
    {
        std::jthread const other([&] { of_another = needed(std::make_unique<char[]>(100'000)); });
    }
    EXPECT_LT(seen.at_most(), 1000U); // the thread itself
}

} // namespace
} // namespace tandem::bench
