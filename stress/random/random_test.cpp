// The harness itself: programs, stamps, recording, shrinking of programs, tokens.
#include "map_scenario.hpp"
#include "scenario.hpp"

#include <tandem/stress/engine/campaign.hpp>
#include <tandem/stress/engine/clock.hpp>
#include <tandem/stress/engine/rerun.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <mutex>
#include <set>
#include <thread>
#include <unordered_map>

namespace tandem::stress {
namespace {

constexpr length lengths[] = {length::brief, length::ring, length::stream};

TEST(program, same_seed_same_program) {
    for (auto const l : lengths) {
        dice a(7), b(7), c(8);
        auto const first = random_queue_program(a, l, 3, {});
        EXPECT_EQ(first.lanes, random_queue_program(b, l, 3, {}).lanes);
        EXPECT_NE(first.lanes, random_queue_program(c, l, 3, {}).lanes);
    }
}

TEST(program, values_are_unique) {
    dice d(1);
    for (auto const l : lengths) {
        auto const p = random_queue_program(d, l, 4, {});
        std::set<std::int64_t> seen;
        for (auto const& lane : p.lanes) {
            for (auto const& a : lane) {
                if (a.operation == queue_spec::try_push || a.operation == queue_spec::try_push_n) {
                    for (auto const v : a.argument) {
                        EXPECT_TRUE(seen.insert(v).second) << v;
                    }
                }
            }
        }
    }
}

std::set<std::uint32_t> operations_in(length l, queue_abilities const& can) {
    dice d(3);
    std::set<std::uint32_t> seen;
    for (int i = 0; i != 100; ++i) {
        for (auto const& lane : random_queue_program(d, l, 2, can).lanes) {
            for (auto const& a : lane) {
                seen.insert(a.operation);
            }
        }
    }
    return seen;
}

TEST(program, every_operation_comes_up) {
    EXPECT_EQ(operations_in(length::brief, {}).size(), std::size(queue_spec::operations));
    dice d(3);
    std::set<std::uint32_t> seen;
    for (int i = 0; i != 100; ++i) {
        for (auto const& lane : random_counter_program(d, length::brief, 2).lanes) {
            for (auto const& a : lane) {
                seen.insert(a.operation);
            }
        }
    }
    EXPECT_EQ(seen.size(), std::size(counter_spec::operations));
    seen.clear();
    for (int i = 0; i != 100; ++i) {
        for (auto const& lane : random_striped_counter_program(d, length::brief, 2).lanes) {
            for (auto const& a : lane) {
                seen.insert(a.operation);
            }
        }
    }
    EXPECT_EQ(seen.size(), std::size(striped_counter_spec::operations));
}

TEST(program, asks_only_what_the_queue_can) {
    for (auto const l : lengths) {
        std::set<std::uint32_t> const only{queue_spec::try_push, queue_spec::try_pop};
        EXPECT_EQ(operations_in(l, {.batches = false, .close = false}), only);
    }
    dice d(1);
    auto const p = random_queue_program(
        d, length::brief, 2, {.batches = false, .close = false, .one_producer_one_consumer = true});
    for (std::size_t lane = 0; lane != 2; ++lane) {
        for (auto const& a : p.lanes[lane]) {
            EXPECT_EQ(a.operation, lane == 0 ? queue_spec::try_push : queue_spec::try_pop);
        }
    }
}

TEST(clock, never_goes_back) {
    for (int i = 0; i != 1000; ++i) {
        auto const before = stamp_before();
        drain_stores();
        EXPECT_LE(before, stamp_after());
    }
}

TEST(clock, a_message_never_arrives_early) {
    std::atomic<std::uint64_t> sent{0};
    std::uint64_t early = 0;
    std::thread receiver([&] {
        for (std::uint64_t last = 0, now = 0; now != never; last = now) {
            while ((now = sent.load(std::memory_order::acquire)) == last) {
            }
            if (now != never) {
                auto const received = stamp_after() + skew();
                early = std::max(early, now > received ? now - received : 0);
            }
        }
    });
    for (int i = 0; i != 10'000; ++i) {
        sent.store(stamp_before(), std::memory_order::release);
    }
    sent.store(never, std::memory_order::release);
    receiver.join();
    EXPECT_EQ(early, 0u);
}

// Answers with the time at which it was asked.
class timed : public object {
public:
    reply perform(std::uint32_t, values const& argument) override {
        ++asked;
        return {status::success, {argument[0], static_cast<std::int64_t>(stamp_before())}};
    }
    std::atomic<int> asked{0};
};

program counting_program(std::size_t lanes, std::int64_t calls) {
    program p;
    for (std::size_t lane = 0; lane != lanes; ++lane) {
        auto& steps = p.lanes.emplace_back();
        for (std::int64_t i = 0; i != calls; ++i) {
            steps.push_back({0, {i}});
        }
    }
    return p;
}

TEST(crew, performs_every_action_once_and_in_order) {
    crew threads(4);
    for (std::size_t const lanes : {1U, 2U, 4U}) {
        for (auto const where : {placement::spread, placement::one_processor, placement::anywhere}) {
            auto const p = counting_program(lanes, 50);
            std::vector<trial> trials;
            for (int i = 0; i != 20; ++i) {
                trials.emplace_back(p, std::make_unique<timed>());
            }
            conditions const how{.where = where};
            threads.run(trials, how);
            for (auto& t : trials) {
                EXPECT_EQ(dynamic_cast<timed&>(t.subject()).asked, static_cast<int>(50 * lanes));
                std::vector<std::int64_t> next(lanes, 0);
                for (auto const& c : t.recorded(how)) {
                    EXPECT_EQ(c.result[0], next[c.thread]++);
                    EXPECT_LE(c.invoked, static_cast<std::uint64_t>(c.result[1]));
                    EXPECT_LE(static_cast<std::uint64_t>(c.result[1]), c.returned);
                }
            }
        }
    }
}

// No call returns before every thread has begun its own.
class meeting : public object {
public:
    explicit meeting(int threads) : threads_(threads) {}

