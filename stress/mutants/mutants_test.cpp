// A few of the logic mutants that are quick to compile: each is noticed, and the same family with a header that is only copied is not accused.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <logic_entries.hpp>
#include <process.hpp>

namespace tandem::tools {
namespace {

std::filesystem::path const root = TANDEM_SOURCE_ROOT;

// What the explorer says of the entry's first family, compiled with the headers in the folder: 0 or 1.
int verdict_of(logic_entry const& entry, std::filesystem::path const& folder) {
    auto const program = (folder / "program").string();
    auto const [said, made] = output_of({TANDEM_COMPILE_FAMILY, folder.string(), entry.families.front(), program});
    EXPECT_EQ(made.code, 0) << said;
    auto const [told, ran] = output_of({program, "--until-violation", "--executions", "200"});
    EXPECT_NE(told, "");
    return ran.code;
}

class logic_mutants : public testing::TestWithParam<char const*> {
protected:
    ~logic_mutants() override { std::filesystem::remove_all(folder); }

    std::filesystem::path const folder = std::filesystem::path(TANDEM_SCRATCH) / GetParam();
};

TEST_P(logic_mutants, is_noticed) {
    auto const entries = read_logic_entries(root);
    auto const entry =
        std::ranges::find_if(entries, [&](auto const& one) { return one.structure + "." + one.name == GetParam(); });
    ASSERT_NE(entry, entries.end());
    entry->apply(root, folder);
    EXPECT_EQ(verdict_of(*entry, folder), 1);

    auto unchanged = *entry;
    unchanged.replacement = unchanged.text;
    unchanged.apply(root, folder);
    EXPECT_EQ(verdict_of(unchanged, folder), 0);
}

INSTANTIATE_TEST_SUITE_P(quick, logic_mutants,
                         testing::Values("bounded_queue.off_by_one_lap", "bounded_queue.locked_looks_before_it_locks",
                                         "counter.looks_before_it_has_the_signal", "striped_counter.drain_stores"),
                         [](auto const& of) {
                             std::string name = of.param;
                             std::ranges::replace(name, '.', '_');
                             return name;
                         });

} // namespace
} // namespace tandem::tools
