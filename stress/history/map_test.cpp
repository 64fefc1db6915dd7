// What a map promises: histories that a right one can show, however tricky, and ones that it cannot.
#include "sample.hpp"

#include <tandem/stress/explain.hpp>
#include <tandem/stress/map_spec.hpp>

#include <gtest/gtest.h>

using namespace tandem::stress;
using tandem::status;
using tandem::stress::sample::make;
using m = map_spec;

namespace {

using when = sample::when;

call said(std::uint32_t thread, std::uint32_t operation, values argument, std::int64_t result, when t) {
    return make(thread, operation, t, argument, {result});
}
call insert(std::uint32_t thread, std::int64_t k, std::int64_t v, bool done, when t) {
    return said(thread, m::insert, {k, v}, done ? 1 : 0, t);
}
call assign(std::uint32_t thread, std::int64_t k, std::int64_t v, bool done, when t) {
    return said(thread, m::insert_or_assign, {k, v}, done ? 1 : 0, t);
}
call valued(std::uint32_t thread, std::uint32_t operation, std::int64_t k, std::int64_t v, when t) { // 0: empty
    return v == 0 ? make(thread, operation, t, {k}, {}, status::empty) : said(thread, operation, {k}, v, t);
}
call find(std::uint32_t thread, std::int64_t k, std::int64_t v, when t) {
    return valued(thread, m::find, k, v, t);
}
call erase(std::uint32_t thread, std::int64_t k, std::int64_t v, when t) {
    return valued(thread, m::erase, k, v, t);
}
call for_each(std::uint32_t thread, values keys, values saw, when t) {
    return make(thread, m::for_each, t, keys, saw);
}
call erase_each(std::uint32_t thread, values range, std::int64_t n, when t) {
    return said(thread, m::erase_each, range, n, t);
}
call clear(std::uint32_t thread, when t) {
    return make(thread, m::clear, t);
}
call size(std::uint32_t thread, std::int64_t n, when t) {
    return said(thread, m::approx_size, {}, n, t);
}

bool legal(history const& h, m const& initial = {}) {
    return check(initial, h).is == verdict::linearizable;
}
bool illegal(history const& h, m const& initial = {}) {
    return check(initial, h).is == verdict::violation;
}
std::string why(history const& h, m const& initial = {}) {
    return check(initial, h).why;
}

// Which answers of the last call are possible, from 0 to 9.
values possible(history h, m const& initial = {}) {
    std::vector<std::int64_t> all;
    for (std::int64_t n = 0; n != 10; ++n) {
        h.back().result = {n};
        if (legal(h, initial)) {
            all.push_back(n);
        }
    }
    return all.empty() ? values{} : values{all.front(), all.back()};
}

} // namespace

TEST(map, one_key_is_linearizable) {
    EXPECT_TRUE(legal({insert(0, 1, 5, true, {1, 2}), find(1, 1, 5, {3, 4})}));
    EXPECT_TRUE(legal({insert(0, 1, 5, true, {1, 4}), find(1, 1, 0, {2, 3})}));
    EXPECT_TRUE(illegal({insert(0, 1, 5, true, {1, 2}), find(1, 1, 0, {3, 4})}));
    EXPECT_TRUE(illegal({insert(0, 1, 5, true, {1, 2}), find(1, 1, 7, {3, 4})}));
    EXPECT_TRUE(illegal({insert(0, 1, 5, true, {1, 2}), insert(1, 1, 6, true, {3, 4})}));
    EXPECT_TRUE(illegal({insert(0, 1, 5, true, {1, 4}), insert(1, 1, 6, true, {2, 3})})) << "two insert one key";
    EXPECT_TRUE(legal({insert(0, 1, 5, true, {1, 4}), insert(1, 1, 6, false, {2, 3}), find(1, 1, 5, {5, 6})}));
    EXPECT_TRUE(illegal({insert(0, 1, 5, true, {1, 4}), insert(1, 1, 6, false, {2, 3}), find(1, 1, 6, {5, 6})}));
    EXPECT_TRUE(illegal({insert(0, 1, 5, false, {1, 2})})) << "nobody had inserted it";
}