    reply perform(std::uint32_t, values const& argument) override {
        auto const all_in = static_cast<int>(argument[0] + 1) * threads_;
        for (inside_.fetch_add(1); inside_ < all_in;) {
            std::this_thread::yield();
        }
        return {};
    }

private:
    int threads_;
    std::atomic<int> inside_{0};
};

TEST(crew, calls_that_met_overlap) {
    crew threads(3);
    auto const p = counting_program(3, 20);
    std::vector<trial> trials;
    trials.emplace_back(p, std::make_unique<meeting>(3));
    threads.run(trials, {});
    auto& t = trials.front();
    for (std::size_t i = 0; i != 20; ++i) {
        EXPECT_TRUE(overlap(t.lane(0)[i], t.lane(1)[i]));
        EXPECT_TRUE(overlap(t.lane(1)[i], t.lane(2)[i]));
        EXPECT_TRUE(overlap(t.lane(0)[i], t.lane(2)[i]));
    }
}

// A queue behind a lock that loses the second value of thread 1.
class forgetful : public object {
public:
    reply perform(std::uint32_t operation, values const& argument) override {
        std::lock_guard const lock(mutex_);
        if (operation == queue_spec::try_push && argument[0] >> 32 == 2 && ++pushes_ == 2) {
            return {};
        }
        return kept_.perform(operation, argument);
    }

private:
    std::mutex mutex_;
    queue_spec kept_;
    int pushes_ = 0;
};

queue_scenario forgetful_scenario() {
    return {"forgetful",
            "planted",
            length::brief,
            {.batches = false, .close = false, .bounded = false},
            queue_spec::strength::strong,
            [](std::size_t) { return std::make_unique<forgetful>(); }};
}

TEST(rerun, keeps_only_what_fails) {
    auto const s = forgetful_scenario();
    crew threads(3);
    program p;
    for (std::int64_t lane = 0; lane != 3; ++lane) {
        auto& steps = p.lanes.emplace_back();
        for (std::int64_t i = 1; i != 7; ++i) {
            steps.push_back({queue_spec::try_push, {(lane + 1) << 32 | i}});
        }
    }
    auto const least = shrink_program(s, threads, {}, {p, {}});
    ASSERT_EQ(least.what.lanes.size(), 1u);
    EXPECT_EQ(least.what.lanes[0].size(), 2u);
    EXPECT_EQ(s.check(least.what, least.calls).is, verdict::violation);
}

TEST(campaign, finds_and_explains) {
    auto const s = forgetful_scenario();
    crew threads(4);
    campaign one(s, threads, 2, [](token const& t) { return "again with " + t.text(); });
    ASSERT_TRUE(one.run(1));
    auto const& failed = *one.sum().failed;
    EXPECT_LE(failed.report.calls, 4u);
    EXPECT_NE(failed.report.text.find("FAIL  planted.forgetful"), std::string::npos) << failed.report.text;
    EXPECT_NE(failed.report.text.find("  again   again with " + failed.token), std::string::npos) << failed.report.text;
    auto const again = token::parse(failed.token);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->scenario, fingerprint(s));
    EXPECT_EQ(again->threads, 2u);
    EXPECT_EQ(again->seed, 1u);
}

TEST(map_program, same_seed_same_program) {
    for (auto const l : lengths) {
        dice a(7), b(7), c(8);
        auto const first = random_map_program(a, l, 3);
        EXPECT_EQ(first.lanes, random_map_program(b, l, 3).lanes);
        EXPECT_NE(first.lanes, random_map_program(c, l, 3).lanes);
    }
}

TEST(map_program, every_operation_comes_up) {
    for (auto const l : lengths) {
        dice d(3);
        std::set<std::uint32_t> seen;
        for (int i = 0; i != 100; ++i) {
            for (auto const& lane : random_map_program(d, l, 2).lanes) {
                for (auto const& a : lane) {
                    seen.insert(a.operation);
                }
            }
        }
        EXPECT_EQ(seen.size(), std::size(map_spec::operations));
    }
}

TEST(map_program, inserted_values_are_unique) {
    for (auto const l : lengths) {
        dice d(1);
        auto const p = random_map_program(d, l, 4);
        std::set<std::int64_t> seen;
        for (auto const& lane : p.lanes) {
            for (auto const& a : lane) {
                if (a.operation <= map_spec::insert_or_assign) {
                    EXPECT_TRUE(seen.insert(a.argument[1]).second) << a.argument[1];
                    EXPECT_GT(a.argument[1], 64);
                }
            }
        }
    }
}

// From an empty map on, hundreds of keys, which several threads want at about the same time.
TEST(map_program, a_stream_grows_where_threads_meet) {
    dice d(5);
    auto const p = random_map_program(d, length::stream, 2);
    EXPECT_EQ(p.capacity, 0u);
    std::array<std::set<std::int64_t>, 2> early;
    std::set<std::int64_t> all;
    for (std::size_t lane = 0; lane != 2; ++lane) {
        for (std::size_t i = 0; i != p.lanes[lane].size(); ++i) {
            auto const& argument = p.lanes[lane][i].argument;
            if (!argument.empty()) {
                all.insert(argument[0]);
                if (i < 100) {
                    early[lane].insert(argument[0]);
                }
            }
        }
    }
    EXPECT_GE(all.size(), 60u);
    EXPECT_LT(early[0].size(), all.size());
    std::vector<std::int64_t> both;
    std::ranges::set_intersection(early[0], early[1], std::back_inserter(both));
    EXPECT_GE(2 * both.size(), early[0].size());
}

// The map that everybody would write. Forgetful: an update that finds its key a second time is lost.
template <bool Forgetful>
struct plain {
    template <class K, class V, class Hash = std::hash<K>>
    class map {
    public:
        explicit map(std::size_t expected = 0, Hash hash = Hash()) : map_(expected, hash) {}

