// What contract.hpp promises of map: answers, elements of every kind, hashes of every kind, memory.
#include "half.hpp"
#include "map_element.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace tandem::test {
namespace {

using word = std::uint64_t;

// Where keys and values are laid out as words, some of them cannot be told from what else stands there, and go another way: the
// first two of these keys, and these values.
constexpr word odd_key(word n) {
    return 0xfff4'9e37'79b9'7f4a ^ n;
}
constexpr word odd_value(word n) {
    return 0xfff4'0000'0000'0000 | n >> 16;
}

template <class Half>
class map_of : public testing::Test {
protected:
    template <class K, class V, class Hash = std::hash<K>>
    using type = typename Half::template map<K, V, Hash>;
    template <class K, class V>
    using kept = typename Half::template map<K, V, std::hash<K>, std::equal_to<K>, book_allocator<std::pair<K const, V>>>;

    static_assert(contract::map<type<word, word>, word, word>);
    static_assert(contract::map<type<std::string, std::string>, std::string, std::string>);

    template <class K, class V>
    static kept<K, V> with_book(bytes_book& b, std::size_t expected = 0) {
        return kept<K, V>(expected, {}, {}, book_allocator<std::pair<K const, V>>(b));
    }
    template <class Map>
    static auto contents(Map const& m) {
        std::map<typename Map::key_type, typename Map::mapped_type> all;
        m.for_each([&](auto const& k, auto const& v) { EXPECT_TRUE(all.emplace(k, v).second) << "seen twice"; });
        return all;
    }
};
TYPED_TEST_SUITE(map_of, both_halves_of_maps, half_name);

TYPED_TEST(map_of, starts_empty) {
    typename TestFixture::template type<word, word> m;
    EXPECT_EQ(m.approx_size(), 0);
    EXPECT_FALSE(m.contains(0));
    EXPECT_EQ(m.find(0), std::nullopt);
    EXPECT_EQ(m.erase(0), std::nullopt);
    EXPECT_FALSE(m.visit(0, [](word) { FAIL(); }));
    EXPECT_FALSE(m.update(0, [](word&) { FAIL(); }));
    EXPECT_FALSE(m.erase_if(0, [](word) { return ADD_FAILURE(), true; }));
    m.for_each([](word, word) { FAIL(); });
    EXPECT_EQ(m.erase_if([](word, word) { return ADD_FAILURE(), true; }), 0);
    m.clear();
    EXPECT_EQ(m.approx_size(), 0);
}

TYPED_TEST(map_of, insert_keeps_the_first) {
    typename TestFixture::template type<word, word> m;
    EXPECT_TRUE(m.insert(1, 10));
    EXPECT_FALSE(m.insert(1, 11));
    EXPECT_TRUE(m.insert(2, 20));
    EXPECT_EQ(m.find(1), 10);
    EXPECT_EQ(m.find(2), 20);
    EXPECT_EQ(m.find(3), std::nullopt);
    EXPECT_TRUE(m.contains(1));
    EXPECT_EQ(m.approx_size(), 2);
}

TYPED_TEST(map_of, zero_and_false_are_values) {
    typename TestFixture::template type<bool, bool> m;
    EXPECT_TRUE(m.insert(false, false));
    EXPECT_EQ(m.find(false), std::optional(false));
    EXPECT_EQ(m.find(true), std::nullopt);
    EXPECT_TRUE(m.contains(false));
    EXPECT_TRUE(m.insert(true, false));
    EXPECT_EQ(m.erase(false), std::optional(false));
    EXPECT_FALSE(m.contains(false));
    EXPECT_EQ(m.find(true), std::optional(false));
}

// Whatever others kept for each thread, and left behind.
TYPED_TEST(map_of, comes_after_a_counter) {
    {
        typename TypeParam::striped_counter counter;
        counter.add(5);
    }
    typename TestFixture::template type<word, word> m;
    EXPECT_TRUE(m.insert(1, 10));
    EXPECT_EQ(m.find(1), 10);
}

TYPED_TEST(map_of, extreme_keys) {
    typename TestFixture::template type<word, word> m;
    std::vector<word> keys{0, 1, ~word{0}, ~word{0} - 1, word{1} << 63, (word{1} << 63) - 1, 0x8000'0000, 0xffff'ffff};
    for (word k = 0; k != 4; ++k) {
        keys.push_back(odd_key(k));
    }
    for (auto const k : keys) {
        EXPECT_FALSE(m.contains(k));
        EXPECT_TRUE(m.insert(k, ~k));
    }
    EXPECT_EQ(TestFixture::contents(m).size(), keys.size());
    for (auto const k : keys) {
        EXPECT_FALSE(m.insert(k, 5));
        EXPECT_EQ(m.find(k), ~k);
    }
    for (auto const k : keys) {
        EXPECT_EQ(m.erase(k), ~k);
        EXPECT_FALSE(m.contains(k));
    }
    EXPECT_EQ(m.approx_size(), 0);
}

TYPED_TEST(map_of, insert_or_assign_says_which) {
    typename TestFixture::template type<word, std::string> m;
    EXPECT_TRUE(m.insert_or_assign(1, "one"));
    EXPECT_FALSE(m.insert_or_assign(1, "another"));
    EXPECT_EQ(m.find(1), "another");
    EXPECT_EQ(m.approx_size(), 1);
    EXPECT_EQ(m.erase(1), "another");
    EXPECT_TRUE(m.insert_or_assign(1, std::string("again")));
    EXPECT_EQ(m.find(1), "again");
}

TYPED_TEST(map_of, try_emplace_builds_from_arguments) {
    typename TestFixture::template type<word, std::string> m;
    EXPECT_TRUE(m.try_emplace(1, std::size_t{3}, 'x'));
    EXPECT_FALSE(m.try_emplace(1, std::size_t{4}, 'y'));
    EXPECT_TRUE(m.try_emplace(2));
    EXPECT_EQ(m.find(1), "xxx");
    EXPECT_EQ(m.find(2), "");
}

TYPED_TEST(map_of, visit_and_update) {
    typename TestFixture::template type<word, std::string> m;
    m.insert(1, "a");
    std::string seen;
    EXPECT_TRUE(m.visit(1, [&](std::string const& v) { seen = v; }));
    EXPECT_EQ(seen, "a");
    EXPECT_TRUE(m.update(1, [](std::string& v) { v += "b"; }));
    EXPECT_EQ(m.find(1), "ab");
    EXPECT_TRUE(m.update(1, [](std::string& v) noexcept { v = "c"; }));
    EXPECT_EQ(m.find(1), "c");
    EXPECT_FALSE(m.update(2, [](std::string& v) { v = "never"; }));
    EXPECT_FALSE(m.visit(2, [](std::string const&) { FAIL(); }));
    EXPECT_EQ(m.approx_size(), 1);
}

TYPED_TEST(map_of, erase_takes_the_value_out) {
    typename TestFixture::template type<std::string, std::string> m;
    m.insert("k", "a value too long for the string itself");
    EXPECT_EQ(m.erase("other"), std::nullopt);
    EXPECT_EQ(m.erase("k"), "a value too long for the string itself");
    EXPECT_EQ(m.erase("k"), std::nullopt);
    EXPECT_EQ(m.find("k"), std::nullopt);
    EXPECT_TRUE(m.insert("k", "second"));
    EXPECT_EQ(m.find("k"), "second");
}

TYPED_TEST(map_of, erase_if_looks_at_the_value) {
    typename TestFixture::template type<word, word> m;
    m.insert(1, 10);
    EXPECT_FALSE(m.erase_if(1, [](word v) { return v == 11; }));
    EXPECT_EQ(m.find(1), 10);
    EXPECT_TRUE(m.erase_if(1, [](word v) { return v == 10; }));
    EXPECT_FALSE(m.contains(1));
}

TYPED_TEST(map_of, arguments_are_left_alone_when_nothing_is_inserted) {
    typename TestFixture::template type<std::string, std::string> m;
    m.insert("key", "old");
    std::string k = "key", v = "a value too long for the string itself";
    auto const untouched = [&] { return k == "key" && v == "a value too long for the string itself"; };
    EXPECT_FALSE(m.insert(std::move(k), std::move(v)));
    EXPECT_TRUE(untouched());
    EXPECT_FALSE(m.try_emplace(std::move(k), std::move(v)));
    EXPECT_TRUE(untouched());
    EXPECT_FALSE(m.insert(k, v));
    EXPECT_TRUE(untouched());
    m.erase("key");
    EXPECT_TRUE(m.insert(k, v));
    EXPECT_TRUE(untouched()) << "a copy was asked for";
    m.erase("key");
    EXPECT_TRUE(m.insert(std::move(k), std::move(v)));
    EXPECT_EQ(m.find("key"), "a value too long for the string itself");
}

TYPED_TEST(map_of, for_each_and_erase_if_go_through_everything) {
    typename TestFixture::template type<word, word> m;
    std::map<word, word> expected;
    for (word i = 0; i != 1000; ++i) {
        m.insert(i * 977, i);
        expected.emplace(i * 977, i);
    }
    EXPECT_EQ(TestFixture::contents(m), expected);
    EXPECT_EQ(m.erase_if([](word, word v) { return v % 3 == 0; }), 334);
    std::erase_if(expected, [](auto const& e) { return e.second % 3 == 0; });
    EXPECT_EQ(TestFixture::contents(m), expected);
    EXPECT_EQ(m.approx_size(), expected.size());
    EXPECT_EQ(m.erase_if([](word, word) { return false; }), 0);
    EXPECT_EQ(m.erase_if([](word, word) { return true; }), 666);
    EXPECT_EQ(m.approx_size(), 0);
    EXPECT_TRUE(TestFixture::contents(m).empty());
}

TYPED_TEST(map_of, clear_empties) {
    typename TestFixture::template type<word, std::string> m;
    for (int round = 0; round != 3; ++round) {
        for (word i = 0; i != 500; ++i) {
            EXPECT_TRUE(m.insert(i, std::to_string(i)));
        }
        m.clear();
        EXPECT_EQ(m.approx_size(), 0);
        EXPECT_TRUE(TestFixture::contents(m).empty());
        EXPECT_FALSE(m.contains(7));
    }
}

// Against the standard's map, with few keys, so that everything happens to each.
TYPED_TEST(map_of, a_long_random_life) {
    typename TestFixture::template type<word, word> m;
    std::map<word, word> model;
    word x = 0x1234'5678'9abc'def1;
    for (int step = 0; step != 60'000; ++step) {
        x ^= x << 13, x ^= x >> 7, x ^= x << 17;
        auto const range = step / 10'000 % 2 == 0 ? word{2000} : word{50}; // grows, then shrinks
        auto const n = (x >> 20) % range;
        auto const k = n < 4 ? odd_key(n) : n;
        auto const v = x % 4 == 0 ? odd_value(x) : x;
        auto const there = model.contains(k);
        switch ((x >> 8) % 6) {
        case 0:
        case 1: ASSERT_EQ(m.insert(k, v), model.emplace(k, v).second); break;
        case 2:
            ASSERT_EQ(m.insert_or_assign(k, v), !there);
            model[k] = v;
            break;
        case 3:
            ASSERT_EQ(m.erase(k), there ? std::optional(model[k]) : std::nullopt);
            model.erase(k);
            break;
        case 4:
            ASSERT_EQ(m.update(k, [](word& now) { now += 3; }), there);
            if (there) {
                model[k] += 3;
            }
            break;
        default: ASSERT_EQ(m.find(k), there ? std::optional(model[k]) : std::nullopt);
        }
        if (step % 10'000 == 9'999) {
            ASSERT_EQ(TestFixture::contents(m), model);
            ASSERT_EQ(m.approx_size(), model.size());
            m.erase_if([](word key, word) { return key >= 50; });
            std::erase_if(model, [](auto const& e) { return e.first >= 50; });
        }
    }
}

template <class Map>
void colliding_keys(Map& m, word count) {
    for (word k = 0; k != count; ++k) {
        ASSERT_TRUE(m.insert(k, 2 * k));
        ASSERT_FALSE(m.insert(k / 2, 1));
    }
    for (word k = 0; k < count; k += 3) {
        ASSERT_EQ(m.erase(k), 2 * k);
    }
    for (word k = 0; k != count; ++k) {
        ASSERT_EQ(m.find(k), k % 3 == 0 ? std::nullopt : std::optional(2 * k)) << k;
    }
    for (word k = 0; k != count; ++k) {
        ASSERT_EQ(m.insert(k, 5), k % 3 == 0);
    }
    ASSERT_EQ(m.approx_size(), count);
    for (word k = count; k-- != 0;) {
        ASSERT_EQ(m.erase(k), k % 3 == 0 ? 5 : 2 * k);
    }
    ASSERT_EQ(m.approx_size(), 0);
}

TYPED_TEST(map_of, one_hash_for_all) {
    typename TestFixture::template type<word, word, same_hash> m;
    colliding_keys(m, 700);
}
TYPED_TEST(map_of, hashes_that_differ_in_high_bits) {
    typename TestFixture::template type<word, word, high_hash> m;
    colliding_keys(m, 1000);
}
TYPED_TEST(map_of, hashes_that_differ_in_low_bits) {
    typename TestFixture::template type<word, word, low_hash> m;
    colliding_keys(m, 600);
}

// Keys that are themselves multiples of large powers of two, with std::hash, which may be the number.
TYPED_TEST(map_of, keys_that_differ_in_high_bits) {
    for (int shift = 0; shift <= 48; shift += 8) {
        typename TestFixture::template type<word, word> m;
        for (word k = 0; k != 3000; ++k) {
            ASSERT_TRUE(m.insert(k << shift, k));
        }
        for (word k = 0; k != 3000; ++k) {
            ASSERT_EQ(m.find(k << shift), k);
        }
    }
}

TYPED_TEST(map_of, move_only_values) {
    using owner = std::unique_ptr<int>;
    typename TestFixture::template type<std::string, owner> m;
    EXPECT_TRUE(m.insert("a", std::make_unique<int>(1)));
    EXPECT_TRUE(m.try_emplace("b", new int(2)));
    auto refused = std::make_unique<int>(3);
    EXPECT_FALSE(m.insert("a", std::move(refused)));
    EXPECT_FALSE(m.try_emplace("b", std::move(refused)));
    ASSERT_NE(refused, nullptr);
    int seen = 0;
    EXPECT_TRUE(m.visit("a", [&](owner const& v) { seen = *v; }));
    EXPECT_EQ(seen, 1);
    EXPECT_TRUE(m.contains("b"));
    EXPECT_FALSE(m.insert_or_assign("b", std::move(refused)));
    EXPECT_TRUE(m.visit("b", [&](owner const& v) { seen = *v; }));
    EXPECT_EQ(seen, 3);
    EXPECT_FALSE(m.erase_if("a", [](owner const& v) { return *v == 7; }));
    EXPECT_TRUE(m.erase_if("a", [](owner const& v) { return *v == 1; }));
    EXPECT_EQ(m.erase_if([](std::string const& k, owner const& v) { return k == "b" && *v == 3; }), 1);
    EXPECT_EQ(m.approx_size(), 0);
}

TYPED_TEST(map_of, move_only_values_move_as_it_grows) {
    typename TestFixture::template type<int, std::unique_ptr<int>> m;
    for (int i = 0; i != 5000; ++i) {
        ASSERT_TRUE(m.insert(i, std::make_unique<int>(i)));
    }
    for (int i = 0; i != 5000; ++i) {
        ASSERT_TRUE(m.visit(i, [&](auto const& v) { ASSERT_EQ(*v, i); }));
    }
}

TYPED_TEST(map_of, over_aligned_values) {
    typename TestFixture::template type<int, wide> m;
    for (int i = 0; i != 300; ++i) {
        ASSERT_TRUE(m.insert(i, wide{i}));
    }
    int count = 0;
    m.for_each([&](int k, wide const& v) {
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(&v) % alignof(wide), 0);
        EXPECT_EQ(v.value, k);
        ++count;
    });
    EXPECT_EQ(count, 300);
    EXPECT_TRUE(m.update(5, [](wide& v) { v.value = 55; }));
    EXPECT_EQ(m.erase(5)->value, 55);
}

