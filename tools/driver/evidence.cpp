#include "evidence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>

#include "comparison.hpp"

namespace tandem::tools {
namespace {

using owner = std::pair<std::string, std::string>; // structure, half

class gathering {
public:
    void add(json const& record) {
        auto const kind = record.value("kind", "");
        if (kind == "bench") {
            return add_bench(record);
        }
        for (auto const& row : record["results"]) {
            if (kind == "test") {
                add_test(row);
            }
            if (kind == "stress") {
                add_stress(row);
            }
            if (kind == "model") {
                add_model(row);
            }
            if (kind == "costs") {
                add_cost(row);
            }
            if (kind == "mutants") {
                add_order_mutant(row);
            }
            if (kind == "logic_mutants") {
                add_logic_mutant(row);
            }
        }
    }

    json finished() {
        // Tests carry no fields but a name: a test speaks of the structure and half that its name holds.
        for (auto& [who, entry] : entries_) {
            for (auto const& row : tests_) {
                auto const name = row.value("name", "");
                auto const names_half = [&](std::string const& half) { return name.find(half) != std::string::npos; };
                if (name.find(who.first) == std::string::npos || !names_half(who.second)) {
                    continue;
                }
                auto& tests = entry["tests"];
                if (tests.is_null()) {
                    tests = {{"passed", 0}, {"failed", 0}, {"skipped", 0}, {"presets", json::array()}};
                }
                tests[row.value("result", "failed")] = tests[row.value("result", "failed")].get<int>() + 1;
                if (auto const preset = row.value("preset", "");
                    std::ranges::find(tests["presets"], json(preset)) == tests["presets"].end()) {
                    tests["presets"].push_back(preset);
                }
            }
        }
        json list = json::array();
        for (auto& [who, entry] : entries_) {
            list.push_back(std::move(entry));
        }
        return list;
    }

private:
    json& entry(std::string const& structure, std::string const& half) {
        auto const [at, is_new] = entries_.try_emplace(owner{structure, half});
        if (is_new) {
            at->second = {{"structure", structure}, {"half", half}};
            for (char const* const part : {"tests", "stress", "model", "orders", "logic", "costs", "bench"}) {
                at->second[part] = nullptr;
            }
        }
        return at->second;
    }
    static void raise(json& number, double by) {
        number = static_cast<std::int64_t>(number.get<double>() + by); // counts, whatever a worker wrote them as
    }

    void add_test(json const& row) { tests_.push_back(row); }

    void add_stress(json const& row) {
        auto& stress = entry(row.value("structure", ""), row.value("half", ""))["stress"];
        if (stress.is_null()) {
            stress = {{"operations", 0},
                      {"histories", 0},
                      {"seeds", 0},
                      {"unknown", 0},
                      {"as_expected", 0},
                      {"not_as_expected", 0},
                      {"sanitizers", json::object()}};
        }
        raise(stress["operations"], row.value("operations", 0.0));
        raise(stress["histories"], row.value("histories", 0.0));
        raise(stress["seeds"], row.value("seed_count", 0.0));
        raise(stress["unknown"], row.value("unknown", 0.0));
        bool const expected = row.value("verdict", "") == row.value("expected", "pass");
        raise(stress[expected ? "as_expected" : "not_as_expected"], 1);
        if (auto const name = row.value("sanitizer", "none"); name != "none") {
            auto& sanitizer = stress["sanitizers"][name];
            if (sanitizer.is_null() || !expected) {
                sanitizer = expected ? "clean" : "not as expected";
            }
        }
    }

    void add_model(json const& row) {
        auto& model = entry(row.value("structure", ""), row.value("half", ""))["model"];
        auto& checker = model[row.value("checker", "relacy")];
        if (checker.is_null()) {
            checker = {{"executions", 0},
                       {"scenarios", 0},
                       {"as_expected", 0},
                       {"not_as_expected", 0},
                       {"exhaustive", json::array()}};
        }
        raise(checker["executions"], row.value("executions", 0.0));
        raise(checker["scenarios"], 1);
        raise(checker[row.value("verdict", "") == row.value("expected", "pass") ? "as_expected" : "not_as_expected"],
              1);
        if (row.value("exhaustive", false)) {
            checker["exhaustive"].push_back(row.value("scenario", ""));
        }
    }

    // Of each call: in each order of steps, and the longest one.
    void add_cost(json const& row) {
        auto& call = entry(row.value("structure", ""), row.value("half", ""))["costs"][row.value("call", "")];
        auto of_call = row;
        for (char const* const known : {"structure", "half", "call", "order"}) {
            of_call.erase(known);
        }
        call[row.contains("order") ? row.value("order", "") : "longest"] = of_call;
    }

