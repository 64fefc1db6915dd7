// A hash, equality, copy, constructor, function or allocator that throws leaves a map, and the arguments, as they were.
#include "half.hpp"
#include "map_element.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <utility>

namespace tandem::test {
namespace {

int number_of(fused const& e) {
    return e.number();
}
int number_of(int e) {
    return e;
}

template <class Half, class Element, class Hash, class Equal>
class throwing_map : public testing::Test {
protected:
    using allocator = book_allocator<std::pair<Element const, Element>>;
    using type = typename Half::template map<Element, Element, Hash, Equal, allocator>;

    ~throwing_map() override { fuse::remove(); }

    static std::map<int, int> contents(type const& m) {
        std::map<int, int> all;
        m.for_each([&](Element const& k, Element const& v) { EXPECT_TRUE(all.emplace(number_of(k), number_of(v)).second); });
        return all;
    }

    // Runs the operation on a map of so many elements, with each step of it throwing in turn, until none is left.
    // What it does when nothing throws, `done` says.
    template <class F, class Done>
    static void each_step_throws(int elements, int least_steps, F operation, Done done) {
        bytes_book book;
        for (int step = 0;; ++step) {
            ASSERT_LT(step, 10'000);
            {
                type m(0, {}, {}, allocator(book));
                for (int i = 0; i != elements; ++i) {
                    m.insert(Element(i), Element(100 + i));
                }
                auto expected = contents(m);
                ASSERT_EQ(expected.size(), elements);
                bool threw = false;
                fuse::set(step);
                try {
                    operation(m);
                } catch (fuse::blown const&) {
                    threw = true;
                }
                bool const over = fuse::remove();
                if (!threw) { // or it did without the memory that was refused
                    done(expected);
                }
                ASSERT_EQ(contents(m), expected) << "step " << step << (threw ? " threw" : "");
                ASSERT_EQ(m.approx_size(), expected.size());
                for (auto const& [k, v] : expected) {
                    ASSERT_TRUE(m.visit(Element(k), [&](Element const& seen) { EXPECT_EQ(number_of(seen), v); }));
                }
                // It goes on as if nothing had been.
                ASSERT_TRUE(m.insert(Element(-7), Element(7)));
                ASSERT_TRUE(m.erase_if(Element(-7), [](Element const&) { return true; }));
                ASSERT_EQ(contents(m), expected);
                if (over) {
                    EXPECT_GE(step, least_steps);
                    break;
                }
            }
            ASSERT_EQ(book.outstanding, 0);
        }
        EXPECT_EQ(book.outstanding, 0);
    }
    // For maps that are empty, that have grown, and that are growing.
    template <class F, class Done>
    static void everywhere(int least_steps, F operation, Done done) {
        for (int const elements : {0, 1, 5, 60, 300, 420, 500}) {
            SCOPED_TRACE(elements);
            each_step_throws(elements, least_steps, operation, done);
        }
    }
};
template <class Half>
class map_throws : public throwing_map<Half, fused, fused_hash, fused_equal> {};
TYPED_TEST_SUITE(map_throws, both_halves, half_name);

TYPED_TEST(map_throws, insert_of_copies) {
    fused const k(1000), v(5);
    TestFixture::everywhere(
        3, [&](auto& m) { EXPECT_TRUE(m.insert(k, v)); }, [](auto& all) { all.emplace(1000, 5); });
    EXPECT_EQ(k.number(), 1000);
    EXPECT_EQ(v.number(), 5);
}

TYPED_TEST(map_throws, insert_leaves_what_it_would_move) {
    TestFixture::everywhere(
        1,
        [](auto& m) {
            fused k(1000), v(5);
            try {
                EXPECT_TRUE(m.insert(std::move(k), std::move(v)));
            } catch (fuse::blown const&) {
                EXPECT_EQ(k.number(), 1000);
                EXPECT_EQ(v.number(), 5);
                throw;
            }
            EXPECT_EQ(k.number(), -1);
            EXPECT_EQ(v.number(), -1);
        },
        [](auto& all) { all.emplace(1000, 5); });
}

TYPED_TEST(map_throws, insert_of_a_copied_key_leaves_the_value) {
    fused const k(1000);
    TestFixture::everywhere(
        2,
        [&](auto& m) {
            fused v(5);
            try {
                EXPECT_TRUE(m.insert(k, std::move(v)));
            } catch (fuse::blown const&) {
                EXPECT_EQ(v.number(), 5);
                throw;
            }
        },
        [](auto& all) { all.emplace(1000, 5); });
}

TYPED_TEST(map_throws, try_emplace_of_a_value_whose_constructor_throws) {
    TestFixture::everywhere(
        2,
        [](auto& m) {
            fused k(1000);
            try {
                EXPECT_TRUE(m.try_emplace(std::move(k), 5));
            } catch (fuse::blown const&) {
                EXPECT_EQ(k.number(), 1000);
                throw;
            }
        },
        [](auto& all) { all.emplace(1000, 5); });
}

TYPED_TEST(map_throws, insert_of_what_is_there) {
    fused const k(0), v(5);
    TestFixture::each_step_throws(
        50, 2, [&](auto& m) { EXPECT_FALSE(m.insert(k, v)); }, [](auto&) {});
}

TYPED_TEST(map_throws, insert_or_assign) {
    fused const absent(1000), present(0), v(5);
    TestFixture::everywhere(
        3, [&](auto& m) { EXPECT_TRUE(m.insert_or_assign(absent, v)); }, [](auto& all) { all.emplace(1000, 5); });
    TestFixture::each_step_throws(
        50, 3, [&](auto& m) { EXPECT_FALSE(m.insert_or_assign(present, v)); }, [](auto& all) { all[0] = 5; });
}

TYPED_TEST(map_throws, find_and_visit) {
    fused const k(0);
    TestFixture::each_step_throws(
        50, 3, [&](auto& m) { EXPECT_EQ(m.find(k)->number(), 100); }, [](auto&) {});
    TestFixture::each_step_throws(
        50, 3,
        [&](auto& m) {
            EXPECT_TRUE(m.visit(k, [](fused const& v) {
                fuse::step();
                EXPECT_EQ(v.number(), 100);
            }));
        },
        [](auto&) {});
}

TYPED_TEST(map_throws, update_by_a_function_that_throws_half_way) {
    fused const k(0);
    TestFixture::each_step_throws(
        50, 4,
        [&](auto& m) {
            EXPECT_TRUE(m.update(k, [](fused& v) {
                v.add(1);
                fuse::step();
                v.add(10);
            }));
        },
        [](auto& all) { all[0] = 111; });
}

TYPED_TEST(map_throws, erase) {
    fused const k(3);
    for (int const elements : {5, 60, 300}) {
        TestFixture::each_step_throws(
            elements, 2, [&](auto& m) { EXPECT_EQ(m.erase(k)->number(), 103); }, [](auto& all) { all.erase(3); });
        TestFixture::each_step_throws(
            elements, 3,
            [&](auto& m) {
                EXPECT_TRUE(m.erase_if(k, [](fused const&) {
                    fuse::step();
                    return true;
                }));
            },
            [](auto& all) { all.erase(3); });
    }
}

TYPED_TEST(map_throws, for_each) {
    TestFixture::each_step_throws(
        50, 50, [](auto& m) { m.for_each([](fused const&, fused const&) { fuse::step(); }); }, [](auto&) {});
}

// What was erased before stays erased, and nothing else.
TYPED_TEST(map_throws, erase_if_of_all_half_way) {
    bytes_book book;
    using map = typename TestFixture::type;
    for (int step = 0; step != 200; ++step) {
        map m(0, {}, {}, typename TestFixture::allocator(book));
        for (int i = 0; i != 50; ++i) {
            m.insert(fused(i), fused(100 + i));
        }
        auto expected = TestFixture::contents(m);
        fuse::set(step);
        try {
            m.erase_if([&](fused const& k, fused const&) {
                fuse::step();
                return k.number() % 2 == 0;
            });
        } catch (fuse::blown const&) {
        }
        fuse::remove();
        auto const left = TestFixture::contents(m);
        EXPECT_EQ(m.approx_size(), left.size());
        for (auto const& [k, v] : left) {
            EXPECT_EQ(expected.at(k), v);
        }
        for (int k = 1; k < 50; k += 2) {
            EXPECT_TRUE(left.contains(k));
        }
    }
    EXPECT_EQ(book.outstanding, 0);
}

TYPED_TEST(map_throws, construction_with_room) {
    bytes_book book;
    using map = typename TestFixture::type;
    for (int step = 0; step != 200; ++step) {
        fuse::set(step);
        try {
            map const m(1000, {}, {}, typename TestFixture::allocator(book));
            EXPECT_EQ(m.approx_size(), 0);
        } catch (fuse::blown const&) {
        }
        EXPECT_EQ(book.outstanding, 0);
    }
}

// Of a map of words nothing throws but the hash, the functions and the allocator.
struct hash_in_steps {
    std::size_t operator()(int k) const {
        fuse::step();
        return std::hash<int>()(k);
    }
};
template <class Half>
class map_of_words_throws : public throwing_map<Half, int, hash_in_steps, std::equal_to<int>> {};
TYPED_TEST_SUITE(map_of_words_throws, both_halves, half_name);

TYPED_TEST(map_of_words_throws, insert_and_assign) {
    TestFixture::everywhere(
        1, [](auto& m) { EXPECT_TRUE(m.insert(1000, 5)); }, [](auto& all) { all.emplace(1000, 5); });
    TestFixture::everywhere(
        1, [](auto& m) { EXPECT_TRUE(m.insert_or_assign(1000, 5)); }, [](auto& all) { all.emplace(1000, 5); });
    TestFixture::each_step_throws(
        50, 1, [](auto& m) { EXPECT_FALSE(m.insert_or_assign(0, 5)); }, [](auto& all) { all[0] = 5; });
}

TYPED_TEST(map_of_words_throws, update_and_erase) {
    for (int const elements : {5, 60, 300, 420}) {
        TestFixture::each_step_throws(
            elements, 2,
            [](auto& m) {
                EXPECT_TRUE(m.update(3, [](int& v) {
                    v += 1;
                    fuse::step();
                    v += 10;
                }));
            },
            [](auto& all) { all[3] = 114; });
        TestFixture::each_step_throws(
            elements, 1, [](auto& m) { EXPECT_EQ(m.erase(3), 103); }, [](auto& all) { all.erase(3); });
    }
}

TYPED_TEST(map_of_words_throws, for_each) {
    for (int const elements : {50, 330, 340, 420}) {
        TestFixture::each_step_throws(
            elements, elements, [](auto& m) { m.for_each([](int, int) { fuse::step(); }); }, [](auto&) {});
    }
}

} // namespace
} // namespace tandem::test