TEST(map, every_operation_on_a_key) {
    history const h{said(0, m::try_emplace, {1, 5}, 1, {1, 2}),  said(0, m::update, {1, 3}, 1, {3, 4}),
                    valued(0, m::visit, 1, 8, {5, 6}),           said(0, m::contains, {1}, 1, {7, 8}),
                    said(0, m::erase_if, {1, 1}, 0, {9, 10}),    said(0, m::erase_if, {1, 0}, 1, {11, 12}),
                    said(0, m::update, {1, 3}, 0, {13, 14}),     assign(0, 1, 9, true, {15, 16}),
                    assign(0, 1, 7, false, {17, 18}),            erase(0, 1, 7, {19, 20}),
                    erase(0, 1, 0, {21, 22}),                    said(0, m::contains, {1}, 0, {23, 24}),
                    for_each(0, {1, 2}, {0, 0}, {25, 26}),       insert(0, 2, 4, true, {27, 28}),
                    for_each(0, {1, 2}, {0, 4}, {29, 30}),       erase_each(0, {1, 9, 1}, 0, {31, 32}),
                    erase_each(0, {1, 9, 2}, 1, {33, 34}),       size(0, 0, {35, 36}),
                    clear(0, {37, 38}),                          find(0, 2, 0, {39, 40})};
    EXPECT_TRUE(legal(h));
    auto const seen = discern(m{}, h);
    EXPECT_EQ(seen.noticed, seen.tried) << "every answer is checked";
}

TEST(map, lost_update) {
    history const h{insert(0, 1, 5, true, {1, 2}), said(0, m::update, {1, 2}, 1, {3, 6}), said(1, m::update, {1, 4}, 1, {4, 5})};
    auto const then = [&](std::int64_t v) {
        auto longer = h;
        longer.push_back(find(0, 1, v, {7, 8}));
        return longer;
    };
    EXPECT_TRUE(legal(then(11)));
    EXPECT_TRUE(illegal(then(7)));
    EXPECT_TRUE(illegal(then(9)));
}

TEST(map, erased_once) {
    history h{insert(0, 1, 5, true, {1, 2}), erase(0, 1, 5, {3, 6}), erase(1, 1, 5, {4, 5})};
    EXPECT_TRUE(illegal(h));
    h.push_back(insert(2, 1, 5, true, {3, 6}));
    EXPECT_TRUE(legal(h)) << "inserted again meanwhile";
}

TEST(map, calls_of_one_thread_stand_in_order) {
    // The clock is not sure of their times, but one thread made them.
    EXPECT_TRUE(illegal({insert(0, 1, 5, true, {1, 100}), find(0, 1, 0, {3, 103}), find(1, 1, 5, {200, 201})}));
    EXPECT_TRUE(legal({insert(0, 1, 5, true, {1, 100}), find(1, 1, 0, {3, 103})}));
}

TEST(map, what_has_not_returned_may_have_happened) {
    EXPECT_TRUE(legal({insert(0, 1, 5, false, {1}), find(1, 1, 5, {2, 3})}));
    EXPECT_TRUE(legal({insert(0, 1, 5, false, {1}), find(1, 1, 0, {2, 3}), size(1, 1, {4, 5})}));
    EXPECT_TRUE(illegal({insert(0, 1, 5, false, {1}), find(1, 1, 5, {2, 3}), find(1, 1, 0, {4, 5})}));
    EXPECT_TRUE(legal({insert(0, 1, 5, true, {1, 2}), clear(1, {3}), find(2, 1, 0, {4, 5})}));
    EXPECT_TRUE(legal({insert(0, 1, 5, true, {1, 2}), clear(1, {3}), find(2, 1, 5, {4, 5}), find(2, 1, 0, {6, 7})}));
    EXPECT_TRUE(legal({insert(0, 1, 5, true, {1, 2}), make(1, m::for_each, {3}, {1})}));
    EXPECT_TRUE(legal({insert(0, 1, 5, true, {1, 2}), make(1, m::erase_each, {3}, {1, 1, 2}), find(2, 1, 0, {4, 5}), size(2, 0, {6, 7})}));
    EXPECT_TRUE(legal({insert(0, 1, 5, true, {1, 2}), make(1, m::erase, {3}, {1}), find(2, 1, 0, {4, 5}), size(2, 0, {6, 7})}));
}

