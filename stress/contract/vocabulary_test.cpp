// status, result<T> and outcome<R>: the words both halves answer with.
#include <tandem/contract.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace tandem::test {
namespace {

TEST(status, says_its_name) {
    EXPECT_STREQ(to_string(status::success), "success");
    EXPECT_STREQ(to_string(status::empty), "empty");
    EXPECT_STREQ(to_string(status::full), "full");
    EXPECT_STREQ(to_string(status::closed), "closed");
    EXPECT_STREQ(to_string(status::busy), "busy");
    EXPECT_STREQ(to_string(status::timeout), "timeout");
    EXPECT_STREQ(to_string(status::stopped), "stopped");
}

TEST(result, holds_a_value) {
    result<int> const r(3);
    EXPECT_TRUE(r.has_value());
    EXPECT_TRUE(static_cast<bool>(r));
    EXPECT_EQ(*r, 3);
    EXPECT_EQ(r.value(), 3);
    EXPECT_EQ(r.error(), status::success);
    EXPECT_EQ(result<std::string>("abc")->size(), 3u);
}

TEST(result, holds_a_status) {
    result<int> const r(status::empty);
    EXPECT_FALSE(r);
    EXPECT_EQ(r.error(), status::empty);
    EXPECT_EQ(r.value_or(9), 9);
}

TEST(result, value_of_none_throws) {
    result<std::string> r(status::closed);
    try {
        (void)r.value();
        FAIL() << "no exception";
    } catch (bad_result const& e) {
        EXPECT_EQ(e.error(), status::closed);
        EXPECT_STREQ(e.what(), "closed");
    }
}

TEST(result, is_trivially_copyable_with_its_element) {
    static_assert(std::is_trivially_copyable_v<result<int>>);
    static_assert(!std::is_trivially_copyable_v<result<std::string>>);
    static_assert(!std::is_copy_constructible_v<result<std::unique_ptr<int>>>);
}

TEST(result, moves_its_element) {
    result<std::unique_ptr<int>> a(std::make_unique<int>(5));
    result<std::unique_ptr<int>> b(std::move(a));
    EXPECT_EQ(*a, nullptr);
    EXPECT_EQ(**b, 5);
    EXPECT_EQ(*std::move(b).value(), 5);
}

TEST(result, is_assigned_across_value_and_status) {
    std::string const text(100, 'x'); // on the heap, so that a leak or a double free is seen
    result<std::string> r(status::full);
    r = result<std::string>(text);
    EXPECT_EQ(r.value(), text);
    result<std::string> const copy(r);
    r = result<std::string>(status::busy);
    EXPECT_EQ(r.error(), status::busy);
    r = copy;
    EXPECT_EQ(r.value(), text);
    auto& same = r;
    r = std::move(same);
    EXPECT_EQ(r.value(), text);
}

TEST(result, destroys_its_element) {
    auto const shared = std::make_shared<int>(1);
    {
        result<std::shared_ptr<int>> const r(shared);
        EXPECT_EQ(shared.use_count(), 2);
    }
    EXPECT_EQ(shared.use_count(), 1);
}

TEST(result, chains) {
    auto const half_of = [](int v) { return v % 2 == 0 ? result<int>(v / 2) : result<int>(status::full); };
    EXPECT_EQ(result<int>(4).and_then(half_of).value(), 2);
    EXPECT_EQ(result<int>(3).and_then(half_of).error(), status::full);
    EXPECT_EQ(result<int>(status::busy).and_then(half_of).error(), status::busy);
    EXPECT_EQ(result<int>(4).transform([](int v) { return std::to_string(v); }).value(), "4");
    EXPECT_EQ(result<int>(status::busy).transform([](int v) { return v; }).error(), status::busy);
    EXPECT_EQ(*result<std::unique_ptr<int>>(status::empty).value_or(std::make_unique<int>(2)), 2);
}

TEST(outcome, holds_a_value) {
    outcome<std::string> o(std::in_place, "abc");
    EXPECT_TRUE(o);
    EXPECT_EQ(o.error(), nullptr);
    EXPECT_EQ(o.what(), "");
    EXPECT_EQ(std::move(o).value(), "abc");
    outcome<void> nothing(std::in_place);
    EXPECT_TRUE(nothing.has_value());
    std::move(nothing).value();
}

TEST(outcome, holds_what_escaped) {
    outcome<int> o(std::make_exception_ptr(std::runtime_error("broken")));
    EXPECT_FALSE(o);
    EXPECT_NE(o.error(), nullptr);
    EXPECT_EQ(o.what(), "broken");
    EXPECT_THROW(std::move(o).value(), std::runtime_error);
    EXPECT_EQ(outcome<int>(std::make_exception_ptr(7)).what(), "not a std::exception");
}

} // namespace
} // namespace tandem::test
