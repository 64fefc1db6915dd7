// What contract.hpp promises of striped_counter, on both halves; and of the rows of numbers under the lock-free one.
#include "at_once.hpp"
#include "half.hpp"
#include "no_memory.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace tandem::test {
namespace {

constexpr auto largest = std::numeric_limits<std::int64_t>::max();
constexpr auto smallest = std::numeric_limits<std::int64_t>::min();

template <class Half>
class striped_counter : public testing::Test {
protected:
    using type = typename Half::striped_counter;
    static_assert(contract::striped_counter<type>);
};
TYPED_TEST_SUITE(striped_counter, both_halves, half_name);

TYPED_TEST(striped_counter, starts_at_nothing) {
    typename TestFixture::type c;
    EXPECT_EQ(c.sum(), 0);
    EXPECT_EQ(c.drain(), 0);
}

TYPED_TEST(striped_counter, add_and_sub) {
    typename TestFixture::type c;
    c.add();
    c.add(10);
    c.sub();
    c.sub(3);
    c.add(-2);
    EXPECT_EQ(c.sum(), 5);
}

TYPED_TEST(striped_counter, wrap_around) {
    typename TestFixture::type c;
    c.add(largest);
    c.add();
    EXPECT_EQ(c.sum(), smallest);
    c.sub();
    EXPECT_EQ(c.drain(), largest);
    c.sub(smallest);
    EXPECT_EQ(c.sum(), smallest);
    std::thread([&] { c.add(smallest); }).join();
    EXPECT_EQ(c.sum(), 0);
}

TYPED_TEST(striped_counter, drain_takes_what_is_there) {
    typename TestFixture::type c;
    c.add(7);
    EXPECT_EQ(c.drain(), 7);
    EXPECT_EQ(c.sum(), 0);
    c.sub(2);
    EXPECT_EQ(c.sum(), -2);
    EXPECT_EQ(c.drain(), -2);
    EXPECT_EQ(c.drain(), 0);
}

TYPED_TEST(striped_counter, no_addition_is_lost) {
    typename TestFixture::type c;
    constexpr int each = 5000;
    auto const change = [&](std::int64_t n) {
        for (int i = 0; i != each; ++i) {
            c.add(n);
        }
    };
    at_once([&] { change(3); }, [&] { change(3); }, [&] { change(-1); });
    EXPECT_EQ(c.sum(), 5 * each);
}

TYPED_TEST(striped_counter, counters_do_not_mix) {
    std::array<typename TestFixture::type, 64> all;
    auto const run = [&] {
        for (std::int64_t round = 0; round != 50; ++round) {
            for (std::size_t i = 0; i != all.size(); ++i) {
                all[i].add(static_cast<std::int64_t>(i));
            }
        }
    };
    at_once(run, run);
    for (std::size_t i = 0; i != all.size(); ++i) {
        EXPECT_EQ(all[i].sum(), static_cast<std::int64_t>(100 * i));
    }
}

TYPED_TEST(striped_counter, sum_vs_add_never_goes_back) {
    typename TestFixture::type c;
    constexpr std::int64_t each = 20'000;
    std::atomic<int> adding{2};
    auto const up = [&] {
        for (std::int64_t i = 0; i != each; ++i) {
            c.add();
        }
        --adding;
    };
    at_once(up, up, [&] {
        for (std::int64_t last = 0; adding != 0;) {
            auto const now = c.sum();
            ASSERT_GE(now, last);
            ASSERT_LE(now, 2 * each);
            last = now;
        }
    });
    EXPECT_EQ(c.sum(), 2 * each);
}

TYPED_TEST(striped_counter, sum_counts_what_happened_before_it) {
    typename TestFixture::type c;
    std::atomic<std::int64_t> told{0};
    constexpr std::int64_t count = 20'000;
    at_once(
        [&] {
            for (std::int64_t i = 1; i <= count; ++i) {
                c.add();
                told.store(i, std::memory_order::release);
            }
        },
        [&] {
            for (std::int64_t seen = 0; seen != count;) {
                seen = told.load(std::memory_order::acquire);
                ASSERT_GE(c.sum(), seen);
            }
        });
}

TYPED_TEST(striped_counter, drain_vs_add_loses_and_doubles_nothing) {
    typename TestFixture::type c;
    constexpr std::int64_t each = 20'000;
    std::atomic<int> adding{2};
    std::array<std::int64_t, 2> taken{};
    auto const up = [&] {
        for (std::int64_t i = 0; i != each; ++i) {
            c.add();
        }
        --adding;
    };
    auto const take = [&](std::int64_t& sum) {
        while (adding != 0) {
            auto const some = c.drain();
            ASSERT_GE(some, 0);
            sum += some;
        }
    };
    at_once(up, up, [&] { take(taken[0]); }, [&] { take(taken[1]); });
    EXPECT_EQ(taken[0] + taken[1] + c.sum(), 2 * each);
    EXPECT_EQ(taken[0] + taken[1] + c.drain(), 2 * each);
    EXPECT_EQ(c.sum(), 0);
}

TYPED_TEST(striped_counter, threads_come_and_go) {
    typename TestFixture::type c;
    constexpr int generations = 100;
    std::int64_t taken = 0;
    for (int i = 0; i != generations; ++i) {
        at_once([&] { c.add(2); }, [&] { c.sub(); }, [&] { c.add(10); });
        if (i % 10 == 0) {
            taken += c.drain();
        }
    }
    EXPECT_EQ(taken + c.sum(), 11 * generations);
}

TYPED_TEST(striped_counter, threads_come_and_go_while_others_add) {
    typename TestFixture::type c;
    constexpr std::int64_t generations = 100;
    std::atomic<bool> over{false};
    std::int64_t added = 0, taken = 0;
    at_once(
        [&] {
            for (std::int64_t i = 0; i != generations; ++i) {
                std::thread([&] { c.add(1000); }).join();
            }
            over = true;
        },
        [&] {
            for (; !over; ++added) {
                c.add();
            }
        },
        [&] {
            while (!over) {
                taken += c.drain();
            }
        });
    EXPECT_EQ(taken + c.sum(), 1000 * generations + added);
}

TYPED_TEST(striped_counter, a_new_one_knows_nothing_of_the_old) {
    for (int round = 0; round != 50; ++round) {
        typename TestFixture::type c;
        ASSERT_EQ(c.sum(), 0);
        at_once([&] { c.add(5); }, [&] { c.sub(2); });
        ASSERT_EQ(c.sum(), 3);
        if (round % 2 == 0) {
            ASSERT_EQ(c.drain(), 3);
        }
    }
}

TYPED_TEST(striped_counter, made_and_destroyed_while_others_add) {
    typename TestFixture::type stays;
    std::atomic<bool> over{false};
    std::int64_t added = 0;
    auto const make = [&] {
        for (std::int64_t i = 0; i != 500; ++i) {
            typename TestFixture::type c;
            c.add(i);
            EXPECT_EQ(c.sum(), i);
        }
    };
    at_once(
        [&] {
            make();
            over = true;
        },
        make,
        [&] {
            for (; !over; ++added) {
                stays.add();
            }
        });
    EXPECT_EQ(stays.sum(), added);
}

TYPED_TEST(striped_counter, many_at_once) {
    constexpr std::size_t count = 2000; // more than the first two pieces of a row hold
    auto const all = std::make_unique<std::array<typename TestFixture::type, count>>();
    auto const run = [&](std::size_t step) {
        for (std::size_t i = 0; i < count; i += step) {
            (*all)[count - 1 - i].add(static_cast<std::int64_t>(step));
        }
    };
    at_once([&] { run(1); }, [&] { run(2); }, [&] { run(7); });
    for (std::size_t i = 0; i != count; ++i) {
        auto const expected = 1 + (i % 2 == 0 ? 2 : 0) + (i % 7 == 0 ? 7 : 0);
        ASSERT_EQ((*all)[count - 1 - i].sum(), expected) << i;
        ASSERT_EQ((*all)[count - 1 - i].drain(), expected) << i;
    }
}

template <class Counter>
struct adds_when_destroyed {
    ~adds_when_destroyed() {
        if (to != nullptr) {
            to->add(100);
        }
    }
    Counter* to = nullptr;
};

// An object that was made before the thread's first addition is destroyed after the thread has left its row.
TYPED_TEST(striped_counter, thread_local_destructors_add) {
    using counter = typename TestFixture::type;
    counter c;
    for (int round = 1; round <= 3; ++round) {
        std::thread([&] {
            thread_local adds_when_destroyed<counter> early;
            early.to = &c;
            c.add();
            thread_local adds_when_destroyed<counter> late;
            late.to = &c;
        }).join();
        EXPECT_EQ(c.sum(), 201 * round);
    }
    EXPECT_EQ(c.drain(), 603);
}

#if TANDEM_MAY_REFUSE_MEMORY
// Threads that keep their rows, until there is no free one for the next.
TEST(striped_counter_rows, no_memory_for_a_row) {
    std::optional<lockfree::striped_counter> c(std::in_place);
    std::vector<std::thread> threads;
    std::atomic<std::size_t> ready{0};
    std::atomic<bool> refused_one{false}, over{false};
    while (!refused_one) {
        threads.emplace_back([&] {
            no_memory = true;
            c->add(10);
            if (refused != 0) {
                c->sub(3);
                no_memory = false;
                c->add(100); // there is memory again: the row is made
                no_memory = true;
                c->add(1000);
                EXPECT_EQ(refused, 2);
                refused_one = true;
            }
            ++ready;
            over.wait(false);
        });
        while (ready != threads.size()) {
            std::this_thread::yield();
        }
    }
    auto const all = static_cast<std::int64_t>(10 * threads.size()) - 3 + 1100;
    EXPECT_EQ(c->sum(), all);
    EXPECT_EQ(c->drain(), all);
    over = true;
    over.notify_all();
    for (auto& one : threads) {
        one.join();
    }
    EXPECT_EQ(c->sum(), 0);
    c.emplace();
    EXPECT_EQ(c->sum(), 0);
}
#endif

// The destructors of static objects run after the main thread has left its row.
struct checked_at_exit {
    ~checked_at_exit() {
        counter.add(2);
        if (counter.sum() != 2 || counter.drain() != 2) {
            std::abort();
        }
    }
    lockfree::striped_counter counter;
} const until_the_end;

} // namespace
} // namespace tandem::test