TEST(map_traversal, sees_what_is_there_all_the_time_once) {
    history const there{insert(0, 1, 5, true, {1, 2})};
    auto const saw = [](history h, std::int64_t v, when t = {10, 20}) {
        h.push_back(for_each(7, {1}, {v}, t));
        return h;
    };
    EXPECT_TRUE(legal(saw(there, 5)));
    EXPECT_TRUE(illegal(saw(there, 0)));
    EXPECT_TRUE(illegal(saw(there, -5)));
    EXPECT_TRUE(illegal(saw(there, 6)));
    EXPECT_EQ(why(saw(there, 0)), "key 1 was there during the whole of for_each, which did not see it");
    EXPECT_EQ(why(saw(there, -5)), "for_each saw key 1 more than once, and it was not away meanwhile");
    EXPECT_EQ(why(saw(there, 6)), "key 1 did not have the value 6 at any instant of for_each, which saw it so");
    EXPECT_TRUE(illegal(saw({}, 5)));
    EXPECT_EQ(why(saw({}, 5)), "key 1 was not there at any instant of for_each, which saw it");
    EXPECT_TRUE(illegal(saw({insert(0, 1, 5, true, {1, 2}), erase(0, 1, 5, {3, 4})}, 5)));
    EXPECT_TRUE(illegal(saw({insert(0, 1, 5, true, {21, 22})}, 5)));
    EXPECT_TRUE(legal(saw({insert(0, 1, 5, true, {20, 22})}, 5))) << "it overlaps";
}

TEST(map_traversal, an_insert_meanwhile_is_seen_or_not) {
    for (auto const v : {0, 5}) {
        EXPECT_TRUE(legal({insert(0, 1, 5, true, {12, 14}), for_each(1, {1}, {v}, {10, 20})}));
        EXPECT_TRUE(legal({insert(0, 1, 5, true, {1, 2}), erase(0, 1, 5, {12, 14}), for_each(1, {1}, {v}, {10, 20})}));
    }
    EXPECT_TRUE(illegal({insert(0, 1, 5, true, {12, 14}), for_each(1, {1}, {-5}, {10, 20})}));
}

TEST(map_traversal, values_that_change_meanwhile) {
    for (auto const v : {5, 6, 10}) {
        EXPECT_TRUE(legal({insert(0, 1, 5, true, {1, 2}), assign(0, 1, 6, false, {11, 12}), said(0, m::update, {1, 4}, 1, {13, 14}),
                           for_each(1, {1}, {v}, {10, 20})}));
    }
    for (auto const v : {0, 9, -6, -10}) {
        EXPECT_TRUE(illegal({insert(0, 1, 5, true, {1, 2}), assign(0, 1, 6, false, {11, 12}), said(0, m::update, {1, 4}, 1, {13, 14}),
                             for_each(1, {1}, {v}, {10, 20})}));
    }
}

TEST(map_traversal, erased_and_inserted_meanwhile) {
    for (auto const v : {0, 5, 6, -6}) {
        EXPECT_TRUE(legal({insert(0, 1, 5, true, {1, 2}), erase(0, 1, 5, {11, 12}), insert(0, 1, 6, true, {13, 14}),
                           for_each(1, {1}, {v}, {10, 20})}))
            << v;
    }
    EXPECT_TRUE(illegal({insert(0, 1, 5, true, {1, 2}), erase(0, 1, 5, {11, 12}), insert(0, 1, 6, true, {13, 14}),
                         for_each(1, {1}, {-5}, {10, 20})}))
        << "the last time it was 6";
    EXPECT_TRUE(illegal({insert(0, 1, 5, true, {1, 2}), insert(0, 1, 6, false, {13, 14}), for_each(1, {1}, {-5}, {10, 20})}));
}

TEST(map_traversal, is_no_snapshot) {
    // It passes key 1 before that is inserted, and key 2 after.
    EXPECT_TRUE(legal({insert(0, 1, 5, true, {11, 12}), insert(0, 2, 6, true, {13, 14}), for_each(1, {1, 2}, {0, 6}, {10, 20})}));
    // Of two by one thread, the second may still miss what the first saw, once that was erased.
    EXPECT_TRUE(legal({insert(0, 1, 5, true, {1, 12}), for_each(1, {1}, {5}, {2, 4}), for_each(1, {1}, {0}, {5, 7}),
                       erase(2, 1, 5, {3, 20})}));
    EXPECT_TRUE(illegal({insert(0, 1, 5, true, {1, 12}), for_each(1, {1}, {5}, {2, 4}), for_each(1, {1}, {0}, {5, 7})}));
}

