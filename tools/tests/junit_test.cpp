#include "junit.hpp"

#include <gtest/gtest.h>

#include "record.hpp"
#include "tree.hpp"

namespace tandem::tools {
namespace {

std::string suite(int tests, std::string const& cases) {
    return "<?xml version=\"1.0\"?>\n<testsuite name=\"(empty)\"\n\ttests=\"" + std::to_string(tests) +
           "\"\n\tfailures=\"1\"\n\t>\n" + cases + "</testsuite>\n";
}

TEST(junit, what_could_not_be_started_has_failed) {
    tree const here;
    here.text(
        "j.xml",
        suite(
            5,
            "<testcase name=\"a&lt;1&gt;\" time=\"0.5\" status=\"run\"><system-out></system-out></testcase>\n"
            "<testcase name=\"b\" time=\"1\" status=\"fail\"><failure message=\"\"/><system-out>1 &lt; 2 "
            "&amp;amp;</system-out></testcase>\n"
            "<testcase name=\"c\" status=\"notrun\"><skipped message=\"SKIP_REGULAR_EXPRESSION_MATCHED\"/></testcase>\n"
            "<testcase name=\"d\" status=\"notrun\"><skipped message=\"Unable to find executable\"/></testcase>\n"
            "<testcase name=\"e\" status=\"disabled\"></testcase>\n"));
    auto const cases = read_junit(here.path("j.xml"));
    ASSERT_EQ(cases.size(), 5U);
    using enum test_case::outcome;
    EXPECT_EQ(cases[0].result, passed);
    EXPECT_EQ(cases[0].name, "a<1>");
    EXPECT_EQ(cases[0].seconds, 0.5);
    EXPECT_EQ(cases[1].result, failed);
    EXPECT_EQ(cases[1].output, "1 < 2 &amp;");
    EXPECT_EQ(cases[2].result, skipped);
    EXPECT_EQ(cases[3].result, failed);
    EXPECT_EQ(cases[4].result, skipped);
}

TEST(junit, a_file_that_lost_tests_is_refused) {
    tree const here;
    here.text("j.xml", suite(2, "<testcase name=\"a\" status=\"run\"></testcase>\n"));
    EXPECT_THROW((void)read_junit(here.path("j.xml")), bad_input);
    here.text("j.xml", "");
    EXPECT_THROW((void)read_junit(here.path("j.xml")), bad_input);
    EXPECT_THROW((void)read_junit(here.path("none.xml")), bad_input);
    here.text("j.xml", suite(1, "<testcase name=\"a\" status=\"run\">"));
    EXPECT_THROW((void)read_junit(here.path("j.xml")), bad_input);
}

} // namespace
} // namespace tandem::tools
