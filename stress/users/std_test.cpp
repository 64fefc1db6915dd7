// Code written against std, in the native world; stress/model/users.cpp has it in the relacy world.
#include "std_ring.hpp"

#include <tandem/stress/engine/sanitizer.hpp>
#include <tandem/stress/test.hpp>

#include <gtest/gtest.h>

#include <deque>
#include <string_view>

namespace tandem::users {
namespace {

static_assert(std::is_same_v<sync::atomic<int>, std::atomic<int>>);
static_assert(std::is_same_v<sync::mutex, std::mutex>);
static_assert(sizeof(sync::plain<int>) == sizeof(int));

TEST(standard, is_std_in_the_native_world) {
    EXPECT_TRUE(behaves_like_std<sync::atomic>());
}

struct model {
    std::deque<int> items{};

    bool try_push(int v) { return items.size() < 2 && (items.push_back(v), true); }
    std::optional<int> try_pop() {
        if (items.empty()) {
            return std::nullopt;
        }
        int const v = items.front();
        items.pop_front();
        return v;
    }
    bool operator==(model const&) const = default;
};

template <class Ring>
stress::test_report stressed(bool one_of_each) {
    stress::test<Ring, model> ring("std_ring");
    ring.operation("try_push", &Ring::try_push, &model::try_push).only_by(one_of_each ? "producer" : "");
    ring.operation("try_pop", &Ring::try_pop, &model::try_pop).only_by(one_of_each ? "consumer" : "");
    stress::run_options asked;
    asked.rounds = 40;
    return ring.finally("try_pop").run(asked);
}

TEST(standard, a_ring_written_against_std_is_stressed) {
    auto const r = stressed<std_ring<int, 2>>(true);
    EXPECT_TRUE(r) << r.text;
}

} // namespace
} // namespace tandem::users
