#include <fmt/format.h>

#include "commands.hpp"
#include "evidence.hpp"
#include "report/page.hpp"
#include "report/readme.hpp"

namespace tandem::tools {

namespace {

completion renew_readme(invocation const& asked) {
    if (!asked.names.empty() || asked.has("--output")) {
        throw bad_input("report --readme takes its records from bench/tables.json, and writes README.md");
    }
    auto const file = asked.root / "README.md";
    write_text(file, readme_of(asked.root));
    fmt::print("tables  {}\n", file.string());
    return {};
}

} // namespace

completion report(invocation const& asked) {
    if (asked.has("--readme")) {
        return renew_readme(asked);
    }
    std::vector<json> records;
    for (auto const& file : asked.names) {
        records.push_back(read_record(file));
    }
    if (asked.names.empty()) {
        records = newest_records(asked.root);
    }
    if (records.empty()) {
        throw cannot_answer("no records under build/records; ./tools/run makes some");
    }
    std::filesystem::path const page = asked.get("--output", (asked.root / "build" / "report" / "index.html").string());
    write_page(page, records, asked.root);
    fmt::print("page  {}\n", page.string());
    return {};
}

} // namespace tandem::tools
