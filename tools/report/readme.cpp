#include "readme.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "bench_rows.hpp"
#include "comparison.hpp"
#include "grammar.hpp"
#include "sections.hpp"
#include "verdicts.hpp"

namespace tandem::tools {
namespace {

constexpr std::string_view begins = "<!-- table: ";
constexpr std::string_view ends = "<!-- end -->";

std::string figure(double value) {
    return value >= 9.95 ? fmt::format("{:.0f}", value) : fmt::format("{:.{}g}", value, value >= 0.095 ? 2 : 1);
}

// One table as it is described, with words for what is wrong with the description.
class description {
public:
    description(json const& from, std::string where) : from_(from), where_(std::move(where)) {
        if (!from_.is_object()) {
            throw wrong("is not an object");
        }
        known(from_, {"name", "unit", "records", "rows", "columns", "verdicts"});
        (void)text(from_, "name");
        where_ += fmt::format(": table '{}'", name());
        (void)text(from_, "unit");
        for (char const* const list : {"records", "rows", "columns"}) {
            if (!from_.value(list, json()).is_array() || from_[list].empty()) {
                throw wrong(fmt::format("\"{}\" is not a list with something in it", list));
            }
        }
        for (auto const& file : from_["records"]) {
            if (!file.is_string()) {
                throw wrong("\"records\" is not a list of file names");
            }
        }
        for (auto const& one : from_["rows"]) {
            line(one, {"title", "where", "value"});
        }
        for (auto const& one : from_["columns"]) {
            line(one, {"title", "where"});
        }
        for (auto const& one : from_.value("verdicts", json::array())) {
            if (!one.is_object()) {
                throw wrong("a verdict is not an object");
            }
            known(one, {"workload", "structure", "group"});
            (void)text(one, "workload");
            (void)text(one, "structure");
        }
    }

    [[nodiscard]] std::string name() const { return from_["name"].get<std::string>(); }

    [[nodiscard]] std::string markdown(std::filesystem::path const& root) const {
        std::string all;
        for (auto const& file : from_["records"]) {
            auto const record = read_record(root / file.get<std::string>());
            all += fmt::format("{}{}", all.empty() ? "" : "\n", of_record(file.get<std::string>(), record));
        }
        return all;
    }

private:
    [[nodiscard]] bad_input wrong(std::string const& why) const {
        return bad_input(fmt::format("{}: {}", where_, why));
    }
    std::string text(json const& in, char const* key) const {
        if (!in.value(key, json()).is_string()) {
            throw wrong(fmt::format("\"{}\" is not a text", key));
        }
        return in[key].get<std::string>();
    }
    void known(json const& in, std::set<std::string> const& keys) const {
        for (auto const& [key, value] : in.items()) {
            if (!keys.contains(key)) {
                throw wrong(fmt::format("unknown key \"{}\"", key));
            }
        }
    }
    void line(json const& one, std::set<std::string> const& keys) const {
        if (!one.is_object() || !one.value("where", json()).is_object()) {
            throw wrong("a row or column has no \"where\" of fields");
        }
        known(one, keys);
        (void)text(one, "title");
    }

    struct cell {
        json const* row = nullptr;
        double value = 0;
        bool less_is_better = false;
    };

    [[nodiscard]] cell cell_of(json const& record, json const& line, json const& column) const {
        auto selector = line["where"];
        selector.update(column["where"]);
        cell found;
        for (auto const& row : record["results"]) {
            if (!matches(row, selector) || row.value("samples", json::array()).empty() || row.value("stuck", false)) {
                continue;
            }
            if (found.row != nullptr) {
                throw wrong(fmt::format("the record has more than one row for '{}' and '{}'", text(line, "title"),
                                        text(column, "title")));
            }
            found.row = &row;
        }
        if (found.row == nullptr) {
            return found;
        }
        if (auto const percentile = line.value("value", ""); !percentile.empty()) {
            auto const latency = found.row->value("latency", json::object());
            if (!latency.contains(percentile)) {
                throw wrong(fmt::format("the record has no latency \"{}\" for '{}'", percentile, text(line, "title")));
            }
            found.value = latency[percentile].get<double>();
            found.less_is_better = true;
            return found;
        }
        auto const unit = text_of(*found.row, "unit");
        found.value = median((*found.row)["samples"].get<std::vector<double>>()) / (unit == "items/s" ? 1e6 : 1);
        found.less_is_better = unit.find("/s") == std::string::npos;
        return found;
    }

    // Bold: the best, and what may be as good; of percentiles, which have no interval, what is written alike.
    static bool among_the_best(cell const& one, cell const& best, bool percentile) {
        return one.row == best.row ||
               (percentile ? figure(one.value) == figure(best.value) : stand(*one.row, *best.row).ratio.high >= 1);
    }

    // Where the median itself is in doubt, between what.
    static std::string noise_in(cell const& one) {
        auto const at = median_interval((*one.row)["samples"].get<std::vector<double>>());
        auto const scale = one.value / at.value;
        return at.high < 1.5 * at.low ? ""
                                      : fmt::format(" ({} to {})", figure(at.low * scale), figure(at.high * scale));
    }