TEST(map_clear, erases_what_is_there_all_the_time) {
    EXPECT_TRUE(legal({insert(0, 1, 5, true, {1, 2}), clear(1, {3, 6}), find(0, 1, 0, {7, 8})}));
    EXPECT_TRUE(illegal({insert(0, 1, 5, true, {1, 2}), clear(1, {3, 6}), find(0, 1, 5, {7, 8})}));
    EXPECT_TRUE(illegal({insert(0, 1, 5, true, {1, 2}), find(0, 1, 0, {3, 4}), clear(1, {5, 6})}));
}

TEST(map_clear, beside_an_insert) {
    for (auto const v : {0, 5}) {
        EXPECT_TRUE(legal({insert(0, 1, 5, true, {4, 5}), clear(1, {3, 6}), find(0, 1, v, {7, 8})}));
    }
    for (auto const v : {0, 6}) {
        EXPECT_TRUE(legal({insert(0, 1, 5, true, {1, 2}), erase(0, 1, 5, {4, 5}), insert(0, 1, 6, true, {6, 7}), clear(1, {3, 9}),
                           find(0, 1, v, {10, 11})}));
    }
    // Key by key: of two keys that were inserted meanwhile, the later one may be gone and the earlier one left, or vice versa.
    for (auto const& [one, two] : {std::pair{0, 0}, {0, 6}, {5, 0}, {5, 6}}) {
        EXPECT_TRUE(legal({insert(0, 1, 5, true, {4, 5}), insert(0, 2, 6, true, {6, 7}), clear(1, {3, 9}), find(0, 1, one, {10, 11}),
                           find(0, 2, two, {12, 13})}));
    }
}

TEST(map_clear, may_erase_a_key_again) {
    history const h{insert(0, 1, 5, true, {1, 2}), insert(0, 1, 6, true, {4, 5}), find(0, 1, 0, {6, 7}), clear(1, {3, 9})};
    EXPECT_TRUE(legal(h)) << "inserted again meanwhile";
    EXPECT_TRUE(illegal({insert(0, 1, 5, true, {1, 2}), find(0, 1, 0, {4, 5}), find(0, 1, 5, {6, 7}), clear(1, {3, 9})}));
}

TEST(map_erase_each, of_one_key_is_an_erase_if) {
    history const there{insert(0, 1, 5, true, {1, 2}), insert(0, 2, 6, true, {1, 2})};
    auto const erased = [&](values const& range, std::int64_t n, std::int64_t then, history h) {
        h.push_back(erase_each(1, range, n, {10, 20}));
        h.push_back(find(0, 1, then, {30, 31}));
        return h;
    };
    EXPECT_TRUE(legal(erased({1, 1, 2}, 1, 0, there)));
    EXPECT_TRUE(illegal(erased({1, 1, 2}, 1, 5, there)));
    EXPECT_TRUE(illegal(erased({1, 1, 2}, 0, 5, there)));
    EXPECT_TRUE(legal(erased({1, 1, 0}, 0, 5, there)));
    EXPECT_TRUE(legal(erased({1, 1, 1}, 1, 0, there)));
    EXPECT_TRUE(illegal(erased({1, 1, 2}, 2, 0, there)));
    auto again = there;
    again.push_back(insert(3, 1, 7, true, {12, 13}));
    EXPECT_TRUE(legal(erased({1, 1, 2}, 2, 0, again))) << "inserted again meanwhile";
    EXPECT_TRUE(legal(erased({1, 1, 2}, 1, 7, again)));
    EXPECT_TRUE(illegal(erased({1, 1, 2}, 1, 5, again)));
    EXPECT_EQ(why(erased({1, 1, 2}, 0, 5, there)), "key 1 was there to be erased during the whole of erase_each, which left it");
    EXPECT_EQ(why(erased({1, 1, 2}, 2, 0, there)), "key 1 was not there to be erased so often during erase_each");
}

