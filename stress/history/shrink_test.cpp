#include "sample.hpp"

#include <tandem/stress/explain.hpp>

#include <gtest/gtest.h>

using namespace tandem::stress;
using tandem::status;
namespace sample = tandem::stress::sample;
using sample::pop, sample::pop_fails, sample::push;

namespace {

using q = queue_spec;
using c = counter_spec;

std::vector<bool> some(sample::generator& random, std::size_t n) {
    std::vector<bool> drop(n);
    auto const one_in = 1 + sample::below(random, 4);
    for (std::size_t i = 0; i < n; ++i) {
        drop[i] = sample::chance(random, one_in);
    }
    return drop;
}

// The rule that every move rests on: what has an explanation still has one.
template <class S>
void moves_keep_explanations(S const& promise, sample::shape shape, std::uint64_t seed) {
    sample::generator random(seed);
    std::size_t smaller = 0;
    for (int round = 0; round < 4000; ++round) {
        shape.calls = 2 + sample::below(random, 11);
        shape.stretch = sample::below(random, 80);
        auto const h = sample::run(random, promise, shape);
        auto const projected = promise.without(h, some(random, h.size()));
        ASSERT_EQ(search<S>(promise, projected).run().is, verdict::linearizable)
            << "seed " << seed << " round " << round;
        auto const shorter = detail::cut(projected, 1000 + sample::below(random, 10 * shape.calls));
        ASSERT_EQ(search<S>(promise, shorter).run().is, verdict::linearizable) << "seed " << seed << " round " << round;
        auto const both = promise.without(shorter, some(random, shorter.size()));
        ASSERT_EQ(search<S>(promise, both).run().is, verdict::linearizable) << "seed " << seed << " round " << round;
        smaller += both.size() < h.size() ? 1 : 0;
    }
    EXPECT_GT(smaller, 2000u);
}

// Queues that are wrong. Each bug shows now and then, not always.
struct broken_queue : q {
    enum class bug { reorders, loses, doubles, denies, overflows, invents };

    bug planted = bug::reorders;
    std::size_t until_it_shows = 12;

    reply perform(std::uint32_t operation, values const& argument) {
        bool const shows = until_it_shows == 0;
        if (!shows) {
            --until_it_shows;
        }
        if (shows && operation == try_pop && items.size() > 1) {
            switch (planted) {
            case bug::reorders:
                std::swap(items[0], items[1]);
                break;
            case bug::doubles:
                return {status::success, {items[0]}};
            case bug::denies:
                return {status::empty, {}};
            case bug::invents:
                return {status::success, {-1}};
            default:
                break;
            }
        }
        if (shows && operation == try_push) {
            if (planted == bug::loses && !items.empty()) {
                return {};
            }
            if (planted == bug::overflows) {
                return items.push_back(argument[0]), reply{};
            }
        }
        return q::perform(operation, argument);
    }
};

// What each planted bug comes down to.
void expect_shrinks(broken_queue::bug bug, std::size_t at_most, std::size_t length = 400) {
    auto const promise = q{.capacity = 3};
    std::size_t found = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        sample::generator random(seed);
        broken_queue broken{promise, bug, 12};
        auto const h = sample::run(
            random, broken, {.threads = 4, .calls = length, .stretch = 25, .operations = {q::try_push, q::try_pop}});
        auto const example = shrink(promise, h);
        if (example.calls.empty()) {
            continue;
        }
        ++found;
        EXPECT_LE(example.calls.size(), at_most) << explain(promise, h, {});
        EXPECT_EQ(search<q>(promise, example.calls).run().is, verdict::violation);
        EXPECT_EQ(example.recorded, length);
        auto without_its_answer = example.calls;
        without_its_answer[example.impossible].returned = never;
        EXPECT_EQ(search<q>(promise, without_its_answer).run().is, verdict::linearizable);
    }
    EXPECT_EQ(found, 20u);
}

} // namespace

TEST(shrink, moves_keep_the_explanations_of_queues) {
    moves_keep_explanations(q{}, {.operations = {q::try_push, q::try_pop}, .pending = true}, 31);
    moves_keep_explanations(q{.capacity = 2}, {.operations = {q::try_push, q::try_push, q::try_pop}, .pending = true},
                            32);
    moves_keep_explanations(q{.capacity = 2}, {.operations = {q::try_push, q::try_pop, q::close, q::is_closed}}, 33);
    moves_keep_explanations(q{.capacity = 3},
                            {.operations = {q::try_push_n, q::try_pop_n, q::try_pop}, .pending = true}, 34);
    moves_keep_explanations(q{.capacity = 3}, {.operations = {q::try_push_n, q::try_pop_n, q::close}, .pending = true},
                            35);
    moves_keep_explanations(
        q{.capacity = 2, .promise = q::strength::weak},
        {.operations = {q::try_push, q::try_pop, q::try_push_n, q::try_pop_n}, .pending = true, .busy = true}, 36);
}

TEST(shrink, moves_keep_the_explanations_of_counters) {
    moves_keep_explanations(c{}, {.operations = {c::add, c::sub, c::load}, .pending = true}, 37);
    moves_keep_explanations(c{}, {.operations = {c::add, c::fetch_add, c::load, c::load, c::exchange}, .pending = true},
                            38);
}

