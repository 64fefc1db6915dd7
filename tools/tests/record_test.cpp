#include "record.hpp"

#include <gtest/gtest.h>

#include "tree.hpp"

namespace tandem::tools {
namespace {

std::string refusal(std::filesystem::path const& file) {
    try {
        (void)read_record(file);
    } catch (bad_input const& error) {
        return error.what();
    }
    return "accepted";
}

TEST(record, broken_json_names_file_line_and_column) {
    tree const here;
    auto const file = here.path("r.json");
    here.text("r.json", "{\n  \"schema\": 1,\n  \"kind\": bench\n}\n");
    EXPECT_TRUE(refusal(file).starts_with(file.string() + ":3:11: ")) << refusal(file);
    here.text("r.json", "{\"schema\": 1,");
    EXPECT_TRUE(refusal(file).starts_with(file.string() + ":1:")) << refusal(file);
    here.text("r.json", "");
    EXPECT_TRUE(refusal(file).starts_with(file.string() + ":1:1: ")) << refusal(file);
}

TEST(record, what_is_no_record_is_refused) {
    tree const here;
    auto const file = here.path("r.json");
    EXPECT_EQ(refusal(file), file.string() + ": No such file or directory");
    EXPECT_EQ(refusal(here.path("tools")), here.path("tools").string() + ": is a folder, not a JSON file");
    for (auto const& [text, why] : std::vector<std::pair<std::string, std::string>>{
             {"[]", "not an object"},
             {"{}", "no schema number"},
             {R"({"schema": 2, "kind": "bench", "results": []})", "schema 2 where this program reads 1"},
             {R"({"schema": 1, "results": []})", "no kind"},
             {R"({"schema": 1, "kind": "bench"})", "no list of results"},
             {R"({"schema": 1, "kind": "bench", "results": [1]})", "a result is not an object"}}) {
        here.text("r.json", text);
        EXPECT_NE(refusal(file).find(why), std::string::npos) << text << "\n" << refusal(file);
    }
    here.text("r.json", R"({"schema": 1, "kind": "bench", "results": [{}]})");
    EXPECT_EQ(refusal(file), "accepted");
}

TEST(record, gathers_worker_files_and_knows_what_is_incomplete) {
    tree const here;
    here.text("a.json", R"({"compiler": "GNU 12", "flags": "-O1", "complete": true, "results": [{"n": 1}]})");
    here.text("b.json",
              R"({"compiler": "GNU 12", "flags": "-O1", "complete": false, "results": [{"n": 2}, {"n": 3}]})");
    recording whole(here.path(""), "stress", "tsan", "./tools/run stress");
    whole.add_worker_file(here.path("a.json"));
    recording half = whole;
    half.add_worker_file(here.path("b.json"));
    auto const one = std::move(whole).finished();
    auto const two = std::move(half).finished();
    EXPECT_EQ(one["complete"], true);
    EXPECT_EQ(one["compiler"], "GNU 12");
    EXPECT_EQ(one["command"], "./tools/run stress");
    EXPECT_EQ(two["complete"], false);
    EXPECT_EQ(two["results"].size(), 3U);
    EXPECT_GE(two["machine"]["cores_allowed"].get<int>(), 1);
}

TEST(record, a_name_is_never_taken_twice) {
    tree const here;
    json const record = {
        {"schema", 1}, {"kind", "stress"}, {"started", "2026-01-02T03:04:05Z"}, {"results", json::array()}};
    auto const first = save_record(record, here.path(""), {});
    auto const second = save_record(record, here.path(""), {});
    EXPECT_EQ(first.filename(), "stress-20260102T030405Z.json");
    EXPECT_EQ(second.filename(), "stress-20260102T030405Z-2.json");
    EXPECT_EQ(refusal(second), "accepted");
}

} // namespace
} // namespace tandem::tools