TEST(map_erase_each, a_value_that_changes_meanwhile) {
    history const h{insert(0, 1, 5, true, {1, 2}), assign(0, 1, 6, false, {12, 13})};
    for (auto const n : {0, 1}) {
        auto one = h;
        one.push_back(erase_each(1, {1, 1, 1}, n, {10, 20}));
        EXPECT_EQ(legal(one), n == 0) << "if it was erased, the assignment found nothing";
    }
    history const then{insert(0, 1, 5, true, {1, 2}), assign(0, 1, 6, true, {12, 13}), erase_each(1, {1, 1, 1}, 1, {10, 20}),
                       find(0, 1, 6, {30, 31})};
    EXPECT_TRUE(legal(then));
}

TEST(map_erase_each, several_keys_are_counted_within_bounds) {
    m const three{.entries = {{1, 1}, {2, 2}, {3, 3}, {9, 9}}};
    EXPECT_EQ(possible({erase_each(0, {1, 4, 2}, 0, {10, 20})}, three), (values{3, 3}));
    EXPECT_EQ(possible({insert(1, 4, 5, true, {12, 13}), erase_each(0, {1, 4, 2}, 0, {10, 20})}, three), (values{3, 4}));
    EXPECT_EQ(possible({erase(1, 1, 1, {12, 13}), erase_each(0, {1, 4, 2}, 0, {10, 20})}, three), (values{2, 3}));
    EXPECT_EQ(possible({erase(1, 9, 9, {12, 13}), erase_each(0, {1, 4, 2}, 0, {10, 20})}, three), (values{3, 3}));
    EXPECT_EQ(possible({clear(1, {12, 13}), erase_each(0, {1, 4, 2}, 0, {10, 20})}, three), (values{0, 3}));
    EXPECT_EQ(possible({clear(1, {2, 3}), erase_each(0, {1, 4, 2}, 0, {10, 20})}, three), (values{0, 0}));
    EXPECT_EQ(why({erase_each(0, {1, 4, 2}, 2, {10, 20})}, three), "3 keys at least were there during the whole of erase_each");
    EXPECT_TRUE(illegal({erase_each(0, {1, 4, 2}, 3, {10, 20}), find(0, 2, 2, {21, 22})}, three)) << "it said that it was erased";
    EXPECT_TRUE(illegal({erase_each(0, {1, 4, 0}, 0, {10, 20}), find(0, 2, 0, {21, 22})}, three)) << "it said that it was not";
}

TEST(map_size, quiet_ones_are_exact) {
    EXPECT_EQ(possible({size(0, 0, {1, 2})}), (values{0, 0}));
    EXPECT_EQ(possible({insert(0, 1, 5, true, {1, 2}), insert(0, 1, 6, false, {3, 4}), insert(0, 2, 6, true, {3, 4}), size(0, 0, {7, 8})}),
              (values{2, 2}));
    EXPECT_EQ(possible({insert(0, 1, 5, true, {1, 2}), erase(0, 1, 5, {3, 4}), assign(0, 1, 6, true, {5, 6}), size(0, 0, {7, 8})}),
              (values{1, 1}));
    m const three{.entries = {{1, 1}, {2, 2}, {3, 3}}};
    EXPECT_EQ(possible({erase_each(0, {1, 2, 2}, 2, {1, 2}), size(0, 0, {3, 4})}, three), (values{1, 1}));
    EXPECT_EQ(possible({clear(0, {1, 2}), insert(0, 2, 5, true, {3, 4}), insert(0, 4, 5, true, {5, 6}), erase(0, 4, 5, {7, 8}),
                        size(0, 0, {9, 10})},
                       three),
              (values{1, 1}));
}