TEST(shrink, a_legal_history_gives_nothing) {
    EXPECT_TRUE(shrink(q{}, {push(0, 1, {1, 2}), pop(0, 1, {3, 4})}).calls.empty());
    EXPECT_EQ(explain(q{}, {push(0, 1, {1, 2})}, {}), "");
}

TEST(shrink, reordered_to_three_calls) {
    expect_shrinks(broken_queue::bug::reorders, 3);
}
TEST(shrink, lost_to_four_calls) {
    expect_shrinks(broken_queue::bug::loses, 4);
}
TEST(shrink, doubled_to_three_calls) {
    expect_shrinks(broken_queue::bug::doubles, 3);
}
TEST(shrink, denied_to_two_calls) {
    expect_shrinks(broken_queue::bug::denies, 2);
}
TEST(shrink, overflow_to_one_more_than_the_capacity) {
    expect_shrinks(broken_queue::bug::overflows, 4);
}
TEST(shrink, invented_to_one_call) {
    expect_shrinks(broken_queue::bug::invents, 1);
}
TEST(shrink, a_long_history) {
    expect_shrinks(broken_queue::bug::reorders, 3, 20'000);
}

// First in, first out for each producer, but not between them: what a queue made of one queue per producer gives.
TEST(shrink, order_kept_only_per_producer) {
    struct per_producer_queue : q {
        std::uint32_t turn = 0;
        reply perform(std::uint32_t operation, values const& argument) {
            if (operation == try_push) {
                return items.push_back(argument[0]), reply{};
            }
            if (items.empty()) {
                return {status::empty, {}};
            }
            auto const lane = ++turn % 2; // here a value's producer is its second bit
            auto const mine =
                std::find_if(items.begin(), items.end(), [&](std::int64_t v) { return (v >> 1 & 1) == lane; });
            auto const taken = mine == items.end() ? items.begin() : mine;
            reply const said{status::success, {*taken}};
            items.erase(taken);
            return said;
        }
    };
    sample::generator random(41);
    auto const h = sample::run(random, per_producer_queue{},
                               {.threads = 4, .calls = 5000, .stretch = 40, .operations = {q::try_push, q::try_pop}});
    auto const example = shrink(q{}, h);
    EXPECT_GE(example.calls.size(), 2u);
    EXPECT_LE(example.calls.size(), 4u);
}

TEST(shrink, a_short_batch_keeps_what_matters) {
    auto const example =
        shrink(q{.capacity = 1}, {sample::push_n(0, {1, 2, 3}, 1, {1, 2}), sample::pop_n(1, 3, {}, {3, 4})});
    ASSERT_EQ(example.calls.size(), 2u);
    EXPECT_EQ(example.calls[0].argument, values{1});
}

TEST(shrink, lost_update_of_a_counter) {
    using sample::add, sample::load;
    history h;
    for (std::uint64_t i = 0; i < 30; ++i) {
        h.push_back(add(0, 1, {10 * i, 10 * i + 5}));
    }
    h.push_back(add(0, 1, {1000, 1010}));
    h.push_back(add(1, 1, {1005, 1015}));
    h.push_back(load(2, 31, {1020, 1030}));
    h.push_back(load(2, 31, {1040, 1050}));
    auto const example = shrink(c{}, h);
    EXPECT_EQ(example.calls.size(), 1u);
    EXPECT_EQ(example.calls[0].operation, c::load);
}

TEST(shrink, begins_where_only_one_state_is_possible) {
    auto const exchange = [](std::uint32_t thread, std::int64_t v, std::int64_t old, sample::when t) {
        return sample::make(thread, c::exchange, t, {v}, {old});
    };
    auto const example = shrink(c{}, {exchange(0, 1, 0, {1, 2}), exchange(0, 2, 1, {3, 6}), exchange(1, 3, 2, {4, 5}),
                                      exchange(0, 4, 9, {7, 8})});
    EXPECT_EQ(example.initial, c{3});
    EXPECT_EQ(example.calls.size(), 1u);
}

struct described_register : sample::register_spec {
    std::string describe() const { return concat({"it holds ", std::to_string(value)}); }
    bool operator==(described_register const&) const = default;
};

TEST(shrink, does_not_begin_where_two_states_are_possible) {
    using sample::make;
    history const either{make(0, 1, {1, 5}, {1}), make(1, 1, {2, 6}, {2}), make(0, 0, {7, 8}, {}, {3})};
    EXPECT_EQ(shrink(described_register{}, either).calls.size(), 3u);
    history const one{make(0, 1, {1, 5}, {1}), make(1, 1, {6, 7}, {2}), make(0, 0, {8, 9}, {}, {3})};
    EXPECT_EQ(shrink(described_register{}, one).calls.size(), 1u);
    EXPECT_EQ(shrink(described_register{}, one).initial.value, 2);
}

// No member of the specification says what may go: only the end is cut.
TEST(shrink, a_structure_of_someone_else) {
    using sample::make;
    using sample::register_spec;
    history const h{make(0, 1, {1, 2}, {1}), make(1, 0, {3, 4}, {}, {7}), make(1, 0, {5, 6}, {}, {1}),
                    make(0, 1, {4, 9}, {2})};
    auto const example = shrink(register_spec{}, h);
    ASSERT_EQ(example.calls.size(), 3u); // the store of 2 had begun
    EXPECT_EQ(example.calls[example.impossible].result, values{7});
    EXPECT_NE(explain(register_spec{}, h, {"register", "a map"}).find("a map answers 1 or 2"), std::string::npos);
}
