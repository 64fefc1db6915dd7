// README's tables are what the committed records say, and what is wrong with their description is said.
#include "report/readme.hpp"

#include <gtest/gtest.h>

#include "tree.hpp"

namespace tandem::tools {
namespace {

std::filesystem::path const root = std::filesystem::path(TANDEM_TOOLS_FOLDER) / "..";

TEST(readme, is_what_the_records_say) {
    EXPECT_EQ(contents(root / "README.md"), readme_of(root)) << "./tools/run report --readme writes it anew";
}

class readme_tables : public testing::Test {
protected:
    readme_tables() {
        here.text("r.json", contents(std::filesystem::path(TANDEM_TOOLS_FOLDER) / "testdata" / "bench.json"));
        here.text("README.md", before);
        save();
    }
    void save() const { here.text("bench/tables.json", tables.dump()); }
    json& table() { return tables["tables"][0]; }
    outcome_of_run renew() const {
        save();
        return here.driver({"report", "--readme"});
    }
    // Refused with these words, and nothing of README is lost.
    void refused(std::string const& words) const {
        auto const result = renew();
        EXPECT_EQ(result.code, 2) << words;
        EXPECT_TRUE(result.says(words)) << result.output;
        EXPECT_EQ(contents(here.path("README.md")), contents(here.path("before")));
    }

    static constexpr char const* before = "above\n\n<!-- table: queues -->\noutdated\n<!-- end -->\n\nbelow\n";
    tree here;
    json tables = json::parse(R"({"schema": 1, "tables": [{"name": "queues", "unit": "million", "records": ["r.json"],
        "rows": [{"title": "1 + 1", "where": {"workload": "stream", "placement": "split", "crowd": "1p1c"}},
                 {"title": "answer", "where": {"workload": "latency"}, "value": "p50"}],
        "columns": [{"title": "free", "where": {"implementation": "bounded_queue", "half": "lockfree"}},
                    {"title": "lock", "where": {"implementation": "bounded_queue", "half": "locked"}},
                    {"title": "best", "where": {"implementation": "xenium::vyukov_bounded_queue"}}],
        "verdicts": [{"workload": "stream", "structure": "bounded_queue"}]}]})");
};

TEST_F(readme_tables, stand_between_their_markers) {
    auto const result = renew();
    EXPECT_EQ(result.code, 0) << result.output;
    auto const text = contents(here.path("README.md"));
    EXPECT_TRUE(
        text.starts_with("above\n\n<!-- table: queues -->\n\n| million | free | lock | best |\n|---|---|---|---|\n"))
        << text;
    EXPECT_TRUE(text.ends_with("\n<!-- end -->\n\nbelow\n"));
    EXPECT_EQ(text.find("outdated"), std::string::npos);
    EXPECT_NE(text.find("| 1 + 1 | **181** | 9.2 | **178** |"), std::string::npos) << text;
    EXPECT_NE(
        text.find("Made-up processor for tests, 2 cores; 2026-01-02, commit 0123456789ab, GNU 12.2.0 -O3 -DNDEBUG; "
                  "medians of 9 rounds ([record](r.json))"),
        std::string::npos);
    EXPECT_NE(
        text.find("- `bounded_queue`, stream: across cores, lock-free is faster throughout (20 to 26 times); on one "
                  "core, locked is faster at 1p1c (1.05 times)"),
        std::string::npos)
        << text;
    EXPECT_EQ(renew().code, 0);
    EXPECT_EQ(contents(here.path("README.md")), text) << "made again from itself it is the same";
}

TEST_F(readme_tables, refuse_what_they_cannot_say_and_leave_the_file_alone) {
    here.text("before", before);
    auto const good = tables;
    table()["name"] = "queue";
    refused("README.md:3: unknown table 'queues'; the nearest is 'queue'");
    tables = good;
    table()["records"] = {"gone.json"};
    refused("gone.json: No such file");
    here.text("broken.json", "{\n \"schema\": 1,\n}\n");
    table()["records"] = {"broken.json"};
    refused("broken.json:3:1: ");
    tables = good;
    table()["rows"][0]["where"]["workload"] = "strem";
    refused("bench/tables.json: table 1: table 'queues': r.json has nothing for the row '1 + 1'");
    tables = good;
    table()["columns"][2]["where"]["implementation"] = "nobody";
    refused("r.json has nothing for the column 'best'");
    tables = good;
    table()["rows"][0]["where"].erase("crowd");
    refused("more than one row for '1 + 1' and 'free'");
    tables = good;
    table()["verdicts"][0]["structure"] = "counter";
    refused("r.json does not have both halves of counter in stream");
    tables = good;
    table()["colums"] = json::array();
    refused("table 1: unknown key \"colums\"");
    tables = good;
    tables["tables"].push_back(table());
    refused("two tables are called 'queues'");
    tables["tables"][1]["name"] = "nowhere";
    refused("has no place for the table 'nowhere'");
    tables = {{"schema", 2}};
    refused("tables.json:1:1: wants");
}

TEST_F(readme_tables, need_both_markers) {
    for (char const* const text : {"<!-- table: queues -->\n", "<!-- table: queues\n<!-- end -->\n",
                                   "<!-- table: queues -->\n<!-- table: queues -->\n<!-- end -->\n"}) {
        here.text("README.md", text);
        here.text("before", text);
        refused("README.md:1: ");
    }
}

TEST_F(readme_tables, take_no_records_from_the_command_line) {
    EXPECT_EQ(here.driver({"report", "--readme", here.path("r.json")}).code, 2);
    EXPECT_EQ(here.driver({"report", "--readme", "--output", "x"}).code, 2);
    EXPECT_EQ(contents(here.path("README.md")), before);
}

} // namespace
} // namespace tandem::tools