TYPED_TEST(map_of, elements_are_destroyed_once) {
    account a;
    {
        typename TestFixture::template type<int, tracked> m;
        for (int i = 0; i != 2000; ++i) {
            ASSERT_TRUE(m.try_emplace(i, a, i));
            ASSERT_FALSE(m.try_emplace(i, a, -i));
        }
        EXPECT_GE(a.alive, 2000);
        for (int i = 0; i != 500; ++i) {
            ASSERT_TRUE(m.erase_if(i, [](tracked const&) { return true; }));
            ASSERT_FALSE(m.insert_or_assign(i + 500, tracked(a, i)));
        }
        m.erase_if([](int k, tracked const&) { return k % 2 == 0; });
        EXPECT_GE(a.alive, 750);
        m.visit(777, [](tracked const& v) { EXPECT_EQ(v.value(), 277); });
        m.clear();
        for (int i = 0; i != 100; ++i) {
            m.try_emplace(i, a, i);
        }
    }
    EXPECT_EQ(a.alive, 0);
}

template <class Map, class K, class V>
void keeps(K k, V v, V other) {
    Map m;
    EXPECT_FALSE(m.contains(k));
    EXPECT_TRUE(m.insert(k, v));
    EXPECT_FALSE(m.insert(k, other));
    EXPECT_EQ(m.find(k), v);
    EXPECT_TRUE(m.update(k, [&](V& now) { now = other; }));
    EXPECT_EQ(m.find(k), other);
    EXPECT_EQ(m.erase(k), other);
    EXPECT_FALSE(m.contains(k));
}

