// What contract.hpp promises of bounded_queue, on both halves.
#include "at_once.hpp"
#include "element.hpp"
#include "half.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <numeric>
#include <vector>

namespace tandem::test {
namespace {

constexpr int races = 200;

template <class Half>
class bounded_queue : public testing::Test {
protected:
    template <class T, class Allocator = tandem::allocator<T>>
    using queue = typename Half::template bounded_queue<T, Allocator>;

    // A queue of ints whose ring has already turned by `turns` slots.
    static std::unique_ptr<queue<int>> turned(std::size_t capacity, std::size_t turns) {
        auto q = std::make_unique<queue<int>>(capacity);
        for (std::size_t i = 0; i != turns; ++i) {
            EXPECT_EQ(q->try_push(0), status::success);
            EXPECT_TRUE(q->try_pop().has_value());
        }
        return q;
    }
};
TYPED_TEST_SUITE(bounded_queue, both_halves, half_name);

// Sequential behaviour

TYPED_TEST(bounded_queue, satisfies_its_concept) {
    static_assert(contract::bounded_queue<typename TestFixture::template queue<int>, int>);
    static_assert(
        contract::bounded_queue<typename TestFixture::template queue<std::unique_ptr<int>>, std::unique_ptr<int>>);
    typename TestFixture::template queue<int> q(3);
    EXPECT_EQ(q.capacity(), 3u);
    EXPECT_FALSE(q.is_closed());
    EXPECT_TRUE(q.was_empty());
}

TYPED_TEST(bounded_queue, first_in_first_out) {
    typename TestFixture::template queue<int> q(4);
    for (int i = 0; i != 4; ++i) {
        ASSERT_EQ(q.try_push(i), status::success);
    }
    for (int i = 0; i != 4; ++i) {
        ASSERT_EQ(q.try_pop().value(), i);
    }
    EXPECT_EQ(q.try_pop().error(), status::empty);
}

TYPED_TEST(bounded_queue, capacity_is_exact) {
    for (std::size_t const capacity : {1U, 2U, 3U, 4U, 5U, 7U, 8U, 9U, 100U}) {
        typename TestFixture::template queue<int> q(capacity);
        for (std::size_t i = 0; i != capacity; ++i) {
            ASSERT_EQ(q.try_push(1), status::success) << capacity;
        }
        ASSERT_EQ(q.try_push(1), status::full) << capacity;
        ASSERT_EQ(q.approx_size(), capacity);
    }
}

TYPED_TEST(bounded_queue, capacity_one) {
    typename TestFixture::template queue<int> q(1);
    for (int i = 0; i != 10; ++i) {
        ASSERT_EQ(q.try_push(i), status::success);
        ASSERT_EQ(q.try_push(i), status::full);
        ASSERT_EQ(q.try_pop().value(), i);
        ASSERT_EQ(q.try_pop().error(), status::empty);
    }
}

TYPED_TEST(bounded_queue, capacity_zero_is_refused) {
    EXPECT_THROW(typename TestFixture::template queue<int>(0), std::invalid_argument);
}

TYPED_TEST(bounded_queue, capacity_beyond_the_address_space_is_refused) {
    constexpr auto most = std::numeric_limits<std::size_t>::max();
    EXPECT_THROW(typename TestFixture::template queue<int>{most}, std::length_error);
    EXPECT_THROW(typename TestFixture::template queue<int>{most / 2}, std::length_error);
}

TYPED_TEST(bounded_queue, wrap_around) {
    for (std::size_t const capacity : {1U, 2U, 3U, 5U, 8U}) {
        typename TestFixture::template queue<int> q(capacity);
        int in = 0, out = 0;
        for (int round = 0; round != 50; ++round) {
            while (q.try_push(in) == status::success) {
                ++in;
            }
            ASSERT_EQ(in - out, static_cast<int>(capacity));
            for (std::size_t i = 0; i != capacity / 2 + 1; ++i) {
                ASSERT_EQ(q.try_pop().value(), out++);
            }
        }
    }
}

TYPED_TEST(bounded_queue, size_follows_pushes_and_pops) {
    auto const q = this->turned(3, 5);
    EXPECT_TRUE(q->was_empty());
    ASSERT_EQ(q->try_push(1), status::success);
    ASSERT_EQ(q->try_push(2), status::success);
    EXPECT_FALSE(q->was_empty());
    EXPECT_EQ(q->approx_size(), 2u);
    ASSERT_TRUE(q->try_pop());
    EXPECT_EQ(q->approx_size(), 1u);
}

// Elements

TYPED_TEST(bounded_queue, move_only) {
    typename TestFixture::template queue<std::unique_ptr<int>> q(2);
    ASSERT_EQ(q.try_push(std::make_unique<int>(7)), status::success);
    auto popped = q.try_pop();
    ASSERT_TRUE(popped);
    EXPECT_EQ(**popped, 7);
}

TYPED_TEST(bounded_queue, copy_leaves_its_source) {
    typename TestFixture::template queue<std::vector<int>> q(2);
    std::vector<int> const source{1, 2, 3};
    ASSERT_EQ(q.try_push(source), status::success);
    EXPECT_EQ(source.size(), 3u);
    EXPECT_EQ(q.try_pop().value(), source);
}

TYPED_TEST(bounded_queue, over_aligned) {
    typename TestFixture::template queue<wide> q(3);
    for (int i = 0; i != 3; ++i) {
        ASSERT_EQ(q.try_push(wide{i}), status::success);
    }
    for (int i = 0; i != 3; ++i) {
        auto popped = q.try_pop();
        ASSERT_TRUE(popped);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(&*popped) % alignof(wide), 0u);
        EXPECT_EQ(popped->value, i);
    }
}

TYPED_TEST(bounded_queue, full_leaves_the_argument) {
    typename TestFixture::template queue<std::unique_ptr<int>> q(1);
    ASSERT_EQ(q.try_push(std::make_unique<int>(1)), status::success);
    auto kept = std::make_unique<int>(2);
    EXPECT_EQ(q.try_push(std::move(kept)), status::full);
    EXPECT_EQ(q.try_emplace(std::move(kept)), status::full);
    ASSERT_TRUE(kept);
    EXPECT_EQ(*kept, 2);
}

TYPED_TEST(bounded_queue, closed_leaves_the_argument) {
    typename TestFixture::template queue<std::unique_ptr<int>> q(1);
    q.close();
    auto kept = std::make_unique<int>(2);
    EXPECT_EQ(q.try_push(std::move(kept)), status::closed);
    ASSERT_TRUE(kept);
    EXPECT_EQ(*kept, 2);
}

TYPED_TEST(bounded_queue, throwing_copy_changes_nothing) {
    typename TestFixture::template queue<moody> q(2);
    ASSERT_EQ(q.try_push(moody(1)), status::success);
    moody const source(2);
    EXPECT_THROW((void)q.try_push(source), std::runtime_error);
    EXPECT_EQ(q.approx_size(), 1u);
    ASSERT_EQ(q.try_push(moody(3)), status::success);
    EXPECT_EQ(q.try_pop()->value, 1);
    EXPECT_EQ(q.try_pop()->value, 3);
    EXPECT_EQ(q.try_pop().error(), status::empty);
}

TYPED_TEST(bounded_queue, throwing_constructor_in_emplace_changes_nothing) {
    typename TestFixture::template queue<moody> q(1);
    EXPECT_THROW((void)q.try_emplace(-1), std::runtime_error);
    EXPECT_TRUE(q.was_empty());
    ASSERT_EQ(q.try_emplace(4), status::success);
    EXPECT_EQ(q.try_pop()->value, 4);
}

TYPED_TEST(bounded_queue, leftovers_are_destroyed_once) {
    account a;
    {
        typename TestFixture::template queue<tracked> q(4);
        for (int i = 0; i != 6; ++i) { // the ring has turned: what is left lies over its end
            ASSERT_EQ(q.try_emplace(a, i), status::success);
            if (i < 3) {
                ASSERT_EQ(q.try_pop()->value(), i);
            }
        }
        ASSERT_EQ(a.alive, 3);
    }
    EXPECT_EQ(a.alive, 0);
}

TYPED_TEST(bounded_queue, nothing_is_built_for_a_refused_push) {
    account a;
    typename TestFixture::template queue<tracked> q(1);
    ASSERT_EQ(q.try_emplace(a, 1), status::success);
    ASSERT_EQ(q.try_emplace(a, 2), status::full);
    EXPECT_EQ(a.alive, 1);
    q.close();
    ASSERT_EQ(q.try_emplace(a, 3), status::closed);
    EXPECT_EQ(a.alive, 1);
}

// Memory

TYPED_TEST(bounded_queue, stateful_allocator) {
    ledger book;
    {
        typename TestFixture::template queue<int, ledger_allocator<int>> q(5, ledger_allocator<int>(book));
        EXPECT_EQ(book.outstanding, 5u);
        auto const before = book.allocations;
        for (int i = 0; i != 20; ++i) {
            ASSERT_EQ(q.try_push(i), status::success);
            ASSERT_EQ(q.try_pop().value(), i);
        }
        EXPECT_EQ(book.allocations, before) << "only the constructor allocates";
    }
    EXPECT_EQ(book.outstanding, 0u);
}

TYPED_TEST(bounded_queue, refused_allocation_escapes_the_constructor) {
    using refused = typename TestFixture::template queue<int, ledger_allocator<int>>;
    ledger book;
    book.refuse = true;
    EXPECT_THROW(refused(5, ledger_allocator<int>(book)), std::bad_alloc);
    EXPECT_EQ(book.outstanding, 0u);
}

TYPED_TEST(bounded_queue, element_that_cannot_allocate_loses_nothing) {
    using text = std::vector<int, ledger_allocator<int>>;
    ledger book;
    {
        typename TestFixture::template queue<text> q(2);
        ASSERT_EQ(q.try_emplace(3u, ledger_allocator<int>(book)), status::success);
        book.refuse = true;
        EXPECT_THROW((void)q.try_emplace(3u, ledger_allocator<int>(book)), std::bad_alloc);
        book.refuse = false;
        EXPECT_EQ(q.approx_size(), 1u);
        EXPECT_EQ(q.try_pop()->size(), 3u);
        EXPECT_EQ(q.try_pop().error(), status::empty);
    }
    EXPECT_EQ(book.outstanding, 0u);
}

// Batches

TYPED_TEST(bounded_queue, batch_of_nothing) {
    typename TestFixture::template queue<int> q(1);
    EXPECT_EQ(q.try_push_n({}), 0u);
    EXPECT_EQ(q.try_pop_n({}), 0u);
    ASSERT_EQ(q.try_push(1), status::success);
    EXPECT_EQ(q.try_push_n({}), 0u);
    EXPECT_EQ(q.try_pop_n({}), 0u);
    EXPECT_EQ(q.approx_size(), 1u);
}

TYPED_TEST(bounded_queue, batch_keeps_its_order) {
    typename TestFixture::template queue<int> q(8);
    std::array in{1, 2, 3, 4, 5};
    std::array out{0, 0, 0, 0, 0};
    EXPECT_EQ(q.try_push_n(in), 5u);
    EXPECT_EQ(q.try_pop_n(out), 5u);
    EXPECT_EQ(out, in);
}

TYPED_TEST(bounded_queue, batch_over_the_end_of_the_ring) {
    for (std::size_t turns = 0; turns != 8; ++turns) {
        auto const q = this->turned(3, turns);
        std::array in{1, 2, 3};
        std::array out{0, 0, 0};
        ASSERT_EQ(q->try_push_n(in), 3u) << turns;
        ASSERT_EQ(q->try_pop_n(out), 3u) << turns;
        ASSERT_EQ(out, in) << turns;
    }
}

TYPED_TEST(bounded_queue, batch_is_short_when_room_is) {
    account a;
    typename TestFixture::template queue<tracked> q(3);
    ASSERT_EQ(q.try_emplace(a, 0), status::success);
    std::vector<tracked> in;
    for (int i = 1; i != 5; ++i) {
        in.emplace_back(a, i);
    }
    ASSERT_EQ(q.try_push_n(in), 2u);
    EXPECT_EQ(in[1].value(), -1);
    EXPECT_EQ(in[2].value(), 3) << "what was not taken is untouched";
    EXPECT_EQ(in[3].value(), 4);
    EXPECT_EQ(q.try_push_n(in), 0u);
    for (int i = 0; i != 3; ++i) {
        EXPECT_EQ(q.try_pop()->value(), i);
    }
}

TYPED_TEST(bounded_queue, batch_is_short_when_there_is_less) {
    typename TestFixture::template queue<int> q(4);
    ASSERT_EQ(q.try_push(1), status::success);
    ASSERT_EQ(q.try_push(2), status::success);
    std::array out{0, 0, 9};
    EXPECT_EQ(q.try_pop_n(out), 2u);
    EXPECT_EQ(out, (std::array{1, 2, 9}));
    EXPECT_EQ(q.try_pop_n(out), 0u);
}

TYPED_TEST(bounded_queue, batch_mixes_with_single_pops) {
    typename TestFixture::template queue<int> q(4);
    std::array in{1, 2, 3};
    ASSERT_EQ(q.try_push_n(in), 3u);
    EXPECT_EQ(q.try_pop().value(), 1);
    ASSERT_EQ(q.try_push(4), status::success);
    std::array out{0, 0, 0};
    ASSERT_EQ(q.try_pop_n(out), 3u);
    EXPECT_EQ(out, (std::array{2, 3, 4}));
}

// Close

TYPED_TEST(bounded_queue, close_is_idempotent) {
    typename TestFixture::template queue<int> q(1);
    q.close();
    q.close();
    EXPECT_TRUE(q.is_closed());
    EXPECT_EQ(q.try_push(1), status::closed);
    EXPECT_EQ(q.try_pop().error(), status::closed);
}

TYPED_TEST(bounded_queue, close_lets_the_rest_out) {
    typename TestFixture::template queue<int> q(3);
    std::array in{1, 2, 3};
    ASSERT_EQ(q.try_push_n(in), 3u);
    q.close();
    EXPECT_EQ(q.try_push(4), status::closed) << "closed, though it is full too";
    EXPECT_EQ(q.try_push_n(in), 0u);
    EXPECT_EQ(q.try_pop().value(), 1);
    std::array out{0, 0, 0};
    EXPECT_EQ(q.try_pop_n(out), 2u);
    EXPECT_EQ(q.try_pop_n(out), 0u);
    EXPECT_EQ(q.try_pop().error(), status::closed);
}

// Races

TYPED_TEST(bounded_queue, last_element_two_takers) {
    for (int race = 0; race != races; ++race) {
        auto const q = this->turned(2, static_cast<std::size_t>(race % 3));
        ASSERT_EQ(q->try_push(1), status::success);
        std::atomic<int> taken{0};
        auto const take = [&] { taken += q->try_pop().has_value() ? 1 : 0; };
        at_once(take, take);
        ASSERT_EQ(taken, 1);
        ASSERT_EQ(q->try_pop().error(), status::empty);
    }
}

TYPED_TEST(bounded_queue, last_room_two_givers) {
    for (int race = 0; race != races; ++race) {
        auto const q = this->turned(2, static_cast<std::size_t>(race % 3));
        ASSERT_EQ(q->try_push(0), status::success);
        std::atomic<int> given{0};
        auto const give = [&] { given += q->try_push(1) == status::success ? 1 : 0; };
        at_once(give, give);
        ASSERT_EQ(given, 1);
        ASSERT_EQ(q->approx_size(), 2u);
    }
}

TYPED_TEST(bounded_queue, push_vs_pop_in_one_slot) {
    auto const q = this->turned(1, 0);
    constexpr int count = 2000;
    at_once(
        [&] {
            for (int i = 0; i != count;) {
                i += q->try_push(i) == status::success ? 1 : (std::this_thread::yield(), 0);
            }
        },
        [&] {
            for (int i = 0; i != count;) {
                if (auto const popped = q->try_pop()) {
                    ASSERT_EQ(*popped, i++);
                } else {
                    std::this_thread::yield();
                }
            }
        });
}

TYPED_TEST(bounded_queue, batch_vs_batch) {
    auto const q = this->turned(5, 3);
    constexpr int count = 3000;
    at_once(
        [&] {
            for (int i = 0; i < count;) {
                std::array in{i, i + 1, i + 2};
                auto const n = q->try_push_n(in);
                i += static_cast<int>(n);
                if (n == 0) {
                    std::this_thread::yield();
                }
            }
        },
        [&] {
            for (int i = 0; i < count;) {
                std::array out{0, 0, 0, 0};
                auto const n = q->try_pop_n(out);
                for (std::size_t k = 0; k != n; ++k) {
                    ASSERT_EQ(out[k], i++);
                }
                if (n == 0) {
                    std::this_thread::yield();
                }
            }
        });
}

TYPED_TEST(bounded_queue, close_vs_push) {
    for (int race = 0; race != races; ++race) {
        auto const q = this->turned(8, static_cast<std::size_t>(race % 5));
        int pushed = 0;
        at_once(
            [&] {
                while (pushed != 8 && q->try_push(pushed) == status::success) {
                    ++pushed;
                }
            },
            [&] { q->close(); });
        for (int i = 0; i != pushed; ++i) {
            ASSERT_EQ(q->try_pop().value(), i) << "what was pushed before the close is delivered";
        }
        ASSERT_EQ(q->try_pop().error(), status::closed);
    }
}

TYPED_TEST(bounded_queue, close_vs_pop) {
    for (int race = 0; race != races; ++race) {
        auto const q = this->turned(2, static_cast<std::size_t>(race % 3));
        ASSERT_EQ(q->try_push(1), status::success);
        int popped = 0;
        at_once(
            [&] {
                for (;;) {
                    auto const one = q->try_pop();
                    popped += one ? 1 : 0;
                    if (one.error() == status::closed) {
                        break;
                    }
                }
            },
            [&] { q->close(); });
        ASSERT_EQ(popped, 1) << "closed is said only when nothing is left";
    }
}

TYPED_TEST(bounded_queue, close_vs_close) {
    for (int race = 0; race != races; ++race) {
        auto const q = this->turned(1, 0);
        auto const close = [&] { q->close(); };
        at_once(close, close);
        ASSERT_TRUE(q->is_closed());
    }
}

TYPED_TEST(bounded_queue, every_element_arrives_once) {
    constexpr int each = 2000;
    account a;
    {
        typename TestFixture::template queue<tracked> q(3);
        std::array<std::atomic<int>, 2 * each> seen{};
        std::atomic<int> producing{2};
        auto const produce = [&](int from) {
            for (int i = from; i != from + each;) {
                i += q.try_emplace(a, i) == status::success ? 1 : (std::this_thread::yield(), 0);
            }
            if (--producing == 0) {
                q.close();
            }
        };
        auto const consume = [&] {
            for (;;) {
                auto const popped = q.try_pop();
                if (popped) {
                    ++seen[static_cast<std::size_t>(popped->value())];
                } else if (popped.error() == status::closed) {
                    return;
                } else {
                    std::this_thread::yield();
                }
            }
        };
        at_once([&] { produce(0); }, [&] { produce(each); }, consume, consume);
        for (auto const& times : seen) {
            ASSERT_EQ(times, 1);
        }
        EXPECT_EQ(a.alive, 0);
    }
    EXPECT_EQ(a.alive, 0) << "as many destructions as constructions";
}

} // namespace
} // namespace tandem::test
