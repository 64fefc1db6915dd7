#include "bench_rows.hpp"

#include <fmt/format.h>

#include <map>

#include "comparison.hpp"

namespace tandem::tools {

std::string text_of(json const& row, char const* field) {
    auto const at = row.find(field);
    if (at == row.end() || at->is_null()) {
        return {};
    }
    return at->is_string() ? at->get<std::string>() : at->dump();
}

double number_of(json const& row, char const* field) {
    auto const at = row.find(field);
    return at != row.end() && at->is_number() ? at->get<double>() : 0;
}

namespace {

setting setting_of(json const& record, json const& row) {
    std::string conditions;
    auto const add = [&](std::string const& text) { conditions += (conditions.empty() ? "" : ", ") + text; };
    if (auto const placement = text_of(row, "placement"); !placement.empty()) {
        static std::map<std::string, std::string> const in_words{{"split", "pinned to different cores"},
                                                                 {"one", "all on one core"},
                                                                 {"mixed", "both ends on every core"},
                                                                 {"free", "placed by the scheduler"}};
        auto const known = in_words.find(placement);
        add(known == in_words.end() ? placement : known->second);
    }
    if (auto const cores = text_of(row, "cores"); !cores.empty() && text_of(row, "placement") != "one") {
        add(cores + (cores == "1" ? " core" : " cores"));
    }
    if (number_of(row, "capacity") > 0) {
        add("capacity " + text_of(row, "capacity"));
    }
    if (number_of(row, "batch") > 0) {
        add("batches of " + text_of(row, "batch"));
    }
    if (row.contains("finds")) {
        add(text_of(row, "finds") + " % finds");
    }
    if (number_of(row, "payload") > 0) {
        add(text_of(row, "payload") + " bytes");
    }
    if (auto const loop = text_of(row, "wait_loop"); !loop.empty()) {
        add("wait loop: " + loop);
    }
    return {record.value("machine", json::object()).value("name", "unknown"), text_of(row, "workload"), conditions};
}

} // namespace

std::vector<bench_row> bench_rows(std::vector<json> const& records) {
    std::vector<bench_row> rows;
    for (auto const& record : records) {
        if (record["kind"] != "bench") {
            continue;
        }
        auto const machine = record.value("machine", json::object());
        for (auto const& row : record["results"]) {
            if (row.value("samples", json::array()).empty() || row.value("stuck", false)) {
                continue;
            }
            auto const cores = number_of(row, "cores");
            rows.push_back({&row,
                            setting_of(record, row),
                            {number_of(row, "threads"), crowd_of(row)},
                            text_of(row, "half"),
                            cores > 0 ? cores : number_of(machine, "cores_allowed")});
        }
    }
    return rows;
}

} // namespace tandem::tools
