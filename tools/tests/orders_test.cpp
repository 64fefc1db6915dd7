// The lint of memory orders: one planted violation of every kind, and a header that has none.
#include "orders/orders.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "orders/claim.hpp"
#include "tree.hpp"

namespace tandem::tools {
namespace {

// A header with a table of edges, around the lines given; line 1 is the table's first.
std::string header(std::string const& lines) {
    return "//   push.publish  release => pop.take    acquire   written before it is offered\n"
           "// seq_cst, exact answers: claims stand in one total order.\n" +
           lines;
}

constexpr char const* publish = "x.store(1, order::release); // push.publish\n";
constexpr char const* take = "x.load(order::acquire); // pop.take\n";

order_report check(std::string const& lines) {
    return check_orders("lockfree/include/tandem/lockfree/x.hpp", header(lines));
}

// The only problem, as "line: what"; or all of them, which fails.
std::string only_problem(std::string const& lines) {
    std::string all;
    for (auto const& problem : check(lines).problems) {
        all += (all.empty() ? "" : "\n") + std::to_string(problem.line) + ": " + problem.what;
    }
    return all;
}

TEST(orders, a_header_that_says_everything_has_no_problem) {
    EXPECT_EQ(only_problem(std::string(publish) + take +
                           "y.load(order::relaxed); // relaxed: a guess\n"
                           "// seq_cst: exact answers; relaxed: a new guess\n"
                           "y.compare_exchange_weak(a, b, order::seq_cst, order::relaxed);\n"),
              "");
}

TEST(orders, sites_are_counted_by_line_ordinal_and_role) {
    auto const report =
        check(std::string(publish) + take +
              "y.compare_exchange_weak(a, f(b), order::acq_rel, order::acquire); // push.publish; pop.take\n");
    ASSERT_EQ(report.sites.size(), 4U);
    EXPECT_EQ(report.sites[0].name(), "lockfree/include/tandem/lockfree/x.hpp:3:1:order");
    EXPECT_EQ(report.sites[2].name(), "lockfree/include/tandem/lockfree/x.hpp:5:1:success");
    EXPECT_EQ(report.sites[2].order, "acq_rel");
    EXPECT_EQ(report.sites[3].role, "failure");
    EXPECT_EQ(report.sites[3].operation, "compare_exchange_weak");
    EXPECT_TRUE(report.problems.empty());
}

TEST(orders, every_spelling_is_a_site) {
    auto const report = check("a.load(std::memory_order_relaxed); // relaxed: why\n"
                              "b.load(std::memory_order::relaxed); // relaxed: why\n"
                              "c.load(order::relaxed); // relaxed: why\n");
    EXPECT_EQ(report.sites.size(), 3U);
}

TEST(orders, comments_strings_and_declarations_are_no_sites) {
    auto const report = check(std::string(publish) + take +
                              "// x.load(order::acquire)\n/* x.load(order::acquire) */ \"x.load(order::acquire)\";\n"
                              "using order::acquire;\n");
    EXPECT_EQ(report.sites.size(), 2U);
    EXPECT_TRUE(report.problems.empty());
}

TEST(orders, release_without_edge) {
    EXPECT_EQ(only_problem(std::string(publish) + take + "y.store(1, order::release);\n"),
              "5: release (order of store): names no edge");
}

TEST(orders, end_that_no_edge_has) {
    EXPECT_EQ(only_problem(std::string(publish) + take + "y.load(order::acquire); // pop.tkae\n"),
              "5: acquire (order of load): names no edge that ends in an acquire\n5: 'pop.tkae' is in no row of the "
              "table of edges");
}

TEST(orders, edge_without_partner) {
    EXPECT_EQ(only_problem(publish), "1: push.publish has no partner: nothing is pop.take");
}

TEST(orders, acquire_that_faces_no_release) {
    EXPECT_EQ(only_problem(take), "1: pop.take faces no release: nothing is push.publish");
}

TEST(orders, release_end_on_a_relaxed_operation) {
    EXPECT_EQ(only_problem(std::string(take) + "x.store(1, order::relaxed); // push.publish; relaxed: planted\n"),
              "1: pop.take faces no release: nothing is push.publish\n"
              "4: push.publish is release in the table of edges, but no order of this operation is");
}

TEST(orders, edge_that_nobody_uses) {
    EXPECT_EQ(only_problem(""), "1: no operation is an end of push.publish => pop.take");
}

TEST(orders, acquire_that_names_only_a_release_end) {
    EXPECT_EQ(only_problem(std::string(publish) + take + "x.exchange(1, order::acq_rel); // push.publish\n"),
              "5: acq_rel (order of exchange): names no edge that ends in an acquire");
}

TEST(orders, relaxed_without_reason) {
    EXPECT_EQ(only_problem(std::string(publish) + take + "y.load(order::relaxed); // relaxed:\n"),
              "5: relaxed (order of load): no reason; write `relaxed: why`");
}

TEST(orders, failure_order_without_reason) {
    EXPECT_EQ(
        only_problem(std::string(publish) + take +
                     "y.compare_exchange_weak(a, b, order::seq_cst, order::relaxed); // seq_cst: exact answers\n"),
        "5: relaxed (failure of compare_exchange_weak): no reason; write `relaxed: why`");
}

TEST(orders, exchange_with_one_order) {
    EXPECT_EQ(only_problem(std::string(publish) + take +
                           "y.compare_exchange_weak(a, b, order::seq_cst); // seq_cst: exact answers\n"),
              "5: compare_exchange_weak does not write out both its orders");
}

TEST(orders, seq_cst_without_total_order) {
    EXPECT_EQ(only_problem(std::string(publish) + take + "y.load(order::seq_cst); // pop.take\n"),
              "5: seq_cst (order of load): does not say which total order it needs; write `seq_cst: name`");
}

TEST(orders, total_order_that_is_not_described) {
    EXPECT_EQ(only_problem(std::string(publish) + take + "y.load(order::seq_cst); // seq_cst: no such thing\n"),
              "5: seq_cst (order of load): the header comment describes no `seq_cst, no such thing: ...`");
}

TEST(orders, two_operations_on_a_line) {
    EXPECT_EQ(
        only_problem(std::string(publish) + take + "y.load(order::relaxed); z.load(order::relaxed); // relaxed: why\n"),
        "5: more than one atomic operation on a line");
}

TEST(orders, operation_over_two_lines) {
    EXPECT_EQ(only_problem(std::string(publish) + take + "y.store(1, // relaxed: why\n    order::relaxed);\n"),
              "5: the orders of store stand on another line than its name");
}

TEST(orders, fences_and_std_are_for_world_headers) {
    std::string const lines =
        "std::atomic_thread_fence(x);\nstd::atomic<int> a;\nstd::mutex m;\nstd::condition_variable c;\n";
    EXPECT_EQ(check_orders("locked/include/tandem/x.hpp", lines).problems.size(), 4U);
    EXPECT_TRUE(check_orders("locked/include/tandem/world.hpp", lines).problems.empty());
    EXPECT_TRUE(check_orders("locked/include/tandem/world/native.hpp", lines).problems.empty());
    EXPECT_EQ(check_orders("locked/include/tandem/worldly.hpp", lines).problems.size(), 4U);
}

TEST(orders, an_argument_is_quoted_whole) {
    auto const report = check(std::string(publish) + take +
                              "y.load(order::acquire); // pop.take; survivor: kept; a caller may rely on it\n");
    ASSERT_EQ(report.sites.size(), 3U);
    EXPECT_EQ(report.sites[2].argument, "kept; a caller may rely on it");
    EXPECT_EQ(report.sites[2].why, "pop.take");
}

TEST(orders, a_survivor_names_what_proves_it) {
    auto const with = [](std::string const& argument) {
        return std::string(publish) + take + "// pop.take; survivor: " + argument + "\ny.load(order::acquire);\n";
    };
    std::string const missing =
        "6: a survivor without proof; write `as in the mutant STRUCTURE.NAME` and `proved in STRUCTURE.HALF.RACE`";
    EXPECT_EQ(only_problem(with("kept")), missing);
    EXPECT_EQ(only_problem(with("kept, as in the mutant x.late")), missing);
    EXPECT_EQ(only_problem(with("proved in x.lockfree.race")), missing);
    EXPECT_TRUE(check(with("kept, as in the mutant x.late;\n// proved in x.lockfree.race,\n// y.shared.other")).problems.empty());
}

TEST(orders, a_claim_is_read_from_the_argument) {
    auto const read = claim_in("late, as in the mutant x.looks_late; never shown: proved in x.lockfree.a_1, y.shared.b; and so on");
    EXPECT_EQ(read.mutant, "x.looks_late");
    EXPECT_EQ(read.scenarios, (std::vector<std::string>{"x.lockfree.a_1", "y.shared.b"}));
    EXPECT_FALSE(claim_in("the mutant of logic is proved in theory").complete());
}

TEST(orders, both_halves_are_searched) {
    tree const here;
    here.text("locked/include/tandem/locked/a.hpp", "x.load(order::relaxed);\n");
    here.text("lockfree/include/tandem/lockfree/b.hpp", "x.load(order::relaxed);\n");
    auto const report = check_orders(here.path(""));
    ASSERT_EQ(report.problems.size(), 2U);
    EXPECT_EQ(report.problems[0].file, "locked/include/tandem/locked/a.hpp");
    EXPECT_EQ(report.problems[1].file, "lockfree/include/tandem/lockfree/b.hpp");
}

} // namespace
} // namespace tandem::tools
