#include "sample.hpp"

#include <tandem/stress/search.hpp>

#include <gtest/gtest.h>

#include <map>
#include <numeric>
#include <set>

using namespace tandem::stress;
using tandem::status;
namespace sample = tandem::stress::sample;

namespace {

// What a history may have been, every pending call replaced by one of its forms.
template <class S>
std::vector<history> forms(S const& initial, history const& calls) {
    std::vector<history> all{calls};
    if constexpr (requires { initial.completions(calls[0]); }) {
        for (std::size_t i = 0; i < calls.size(); ++i) {
            if (!calls[i].pending()) {
                continue;
            }
            std::vector<history> more;
            for (auto const& one : all) {
                for (auto const& form : initial.completions(calls[i])) {
                    more.push_back(one), more.back()[i] = form;
                }
            }
            all = more;
        }
    }
    return all;
}

// The definition, word for word: some subset of the pending calls, some permutation, each pair in its real-time order,
// each answer as the sequential object gives it.
template <class S>
bool has_explanation(S const& initial, history const& calls) {
    std::vector<std::size_t> pending, all(calls.size());
    std::iota(all.begin(), all.end(), 0u);
    for (auto const i : all) {
        if (calls[i].pending()) {
            pending.push_back(i);
        }
    }
    auto const overlapped = detail::overlapped(calls);
    for (std::size_t subset = 0; subset < std::size_t{1} << pending.size(); ++subset) {
        auto order = all;
        std::erase_if(order, [&](std::size_t i) {
            auto const at = std::find(pending.begin(), pending.end(), i);
            return at != pending.end() && (subset >> (at - pending.begin()) & 1) == 0;
        });
        do {
            bool in_order = true;
            for (std::size_t i = 0; i < order.size(); ++i) {
                for (std::size_t j = i + 1; j < order.size(); ++j) {
                    if (precedes(calls[order[j]], calls[order[i]])) {
                        in_order = false;
                    }
                }
            }
            if (!in_order) {
                continue;
            }
            auto state = initial;
            if (std::all_of(order.begin(), order.end(),
                            [&](std::size_t i) { return step(state, calls[i], overlapped[i]); })) {
                return true;
            }
        } while (std::next_permutation(order.begin(), order.end()));
    }
    return false;
}

using sample::register_spec;

// Says yes to everything.
struct credulous_spec : register_spec {
    bool step(call const&, bool) { return true; }
    bool operator==(credulous_spec const&) const = default;
};

verdict search_queue(history const& calls, queue_spec initial = {}) {
    return search<queue_spec>(initial, calls).run().is;
}

// Random histories of at most six calls, about half of them legal, judged by the search and by the definition.
template <class S>
void compare_with_the_definition(S const& initial, sample::shape shape, std::uint64_t seed) {
    std::size_t legal = 0, illegal = 0;
    sample::generator random(seed);
    for (int round = 0; round < 3000; ++round) {
        shape.calls = 1 + sample::below(random, 6);
        shape.threads = 1 + static_cast<std::uint32_t>(sample::below(random, 3));
        shape.stretch = sample::below(random, 60);
        auto calls = sample::run(random, initial, shape);
        ASSERT_EQ(search<S>(initial, calls).run().is, verdict::linearizable) << "seed " << seed << " round " << round;
        for (auto n = sample::below(random, 5); n > 0; --n) {
            sample::corrupt(random, calls);
        }
        auto const all = forms(initial, calls);
        auto const expected =
            std::any_of(all.begin(), all.end(), [&](history const& h) { return has_explanation(initial, h); });
        ++(expected ? legal : illegal);
        ASSERT_EQ(search<S>(initial, calls).run().is, expected ? verdict::linearizable : verdict::violation)
            << "seed " << seed << " round " << round;
    }
    EXPECT_GT(legal, 300u);
    EXPECT_GT(illegal, 300u);
}

} // namespace