        template <class F>
        bool visit(K const& k, F f) const {
            std::scoped_lock const lock(mutex_);
            auto const at = map_.find(k);
            if (at != map_.end()) {
                f(at->second);
            }
            return at != map_.end();
        }
        std::optional<V> find(K const& k) const {
            std::optional<V> found;
            visit(k, [&](V const& v) { found.emplace(v); });
            return found;
        }
        bool contains(K const& k) const {
            return visit(k, [](V const&) {});
        }
        template <class Key, class Value>
        bool insert(Key&& k, Value&& v) {
            return try_emplace(std::forward<Key>(k), std::forward<Value>(v));
        }
        template <class Key, class... Args>
        bool try_emplace(Key&& k, Args&&... args) {
            std::scoped_lock const lock(mutex_);
            return map_.try_emplace(std::forward<Key>(k), std::forward<Args>(args)...).second;
        }
        bool insert_or_assign(K k, V v) {
            std::scoped_lock const lock(mutex_);
            return map_.insert_or_assign(std::move(k), std::move(v)).second;
        }
        template <class F>
        bool update(K const& k, F f) {
            std::scoped_lock const lock(mutex_);
            auto const at = map_.find(k);
            if (at != map_.end() && !(Forgetful && ++updates_ == 2)) {
                f(at->second);
            }
            return at != map_.end();
        }
        std::optional<V> erase(K const& k) {
            std::optional<V> taken;
            erase_if(k, [&](V const& v) { return taken.emplace(v), true; });
            return taken;
        }
        template <class Pred>
        bool erase_if(K const& k, Pred pred) {
            std::scoped_lock const lock(mutex_);
            auto const at = map_.find(k);
            bool const found = at != map_.end() && pred(std::as_const(at->second));
            if (found) {
                map_.erase(at);
            }
            return found;
        }
        template <class F>
        void for_each(F f) const {
            std::scoped_lock const lock(mutex_);
            for (auto const& [k, v] : map_) {
                f(k, v);
            }
        }
        template <class Pred>
        std::size_t erase_if(Pred pred) {
            std::scoped_lock const lock(mutex_);
            return std::erase_if(map_, [&](auto const& entry) { return pred(entry.first, entry.second); });
        }
        std::size_t approx_size() const {
            std::scoped_lock const lock(mutex_);
            return map_.size();
        }
        void clear() {
            std::scoped_lock const lock(mutex_);
            map_.clear();
        }