TEST(map_size, what_overlaps_may_count) {
    EXPECT_EQ(possible({insert(0, 1, 5, true, {1, 4}), size(1, 0, {2, 3})}), (values{0, 1}));
    EXPECT_EQ(possible({insert(0, 1, 5, true, {1}), size(1, 0, {2, 3})}), (values{0, 1})) << "one that has not returned";
    EXPECT_EQ(possible({insert(0, 1, 5, true, {4, 5}), size(1, 0, {2, 3})}), (values{0, 0})) << "one that had not begun";
    m const three{.entries = {{1, 1}, {2, 2}, {3, 3}}};
    EXPECT_EQ(possible({erase(0, 1, 1, {1, 4}), insert(1, 4, 5, true, {1, 4}), size(2, 0, {2, 3})}, three), (values{2, 4}));
    EXPECT_EQ(possible({clear(0, {1, 4}), size(2, 0, {2, 3})}, three), (values{0, 3}));
    EXPECT_EQ(possible({clear(0, {1, 4}), insert(1, 4, 5, true, {2, 3}), size(2, 0, {5, 6})}, three), (values{0, 1}));
    EXPECT_EQ(possible({clear(0, {1, 4}), insert(1, 4, 5, true, {5, 6}), size(2, 0, {7, 8})}, three), (values{1, 1}));
    // What erases may have been counted before what it erases, on another thread's number.
    EXPECT_EQ(possible({insert(0, 4, 5, true, {1, 2}), insert(0, 5, 6, true, {4, 5}), erase(1, 5, 6, {6, 7}), size(2, 0, {3, 8})}, three),
              (values{3, 5}));
}

TEST(map, ill_formed_answers) {
    EXPECT_TRUE(illegal({make(0, m::insert, {1, 2}, {1, 5}, {}, status::full)}));
    EXPECT_TRUE(illegal({make(0, m::find, {1, 2}, {1}, {}, status::closed)}));
    EXPECT_TRUE(illegal({said(0, m::contains, {1}, 2, {1, 2})}));
    EXPECT_TRUE(illegal({for_each(0, {1, 2}, {0}, {1, 2})}));
}

namespace {

// A right map whose calls overlap as they like: every call takes effect at one instant, those over all keys at one for each.
history random_history(sample::generator& random, m const& initial, std::size_t calls, std::uint32_t threads) {
    auto map = initial;
    history h;
    std::uint64_t now = 0;
    struct open {
        call c;
        std::vector<std::int64_t> keys; // yet to come
    };
    auto const key = [&] { return static_cast<std::int64_t>(1 + sample::below(random, 4)); };
    std::vector<std::optional<open>> running(threads);
    std::size_t begun = 0;
    auto const part = [](m& at, std::int64_t k, std::uint32_t operation, values const& argument) {
        auto one = argument;
        one.item[0] = k;
        return at.perform(operation, one);
    };
    while (begun != calls || std::ranges::any_of(running, [](auto const& r) { return r.has_value(); })) {
        ++now;
        auto const t = static_cast<std::uint32_t>(sample::below(random, threads));
        auto& mine = running[t];
        if (!mine) {
            if (begun == calls) {
                continue;
            }
            auto const v = static_cast<std::int64_t>(100 + ++begun);
            auto const operation = static_cast<std::uint32_t>(sample::below(random, std::size(m::operations)));
            mine = open{make(t, operation, {now}), {}};
            auto& argument = mine->c.argument;
            switch (operation) {
            case m::for_each:
                argument = {1, 2, 3, 4};
                break;
            case m::erase_each:
                argument = {key(), 0, static_cast<std::int64_t>(sample::below(random, 3))};
                argument.item[1] = argument[0] + static_cast<std::int64_t>(sample::below(random, 3));
                break;
            case m::clear:
            case m::approx_size:
                break;
            case m::erase_if:
                argument = {key(), static_cast<std::int64_t>(sample::below(random, 3))};
                break;
            default:
                argument = {key(), v};
                argument.count = operation <= m::update ? 2 : 1;
            }
            if (operation == m::for_each || operation == m::erase_each || operation == m::clear) {
                mine->keys = {1, 2, 3, 4, 5, 6};
                std::shuffle(mine->keys.begin(), mine->keys.end(), random);
                mine->c.result = operation == m::for_each ? values{0, 0, 0, 0} : operation == m::erase_each ? values{0} : values{};
            } else {
                mine->keys = {argument[0]};
            }
            continue;
        }
        auto& c = mine->c;
        if (!mine->keys.empty() && c.operation <= m::contains) {
            auto const answer = map.perform(c.operation, c.argument);
            c.answer = answer.answer;
            c.result = answer.result;
            mine->keys.clear();
        } else if (!mine->keys.empty()) {
            auto const k = mine->keys.back();
            mine->keys.pop_back();
            if (c.operation == m::for_each && k <= 4) {
                auto const saw = part(map, k, m::find, {k});
                c.result.item[static_cast<std::size_t>(k - 1)] = saw.answer == status::success ? saw.result[0] : 0;
            } else if (c.operation == m::clear) {
                part(map, k, m::erase, {k});
            } else if (c.operation == m::erase_each && c.argument[0] <= k && k <= c.argument[1]) {
                c.result.item[0] += part(map, k, m::erase_if, {k, c.argument[2]}).result[0];
            } else if (c.operation == m::approx_size) {
                c.result = map.perform(m::approx_size, {}).result;
            }
        } else {
            c.returned = now;
            h.push_back(c);
            mine.reset();
        }
    }
    return h;
}

} // namespace