TEST(search, nothing_happened) {
    EXPECT_EQ(search_queue({}), verdict::linearizable);
}

TEST(search, overlapping_calls_in_either_order) {
    EXPECT_EQ(search_queue({sample::push(0, 1, {10, 20}), sample::pop_fails(1, {15, 30})}), verdict::linearizable);
    EXPECT_EQ(search_queue({sample::push(0, 1, {10, 20}), sample::pop_fails(1, {20, 30})}), verdict::linearizable);
    EXPECT_EQ(search_queue({sample::push(0, 1, {10, 20}), sample::pop_fails(1, {21, 30})}), verdict::violation);
}

TEST(search, a_pending_call_may_have_taken_effect) {
    EXPECT_EQ(search_queue({sample::push(0, 1, {10}), sample::pop(1, 1, {20, 30})}), verdict::linearizable);
    EXPECT_EQ(search_queue({sample::push(0, 1, {10}), sample::pop_fails(1, {20, 30})}), verdict::linearizable);
    EXPECT_EQ(search_queue({sample::push(0, 1, {10, 11}), sample::make(1, queue_spec::try_pop, {12}),
                            sample::pop_fails(2, {20, 30})}),
              verdict::linearizable);
    EXPECT_EQ(search_queue({sample::push(0, 1, {25}), sample::pop(1, 1, {10, 20})}), verdict::violation);
}

TEST(search, a_pending_batch_may_have_done_a_part) {
    auto const calls =
        history{sample::push_n(0, {1, 2, 3}, 0, {10}), sample::pop(1, 1, {20, 30}), sample::pop_fails(1, {40, 50})};
    EXPECT_EQ(search_queue(calls), verdict::linearizable);
    EXPECT_EQ(search_queue({calls[0], sample::pop(1, 2, {20, 30})}), verdict::violation);
}

TEST(search, gives_up_at_its_budget) {
    history calls;
    for (std::int64_t i = 0; i < 20; ++i) {
        calls.push_back(sample::push(static_cast<std::uint32_t>(i), i, {10, 20}));
    }
    calls.push_back(sample::pop(30, 99, {30, 40}));
    auto const result = search<queue_spec>({}, calls, 1000).run();
    EXPECT_EQ(result.is, verdict::unknown);
    EXPECT_GE(result.states, 1000u);
}

TEST(search, a_long_history_needs_no_stack) {
    history calls;
    for (std::uint64_t i = 0; i < 20'000; ++i) {
        calls.push_back(sample::fetch_add(static_cast<std::uint32_t>(i % 3), 1, static_cast<std::int64_t>(i),
                                          {10 * i, 10 * i + 15}));
    }
    EXPECT_EQ(search<counter_spec>({}, calls).run().is, verdict::linearizable);
    calls[19'000].result = {18'000};
    EXPECT_EQ(search<counter_spec>({}, calls).run().is, verdict::violation);
}

TEST(search, agrees_with_the_definition_on_queues) {
    using q = queue_spec;
    compare_with_the_definition(q{}, {.operations = {q::try_push, q::try_pop}, .pending = true}, 1);
    compare_with_the_definition(q{.capacity = 1}, {.operations = {q::try_push, q::try_pop, q::close, q::is_closed}}, 2);
    compare_with_the_definition(q{.capacity = 3},
                                {.operations = {q::try_push_n, q::try_pop_n, q::try_pop}, .pending = true}, 3);
    compare_with_the_definition(q{.capacity = 2, .promise = q::strength::weak},
                                {.operations = {q::try_push, q::try_pop, q::try_push_n}, .pending = true, .busy = true},
                                4);
}

