#include "orders/orders.hpp"

#include <fmt/format.h>

#include "commands.hpp"
#include "workspace.hpp"

namespace tandem::tools {

completion orders(invocation const& asked) {
    recording record(asked.root, "orders", "", asked.text());
    auto const report = check_orders(asked.root);
    std::size_t relaxed = 0;
    for (auto const& site : report.sites) {
        relaxed += site.order == "relaxed" ? 1U : 0U;
        record.add({{"file", site.file},
                    {"line", site.line},
                    {"ordinal", site.ordinal},
                    {"role", site.role},
                    {"operation", site.operation},
                    {"order", site.order},
                    {"edge", site.why},
                    {"problem", site.problem}});
    }
    for (auto const& problem : report.problems) {
        fmt::print("{}:{}: {}\n", problem.file, problem.line, problem.what);
        // A site tells its own problem; the others stand for themselves.
        record.add({{"file", problem.file}, {"line", problem.line}, {"problem", problem.what}});
    }
    fmt::print("{} memory orders in shipped headers, {} of them relaxed: {} problems\n", report.sites.size(), relaxed,
               report.problems.size());
    completion done{report.problems.empty() ? 0 : 1, std::move(record).finished()};
    save_record(done.record, asked.root, asked.get("--json"));
    return done;
}

} // namespace tandem::tools
