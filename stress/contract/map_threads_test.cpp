// What contract.hpp promises of a map that many threads use at once.
#include "at_once.hpp"
#include "half.hpp"
#include "map_element.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <latch>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace tandem::test {
namespace {

using word = std::uint64_t;

template <class Half>
class map_threads : public testing::Test {
protected:
    using words = typename Half::template map<word, word>;
    template <class K, class V>
    using type = typename Half::template map<K, V>;
};
TYPED_TEST_SUITE(map_threads, both_halves_of_maps, half_name);

TYPED_TEST(map_threads, disjoint_keys_do_not_disturb_each_other) {
    typename TestFixture::words m;
    auto const run = [&](word mine) {
        for (int round = 0; round != 20; ++round) {
            for (word i = 0; i != 300; ++i) {
                ASSERT_TRUE(m.insert(3 * i + mine, i));
            }
            for (word i = 0; i != 300; ++i) {
                ASSERT_EQ(m.find(3 * i + mine), i);
                ASSERT_EQ(m.erase(3 * i + mine), i);
                ASSERT_FALSE(m.contains(3 * i + mine));
            }
        }
        ASSERT_TRUE(m.insert(mine, mine));
    };
    at_once([&] { run(0); }, [&] { run(1); }, [&] { run(2); });
    EXPECT_EQ(m.approx_size(), 3);
}

TYPED_TEST(map_threads, one_insertion_of_a_key_wins) {
    typename TestFixture::words m;
    constexpr word keys = 3000;
    std::array<std::vector<word>, 3> won;
    auto const run = [&](std::size_t t) {
        for (word k = 0; k != keys; ++k) {
            bool const mine = k % 2 == 0 ? m.insert(k, t) : m.try_emplace(k, t);
            if (mine) {
                won[t].push_back(k);
            }
        }
    };
    at_once([&] { run(0); }, [&] { run(1); }, [&] { run(2); });
    std::size_t all = 0;
    for (word t = 0; t != won.size(); ++t) {
        all += won[t].size();
        for (auto const k : won[t]) {
            ASSERT_EQ(m.find(k), t);
        }
    }
    EXPECT_EQ(all, keys);
    EXPECT_EQ(m.approx_size(), keys);
}

TYPED_TEST(map_threads, one_assignment_inserts) {
    typename TestFixture::words m;
    std::atomic<word> inserted{0};
    auto const run = [&](word t) {
        for (word k = 0; k != 3000; ++k) {
            inserted += m.insert_or_assign(k, t) ? 1 : 0;
        }
    };
    at_once([&] { run(0); }, [&] { run(1); }, [&] { run(2); });
    EXPECT_EQ(inserted, 3000);
    EXPECT_EQ(m.approx_size(), 3000);
    m.for_each([](word, word v) { EXPECT_LE(v, 2); });
}

TYPED_TEST(map_threads, one_erasure_takes_the_value) {
    typename TestFixture::words m;
    for (word k = 0; k != 3000; ++k) {
        m.insert(k, k + 1);
    }
    std::atomic<word> taken{0}, sum{0};
    auto const run = [&] {
        for (word k = 0; k != 3000; ++k) {
            if (auto const v = m.erase(k)) {
                ++taken;
                sum += *v;
            }
        }
    };
    at_once(run, run, [&] {
        for (word k = 3000; k-- != 0;) {
            word seen = 0;
            if (m.erase_if(k, [&](word v) { return seen = v, true; })) {
                ++taken;
                sum += seen;
            }
        }
    });
    EXPECT_EQ(taken, 3000);
    EXPECT_EQ(sum, 3000 * 3001 / 2);
    EXPECT_EQ(m.approx_size(), 0);
}

TYPED_TEST(map_threads, update_is_atomic) {
    typename TestFixture::words m;
    constexpr int each = 6000;
    m.insert(1, 0);
    m.insert(2, 0);
    auto const run = [&] {
        for (int i = 0; i != each; ++i) {
            ASSERT_TRUE(m.update(1 + static_cast<word>(i % 2), [](word& v) { ++v; }));
        }
    };
    at_once(run, run, run);
    EXPECT_EQ(m.find(1), 3 * each / 2);
    EXPECT_EQ(m.find(2), 3 * each / 2);
}

// Words of one text by many: each either inserts its 1 or adds to what is there.
TYPED_TEST(map_threads, word_count) {
    typename TestFixture::template type<std::string, word> m;
    constexpr word each = 4000, different = 37;
    auto const run = [&] {
        for (word i = 0; i != each; ++i) {
            auto const w = "word number " + std::to_string(i * i % different);
            while (!m.update(w, [](word& v) { ++v; }) && !m.insert(w, word{1})) {
            }
        }
    };
    at_once(run, run, run);
    word sum = 0;
    m.for_each([&](std::string const&, word v) { sum += v; });
    EXPECT_EQ(sum, 3 * each);
}

TYPED_TEST(map_threads, erase_vs_update_loses_nothing) {
    typename TestFixture::words m;
    constexpr word each = 8000;
    std::atomic<int> adding{2};
    word taken = 0;
    auto const add = [&] {
        for (word i = 0; i != each; ++i) {
            while (!m.update(7, [](word& v) { ++v; }) && !m.insert(7, 1)) {
            }
        }
        --adding;
    };
    at_once(add, add, [&] {
        while (adding != 0) {
            taken += m.erase(7).value_or(0);
        }
    });
    EXPECT_EQ(taken + m.find(7).value_or(0), 2 * each);
}

// A value that was erased is what was last put there.
TYPED_TEST(map_threads, insert_vs_erase_of_one_key) {
    typename TestFixture::template type<int, std::string> m;
    constexpr int rounds = 5000;
    std::atomic<int> inserted{0}, erased{0};
    std::atomic<int> inserting{2};
    auto const put = [&](char c) {
        for (int i = 0; i != rounds; ++i) {
            inserted += m.insert(1, std::string(40, c)) ? 1 : 0;
        }
        --inserting;
    };
    at_once([&] { put('a'); }, [&] { put('b'); },
            [&] {
                while (inserting != 0) {
                    if (auto const v = m.erase(1)) {
                        ASSERT_TRUE(*v == std::string(40, 'a') || *v == std::string(40, 'b')) << *v;
                        ++erased;
                    }
                }
            });
    EXPECT_EQ(inserted, erased + (m.contains(1) ? 1 : 0));
}

TYPED_TEST(map_threads, readers_see_whole_values) {
    typename TestFixture::template type<int, std::string> m;
    for (int k = 0; k != 8; ++k) {
        m.insert(k, std::string(50, 'a'));
    }
    std::atomic<bool> over{false};
    auto const whole = [](std::string const& v) {
        return v.size() == 50 && std::ranges::all_of(v, [&](char c) { return c == v[0]; });
    };
    at_once(
        [&] {
            for (int i = 0; i != 6000; ++i) {
                auto const fresh = std::string(50, static_cast<char>('a' + i % 26));
                if (i % 2 == 0) {
                    m.insert_or_assign(i % 8, fresh);
                } else {
                    m.update(i % 8, [&](std::string& v) { v = fresh; });
                }
            }
            over = true;
        },
        [&] {
            for (int k = 0; !over; k = (k + 1) % 8) {
                auto const v = m.find(k);
                ASSERT_TRUE(v && whole(*v));
            }
        },
        [&] {
            while (!over) {
                m.for_each([&](int, std::string const& v) { ASSERT_TRUE(whole(v)); });
            }
        });
}

// While others make it grow and shrink, what stays is seen by every traversal, once; and what never was, by none.
TYPED_TEST(map_threads, traversal_vs_growth_sees_what_stays_once) {
    typename TestFixture::words m;
    constexpr word stable = 500;
    for (word k = 0; k != stable; ++k) {
        m.insert(2 * k, k);
    }
    std::atomic<bool> over{false};
    at_once(
        [&] {
            for (int round = 0; round != 6; ++round) {
                for (word k = 0; k != 4000; ++k) {
                    m.insert(2 * k + 1, 0);
                }
                for (word k = 0; k != 4000; ++k) {
                    m.erase(2 * k + 1);
                }
            }
            over = true;
        },
        [&] {
            while (!over) {
                std::vector<int> seen(stable);
                m.for_each([&](word k, word) {
                    if (k % 2 == 0) {
                        ASSERT_LT(k / 2, stable);
                        ++seen[k / 2];
                    } else {
                        ASSERT_LT(k, 8000);
                    }
                });
                ASSERT_TRUE(std::ranges::all_of(seen, [](int n) { return n == 1; }));
            }
        },
        [&] {
            while (!over) {
                for (word k = 0; k != stable; ++k) {
                    ASSERT_EQ(m.find(2 * k), k);
                }
            }
        });
    EXPECT_EQ(m.approx_size(), stable);
}

TYPED_TEST(map_threads, erase_if_vs_growth_takes_what_stays_once) {
    typename TestFixture::words m;
    constexpr word stable = 400;
    std::atomic<bool> over{false};
    at_once(
        [&] {
            for (int round = 0; round != 6; ++round) {
                for (word k = 0; k != 2000; ++k) {
                    m.insert(2 * k + 1, 0);
                }
                for (word k = 0; k != 2000; ++k) {
                    m.erase(2 * k + 1);
                }
            }
            over = true;
        },
        [&] {
            while (!over) {
                for (word k = 0; k != stable; ++k) {
                    ASSERT_TRUE(m.insert(2 * k, k));
                }
                ASSERT_EQ(m.erase_if([](word k, word) { return k % 2 == 0; }), stable);
                for (word k = 0; k != stable; ++k) {
                    ASSERT_FALSE(m.contains(2 * k));
                }
            }
        });
    EXPECT_EQ(m.approx_size(), 0);
}

// What was there before clear() is gone after it; what others insert meanwhile may stay.
TYPED_TEST(map_threads, clear_vs_insert) {
    typename TestFixture::words m;
    std::atomic<bool> over{false};
    at_once(
        [&] {
            for (int round = 0; round != 30; ++round) {
                for (word k = 0; k != 200; ++k) {
                    ASSERT_TRUE(m.insert(2 * k, 1));
                }
                m.clear();
                for (word k = 0; k != 200; ++k) {
                    ASSERT_FALSE(m.contains(2 * k));
                }
            }
            over = true;
        },
        [&] {
            for (word k = 0; !over; k = (k + 1) % 500) {
                m.insert(2 * k + 1, k);
            }
        });
    m.for_each([](word k, word v) { EXPECT_EQ(k, 2 * v + 1); });
    m.clear();
    EXPECT_EQ(m.approx_size(), 0);
}

// At least what was surely there, at most what may have been.
TYPED_TEST(map_threads, approx_size_vs_insert_and_erase) {
    typename TestFixture::words m;
    for (word k = 0; k != 100; ++k) {
        m.insert(k, k);
    }
    std::atomic<int> changing{2};
    auto const change = [&](word mine) {
        for (int i = 0; i != 4000; ++i) {
            m.insert(mine, 1);
            m.erase(mine);
        }
        --changing;
    };
    at_once([&] { change(1000); }, [&] { change(2000); },
            [&] {
                while (changing != 0) {
                    auto const n = m.approx_size();
                    ASSERT_GE(n, 100);
                    ASSERT_LE(n, 102);
                }
            });
    EXPECT_EQ(m.approx_size(), 100);
}

TYPED_TEST(map_threads, approx_size_counts_what_happened_before_it) {
    typename TestFixture::words m;
    std::atomic<word> told{0};
    constexpr word count = 8000;
    at_once(
        [&] {
            for (word i = 1; i <= count; ++i) {
                m.insert(i, i);
                told.store(i, std::memory_order::release);
            }
        },
        [&] {
            for (word seen = 0; seen != count;) {
                seen = told.load(std::memory_order::acquire);
                ASSERT_GE(m.approx_size(), seen);
                ASSERT_TRUE(seen == 0 || m.contains(seen));
            }
        });
}

TYPED_TEST(map_threads, elements_of_many_threads_are_destroyed_once) {
    account a;
    {
        typename TestFixture::template type<int, tracked> m;
        auto const run = [&](int t) {
            for (int i = 0; i != 3000; ++i) {
                auto const k = (i * 7 + t) % 200;
                m.try_emplace(k, a, i);
                if (i % 3 == 0) {
                    m.erase_if((k + 50) % 200, [](tracked const& v) { return v.value() % 2 == 0; });
                }
                if (i % 5 == 0) {
                    m.insert_or_assign(k, tracked(a, -i));
                }
                if (i % 1000 == 999) {
                    m.clear();
                }
            }
        };
        at_once([&] { run(0); }, [&] { run(1); }, [&] { run(2); });
    }
    EXPECT_EQ(a.alive, 0);
}

// Many more threads than cores, on few keys and on many.
TYPED_TEST(map_threads, sixty_four_threads) {
    typename TestFixture::words m;
    constexpr word threads = 64, each = 300;
    std::latch start(static_cast<std::ptrdiff_t>(threads));
    std::atomic<word> inserted{0}, erased{0};
    std::vector<std::thread> all;
    m.insert(0, 0);
    for (word t = 0; t != threads; ++t) {
        all.emplace_back([&, t] {
            start.arrive_and_wait();
            for (word i = 0; i != each; ++i) {
                m.update(0, [](word& v) { ++v; });
                m.insert(1'000'000 + t * each + i, t);
                inserted += m.insert(1 + i % 3, i) ? 1 : 0;
                erased += m.erase(1 + (i + t) % 3) ? 1 : 0;
            }
        });
    }
    for (auto& one : all) {
        one.join();
    }
    EXPECT_EQ(m.find(0), threads * each);
    EXPECT_EQ(m.approx_size(), 1 + threads * each + inserted - erased);
    for (word k = 0; k != threads * each; ++k) {
        ASSERT_EQ(m.find(1'000'000 + k), k / each);
    }
}

// What the locked half's functions must not do, debug builds end with a message.
#if !defined(NDEBUG)
TEST(map_reentry, is_trapped) {
    testing::FLAGS_gtest_death_test_style = "threadsafe";
    locked::map<word, word> m;
    m.insert(1, 1);
    EXPECT_DEATH(m.visit(1, [&](word) { m.contains(2); }), "must not call the same map");
    EXPECT_DEATH(m.for_each([&](word, word) { m.insert(5, 5); }), "must not call the same map");
    EXPECT_DEATH(m.update(1, [&](word&) { m.clear(); }), "must not call the same map");
}
TEST(map_reentry, of_another_map_is_none) {
    locked::map<word, word> m, other;
    m.insert(1, 1);
    m.visit(1, [&](word v) { other.insert(v, v); });
    EXPECT_TRUE(other.contains(1));
    EXPECT_TRUE(m.contains(1));
}
#endif

} // namespace
} // namespace tandem::test