TEST(search, agrees_with_the_definition_on_counters) {
    using c = counter_spec;
    sample::generator random(5);
    std::size_t illegal = 0;
    for (int round = 0; round < 3000; ++round) {
        auto calls = sample::run(
            random, c{},
            {.calls = 6, .operations = {c::add, c::sub, c::fetch_add, c::load, c::exchange}, .pending = true});
        auto& changed = calls[sample::below(random, calls.size())];
        if (!changed.result.empty()) {
            changed.result.item[0] += static_cast<std::int64_t>(sample::below(random, 3)) - 1;
        }
        auto const expected = has_explanation(c{}, calls);
        illegal += expected ? 0 : 1;
        ASSERT_EQ(search<c>({}, calls).run().is, expected ? verdict::linearizable : verdict::violation)
            << "round " << round;
    }
    EXPECT_GT(illegal, 300u);
}

TEST(search, a_structure_of_someone_else) {
    using sample::make;
    auto const store = [](std::int64_t v, sample::when t) { return make(0, register_spec::store, t, {v}); };
    auto const load = [](std::int64_t v, sample::when t) { return make(1, register_spec::load, t, {}, {v}); };
    EXPECT_EQ(search<register_spec>({}, {store(1, {10, 40}), load(0, {20, 25}), load(1, {30, 35})}).run().is,
              verdict::linearizable);
    EXPECT_EQ(search<register_spec>({}, {store(1, {10, 40}), load(1, {20, 25}), load(0, {30, 35})}).run().is,
              verdict::violation);
}

TEST(search, a_set_of_calls_and_its_key) {
    sample::generator random(7);
    detail::call_set set(200);
    std::set<std::uint32_t> model;
    std::map<std::vector<std::uint64_t>, std::set<std::uint32_t>> seen;
    for (int i = 0; i < 20'000; ++i) { // filled from the front, as a search does, with a few holes
        auto const one =
            static_cast<std::uint32_t>(std::min<std::size_t>(199, sample::below(random, model.size() + 8)));
        if (model.erase(one) != 0) {
            set.erase(one);
        } else {
            model.insert(one), set.insert(one);
        }
        ASSERT_EQ(seen.emplace(set.key(), model).first->second, model);
        while (sample::chance(random, 50) || model.size() < 100) {
            std::uint32_t hole = 0;
            while (model.contains(hole)) {
                ++hole;
            }
            model.insert(hole), set.insert(hole);
        }
    }
}

TEST(search, final_states_of_concurrent_exchanges) {
    auto const exchange = [](std::int64_t v, std::int64_t old) {
        return sample::make(0, counter_spec::exchange, {10, 20}, {v}, {old});
    };
    auto one = exchange(1, 0), two = exchange(2, 1);
    two.thread = 1;
    auto const states = search<counter_spec>({}, {one, two}).final_states();
    ASSERT_TRUE(states);
    EXPECT_EQ(*states, std::vector{counter_spec{2}});
}

TEST(search, legal_replies) {
    auto const calls = history{sample::push(0, 1, {10, 40}), sample::push(1, 2, {10, 40}), sample::pop(2, 3, {20, 30})};
    auto const replies = search<queue_spec>({}, calls).legal_replies(2);
    EXPECT_EQ(replies.size(), 3u); // 1, 2, empty
}

TEST(discernment, a_credulous_specification_is_found_out) {
    auto const calls = history{sample::make(0, register_spec::store, {10, 20}, {1}),
                               sample::make(1, register_spec::load, {30, 40}, {}, {1})};
    auto const honest = discern(register_spec{}, calls);
    EXPECT_EQ(honest.noticed, honest.tried);
    auto const credulous = discern(credulous_spec{}, calls);
    EXPECT_GT(credulous.tried, 0u);
    EXPECT_EQ(credulous.noticed, 0u);
}

TEST(discernment, the_queue_notices) {
    sample::generator random(6);
    auto const calls =
        sample::run(random, queue_spec{.capacity = 2},
                    {.calls = 20, .stretch = 5, .operations = {queue_spec::try_push, queue_spec::try_pop}});
    auto const sum = discern(queue_spec{.capacity = 2}, calls);
    EXPECT_GT(sum.noticed * 10, sum.tried * 9);
}