    private:
        mutable std::mutex mutex_;
        std::unordered_map<K, V, Hash> map_;
        int updates_ = 0;
    };
};

TEST(map_campaign, never_accuses_a_right_map) {
    crew threads(4);
    for (auto const& s : map_scenarios<plain<false>::map>("plain_map", "tested")) {
        campaign one(*s, threads, 0);
        for (std::uint64_t seed = 1; seed != 10; ++seed) {
            ASSERT_FALSE(one.run(seed)) << one.sum().failed->report.text;
        }
        EXPECT_EQ(one.sum().undecided, 0u);
    }
}

TEST(map_campaign, finds_and_explains) {
    crew threads(4);
    for (auto const& s : map_scenarios<plain<true>::map>("forgetful_map", "tested")) {
        campaign one(*s, threads, 2);
        std::uint64_t seed = 0;
        while (!one.run(++seed)) {
            ASSERT_LT(seed, 20u);
        }
        auto const& report = one.sum().failed->report;
        EXPECT_LE(report.calls, 6u) << report.text;
        EXPECT_NE(report.text.find("FAIL  tested.forgetful_map"), std::string::npos) << report.text;
    }
}

// What a map holds tells when it was moved from, and some of its copies are refused, but not everywhere.
TEST(map_element, knows_what_became_of_it) {
    boxed b(5);
    EXPECT_EQ(b.value(), 5);
    boxed const c(b);
    boxed const d(std::move(b));
    b.add(1);
    EXPECT_EQ(b.value(), boxed::spoiled);
    EXPECT_EQ(c, d);
    boxed::may_refuse = true;
    EXPECT_THROW(for (int i = 0; i != 7; ++i) { boxed const e(c); }, copy_refused);
    boxed::may_refuse = false;
    EXPECT_NO_THROW(for (int i = 0; i != 7; ++i) { boxed const e(c); });
}

TEST(token, is_read_as_it_is_written) {
    token const t{0x07f3, 4, 0x123456789abcdef0};
    auto const read = token::parse(t.text());
    ASSERT_TRUE(read);
    EXPECT_EQ(read->text(), t.text());
    EXPECT_FALSE(token::parse("S-7f3"));
    EXPECT_FALSE(token::parse("L-07f3-4-1"));
    EXPECT_FALSE(token::parse(t.text() + "!"));
}

} // namespace
} // namespace tandem::stress
