// What the halves wait with: park and unpark, mutex, condition_variable.
#include "at_once.hpp"

#include <tandem/mutex.hpp>

#include <gtest/gtest.h>

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

} // namespace
} // namespace tandem::test