TEST(map, a_right_map_is_never_accused) {
    sample::generator random(7);
    for (int round = 0; round != 2000; ++round) {
        m initial;
        for (std::int64_t k = 1; k <= 5; ++k) {
            if (sample::chance(random, 2)) {
                initial.entries[k] = k;
            }
        }
        auto h = random_history(random, initial, 40, static_cast<std::uint32_t>(2 + sample::below(random, 4)));
        ASSERT_TRUE(legal(h, initial)) << round << '\n' << explain(initial, h, labels{"map"});
        for (auto& c : h) { // less is known of their times, and the recording ends early
            c.returned += sample::below(random, 40);
        }
        ASSERT_TRUE(legal(h, initial)) << round;
        ASSERT_TRUE(legal(detail::cut(h, sample::below(random, 200)), initial)) << round;
    }
}

// Each answer changed by one: most of that is impossible, and whatever is accused stays so when it is shrunk.
TEST(map, shrinks_to_what_is_impossible) {
    sample::generator random(8);
    std::size_t accused = 0;
    for (int round = 0; round != 300; ++round) {
        m const initial{.entries = {{1, 1}, {2, 2}, {3, 3}}};
        auto h = random_history(random, initial, 30, 3);
        auto& c = h[sample::below(random, h.size())];
        if (c.result.empty()) {
            continue;
        }
        c.result.item[sample::below(random, c.result.size())] += 1;
        auto const least = shrink(initial, h);
        if (least.calls.empty()) {
            continue;
        }
        ++accused;
        ASSERT_EQ(check(least.initial, least.calls).is, verdict::violation);
        ASSERT_LE(least.calls.size(), 20u) << explain(least, labels{"map"});
    }
    EXPECT_GE(accused, 200u);
}

// Where each call names one key, keys need not be taken apart: the search over the whole map says the same.
TEST(map, agrees_with_the_search) {
    sample::generator random(10);
    std::size_t accused = 0;
    for (int round = 0; round != 2000; ++round) {
        m const initial{.entries = {{1, 1}, {2, 2}}};
        auto h = random_history(random, initial, 12, 3);
        std::erase_if(h, [](call const& c) { return c.operation == m::clear || c.operation == m::approx_size || c.operation == m::erase_each; });
        for (auto& c : h) {
            if (c.operation == m::for_each) {
                c.argument.count = c.result.count = 1;
            }
            if (!c.result.empty() && sample::chance(random, 8)) {
                c.result.item[0] ^= 1;
            }
        }
        auto const wanted = search<m>(initial, h).run().is;
        ASSERT_EQ(initial.monitor(h).is, wanted) << explain(initial, h, labels{"map"});
        accused += wanted == verdict::violation ? 1 : 0;
    }
    EXPECT_GE(accused, 200u);
    EXPECT_LE(accused, 1800u);
}

TEST(map, long_histories_are_decided) {
    sample::generator random(9);
    m const initial{.entries = {{1, 1}, {2, 2}, {3, 3}}};
    auto h = random_history(random, initial, 20'000, 4);
    for (auto& c : h) {
        c.returned += 30;
    }
    EXPECT_TRUE(legal(h, initial));
}

TEST(map, describes_itself) {
    EXPECT_EQ(m{}.describe(), "the map is empty");
    EXPECT_EQ((m{.entries = {{1, 1}, {2, 2}, {3, 3}, {5, 5}, {6, 7}}}.describe()), "the map holds 1..3, 5: 5, 6: 7");
}