    [[nodiscard]] std::string of_record(std::string const& file, json const& record) const {
        auto const& columns = from_["columns"];
        auto out = fmt::format("| {} |", text(from_, "unit"));
        std::string rule = "|---|";
        for (auto const& column : columns) {
            out += fmt::format(" {} |", text(column, "title"));
            rule += "---|";
        }
        out += "\n" + rule + "\n";
        std::vector<bool> any(columns.size());
        std::size_t fewest = SIZE_MAX, most = 0;
        for (auto const& line : from_["rows"]) {
            std::vector<cell> cells;
            cell const* best = nullptr;
            for (auto const& column : columns) {
                cells.push_back(cell_of(record, line, column));
            }
            for (auto const& one : cells) {
                bool const better =
                    one.row != nullptr &&
                    (best == nullptr || (one.less_is_better ? one.value < best->value : one.value > best->value));
                best = better ? &one : best;
            }
            if (best == nullptr) {
                throw wrong(fmt::format("{} has nothing for the row '{}'", file, text(line, "title")));
            }
            out += fmt::format("| {} |", text(line, "title"));
            for (std::size_t i = 0; i < cells.size(); ++i) {
                auto const& one = cells[i];
                if (one.row == nullptr) {
                    out += " |";
                    continue;
                }
                any[i] = true;
                auto const samples = (*one.row)["samples"].size();
                fewest = std::min(fewest, samples);
                most = std::max(most, samples);
                bool const percentile = line.contains("value");
                char const* const bold = among_the_best(one, *best, percentile) ? "**" : "";
                out += fmt::format(" {0}{1}{0}{2} |", bold, figure(one.value), percentile ? "" : noise_in(one));
            }
            out += "\n";
        }
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (!any[i]) {
                throw wrong(fmt::format("{} has nothing for the column '{}'", file, text(columns[i], "title")));
            }
        }
        out += fmt::format("\n{}; {}, commit {}, {} {}; medians of {}{} rounds ([record]({})).\n",
                           machine_in_words(record), day_of(record), text_of(record, "commit"),
                           text_of(record, "compiler"), text_of(record, "flags"), fewest,
                           fewest == most ? "" : fmt::format(" to {}", most), file);
        return out + sentences(file, record);
    }

    [[nodiscard]] std::string sentences(std::string const& file, json const& record) const {
        std::string out;
        auto const all = workloads_of(record);
        for (auto const& one : from_.value("verdicts", json::array())) {
            auto const name = text(one, "workload"), structure = text(one, "structure");
            std::string said;
            for (auto const& what : all) {
                for (auto const& in : what.groups) {
                    if (what.name != name || (one.contains("group") && in.conditions != text(one, "group"))) {
                        continue;
                    }
                    if (auto const words = who_wins(what, in, structure); !words.twins.empty()) {
                        bool const told = one.contains("group") || in.conditions.empty();
                        said += fmt::format("- `{}`, {}{}{}: {}\n", structure, name, told ? "" : ", ",
                                            told ? "" : in.conditions, words.twins);
                    }
                }
            }
            if (said.empty()) {
                throw wrong(fmt::format("{} does not have both halves of {} in {}", file, structure, name));
            }
            out += said;
        }
        return out.empty() ? "" : "\n" + out;
    }

    json const& from_;
    std::string where_;
};

} // namespace

std::string with_tables(std::string const& readme, std::string const& name, json const& tables,
                        std::string const& tables_file, std::filesystem::path const& root) {
    if (!tables.is_object() || tables.value("schema", json()) != schema || !tables.value("tables", json()).is_array()) {
        throw bad_input(fmt::format("{}:1:1: wants {{\"schema\": {}, \"tables\": [...]}}", tables_file, schema));
    }
    std::map<std::string, description> known;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < tables["tables"].size(); ++i) {
        description const one(tables["tables"][i], fmt::format("{}: table {}", tables_file, i + 1));
        names.push_back(one.name());
        if (!known.emplace(one.name(), one).second) {
            throw bad_input(fmt::format("{}: two tables are called '{}'", tables_file, one.name()));
        }
    }
    std::set<std::string> placed;
    std::string out;
    std::size_t from = 0;
    for (auto at = readme.find(begins); at != std::string::npos; at = readme.find(begins, from)) {
        auto const line = 1 + std::count(readme.begin(), readme.begin() + static_cast<std::ptrdiff_t>(at), '\n');
        auto const wrong = [&](std::string const& why) { return bad_input(fmt::format("{}:{}: {}", name, line, why)); };
        auto const name_at = at + begins.size();
        auto const name_end = readme.find(" -->", name_at);
        auto const line_end = readme.find('\n', at);
        if (name_end == std::string::npos || line_end == std::string::npos || name_end > line_end) {
            throw wrong("a table's marker is not closed");
        }
        auto const wanted = readme.substr(name_at, name_end - name_at);
        auto const end = readme.find(ends, line_end);
        if (end == std::string::npos || readme.find(begins, line_end) < end) {
            throw wrong(fmt::format("the table '{}' has no {}", wanted, ends));
        }
        auto const found = known.find(wanted);
        if (found == known.end()) {
            throw wrong(fmt::format("unknown table '{}'; the nearest is '{}'", wanted, nearest(wanted, names)));
        }
        placed.insert(wanted);
        out += readme.substr(from, line_end + 1 - from) + "\n" + found->second.markdown(root) + "\n";
        from = end;
    }
    for (auto const& one : names) {
        if (!placed.contains(one)) {
            throw bad_input(fmt::format("{}: has no place for the table '{}' of {}", name, one, tables_file));
        }
    }
    return out + readme.substr(from);
}

std::string readme_of(std::filesystem::path const& root) {
    auto const file = root / "README.md";
    auto const tables = root / "bench" / "tables.json";
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        throw bad_input(fmt::format("{}: cannot read", file.string()));
    }
    return with_tables({std::istreambuf_iterator<char>(in), {}}, file.string(), read_json(tables), tables.string(),
                       root);
}

} // namespace tandem::tools