TYPED_TEST(map_of, small_keys_and_values_of_many_types) {
    enum class colour : unsigned char { red, green };
    struct rgb {
        unsigned char r, g, b;
        bool operator==(rgb const&) const = default;
    };
    struct padded {
        short a;
        float b;
        bool operator==(padded const&) const = default;
    };
    struct three {
        int all[3];
        bool operator==(three const&) const = default;
    };
    using f = TestFixture;
    keeps<typename f::template type<char, double>>('a', -0.5, 1e300);
    keeps<typename f::template type<colour, colour>>(colour::green, colour::red, colour::green);
    keeps<typename f::template type<signed char, rgb>>(static_cast<signed char>(-1), rgb{1, 2, 255}, rgb{0, 0, 0});
    keeps<typename f::template type<int, padded>>(-7, padded{-1, 2.5F}, padded{3, 0});
    keeps<typename f::template type<std::int64_t, three>>(std::int64_t{-1}, three{{1, 2, 3}}, three{{4, 5, 6}});
    keeps<typename f::template type<double, int>>(0.25, 1, 2);
    int one = 1, two = 2;
    keeps<typename f::template type<int*, int const*>>(&one, static_cast<int const*>(&one), static_cast<int const*>(nullptr));
    keeps<typename f::template type<int*, std::uint16_t>>(&two, std::uint16_t{0xffff}, std::uint16_t{0});
}

