#include <fmt/format.h>

#include "commands.hpp"
#include "evidence.hpp"
#include "report/page.hpp"

namespace tandem::tools {

completion report(invocation const& asked) {
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
