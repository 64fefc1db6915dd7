// What contract.hpp promises of spsc_queue, on both halves.
#include "at_once.hpp"
#include "element.hpp"
#include "half.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <numeric>
#include <string>
#include <type_traits>
#include <vector>

namespace tandem::test {
namespace {

constexpr int races = 200;

template <class Half>
class spsc_queue : public testing::Test {
protected:
    template <class T, class Allocator = tandem::allocator<T>>
    using queue = typename Half::template spsc_queue<T, Allocator>;

    // A queue of ints whose ring has already turned by `turns` slots.
    static std::unique_ptr<queue<int>> turned(std::size_t capacity, std::size_t turns) {
        auto q = std::make_unique<queue<int>>(capacity);
        for (std::size_t i = 0; i != turns; ++i) {
            EXPECT_EQ(q->try_push(0), status::success);
            EXPECT_TRUE(q->try_pop().has_value());
        }
        return q;
    }

    // Every value, beside every other, in every slot: one at a time and in batches.
    template <class T>
    static void keeps(std::vector<T> const& values) {
        for (std::size_t const capacity : {1U, 2U, 3U, 5U}) {
            queue<T> q(capacity);
            std::size_t out = 0;
            for (std::size_t lap = 0; lap != 2 * capacity; ++lap) {
                for (auto const& v : values) {
                    if (q.try_push(v) == status::full) {
                        ASSERT_EQ(q.try_pop().value(), values[out++ % values.size()]);
                        ASSERT_EQ(q.try_push(v), status::success);
                    }
                }
            }
            while (auto const popped = q.try_pop()) {
                ASSERT_EQ(*popped, values[out++ % values.size()]);
            }
            ASSERT_EQ(out, 2 * capacity * values.size());

            std::vector<T> in(values);
            std::vector<T> taken(values);
            for (std::size_t done = 0; done != in.size();) {
                auto const n = q.try_push_n(std::span(in).subspan(done));
                ASSERT_EQ(n, std::min(capacity, in.size() - done));
                ASSERT_EQ(q.try_pop_n(std::span(taken).subspan(done)), n);
                done += n;
            }
            ASSERT_EQ(taken, values);
        }
    }
};
TYPED_TEST_SUITE(spsc_queue, both_halves, half_name);

template <class Push>
void until_success(Push push) {
    while (push() != status::success) {
        std::this_thread::yield();
    }
}

// Sequential behaviour

TYPED_TEST(spsc_queue, satisfies_the_concept_of_a_bounded_queue) {
    static_assert(contract::bounded_queue<typename TestFixture::template queue<int>, int>);
    static_assert(
        contract::bounded_queue<typename TestFixture::template queue<std::unique_ptr<int>>, std::unique_ptr<int>>);
    typename TestFixture::template queue<int> q(3);
    EXPECT_EQ(q.capacity(), 3u);
    EXPECT_FALSE(q.is_closed());
    EXPECT_TRUE(q.was_empty());
}

TYPED_TEST(spsc_queue, first_in_first_out) {
    typename TestFixture::template queue<int> q(4);
    for (int i = 0; i != 4; ++i) {
        ASSERT_EQ(q.try_push(i), status::success);
    }
    for (int i = 0; i != 4; ++i) {
        ASSERT_EQ(q.try_pop().value(), i);
    }
    EXPECT_EQ(q.try_pop().error(), status::empty);
}

TYPED_TEST(spsc_queue, capacity_is_exact) {
    for (std::size_t const capacity : {1U, 2U, 3U, 4U, 5U, 7U, 8U, 9U, 100U}) {
        typename TestFixture::template queue<int> q(capacity);
        typename TestFixture::template queue<std::string> r(capacity);
        for (std::size_t i = 0; i != capacity; ++i) {
            ASSERT_EQ(q.try_push(1), status::success) << capacity;
            ASSERT_EQ(r.try_push("1"), status::success) << capacity;
        }
        ASSERT_EQ(q.try_push(1), status::full) << capacity;
        ASSERT_EQ(r.try_push("1"), status::full) << capacity;
        ASSERT_EQ(q.approx_size(), capacity);
    }
}

TYPED_TEST(spsc_queue, capacity_one) {
    typename TestFixture::template queue<int> q(1);
    for (int i = 0; i != 10; ++i) {
        ASSERT_EQ(q.try_push(i), status::success);
        ASSERT_EQ(q.try_push(i), status::full);
        ASSERT_EQ(q.try_pop().value(), i);
        ASSERT_EQ(q.try_pop().error(), status::empty);
    }
}

TYPED_TEST(spsc_queue, capacity_zero_is_refused) {
    EXPECT_THROW(typename TestFixture::template queue<int>(0), std::invalid_argument);
    EXPECT_THROW(typename TestFixture::template queue<std::string>(0), std::invalid_argument);
}

TYPED_TEST(spsc_queue, capacity_beyond_the_address_space_is_refused) {
    constexpr auto most = std::numeric_limits<std::size_t>::max();
    EXPECT_THROW(typename TestFixture::template queue<int>{most}, std::length_error);
    EXPECT_THROW(typename TestFixture::template queue<std::uint64_t>{most / 2}, std::length_error);
    EXPECT_THROW(typename TestFixture::template queue<std::string>{most / 2}, std::length_error);
}

TYPED_TEST(spsc_queue, wrap_around) {
    for (std::size_t const capacity : {1U, 2U, 3U, 5U, 8U}) {
        typename TestFixture::template queue<int> q(capacity);
        int in = 0, out = 0;
        for (int round = 0; round != 200; ++round) {
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

TYPED_TEST(spsc_queue, size_follows_pushes_and_pops) {
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

TYPED_TEST(spsc_queue, whole_words) {
    using limits = std::numeric_limits<std::uint64_t>;
    std::vector<std::uint64_t> values{0, 1, 2, limits::max() / 2, limits::max() - 1, limits::max()};
    // What the lock-free half stores for words that it cannot store as they are.
    for (std::uint64_t const reserved : {0x7a3d'e5c9'4b81'f6d2U, 0x7a3d'e5c9'4b81'f6d3U}) {
        values.insert(values.end(), {reserved, reserved, reserved ^ 1, ~reserved, reserved});
    }
    this->keeps(values);
}

TYPED_TEST(spsc_queue, every_single_bit) {
    std::vector<std::uint64_t> words;
    std::vector<std::uint32_t> halves;
    for (unsigned bit = 0; bit != 64; ++bit) {
        words.push_back(std::uint64_t{1} << bit);
        words.push_back(0x7a3d'e5c9'4b81'f6d2U ^ std::uint64_t{1} << bit);
        halves.push_back(bit < 32 ? 1U << bit : ~(1U << (bit - 32)));
    }
    this->keeps(words);
    this->keeps(halves);
}

TYPED_TEST(spsc_queue, numbers) {
    this->keeps(std::vector<int>{0, 1, -1, std::numeric_limits<int>::min(), std::numeric_limits<int>::max()});
    this->keeps(std::vector<std::int8_t>{0, 1, -1, -128, 127});
    this->keeps(std::vector<std::uint16_t>{0, 1, 0x8000, 0xffff});
    this->keeps(std::vector<std::int64_t>{0, 1, -1, std::numeric_limits<std::int64_t>::min()});
    this->keeps(std::vector<double>{0.0, -0.0, 1.5, -std::numeric_limits<double>::infinity(), 5e-324});
    this->keeps(std::vector<float>{0.0F, -1.5F, std::numeric_limits<float>::max()});
}

TYPED_TEST(spsc_queue, truth) {
    typename TestFixture::template queue<bool> q(3);
    for (bool const v : {true, false, false, true, true}) {
        ASSERT_EQ(q.try_push(v), status::success);
        ASSERT_EQ(q.try_pop().value(), v);
    }
}

TYPED_TEST(spsc_queue, pointers) {
    int objects[2];
    this->keeps(std::vector<int*>{nullptr, &objects[0], &objects[1]});
}

template <std::size_t size>
struct bytes {
    std::array<unsigned char, size> each;
    bool operator==(bytes const&) const = default;
};

TYPED_TEST(spsc_queue, structures_of_any_size) {
    auto const keep = [&]<std::size_t size>(std::integral_constant<std::size_t, size>) {
        bytes<size> counted{}, full{};
        std::iota(counted.each.begin(), counted.each.end(), static_cast<unsigned char>(1));
        full.each.fill(0xff);
        this->keeps(std::vector<bytes<size>>{{}, counted, full});
    };
    keep(std::integral_constant<std::size_t, 1>{});
    keep(std::integral_constant<std::size_t, 3>{});
    keep(std::integral_constant<std::size_t, 5>{});
    keep(std::integral_constant<std::size_t, 7>{});
    keep(std::integral_constant<std::size_t, 8>{});
    keep(std::integral_constant<std::size_t, 9>{});
    keep(std::integral_constant<std::size_t, 16>{});
    keep(std::integral_constant<std::size_t, 100>{});
}

// Trivially copyable, and yet neither default-constructible nor to be copied by whoever likes.
class ticket {
public:
    explicit ticket(int v) noexcept : value(v) {}
    ticket(ticket&&) = default;
    ticket& operator=(ticket&&) = default;

    int value;
};
static_assert(std::is_trivially_copyable_v<ticket> && !std::is_copy_constructible_v<ticket>);

TYPED_TEST(spsc_queue, trivial_but_move_only) {
    typename TestFixture::template queue<ticket> q(2);
    ASSERT_EQ(q.try_push(ticket(7)), status::success);
    ASSERT_EQ(q.try_emplace(8), status::success);
    EXPECT_EQ(q.try_pop()->value, 7);
    q.close();
    EXPECT_EQ(q.try_pop()->value, 8);
}

TYPED_TEST(spsc_queue, move_only) {
    typename TestFixture::template queue<std::unique_ptr<int>> q(2);
    ASSERT_EQ(q.try_push(std::make_unique<int>(7)), status::success);
    auto popped = q.try_pop();
    ASSERT_TRUE(popped);
    EXPECT_EQ(**popped, 7);
}

TYPED_TEST(spsc_queue, copy_leaves_its_source) {
    typename TestFixture::template queue<std::vector<int>> q(2);
    std::vector<int> const source{1, 2, 3};
    ASSERT_EQ(q.try_push(source), status::success);
    EXPECT_EQ(source.size(), 3u);
    EXPECT_EQ(q.try_pop().value(), source);
}

TYPED_TEST(spsc_queue, over_aligned) {
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

TYPED_TEST(spsc_queue, full_leaves_the_argument) {
    typename TestFixture::template queue<std::unique_ptr<int>> q(1);
    ASSERT_EQ(q.try_push(std::make_unique<int>(1)), status::success);
    auto kept = std::make_unique<int>(2);
    EXPECT_EQ(q.try_push(std::move(kept)), status::full);
    EXPECT_EQ(q.try_emplace(std::move(kept)), status::full);
    ASSERT_TRUE(kept);
    EXPECT_EQ(*kept, 2);
}

TYPED_TEST(spsc_queue, closed_leaves_the_argument) {
    typename TestFixture::template queue<std::unique_ptr<int>> q(1);
    q.close();
    auto kept = std::make_unique<int>(2);
    EXPECT_EQ(q.try_push(std::move(kept)), status::closed);
    ASSERT_TRUE(kept);
    EXPECT_EQ(*kept, 2);
}

TYPED_TEST(spsc_queue, throwing_copy_changes_nothing) {
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

TYPED_TEST(spsc_queue, throwing_constructor_in_emplace_changes_nothing) {
    typename TestFixture::template queue<moody> q(1);
    EXPECT_THROW((void)q.try_emplace(-1), std::runtime_error);
    EXPECT_TRUE(q.was_empty());
    ASSERT_EQ(q.try_emplace(4), status::success);
    EXPECT_EQ(q.try_pop()->value, 4);
}

TYPED_TEST(spsc_queue, leftovers_are_destroyed_once) {
    account a;
    for (bool const closed : {false, true}) {
        typename TestFixture::template queue<tracked> q(4);
        for (int i = 0; i != 6; ++i) { // the ring has turned: what is left lies over its end
            ASSERT_EQ(q.try_emplace(a, i), status::success);
            if (i < 3) {
                ASSERT_EQ(q.try_pop()->value(), i);
            }
        }
        ASSERT_EQ(a.alive, 3);
        if (closed) {
            q.close();
            ASSERT_EQ(q.try_pop()->value(), 3);
            ASSERT_EQ(a.alive, 2);
        }
    }
    EXPECT_EQ(a.alive, 0);
}

TYPED_TEST(spsc_queue, nothing_is_built_for_a_refused_push) {
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

TYPED_TEST(spsc_queue, stateful_allocator) {
    auto const check = [](auto zero) {
        using element = decltype(zero);
        ledger book;
        {
            typename TestFixture::template queue<element, ledger_allocator<element>> q(5, ledger_allocator<element>(book));
            EXPECT_NE(book.outstanding, 0u);
            auto const before = book.allocations;
            for (int i = 0; i != 20; ++i) {
                ASSERT_EQ(q.try_push(zero), status::success);
                ASSERT_EQ(q.try_pop().value(), zero);
            }
            EXPECT_EQ(book.allocations, before) << "only the constructor allocates";
        }
        EXPECT_EQ(book.outstanding, 0u);
    };
    check(std::uint64_t{});
    check(int{});
    check(bytes<16>{});
}

TYPED_TEST(spsc_queue, refused_allocation_escapes_the_constructor) {
    using words = typename TestFixture::template queue<std::uint64_t, ledger_allocator<std::uint64_t>>;
    using strings = typename TestFixture::template queue<std::string, ledger_allocator<std::string>>;
    ledger book;
    book.refuse = true;
    EXPECT_THROW(words(5, ledger_allocator<std::uint64_t>(book)), std::bad_alloc);
    EXPECT_THROW(strings(5, ledger_allocator<std::string>(book)), std::bad_alloc);
    EXPECT_EQ(book.outstanding, 0u);
}

TYPED_TEST(spsc_queue, element_that_cannot_allocate_loses_nothing) {
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

TYPED_TEST(spsc_queue, batch_of_nothing) {
    typename TestFixture::template queue<int> q(1);
    EXPECT_EQ(q.try_push_n({}), 0u);
    EXPECT_EQ(q.try_pop_n({}), 0u);
    ASSERT_EQ(q.try_push(1), status::success);
    EXPECT_EQ(q.try_push_n({}), 0u);
    EXPECT_EQ(q.try_pop_n({}), 0u);
    EXPECT_EQ(q.approx_size(), 1u);
}

TYPED_TEST(spsc_queue, batch_keeps_its_order) {
    typename TestFixture::template queue<int> q(8);
    std::array in{1, 2, 3, 4, 5};
    std::array out{0, 0, 0, 0, 0};
    EXPECT_EQ(q.try_push_n(in), 5u);
    EXPECT_EQ(q.try_pop_n(out), 5u);
    EXPECT_EQ(out, in);
}

TYPED_TEST(spsc_queue, batch_over_the_end_of_the_ring) {
    for (std::size_t turns = 0; turns != 8; ++turns) {
        auto const q = this->turned(3, turns);
        std::array in{1, 2, 3};
        std::array out{0, 0, 0};
        ASSERT_EQ(q->try_push_n(in), 3u) << turns;
        ASSERT_EQ(q->try_pop_n(out), 3u) << turns;
        ASSERT_EQ(out, in) << turns;
    }
}

TYPED_TEST(spsc_queue, batches_of_every_length_over_many_laps) {
    for (std::size_t const capacity : {1U, 7U, 64U, 100U}) {
        typename TestFixture::template queue<std::uint64_t> q(capacity);
        std::array<std::uint64_t, 130> in{}, out{};
        std::uint64_t sent = 0, received = 0;
        for (std::size_t length = 0; length != 390; ++length) {
            auto const offered = std::span(in).first(length % in.size());
            std::iota(offered.begin(), offered.end(), sent);
            auto const n = q.try_push_n(offered);
            ASSERT_EQ(n, std::min(offered.size(), capacity - (sent - received)));
            sent += n;
            auto const wanted = std::span(out).first(length * 7 % out.size());
            auto const m = q.try_pop_n(wanted);
            ASSERT_EQ(m, std::min<std::uint64_t>(wanted.size(), sent - received));
            for (auto const v : wanted.first(m)) {
                ASSERT_EQ(v, received++);
            }
        }
    }
}

TYPED_TEST(spsc_queue, batch_is_short_when_room_is) {
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

TYPED_TEST(spsc_queue, batch_is_short_when_there_is_less) {
    typename TestFixture::template queue<int> q(4);
    ASSERT_EQ(q.try_push(1), status::success);
    ASSERT_EQ(q.try_push(2), status::success);
    std::array out{0, 0, 9};
    EXPECT_EQ(q.try_pop_n(out), 2u);
    EXPECT_EQ(out, (std::array{1, 2, 9}));
    EXPECT_EQ(q.try_pop_n(out), 0u);
}

TYPED_TEST(spsc_queue, batch_mixes_with_single_pops) {
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

TYPED_TEST(spsc_queue, close_is_idempotent) {
    typename TestFixture::template queue<int> q(1);
    q.close();
    q.close();
    EXPECT_TRUE(q.is_closed());
    EXPECT_EQ(q.try_push(1), status::closed);
    EXPECT_EQ(q.try_pop().error(), status::closed);
    EXPECT_EQ(q.try_pop().error(), status::closed);
}

TYPED_TEST(spsc_queue, close_lets_the_rest_out) {
    typename TestFixture::template queue<int> q(3);
    typename TestFixture::template queue<std::string> r(3);
    std::array in{1, 2, 3};
    std::array<std::string, 3> texts{"1", "2", "3"};
    ASSERT_EQ(q.try_push_n(in), 3u);
    ASSERT_EQ(r.try_push_n(texts), 3u);
    q.close();
    r.close();
    EXPECT_EQ(q.try_push(4), status::closed) << "closed, though it is full too";
    EXPECT_EQ(q.try_push_n(in), 0u);
    EXPECT_EQ(q.try_pop().value(), 1);
    EXPECT_EQ(r.try_pop().value(), "1");
    std::array out{0, 0, 0};
    EXPECT_EQ(q.try_pop_n(out), 2u);
    EXPECT_EQ(out[1], 3);
    EXPECT_EQ(r.try_pop_n(texts), 2u);
    EXPECT_EQ(texts[1], "3");
    EXPECT_EQ(q.try_pop_n(out), 0u);
    EXPECT_EQ(q.try_pop().error(), status::closed);
    EXPECT_EQ(r.try_pop().error(), status::closed);
}

// Races

TYPED_TEST(spsc_queue, push_vs_pop_in_one_slot) {
    auto const q = this->turned(1, 0);
    constexpr int count = 2000;
    at_once(
        [&] {
            for (int i = 0; i != count; ++i) {
                until_success([&] { return q->try_push(i); });
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

// Numbers and reserved words by turns, through a ring that wraps all the time.
TYPED_TEST(spsc_queue, reserved_words_vs_pop) {
    constexpr auto value = [](std::uint64_t i) { return i % 3 == 0 ? i : 0x7a3d'e5c9'4b81'f6d2U ^ (i % 2); };
    typename TestFixture::template queue<std::uint64_t> q(5);
    constexpr std::uint64_t count = 20'000;
    at_once(
        [&] {
            for (std::uint64_t i = 0; i != count; ++i) {
                until_success([&] { return q.try_push(value(i)); });
            }
            q.close();
        },
        [&] {
            std::uint64_t i = 0;
            for (auto popped = q.try_pop(); popped.error() != status::closed; popped = q.try_pop()) {
                if (popped) {
                    ASSERT_EQ(*popped, value(i++));
                } else {
                    std::this_thread::yield();
                }
            }
            ASSERT_EQ(i, count);
        });
}

TYPED_TEST(spsc_queue, batch_vs_batch) {
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

// Each end passes the other's part on: what a pop gave back is seen by the push that it made room for.
TYPED_TEST(spsc_queue, two_queues_around) {
    typename TestFixture::template queue<std::unique_ptr<int>> there(2), back(2);
    constexpr int rounds = 2000;
    at_once(
        [&] {
            for (int i = 0; i != 2; ++i) {
                ASSERT_EQ(there.try_emplace(std::make_unique<int>(0)), status::success);
            }
            for (int i = 0; i != rounds; ++i) {
                auto popped = back.try_pop();
                for (; !popped; popped = back.try_pop()) {
                    std::this_thread::yield();
                }
                ASSERT_EQ(**popped, i / 2 + 1);
                until_success([&] { return there.try_push(*std::move(popped)); });
            }
            there.close();
        },
        [&] {
            for (auto popped = there.try_pop(); popped.error() != status::closed; popped = there.try_pop()) {
                if (popped) {
                    ++**popped;
                    until_success([&] { return back.try_push(*std::move(popped)); });
                } else {
                    std::this_thread::yield();
                }
            }
        });
}

TYPED_TEST(spsc_queue, producer_closes_vs_pop) {
    for (int race = 0; race != races; ++race) {
        auto const q = this->turned(3, static_cast<std::size_t>(race % 3));
        at_once(
            [&] {
                ASSERT_EQ(q->try_push(1), status::success);
                ASSERT_EQ(q->try_push(2), status::success);
                q->close();
                ASSERT_EQ(q->try_push(3), status::closed);
            },
            [&] {
                int popped = 0;
                for (auto one = q->try_pop(); one.error() != status::closed; one = q->try_pop()) {
                    popped += one ? 1 : 0;
                }
                ASSERT_EQ(popped, 2) << "closed is said only when nothing is left";
            });
    }
}

// An element that closes its queue while it is being moved into it: that is between the look that finds the queue open and
// the one that finds it closed. Of the lock-free half only: the other one moves elements under its lock.
class late {
public:
    using queue = tandem::lockfree::spsc_queue<late>;

    explicit late(int v, queue* closes = nullptr) noexcept : value_(v), closes_(closes) {}
    late(late&& other) noexcept : value_(std::exchange(other.value_, -1)), closes_(std::exchange(other.closes_, nullptr)) {
        if (closes_ != nullptr) {
            auto* const q = std::exchange(closes_, nullptr);
            q->close();
            while (q->try_pop()) {
            }
        }
    }
    late& operator=(late&& other) noexcept {
        value_ = std::exchange(other.value_, -1);
        return *this;
    }
    ~late() = default;

    int value() const noexcept { return value_; }

private:
    int value_;
    queue* closes_;
};

TEST(spsc_queue_lockfree, closed_in_the_middle_of_a_push) {
    late::queue q(3);
    ASSERT_EQ(q.try_push(late(1)), status::success);
    late element(2, &q);
    EXPECT_EQ(q.try_push(std::move(element)), status::closed);
    EXPECT_EQ(element.value(), 2) << "not moved back";
    EXPECT_EQ(q.approx_size(), 0u);
    EXPECT_EQ(q.try_pop().error(), status::closed);
}

TEST(spsc_queue_lockfree, closed_in_the_middle_of_a_batch) {
    for (std::size_t closer = 0; closer != 3; ++closer) {
        late::queue q(4);
        std::vector<late> batch;
        for (std::size_t i = 0; i != 3; ++i) {
            batch.emplace_back(static_cast<int>(i), nullptr);
        }
        std::destroy_at(&batch[closer]);
        std::construct_at(&batch[closer], static_cast<int>(closer), &q);
        EXPECT_EQ(q.try_push_n(batch), 0u);
        for (std::size_t i = 0; i != 3; ++i) {
            EXPECT_EQ(batch[i].value(), static_cast<int>(i)) << "not moved back";
        }
        EXPECT_EQ(q.approx_size(), 0u);
        EXPECT_EQ(q.try_pop().error(), status::closed);
    }
}

TEST(spsc_queue_lockfree, closed_in_the_middle_of_a_push_of_a_word) {
    struct number {
        int value;
    };
    struct closing {
        tandem::lockfree::spsc_queue<number>* closes;
        operator number() const noexcept {
            closes->close();
            return {5};
        }
    };
    tandem::lockfree::spsc_queue<number> q(2);
    ASSERT_EQ(q.try_push(number{4}), status::success);
    EXPECT_EQ(q.try_emplace(closing{&q}), status::closed);
    EXPECT_EQ(q.try_pop()->value, 4);
    EXPECT_EQ(q.try_pop().error(), status::closed);
}

// Sends 1, 2, 3, ... until it is closed, while the other end takes some, closes, and takes the rest. What was sent is
// what was received, nothing after it was told that it is closed, and the element that came too late is still there.
template <class T, class Queue, class Make, class Value>
void consumer_closes_vs_push(std::size_t capacity, int taken_first, Make make, Value value) {
    Queue q(capacity);
    std::atomic<int> sent{0};
    int received = 0;
    at_once(
        [&] {
            for (int next = 1;; ++next) {
                T element = make(next);
                auto answer = q.try_push(std::move(element));
                while (answer == status::full) {
                    std::this_thread::yield();
                    answer = q.try_push(std::move(element));
                }
                if (answer == status::closed) {
                    ASSERT_EQ(value(element), next) << "closed, and yet moved from";
                    ASSERT_EQ(q.try_push(std::move(element)), status::closed);
                    sent = next - 1;
                    return;
                }
            }
        },
        [&] {
            while (received < taken_first) {
                if (auto const popped = q.try_pop()) {
                    ASSERT_EQ(value(*popped), ++received);
                } else {
                    std::this_thread::yield();
                }
            }
            q.close();
            ASSERT_TRUE(q.is_closed());
            while (auto const popped = q.try_pop()) {
                ASSERT_EQ(value(*popped), ++received);
            }
            for (int i = 0; i != 20; ++i) {
                ASSERT_EQ(q.try_pop().error(), status::closed) << "something came after the end";
            }
        });
    ASSERT_EQ(sent, received);
    ASSERT_EQ(q.try_pop().error(), status::closed);
    ASSERT_EQ(q.approx_size(), 0u);
}

TYPED_TEST(spsc_queue, consumer_closes_vs_push_of_words) {
    for (int race = 0; race != races; ++race) {
        consumer_closes_vs_push<std::uint64_t, typename TestFixture::template queue<std::uint64_t>>(
            1 + static_cast<std::size_t>(race % 4), race,
            [race](int i) { return 0x7a3d'e5c9'4b81'f6d2U ^ static_cast<std::uint64_t>(i - race); },
            [race](std::uint64_t v) { return static_cast<int>(v ^ 0x7a3d'e5c9'4b81'f6d2U) + race; });
    }
}

TYPED_TEST(spsc_queue, consumer_closes_vs_push_of_owners) {
    account a;
    for (int race = 0; race != races; ++race) {
        consumer_closes_vs_push<tracked, typename TestFixture::template queue<tracked>>(
            1 + static_cast<std::size_t>(race % 4), race, [&](int i) { return tracked(a, i); },
            [](tracked const& t) { return t.value(); });
        ASSERT_EQ(a.alive, 0) << "as many destructions as constructions";
    }
}

TYPED_TEST(spsc_queue, consumer_closes_vs_batch) {
    account a;
    for (int race = 0; race != races; ++race) {
        typename TestFixture::template queue<tracked> q(1 + static_cast<std::size_t>(race % 7));
        int sent = 0, received = 0;
        at_once(
            [&] {
                std::vector<tracked> batch;
                while (!q.is_closed()) {
                    batch.clear();
                    for (int i = 1; i <= 5; ++i) {
                        batch.emplace_back(a, sent + i);
                    }
                    auto const n = static_cast<int>(q.try_push_n(batch));
                    for (int i = 0; i != 5; ++i) {
                        ASSERT_EQ(batch[static_cast<std::size_t>(i)].value(), i < n ? -1 : sent + i + 1);
                    }
                    sent += n;
                    if (n == 0) {
                        std::this_thread::yield();
                    }
                }
                ASSERT_EQ(q.try_push_n(batch), 0u);
            },
            [&] {
                for (int looks = 0; looks != race; ++looks) {
                    if (auto const popped = q.try_pop()) {
                        ASSERT_EQ(popped->value(), ++received);
                    }
                }
                q.close();
                for (auto popped = q.try_pop(); popped; popped = q.try_pop()) {
                    ASSERT_EQ(popped->value(), ++received);
                }
            });
        ASSERT_EQ(sent, received);
        ASSERT_EQ(q.try_pop().error(), status::closed);
        ASSERT_EQ(a.alive, 0);
    }
}

TYPED_TEST(spsc_queue, both_ends_close) {
    for (int race = 0; race != races; ++race) {
        typename TestFixture::template queue<std::string> q(2);
        int sent = 0, received = 0;
        at_once(
            [&] {
                sent += q.try_push("1") == status::success ? 1 : 0;
                q.close();
            },
            [&] {
                q.close();
                while (q.try_pop()) {
                    ++received;
                }
            });
        ASSERT_EQ(sent, received);
        ASSERT_TRUE(q.is_closed());
    }
}

TYPED_TEST(spsc_queue, every_element_arrives_once) {
    constexpr int count = 5000;
    account a;
    {
        typename TestFixture::template queue<tracked> q(3);
        at_once(
            [&] {
                for (int i = 0; i != count; ++i) {
                    until_success([&] { return q.try_emplace(a, i); });
                }
                q.close();
            },
            [&] {
                int next = 0;
                for (auto popped = q.try_pop(); popped.error() != status::closed; popped = q.try_pop()) {
                    if (popped) {
                        ASSERT_EQ(popped->value(), next++);
                    } else {
                        std::this_thread::yield();
                    }
                }
                ASSERT_EQ(next, count);
            });
        EXPECT_EQ(a.alive, 0);
    }
    EXPECT_EQ(a.alive, 0) << "as many destructions as constructions";
}

} // namespace
} // namespace tandem::test