// Room that was asked for is there, however few keys have come yet; and it is not left for a table that is too small.
TYPED_TEST(map_of, fills_the_room_that_was_asked_for) {
    bytes_book book;
    auto m = TestFixture::template with_book<word, word>(book, 300'000);
    auto const room = book.outstanding.load();
    for (word k = 0; k != 300'000; ++k) {
        ASSERT_TRUE(m.insert(k, k));
        if (k == 3000) {
            EXPECT_GE(book.outstanding, room);
        }
    }
    EXPECT_EQ(m.approx_size(), 300'000);
}

// The table of many keys is left for a small one, into which those go that are inserted meanwhile, too.
TYPED_TEST(map_of, fills_while_it_shrinks) {
    typename TestFixture::template type<word, word> m;
    constexpr word many = 400'000, few = 10;
    for (word k = 0; k != many; ++k) {
        m.insert(k, k);
    }
    for (word k = few; k != many; ++k) {
        m.erase(k);
    }
    for (word k = many; k != many + 50'000; ++k) {
        ASSERT_TRUE(m.insert(k, k));
    }
    EXPECT_EQ(m.approx_size(), few + 50'000);
    EXPECT_EQ(TestFixture::contents(m).size(), few + 50'000);
}

TYPED_TEST(map_of, expected_is_a_hint) {
    for (auto const expected : std::vector<std::size_t>{0, 1, 7, 100, 5000}) {
        typename TestFixture::template type<word, word> m(expected);
        for (word i = 0; i != 300; ++i) {
            ASSERT_TRUE(m.insert(i, i));
        }
        EXPECT_EQ(m.approx_size(), 300);
        EXPECT_EQ(m.find(299), 299);
    }
    using words = typename TestFixture::template type<word, word>;
    EXPECT_THROW(words(static_cast<std::size_t>(-1)), std::length_error);
}

TYPED_TEST(map_of, a_hash_and_an_equality_with_state) {
    struct mod_hash {
        std::size_t n;
        std::size_t operator()(word k) const noexcept { return k % n; }
    };
    struct mod_equal {
        std::size_t n;
        bool operator()(word a, word b) const noexcept { return a % n == b % n; }
    };
    typename TypeParam::template map<word, word, mod_hash, mod_equal> m(0, mod_hash{10}, mod_equal{10});
    for (word k = 0; k != 100; ++k) {
        EXPECT_EQ(m.insert(k, k), k < 10);
    }
    EXPECT_EQ(m.find(73), 3);
    EXPECT_EQ(m.approx_size(), 10);
}

TYPED_TEST(map_of, grows_to_many_and_gives_the_memory_back) {
    bytes_book book;
    {
        auto m = std::make_unique<typename TestFixture::template kept<word, word>>(
            0, std::hash<word>(), std::equal_to<word>(), book_allocator<std::pair<word const, word>>(book));
        constexpr word count = 100'000;
        for (word k = 0; k != count; ++k) {
            ASSERT_TRUE(m->insert(k, ~k));
        }
        ASSERT_EQ(m->approx_size(), count);
        for (word k = 0; k != count; ++k) {
            ASSERT_EQ(m->find(k), ~k);
            ASSERT_FALSE(m->contains(k + count));
        }
        auto const full = book.outstanding.load();
        EXPECT_GE(full, count * 16);
        EXPECT_LE(full, count * 100);
        for (word k = 0; k != count; ++k) {
            ASSERT_EQ(m->erase(k), ~k);
        }
        for (word k = 0; k != 1000; ++k) {
            m->insert(k, k);
            m->erase(k);
        }
        EXPECT_EQ(m->approx_size(), 0);
        EXPECT_LE(book.outstanding, full / 4);
        for (word k = 0; k != count; ++k) {
            m->insert(k, k);
        }
        EXPECT_EQ(m->erase_if([](word k, word) { return k >= 100; }), count - 100);
        for (word k = 1000; k != 2000; ++k) {
            m->insert(k, k);
            m->erase(k);
        }
        EXPECT_LE(book.outstanding, full / 4);
        EXPECT_EQ(m->approx_size(), 100);
        m->clear();
        EXPECT_EQ(m->approx_size(), 0);
    }
    EXPECT_EQ(book.outstanding, 0);
    EXPECT_GE(book.allocations, 1);
}

TYPED_TEST(map_of, the_empty_map_is_small) {
    bytes_book book;
    auto const m = TestFixture::template with_book<word, word>(book);
    EXPECT_LT(sizeof m + book.outstanding, 8192);
    EXPECT_EQ(m.approx_size(), 0);
}

TYPED_TEST(map_of, memory_that_is_refused) {
    bytes_book book;
    {
        auto m = TestFixture::template with_book<word, word>(book);
        std::set<word> there;
        book.refuse = true;
        EXPECT_THROW(m.insert(0, 0), std::bad_alloc);
        EXPECT_FALSE(m.contains(0));
        for (word k = 0; k != 3000; ++k) { // refused now and then, and fits all the same or not at all
            book.refuse = k % 3 != 0;
            try {
                EXPECT_TRUE(m.insert(k, k));
                there.insert(k);
            } catch (std::bad_alloc const&) {
            }
        }
        book.refuse = true;
        for (word k = 0; k != 3000; ++k) {
            ASSERT_EQ(m.contains(k), there.contains(k)) << k;
        }
        EXPECT_EQ(m.approx_size(), there.size());
        EXPECT_GE(there.size(), 1000);
        for (auto const k : there) { // what takes away needs no memory
            ASSERT_EQ(m.erase(k), k);
        }
        EXPECT_EQ(m.approx_size(), 0);
    }
    EXPECT_EQ(book.outstanding, 0);
}

// The locked half has room in its tables: an insertion that fits needs no memory.
TEST(locked_map, a_table_that_cannot_grow_is_used_to_the_last_slot) {
    bytes_book book;
    using kept = locked::map<word, word, same_hash, std::equal_to<word>, book_allocator<std::pair<word const, word>>>;
    kept m(0, {}, {}, book_allocator<std::pair<word const, word>>(book));
    for (word k = 0; k != 7; ++k) {
        ASSERT_TRUE(m.insert(k, k));
        book.refuse = true;
    }
    EXPECT_THROW(m.insert(7, 7), std::bad_alloc);
    EXPECT_FALSE(m.contains(7));
    EXPECT_EQ(m.approx_size(), 7);
    EXPECT_EQ(m.erase(3), 3);
    EXPECT_TRUE(m.insert(7, 7));
    book.refuse = false;
    for (word k = 8; k != 100; ++k) {
        ASSERT_TRUE(m.insert(k, k));
    }
    for (word k = 0; k != 100; ++k) {
        EXPECT_EQ(m.contains(k), k != 3);
    }
}

} // namespace
} // namespace tandem::test