    void add_order_mutant(json const& row) {
        auto& orders = entry(row.value("structure", ""), row.value("half", ""))["orders"];
        if (orders.is_null()) {
            orders = no_mutants();
            orders["relaxed"] = 0;
        }
        add_mutant(orders, row, {{"file", row.value("file", "")}, {"line", row.value("line", 0)}, {"role", row.value("role", "")}});
        raise(orders["relaxed"], row.value("verdict", "") == "skipped" ? 1 : 0);
    }
    void add_logic_mutant(json const& row) {
        auto& logic = entry(row.value("structure", ""), row.value("half", ""))["logic"];
        if (logic.is_null()) {
            logic = no_mutants();
        }
        add_mutant(logic, row, {{"mutant", row.value("mutant", "")}, {"breaks", row.value("breaks", "")}});
    }
    static json no_mutants() {
        return {{"total", 0}, {"killed", 0}, {"survived", 0}, {"unreached", 0}, {"equivalent", 0}, {"survivors", json::array()}};
    }
    // What nobody noticed is described, and quoted with its argument and proof.
    static void add_mutant(json& of_kind, json const& row, json description) {
        raise(of_kind["total"], 1);
        auto const verdict = row.value("verdict", "");
        if (!of_kind.contains(verdict)) {
            return;
        }
        raise(of_kind[verdict], 1);
        if (verdict == "killed") {
            return;
        }
        description["verdict"] = verdict;
        description["argument"] = row.value("argument", "");
        description["proof"] = row.value("proof", json());
        of_kind["survivors"].push_back(std::move(description));
    }

    // Ratios inside one record: to the twin, and to the best peer, wherever both were measured alike.
    void add_bench(json const& record) {
        std::map<std::string, std::vector<json const*>> alike;
        for (auto const& row : record["results"]) {
            alike[conditions_of(row)].push_back(&row);
        }
        for (auto const& [where, rows] : alike) {
            for (auto const* const row : rows) {
                auto const half = row->value("half", "");
                if (half != "locked" && half != "lockfree") {
                    continue;
                }
                json const* twin = nullptr;
                json const* peer = nullptr;
                for (auto const* const other : rows) {
                    auto const other_half = other->value("half", "");
                    if (other_half == "peer" &&
                        (peer == nullptr || median(speeds_of(*other)) > median(speeds_of(*peer)))) {
                        peer = other;
                    }
                    if ((other_half == "locked" || other_half == "lockfree") && other_half != half &&
                        structure_of(*other) == structure_of(*row)) {
                        twin = other;
                    }
                }
                auto& bench = entry(structure_of(*row), half)["bench"];
                if (bench.is_null()) {
                    bench = {{"to_twin", json::array()}, {"to_best_peer", json::array()}};
                }
                add_ratio(bench["to_twin"], where, *row, twin);
                add_ratio(bench["to_best_peer"], where, *row, peer);
            }
        }
    }
    static void add_ratio(json& list, std::string const& where, json const& row, json const* other) {
        if (other == nullptr) {
            return;
        }
        auto const a = speeds_of(row);
        auto const b = speeds_of(*other);
        if (a.empty() || b.empty()) {
            return;
        }
        auto const ratio = ratio_of_rounds(a, b);
        list.push_back({{"where", where},
                        {"against", implementation_of(*other)},
                        {"ratio", ratio.value},
                        {"low", ratio.low},
                        {"high", ratio.high}});
    }

    std::map<owner, json> entries_;
    std::vector<json> tests_;
};

} // namespace

std::string structure_of(json const& bench_row) {
    auto const name = bench_row.value("implementation", "");
    auto const last = name.find_last_of(".:/");
    return last == std::string::npos ? name : name.substr(last + 1);
}

json make_evidence(std::vector<json> const& records) {
    gathering all;
    json sources = json::array();
    for (auto const& record : records) {
        all.add(record);
        sources.push_back({{"kind", record.value("kind", "")},
                           {"command", record.value("command", "")},
                           {"started", record.value("started", "")},
                           {"commit", record.value("commit", "")},
                           {"compiler", record.value("compiler", "")},
                           {"machine", record.value("machine", json::object()).value("name", "")},
                           {"complete", record.value("complete", true)}});
    }
    return {{"schema", schema}, {"records", sources}, {"structures", all.finished()}};
}

std::vector<json> newest_records(std::filesystem::path const& root, std::string const& commit) {
    std::map<std::string, json> newest;
    auto const folder = root / "build" / "records";
    if (!std::filesystem::is_directory(folder)) {
        return {};
    }
    for (auto const& file : std::filesystem::directory_iterator(folder)) {
        if (file.path().extension() != ".json") {
            continue;
        }
        auto record = read_record(file.path());
        if (!record.value("complete", false) || (!commit.empty() && record.value("commit", "") != commit)) {
            continue;
        }
        auto& known = newest[record["kind"]];
        if (known.is_null() || known.value("started", "") < record.value("started", "")) {
            known = std::move(record);
        }
    }
    std::vector<json> records;
    for (auto& [kind, record] : newest) {
        records.push_back(std::move(record));
    }
    return records;
}

} // namespace tandem::tools
