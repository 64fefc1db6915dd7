// What contract.hpp promises of counter, on both halves.
#include "at_once.hpp"
#include "half.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <vector>

namespace tandem::test {
namespace {

constexpr auto largest = std::numeric_limits<std::int64_t>::max();
constexpr auto smallest = std::numeric_limits<std::int64_t>::min();

template <class Half>
class counter : public testing::Test {
protected:
    using type = typename Half::counter;
    static_assert(contract::counter<type>);
};
TYPED_TEST_SUITE(counter, both_halves, half_name);

TYPED_TEST(counter, starts_where_told) {
    EXPECT_EQ(typename TestFixture::type().load(), 0);
    EXPECT_EQ(typename TestFixture::type(-5).load(), -5);
}

TYPED_TEST(counter, add_and_sub) {
    typename TestFixture::type c;
    c.add();
    c.add(10);
    c.sub();
    c.sub(3);
    c.add(-2);
    EXPECT_EQ(c.load(), 5);
}

TYPED_TEST(counter, fetch_add_answers_the_number_before) {
    typename TestFixture::type c(7);
    EXPECT_EQ(c.fetch_add(3), 7);
    EXPECT_EQ(c.fetch_add(-4), 10);
    EXPECT_EQ(c.load(), 6);
}

TYPED_TEST(counter, exchange_answers_the_number_before) {
    typename TestFixture::type c(7);
    EXPECT_EQ(c.exchange(1), 7);
    EXPECT_EQ(c.exchange(2), 1);
    EXPECT_EQ(c.load(), 2);
}

TYPED_TEST(counter, wrap_around) {
    typename TestFixture::type c(largest);
    c.add();
    EXPECT_EQ(c.load(), smallest);
    c.sub();
    EXPECT_EQ(c.load(), largest);
    EXPECT_EQ(c.fetch_add(largest), largest);
    EXPECT_EQ(c.load(), -2);
    c.sub(smallest);
    EXPECT_EQ(c.load(), largest - 1);
}

TYPED_TEST(counter, wait_until_answers_at_once_when_true) {
    typename TestFixture::type c(3);
    EXPECT_EQ(c.wait_until([](std::int64_t v) { return v == 3; }), 3);
}

TYPED_TEST(counter, wait_until_wakes_on_every_change) {
    typename TestFixture::type c, stage;
    at_once(
        [&] {
            EXPECT_EQ(c.wait_until([](std::int64_t v) { return v == 1; }), 1);
            stage.add();
            EXPECT_EQ(c.wait_until([](std::int64_t v) { return v == 0; }), 0);
            stage.add();
            EXPECT_EQ(c.wait_until([](std::int64_t v) { return v == 5; }), 5);
            stage.add();
            EXPECT_EQ(c.wait_until([](std::int64_t v) { return v == 9; }), 9);
        },
        [&] {
            c.add();
            stage.wait_until([](std::int64_t v) { return v == 1; });
            c.sub();
            stage.wait_until([](std::int64_t v) { return v == 2; });
            c.fetch_add(5);
            stage.wait_until([](std::int64_t v) { return v == 3; });
            c.exchange(9);
        });
}

TYPED_TEST(counter, one_change_wakes_all_waiters) {
    for (int race = 0; race != 100; ++race) {
        typename TestFixture::type c, arrived;
        auto const wait = [&] {
            arrived.add();
            EXPECT_EQ(c.wait_until([](std::int64_t v) { return v != 0; }), 1);
        };
        at_once(wait, wait, [&] {
            arrived.wait_until([](std::int64_t v) { return v == 2; });
            c.add();
        });
    }
}

TYPED_TEST(counter, ping_pong) {
    typename TestFixture::type c;
    constexpr std::int64_t rounds = 500;
    auto const play = [&](std::int64_t mine) {
        for (std::int64_t i = mine; i < 2 * rounds; i += 2) {
            c.wait_until([i](std::int64_t v) { return v == i; });
            c.add();
        }
    };
    at_once([&] { play(0); }, [&] { play(1); });
    EXPECT_EQ(c.load(), 2 * rounds);
}

TYPED_TEST(counter, throwing_predicate_leaves_no_trace) {
    typename TestFixture::type c;
    EXPECT_THROW(c.wait_until([](std::int64_t) -> bool { throw std::runtime_error("predicate"); }), std::runtime_error);
    c.add();
    EXPECT_EQ(c.load(), 1);
    EXPECT_EQ(c.wait_until([](std::int64_t v) { return v == 1; }), 1);
}

TYPED_TEST(counter, predicate_that_throws_after_a_wake_up) {
    typename TestFixture::type c;
    at_once(
        [&] {
            auto const once_changed = [](std::int64_t v) -> bool {
                return v == 0 ? false : throw std::runtime_error("predicate");
            };
            EXPECT_THROW(c.wait_until(once_changed), std::runtime_error);
        },
        [&] { c.add(); });
    c.sub();
    EXPECT_EQ(c.load(), 0);
}

TYPED_TEST(counter, no_update_is_lost) {
    typename TestFixture::type c;
    constexpr int each = 5000;
    auto const up = [&] {
        for (int i = 0; i != each; ++i) {
            c.add(3);
        }
    };
    auto const down = [&] {
        for (int i = 0; i != each; ++i) {
            c.sub(1);
        }
    };
    at_once(up, up, down);
    EXPECT_EQ(c.load(), 5 * each);
}

TYPED_TEST(counter, fetch_add_gives_every_number_once) {
    typename TestFixture::type c;
    constexpr std::size_t each = 3000;
    std::vector<std::int64_t> seen(2 * each);
    auto const draw = [&](std::size_t from) {
        for (std::size_t i = from; i != from + each; ++i) {
            seen[i] = c.fetch_add(1);
        }
    };
    at_once([&] { draw(0); }, [&] { draw(each); });
    std::sort(seen.begin(), seen.end());
    for (std::size_t i = 0; i != seen.size(); ++i) {
        ASSERT_EQ(seen[i], static_cast<std::int64_t>(i));
    }
}

TYPED_TEST(counter, exchange_takes_what_was_added_once) {
    typename TestFixture::type c;
    constexpr int count = 5000;
    std::atomic<bool> done{false};
    std::int64_t taken = 0;
    at_once(
        [&] {
            for (int i = 0; i != count; ++i) {
                c.add();
            }
            done = true;
        },
        [&] {
            while (!done) {
                taken += c.exchange(0);
            }
        });
    EXPECT_EQ(taken + c.exchange(0), count);
}

} // namespace
} // namespace tandem::test
