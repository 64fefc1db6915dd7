// What contract.hpp and channel.hpp promise of channels, on both halves, with shared ends and with one thread at each.
#include "at_once.hpp"
#include "element.hpp"

#include <tandem/locked/channel.hpp>
#include <tandem/locked/spsc_channel.hpp>
#include <tandem/lockfree/channel.hpp>
#include <tandem/lockfree/spsc_channel.hpp>

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <limits>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace tandem::test {
namespace {

using namespace std::chrono_literals;

constexpr int races = 200;

// One way to make a channel: NAME, and whether its ends can be shared.
#define TANDEM_KIND(kind, half, function, many)                                                                        \
    struct kind {                                                                                                      \
        static constexpr char const* name = #half "_" #function;                                                       \
        static constexpr bool shared = many;                                                                           \
        template <class T, class Allocator = tandem::allocator<T>>                                                     \
        static auto make(std::size_t capacity, Allocator const& a = {}) {                                              \
            return half::function<T, Allocator>(capacity, a);                                                          \
        }                                                                                                              \
    }
TANDEM_KIND(locked_channel, locked, channel, true);
TANDEM_KIND(lockfree_channel, lockfree, channel, true);
TANDEM_KIND(locked_spsc_channel, locked, spsc_channel, false);
TANDEM_KIND(lockfree_spsc_channel, lockfree, spsc_channel, false);
#undef TANDEM_KIND

struct kind_name {
    template <class Kind>
    static std::string GetName(int) {
        return Kind::name;
    }
};

template <class Kind>
class channel : public testing::Test {};
using kinds = testing::Types<locked_channel, lockfree_channel, locked_spsc_channel, lockfree_spsc_channel>;
TYPED_TEST_SUITE(channel, kinds, kind_name);

template <class Kind>
class shared_channel : public testing::Test {};
using shared_kinds = testing::Types<locked_channel, lockfree_channel>;
TYPED_TEST_SUITE(shared_channel, shared_kinds, kind_name);

template <class Handle>
void drop(Handle& h) {
    auto const gone = std::move(h);
}

// Sending and receiving

TYPED_TEST(channel, satisfies_its_concepts) {
    auto const ends = TypeParam::template make<std::unique_ptr<int>>(1);
    static_assert(contract::sender<std::remove_const_t<decltype(ends.first)>, std::unique_ptr<int>>);
    static_assert(contract::receiver<std::remove_const_t<decltype(ends.second)>, std::unique_ptr<int>>);
}

TYPED_TEST(channel, first_in_first_out) {
    auto [tx, rx] = TypeParam::template make<int>(3);
    for (int i = 0; i != 3; ++i) {
        ASSERT_EQ(tx.send(i), status::success);
    }
    for (int i = 0; i != 3; ++i) {
        ASSERT_EQ(rx.recv(), i);
    }
}

TYPED_TEST(channel, capacity_is_exact) {
    for (std::size_t const capacity : {1U, 2U, 3U, 8U, 100U}) {
        auto [tx, rx] = TypeParam::template make<int>(capacity);
        EXPECT_EQ(rx.capacity(), capacity);
        for (std::size_t i = 0; i != capacity; ++i) {
            ASSERT_EQ(tx.try_send(1), status::success);
        }
        ASSERT_EQ(tx.try_send(1), status::full);
        ASSERT_EQ(rx.approx_size(), capacity);
    }
}

TYPED_TEST(channel, capacity_zero_is_refused) {
    EXPECT_THROW(TypeParam::template make<int>(0), std::invalid_argument);
}

TYPED_TEST(channel, capacity_beyond_the_address_space_is_refused) {
    EXPECT_THROW(TypeParam::template make<int>(std::numeric_limits<std::size_t>::max()), std::length_error);
}

TYPED_TEST(channel, try_recv_says_why_there_is_nothing) {
    auto [tx, rx] = TypeParam::template make<int>(1);
    EXPECT_EQ(rx.try_recv().error(), status::empty);
    ASSERT_EQ(tx.send(5), status::success);
    tx.close();
    EXPECT_EQ(rx.try_recv().value(), 5);
    EXPECT_EQ(rx.try_recv().error(), status::closed);
}

TYPED_TEST(channel, recv_waits_for_a_send) {
    for (int race = 0; race != races; ++race) {
        auto [tx, rx] = TypeParam::template make<int>(1);
        at_once([&, &to = tx] { EXPECT_EQ(to.send(race), status::success); },
                [&, &from = rx] { EXPECT_EQ(from.recv(), race); });
    }
}

TYPED_TEST(channel, send_waits_for_room) {
    for (int race = 0; race != races; ++race) {
        auto [tx, rx] = TypeParam::template make<int>(1);
        ASSERT_EQ(tx.send(1), status::success);
        at_once([&to = tx] { EXPECT_EQ(to.send(2), status::success); },
                [&from = rx] {
                    EXPECT_EQ(from.recv(), 1);
                    EXPECT_EQ(from.recv(), 2);
                });
    }
}

TYPED_TEST(channel, two_threads_taking_turns) {
    auto [ping_tx, ping_rx] = TypeParam::template make<int>(1);
    auto [pong_tx, pong_rx] = TypeParam::template make<int>(1);
    at_once(
        [&to = ping_tx, &from = pong_rx] {
            for (int i = 0; i != 2000; ++i) {
                ASSERT_EQ(to.send(i), status::success);
                ASSERT_EQ(from.recv(), i);
            }
        },
        [&to = pong_tx, &from = ping_rx] {
            for (int i = 0; i != 2000; ++i) {
                ASSERT_EQ(to.send(*from.recv()), status::success);
            }
        });
}

TYPED_TEST(channel, stream_through_a_small_channel) {
    auto [tx, rx] = TypeParam::template make<int>(2);
    static constexpr int n = 20'000;
    at_once(
        [&to = tx] {
            for (int i = 0; i != n; ++i) {
                ASSERT_EQ(to.send(i), status::success);
            }
            drop(to);
        },
        [&from = rx] {
            int expected = 0;
            for (auto const v : from) {
                ASSERT_EQ(v, expected++);
            }
            EXPECT_EQ(expected, n);
        });
}

// Closing

TYPED_TEST(channel, what_was_sent_before_a_close_is_delivered) {
    auto [tx, rx] = TypeParam::template make<int>(3);
    ASSERT_EQ(tx.send(1), status::success);
    ASSERT_EQ(tx.send(2), status::success);
    tx.close();
    tx.close();
    EXPECT_TRUE(tx.is_closed());
    EXPECT_TRUE(rx.is_closed());
    EXPECT_EQ(tx.send(3), status::closed);
    EXPECT_EQ(rx.recv(), 1);
    EXPECT_EQ(rx.recv(), 2);
    EXPECT_EQ(rx.recv(), std::nullopt);
    EXPECT_EQ(rx.recv(), std::nullopt);
}

TYPED_TEST(channel, receiver_closes_and_drains) {
    auto [tx, rx] = TypeParam::template make<int>(3);
    ASSERT_EQ(tx.send(1), status::success);
    rx.close();
    EXPECT_EQ(tx.try_send(2), status::closed);
    EXPECT_EQ(rx.recv(), 1);
    EXPECT_EQ(rx.recv(), std::nullopt);
}

TYPED_TEST(channel, last_sender_closes) {
    auto [tx, rx] = TypeParam::template make<int>(3);
    ASSERT_EQ(tx.send(1), status::success);
    EXPECT_FALSE(rx.is_closed());
    drop(tx);
    EXPECT_TRUE(rx.is_closed());
    EXPECT_EQ(rx.recv(), 1);
    EXPECT_EQ(rx.recv(), std::nullopt);
}

TYPED_TEST(channel, last_receiver_closes_and_destroys_what_is_left) {
    account a;
    auto [tx, rx] = TypeParam::template make<tracked>(3);
    ASSERT_EQ(tx.send(tracked(a, 1)), status::success);
    ASSERT_EQ(tx.send(tracked(a, 2)), status::success);
    EXPECT_EQ(a.alive, 2);
    drop(rx);
    EXPECT_EQ(a.alive, 0);
    EXPECT_TRUE(tx.is_closed());
    tracked refused(a, 3);
    EXPECT_EQ(tx.send(std::move(refused)), status::closed);
    EXPECT_EQ(refused.value(), 3);
}

TYPED_TEST(channel, blocked_recv_is_told_of_a_close) {
    for (int race = 0; race != races; ++race) {
        auto [tx, rx] = TypeParam::template make<int>(1);
        at_once([&to = tx] { drop(to); }, [&from = rx] { EXPECT_EQ(from.recv(), std::nullopt); });
    }
}

TYPED_TEST(channel, blocked_send_is_told_of_a_close) {
    for (int race = 0; race != races; ++race) {
        account a;
        auto [tx, rx] = TypeParam::template make<tracked>(1);
        ASSERT_EQ(tx.send(tracked(a, 1)), status::success);
        at_once(
            [&, &to = tx] {
                tracked mine(a, 2);
                ASSERT_EQ(to.send(std::move(mine)), status::closed);
                EXPECT_EQ(mine.value(), 2);
            },
            [&from = rx] { drop(from); });
        EXPECT_EQ(a.alive, 0);
    }
}

TYPED_TEST(channel, both_sides_vanish_in_the_middle) {
    for (int race = 0; race != races; ++race) {
        account a;
        auto [tx, rx] = TypeParam::template make<tracked>(2);
        at_once(
            [&, &to = tx] {
                for (int i = 0; i != 5 && to.send(tracked(a, i)) == status::success; ++i) {
                }
                drop(to);
            },
            [&, &from = rx] {
                for (int i = 0; i != race % 5; ++i) {
                    auto const got = from.recv();
                    ASSERT_TRUE(got);
                    EXPECT_EQ(got->value(), i);
                }
                drop(from);
            });
        ASSERT_EQ(a.alive, 0);
    }
}

TYPED_TEST(channel, every_element_is_received_or_refused) {
    for (int race = 0; race != races; ++race) {
        auto [tx, rx] = TypeParam::template make<int>(3);
        int sent = 0, received = 0;
        at_once(
            [&, &to = tx] {
                while (to.send(sent) == status::success) {
                    ++sent;
                }
            },
            [&, &from = rx] {
                for (int i = 0; i != race % 7; ++i) {
                    ASSERT_EQ(from.recv(), received++);
                }
                from.close();
                for (auto const v : from) {
                    ASSERT_EQ(v, received++);
                }
            });
        ASSERT_EQ(sent, received);
    }
}

// Deadlines

TYPED_TEST(channel, recv_for_gives_up_and_not_before) {
    auto [tx, rx] = TypeParam::template make<int>(1);
    auto const begin = std::chrono::steady_clock::now();
    EXPECT_EQ(rx.recv_for(2ms).error(), status::timeout);
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 2ms);
    EXPECT_EQ(rx.recv_for(0ms).error(), status::timeout);
    EXPECT_EQ(rx.recv_for(std::chrono::hours::min()).error(), status::timeout);
    EXPECT_EQ(rx.recv_for(0.25ms).error(), status::timeout);
}

TYPED_TEST(channel, send_for_gives_up_and_leaves_its_argument) {
    auto [tx, rx] = TypeParam::template make<std::unique_ptr<int>>(1);
    ASSERT_EQ(tx.send(std::make_unique<int>(1)), status::success);
    auto mine = std::make_unique<int>(2);
    EXPECT_EQ(tx.send_for(std::move(mine), 1ms), status::timeout);
    EXPECT_EQ(tx.send_until(std::move(mine), std::chrono::steady_clock::now()), status::timeout);
    ASSERT_TRUE(mine);
    ASSERT_TRUE(rx.recv());
    EXPECT_EQ(tx.send_for(std::move(mine), 1ms), status::success);
    EXPECT_FALSE(mine);
}

TYPED_TEST(channel, deadlines_on_other_clocks) {
    auto [tx, rx] = TypeParam::template make<int>(1);
    auto const soon = std::chrono::system_clock::now() + 2ms;
    EXPECT_EQ(rx.recv_until(soon).error(), status::timeout);
    EXPECT_GE(std::chrono::system_clock::now(), soon);
    ASSERT_EQ(tx.send_until(1, std::chrono::system_clock::now() + 1h), status::success);
    EXPECT_EQ(tx.send_until(2, std::chrono::system_clock::time_point::min()), status::timeout);
    EXPECT_EQ(rx.recv_until(std::chrono::system_clock::now() - 1h).value(), 1);
}

TYPED_TEST(channel, what_is_there_is_taken_whatever_the_deadline) {
    auto [tx, rx] = TypeParam::template make<int>(1);
    ASSERT_EQ(tx.send_for(1, -1h), status::success);
    EXPECT_EQ(rx.recv_for(-1h).value(), 1);
}

TYPED_TEST(channel, the_longest_wait_ends_when_there_is_something) {
    auto [tx, rx] = TypeParam::template make<int>(1);
    at_once([&to = tx] { ASSERT_EQ(to.send(1), status::success); },
            [&from = rx] { EXPECT_EQ(from.recv_for(std::chrono::hours::max()).value(), 1); });
    at_once([&to = tx] { to.close(); },
            [&from = rx] {
                EXPECT_EQ(from.recv_until(std::chrono::steady_clock::time_point::max()).error(), status::closed);
            });
}

TYPED_TEST(channel, deadlines_of_coarse_clocks_beyond_the_range_of_ours) {
    using std::chrono::hours;
    using ours = std::chrono::time_point<std::chrono::steady_clock, hours>;
    using another = std::chrono::time_point<std::chrono::system_clock, hours>;
    auto [tx, rx] = TypeParam::template make<int>(1);
    EXPECT_EQ(rx.recv_until(ours::min()).error(), status::timeout);
    EXPECT_EQ(rx.recv_until(another::min()).error(), status::timeout);
    at_once([&to = tx] { ASSERT_EQ(to.send(1), status::success); },
            [&from = rx] { EXPECT_EQ(from.recv_until(ours::max()).value(), 1); });
    at_once([&to = tx] { to.close(); },
            [&from = rx] { EXPECT_EQ(from.recv_until(another::max()).error(), status::closed); });
}

TYPED_TEST(channel, timeout_against_a_send_loses_nothing) {
    for (int race = 0; race != races; ++race) {
        auto [tx, rx] = TypeParam::template make<int>(1);
        at_once([&to = tx] { EXPECT_EQ(to.send(7), status::success); },
                [&, &from = rx] {
                    auto r = from.recv_for(std::chrono::microseconds(race));
                    if (!r) {
                        EXPECT_EQ(r.error(), status::timeout);
                        r = from.recv_for(1h);
                    }
                    EXPECT_EQ(r.value(), 7);
                    EXPECT_EQ(from.try_recv().error(), status::empty);
                });
    }
}

// Stop tokens

TYPED_TEST(channel, a_stop_requested_before) {
    auto [tx, rx] = TypeParam::template make<int>(1);
    stop_source stop;
    stop.request_stop();
    EXPECT_EQ(rx.recv(stop.get_token()).error(), status::stopped);
    EXPECT_EQ(tx.send(1, stop.get_token()), status::success); // there is room
    EXPECT_EQ(tx.send(2, stop.get_token()), status::stopped);
    EXPECT_EQ(rx.recv(stop.get_token()).value(), 1);
    tx.close();
    EXPECT_EQ(rx.recv(stop.get_token()).error(), status::closed);
}

TYPED_TEST(channel, a_token_that_nobody_can_stop) {
    auto [tx, rx] = TypeParam::template make<int>(1);
    EXPECT_EQ(tx.send(1, stop_token()), status::success);
    EXPECT_EQ(rx.recv(stop_token()).value(), 1);
}

TYPED_TEST(channel, a_stop_ends_a_recv) {
    for (int race = 0; race != races; ++race) {
        auto [tx, rx] = TypeParam::template make<int>(1);
        stop_source stop;
        at_once([&] { stop.request_stop(); },
                [&, &from = rx] { EXPECT_EQ(from.recv(stop.get_token()).error(), status::stopped); });
    }
}

TYPED_TEST(channel, a_stop_ends_a_send) {
    for (int race = 0; race != races; ++race) {
        auto [tx, rx] = TypeParam::template make<std::unique_ptr<int>>(1);
        ASSERT_EQ(tx.send(nullptr), status::success);
        stop_source stop;
        at_once([&] { stop.request_stop(); },
                [&, &to = tx] {
                    auto mine = std::make_unique<int>(1);
                    EXPECT_EQ(to.send(std::move(mine), stop.get_token()), status::stopped);
                    EXPECT_TRUE(mine);
                });
    }
}

TYPED_TEST(channel, stop_against_a_send_loses_nothing) {
    for (int race = 0; race != races; ++race) {
        auto [tx, rx] = TypeParam::template make<int>(1);
        stop_source stop;
        at_once([&] { stop.request_stop(); }, [&to = tx] { EXPECT_EQ(to.send(7), status::success); },
                [&, &from = rx] {
                    auto r = from.recv(stop.get_token());
                    if (!r) {
                        EXPECT_EQ(r.error(), status::stopped);
                        r = from.recv_for(1h);
                    }
                    EXPECT_EQ(r.value(), 7);
                });
    }
}

// Batches and iteration

TYPED_TEST(channel, send_many_waits_for_room) {
    auto [tx, rx] = TypeParam::template make<int>(3);
    std::array<int, 100> items;
    std::iota(items.begin(), items.end(), 0);
    at_once([&, &to = tx] { EXPECT_EQ(to.send_many(items), items.size()); },
            [&, &from = rx] {
                for (auto const i : items) {
                    ASSERT_EQ(from.recv(), i);
                }
            });
    EXPECT_EQ(tx.send_many({}), 0u);
}

TYPED_TEST(channel, send_many_stops_at_a_close) {
    auto [tx, rx] = TypeParam::template make<std::unique_ptr<int>>(2);
    std::array<std::unique_ptr<int>, 5> items;
    for (auto& item : items) {
        item = std::make_unique<int>(1);
    }
    std::size_t sent = 0;
    at_once([&, &to = tx] { sent = to.send_many(items); },
            [&from = rx] {
                ASSERT_TRUE(from.recv());
                from.close();
            });
    EXPECT_GE(sent, 1u);
    EXPECT_LT(sent, items.size());
    for (std::size_t i = 0; i != items.size(); ++i) {
        EXPECT_EQ(items[i] == nullptr, i < sent);
    }
    EXPECT_EQ(tx.send_many(items), 0u);
}

TYPED_TEST(channel, recv_many_takes_what_is_there) {
    auto [tx, rx] = TypeParam::template make<int>(4);
    std::array<int, 3> out{};
    EXPECT_EQ(rx.recv_many({}), 0u);
    for (int i = 0; i != 4; ++i) {
        ASSERT_EQ(tx.send(i), status::success);
    }
    EXPECT_EQ(rx.recv_many(out), 3u);
    EXPECT_EQ(out, (std::array{0, 1, 2}));
    EXPECT_EQ(rx.recv_many(out), 1u);
    EXPECT_EQ(out[0], 3);
    tx.close();
    EXPECT_EQ(rx.recv_many(out), 0u);
}

TYPED_TEST(channel, recv_many_waits_for_one) {
    for (int race = 0; race != races; ++race) {
        auto [tx, rx] = TypeParam::template make<int>(4);
        at_once([&to = tx] { EXPECT_EQ(to.send(7), status::success); },
                [&from = rx] {
                    std::array<int, 4> out{};
                    ASSERT_EQ(from.recv_many(out), 1u);
                    EXPECT_EQ(out[0], 7);
                });
    }
}

TYPED_TEST(channel, batches_at_both_ends) {
    auto [tx, rx] = TypeParam::template make<int>(5);
    static constexpr int n = 9000;
    at_once(
        [&to = tx] {
            std::array<int, 9> items{};
            for (int next = 0; next != n;) {
                for (auto& item : items) {
                    item = next++;
                }
                ASSERT_EQ(to.send_many(items), items.size());
            }
            drop(to);
        },
        [&from = rx] {
            std::array<int, 7> out{};
            int expected = 0;
            while (auto const got = from.recv_many(out)) {
                for (std::size_t i = 0; i != got; ++i) {
                    ASSERT_EQ(out[i], expected++);
                }
            }
            EXPECT_EQ(expected, n);
        });
}

TYPED_TEST(channel, try_iter_takes_what_is_there) {
    auto [tx, rx] = TypeParam::template make<int>(3);
    ASSERT_EQ(tx.send(1), status::success);
    ASSERT_EQ(tx.send(2), status::success);
    std::vector<int> seen;
    for (auto const v : rx.try_iter()) {
        seen.push_back(v);
    }
    EXPECT_EQ(seen, (std::vector{1, 2}));
    EXPECT_FALSE(rx.is_closed());
}

TYPED_TEST(channel, iteration_gives_elements_away) {
    auto [tx, rx] = TypeParam::template make<std::unique_ptr<int>>(2);
    ASSERT_EQ(tx.send(std::make_unique<int>(1)), status::success);
    drop(tx);
    std::vector<std::unique_ptr<int>> kept;
    for (auto& v : rx) {
        kept.push_back(std::move(v));
    }
    ASSERT_EQ(kept.size(), 1u);
    EXPECT_EQ(*kept[0], 1);
}

// Elements

TYPED_TEST(channel, over_aligned) {
    auto [tx, rx] = TypeParam::template make<wide>(2);
    ASSERT_EQ(tx.send(wide{4}), status::success);
    auto const got = rx.recv();
    ASSERT_TRUE(got);
    EXPECT_EQ(got->value, 4);
}

TYPED_TEST(channel, a_copy_that_throws_leaves_the_channel_alone) {
    auto [tx, rx] = TypeParam::template make<moody>(1);
    moody const source(1);
    stop_source stop;
    EXPECT_THROW(tx.send(source), std::runtime_error);
    EXPECT_THROW((void)tx.try_send(source), std::runtime_error);
    EXPECT_THROW((void)tx.send_for(source, 1h), std::runtime_error);
    EXPECT_THROW((void)tx.send(source, stop.get_token()), std::runtime_error);
    EXPECT_EQ(rx.try_recv().error(), status::empty);
    EXPECT_EQ(tx.try_send(moody(2)), status::success);
    EXPECT_EQ(rx.recv()->value, 2);
}

TYPED_TEST(channel, try_send_leaves_its_argument_when_full) {
    auto [tx, rx] = TypeParam::template make<std::unique_ptr<int>>(1);
    ASSERT_EQ(tx.try_send(nullptr), status::success);
    auto mine = std::make_unique<int>(1);
    EXPECT_EQ(tx.try_send(std::move(mine)), status::full);
    EXPECT_TRUE(mine);
}

TYPED_TEST(channel, an_element_that_holds_the_other_end) {
    struct letter {
        std::optional<decltype(TypeParam::template make<int>(1).first)> reply;
    };
    auto [tx, rx] = TypeParam::template make<letter>(1);
    auto [reply_tx, reply_rx] = TypeParam::template make<int>(1);
    ASSERT_EQ(tx.send(letter{std::move(reply_tx)}), status::success);
    drop(rx); // the letter is destroyed unread
    EXPECT_EQ(reply_rx.recv(), std::nullopt);
}

// Handles

TYPED_TEST(channel, handles_move) {
    auto [tx, rx] = TypeParam::template make<int>(1);
    auto tx2 = std::move(tx);
    auto rx2 = std::move(rx);
    ASSERT_EQ(tx2.send(1), status::success);
    tx = std::move(tx2);
    rx = std::move(rx2);
    EXPECT_FALSE(rx.is_closed());
    EXPECT_EQ(rx.recv(), 1);
    static_assert(std::is_copy_constructible_v<decltype(tx)> == TypeParam::shared);
    static_assert(std::is_copy_assignable_v<decltype(rx)> == TypeParam::shared);
    static_assert(std::is_nothrow_move_constructible_v<decltype(rx)>);
}

TYPED_TEST(channel, assigning_to_a_handle_drops_what_it_held) {
    auto [tx, rx] = TypeParam::template make<int>(1);
    auto [other_tx, other_rx] = TypeParam::template make<int>(1);
    tx = std::move(other_tx);
    EXPECT_TRUE(rx.is_closed());
    EXPECT_FALSE(other_rx.is_closed());
    EXPECT_TRUE(same_channel(tx, other_rx));
    EXPECT_FALSE(same_channel(tx, rx));
    EXPECT_FALSE(same_channel(rx, other_rx));
}

TYPED_TEST(channel, allocator_gets_everything_back) {
    ledger book;
    {
        auto [tx, rx] = TypeParam::template make<int>(3, ledger_allocator<int>(book));
        ASSERT_EQ(tx.send(1), status::success);
        EXPECT_GT(book.outstanding, 0u);
    }
    EXPECT_EQ(book.outstanding, 0u);
}

TYPED_TEST(channel, nothing_is_allocated_after_the_beginning) {
    ledger book;
    auto [tx, rx] = TypeParam::template make<int>(1, ledger_allocator<int>(book));
    auto const at_first = book.allocations;
    at_once(
        [&to = tx] {
            for (int i = 0; i != 1000; ++i) {
                ASSERT_EQ(to.send(i), status::success);
            }
        },
        [&from = rx] {
            for (int i = 0; i != 1000; ++i) {
                ASSERT_EQ(from.recv(), i);
            }
        });
    EXPECT_EQ(book.allocations, at_first);
}

TYPED_TEST(channel, no_memory_for_a_channel) {
    for (std::size_t granted = 0;; ++granted) {
        ledger book;
        book.grants = granted;
        try {
            auto const ends = TypeParam::template make<int>(3, ledger_allocator<int>(book));
            break;
        } catch (std::bad_alloc const&) {
            ASSERT_EQ(book.outstanding, 0u) << granted;
        }
        ASSERT_LT(granted, 100u);
    }
}

TYPED_TEST(shared_channel, only_the_last_handle_closes) {
    auto [tx, rx] = TypeParam::template make<int>(4);
    auto tx2 = tx;
    auto rx2 = rx;
    EXPECT_TRUE(same_channel(tx, tx2));
    drop(tx);
    EXPECT_FALSE(rx.is_closed());
    EXPECT_EQ(tx2.send(1), status::success);
    drop(rx);
    EXPECT_FALSE(tx2.is_closed());
    EXPECT_EQ(rx2.recv(), 1);
    drop(tx2);
    EXPECT_TRUE(rx2.is_closed());
}

TYPED_TEST(shared_channel, last_sender_against_last_receiver) {
    for (int race = 0; race != races; ++race) {
        account a;
        auto [tx, rx] = TypeParam::template make<tracked>(4);
        auto tx2 = tx;
        auto rx2 = rx;
        ASSERT_EQ(tx.send(tracked(a, 1)), status::success);
        at_once([&h = tx] { drop(h); }, [&h = tx2] { drop(h); }, [&h = rx] { drop(h); }, [&h = rx2] { drop(h); });
        ASSERT_EQ(a.alive, 0);
    }
}

TYPED_TEST(shared_channel, an_element_that_holds_a_sender_of_its_own_channel) {
    struct letter {
        std::shared_ptr<void> reply;
    };
    auto [tx, rx] = TypeParam::template make<letter>(1);
    ASSERT_EQ(tx.send(letter{std::make_shared<decltype(tx)>(tx)}), status::success);
    drop(tx);
    EXPECT_FALSE(rx.is_closed()); // the letter can still send
    drop(rx);
}

TYPED_TEST(shared_channel, two_waiters_and_one_element) {
    for (int race = 0; race != races; ++race) {
        auto [tx, rx] = TypeParam::template make<int>(1);
        std::atomic<int> received{0};
        auto const wait = [&, &from = rx] {
            if (from.recv()) {
                ++received;
            }
        };
        at_once(wait, wait, [&to = tx] {
            EXPECT_EQ(to.send(1), status::success);
            drop(to);
        });
        ASSERT_EQ(received, 1);
    }
}

TYPED_TEST(shared_channel, many_of_each) {
    auto [tx, rx] = TypeParam::template make<int>(3);
    constexpr int producers = 8, consumers = 8, each = 500;
    std::atomic<std::int64_t> sum{0};
    std::vector<std::thread> threads;
    for (int p = 0; p != producers; ++p) {
        threads.emplace_back([to = tx] {
            for (int i = 1; i <= each; ++i) {
                EXPECT_EQ(to.send(i), status::success);
            }
        });
    }
    for (int c = 0; c != consumers; ++c) {
        threads.emplace_back([from = rx, &sum] {
            for (auto const v : from) {
                sum += v;
            }
        });
    }
    drop(tx);
    drop(rx);
    for (auto& t : threads) {
        t.join();
    }
    EXPECT_EQ(sum, producers * (each * (each + 1) / 2));
}

TYPED_TEST(shared_channel, waiting_with_limits_beside_waiting_without) {
    auto [tx, rx] = TypeParam::template make<int>(1);
    constexpr int n = 2000;
    std::atomic<int> received{0};
    stop_source stop;
    at_once(
        [&, &to = tx] {
            for (int i = 0; i != n; ++i) {
                ASSERT_EQ(to.send(i), status::success);
            }
            drop(to);
        },
        [&, &from = rx] {
            while (from.recv()) {
                ++received;
            }
        },
        [&, &from = rx] {
            for (auto r = from.recv_for(20us); r.error() != status::closed; r = from.recv_for(20us)) {
                received += r ? 1 : 0;
            }
        },
        [&, &from = rx] {
            for (auto r = from.recv(stop.get_token()); r; r = from.recv(stop.get_token())) {
                ++received;
            }
        },
        [&] { stop.request_stop(); });
    EXPECT_EQ(received, n);
}

} // namespace
} // namespace tandem::test
