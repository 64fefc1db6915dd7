// What the halves wait with: park and unpark, mutex, condition_variable, watched, wait_list.
#include "at_once.hpp"

#include <tandem/mutex.hpp>
#include <tandem/waiting.hpp>
#include <tandem/watched.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <tuple>
#include <vector>

namespace tandem::test {
namespace {

TEST(park, returns_when_the_word_is_another) {
    tandem::atomic<std::uint32_t> word{1};
    park(word, 0);
    EXPECT_EQ(word.load(order::relaxed), 1u);
}

TEST(park, change_then_unpark_is_never_lost) {
    for (int race = 0; race != 500; ++race) {
        tandem::atomic<std::uint32_t> word{0};
        at_once(
            [&] {
                while (word.load(order::acquire) == 0) {
                    park(word, 0);
                }
            },
            [&] {
                word.store(1, order::release);
                unpark_one(word);
            });
        ASSERT_EQ(word.load(order::relaxed), 1u);
    }
}

TEST(park, unpark_all_wakes_everybody) {
    for (int race = 0; race != 200; ++race) {
        tandem::atomic<std::uint32_t> word{0};
        auto const sleep = [&] {
            while (word.load(order::acquire) == 0) {
                park(word, 0);
            }
        };
        at_once(sleep, sleep, [&] {
            word.store(1, order::release);
            unpark_all(word);
        });
        ASSERT_EQ(word.load(order::relaxed), 1u);
    }
}

TEST(park, gives_up_at_the_deadline_and_not_before) {
    tandem::atomic<std::uint32_t> word{0};
    auto const deadline = clock::now() + std::chrono::milliseconds(2);
    while (clock::now() < deadline) {
        park_until(word, 0, deadline);
    }
    park_until(word, 0, clock::time_point());
    park_until(word, 0, clock::time_point::min());
}

TEST(park, unpark_comes_before_the_deadline) {
    for (int race = 0; race != 200; ++race) {
        tandem::atomic<std::uint32_t> word{0};
        at_once(
            [&] {
                while (word.load(order::acquire) == 0) {
                    park_until(word, 0, clock::time_point::max());
                }
            },
            [&] {
                word.store(1, order::release);
                unpark_one(word);
            });
    }
}

struct guarded_number {
    tandem::mutex mutex;
    int value TANDEM_GUARDED_BY(mutex) = 0;
};

TEST(mutex, lets_one_in_at_a_time) {
    guarded_number n;
    constexpr int each = 5000;
    auto const increment = [&] {
        for (int i = 0; i != each; ++i) {
            scoped_lock const lock(n.mutex);
            ++n.value;
        }
    };
    at_once(increment, increment, increment);
    scoped_lock const lock(n.mutex);
    EXPECT_EQ(n.value, 3 * each);
}

TEST(mutex, try_lock_fails_while_held) {
    tandem::mutex m;
    auto const taken = [&m] {
        if (m.try_lock()) {
            m.unlock();
            return true;
        }
        return false;
    };
    EXPECT_TRUE(taken());
    {
        scoped_lock const lock(m);
        bool taken_while_held = true;
        at_once([&] { taken_while_held = taken(); });
        EXPECT_FALSE(taken_while_held);
    }
    EXPECT_TRUE(taken());
}

TEST(condition_variable, change_under_the_lock_is_never_missed) {
    guarded_number n;
    condition_variable changed;
    constexpr int rounds = 1000;
    auto const play = [&](int mine) {
        for (int i = mine; i < rounds; i += 2) {
            {
                scoped_lock const lock(n.mutex);
                while (n.value != i) {
                    changed.wait(n.mutex);
                }
                n.value = i + 1;
            }
            changed.notify_all();
        }
    };
    at_once([&] { play(0); }, [&] { play(1); });
    scoped_lock const lock(n.mutex);
    EXPECT_EQ(n.value, rounds);
}

TEST(condition_variable, one_notification_a_change_is_enough) {
    guarded_number n;
    condition_variable grown;
    constexpr int each = 1000;
    auto const take = [&] {
        for (int i = 0; i != each; ++i) {
            scoped_lock const lock(n.mutex);
            while (n.value == 0) {
                grown.wait(n.mutex);
            }
            --n.value;
        }
    };
    at_once(take, take, [&] {
        for (int i = 0; i != 2 * each; ++i) {
            {
                scoped_lock const lock(n.mutex);
                ++n.value;
            }
            grown.notify_one();
        }
    });
    scoped_lock const lock(n.mutex);
    EXPECT_EQ(n.value, 0);
}

TEST(condition_variable, gives_up_at_the_deadline_and_not_before) {
    tandem::mutex m;
    condition_variable never;
    auto const deadline = clock::now() + std::chrono::milliseconds(2);
    scoped_lock const lock(m);
    while (clock::now() < deadline) {
        never.wait_until(m, deadline);
    }
}

// Store buffering: each side publishes, then looks at what the other has published. Each has just touched what the other
// will write, so that its own store has far to go; without heavy() that shows within a second on two cores.
TEST(watched, one_of_the_two_sees_the_other) {
    struct exchange {
        alignas(cache_line) std::atomic<int> published{0};
        alignas(cache_line) watched word;
        bool looked = false;
        alignas(cache_line) bool seen = false;
    };
    std::vector<exchange> races(20'000);
    std::atomic<std::size_t> ready[2] = {0, 0};
    auto const meet = [&](std::size_t me, std::size_t i) {
        ready[me].store(i + 1);
        while (ready[1 - me].load() <= i) {
            if (spin_limit(1) == 0) {
                yield();
            }
        }
    };
    at_once(
        [&] {
            for (std::size_t i = 0; i != races.size(); ++i) {
                auto& x = races[i];
                std::ignore = x.word.look();
                meet(0, i);
                x.published.store(1, std::memory_order::release);
                x.looked = x.word.look() != 0;
            }
        },
        [&] {
            for (std::size_t i = 0; i != races.size(); ++i) {
                auto& x = races[i];
                x.published.store(0);
                meet(1, i);
                x.word.add(1);
                x.seen = x.published.load(std::memory_order::acquire) != 0;
            }
        });
    EXPECT_TRUE(std::all_of(races.begin(), races.end(), [](exchange const& x) { return x.looked || x.seen; }));
}

TEST(wait_list, notifies_as_many_as_asked_first_come_first) {
    wait_list list;
    waiter a, b, c;
    list.notify(1); // nobody
    for (auto* const w : {&a, &b, &c}) {
        list.enlist(*w);
        EXPECT_FALSE(w->notified());
    }
    list.notify(2);
    EXPECT_TRUE(a.notified() && b.notified());
    EXPECT_FALSE(c.notified());
    list.enlist(a);
    EXPECT_FALSE(a.notified());
    list.notify_all();
    EXPECT_TRUE(a.notified() && c.notified());
}

TEST(wait_list, more_waiters_than_are_woken_at_a_time) {
    wait_list list;
    std::array<waiter, 50> waiters;
    for (auto& w : waiters) {
        list.enlist(w);
    }
    list.notify(33);
    EXPECT_EQ(std::count_if(waiters.begin(), waiters.end(), [](waiter const& w) { return w.notified(); }), 33);
    list.notify_all();
    EXPECT_TRUE(std::all_of(waiters.begin(), waiters.end(), [](waiter const& w) { return w.notified(); }));
}

TEST(wait_list, who_has_left_is_not_notified) {
    wait_list list;
    waiter a, b, c;
    for (auto* const w : {&a, &b, &c}) {
        list.enlist(*w);
    }
    list.delist(b);
    list.delist(b);
    list.notify(1);
    EXPECT_TRUE(a.notified());
    list.cancel(c);
    EXPECT_TRUE(c.notified());
    list.cancel(b); // is not there
    list.notify_all();
    EXPECT_FALSE(b.notified());
}

} // namespace
} // namespace tandem::test
