#include "bench_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

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

using conditions = std::map<std::string, std::string>; // field -> in words

bool measured(json const& row) {
    return !row.value("samples", json::array()).empty() && !row.value("stuck", false) &&
           text_of(row, "half") != "machine";
}

std::string in_words(std::string const& field, json const& value) {
    auto const text = value.is_string() ? value.get<std::string>() : value.dump();
    if (field == "payload") {
        return text + " bytes";
    }
    if (field == "batch") {
        return "batches of " + text;
    }
    if (field == "wait_loop") {
        return text == "its own" ? "waits as it does by itself" : "wait loop: " + text;
    }
    auto name = field;
    std::ranges::replace(name, '_', ' ');
    return name + " " + text;
}

// All but the placement, and what stands along the bottom.
conditions conditions_for(json const& row, std::string const& bottom) {
    static std::set<std::string> const elsewhere{"workload",  "half",      "threads", "producers",
                                                 "consumers", "placement", "cores"};
    conditions found;
    for (auto const& [field, value] : row.items()) {
        if (is_condition(field, value) && !elsewhere.contains(field) && field != bottom) {
            found[field] = in_words(field, value);
        }
    }
    return found;
}

// Where all have as many threads, the one number that varies is what the chart is about; else the threads are.
std::string bottom_of(std::vector<json const*> const& rows) {
    std::set<std::string> crowds;
    std::map<std::string, std::set<double>> numbers;
    for (auto const* const row : rows) {
        if (row->contains("latency")) {
            return {};
        }
        crowds.insert(crowd_of(*row));
        for (auto const& [field, value] : row->items()) {
            if (is_condition(field, value) && value.is_number() && field != "cores") {
                numbers[field].insert(value.get<double>());
            }
        }
    }
    std::erase_if(numbers, [](auto const& one) { return one.second.size() < 2; });
    return crowds.size() == 1 && numbers.size() == 1 ? numbers.begin()->first : "";
}

int rank_of(std::string const& placement) {
    static std::vector<std::string> const order{"split", "mixed", "free", "one"};
    return static_cast<int>(std::ranges::find(order, placement) - order.begin());
}

workload workload_of(std::string const& name, std::vector<json const*> const& rows) {
    auto const bottom = bottom_of(rows);
    workload made{.name = name, .conditions = {}, .bottom = bottom, .of_threads = bottom.empty(), .unit = {}};
    std::ranges::replace(made.bottom, '_', ' ');
    conditions shared = conditions_for(*rows.front(), bottom);
    for (auto const* const row : rows) {
        auto const here = conditions_for(*row, bottom);
        std::erase_if(shared, [&](auto const& one) {
            auto const at = here.find(one.first);
            return at == here.end() || at->second != one.second;
        });
    }
    std::map<std::string, std::size_t> known; // conditions of a group -> which
    auto const parts = [](conditions const& some) {
        std::vector<std::string> list;
        for (auto const& [field, words] : some) {
            list.push_back(words);
        }
        return list;
    };
    made.conditions = joined(parts(shared));
    made.unit = text_of(*rows.front(), "unit");
    if (bottom.empty()) {
        bool const two_ends =
            std::ranges::any_of(rows, [](auto const* row) { return number_of(*row, "producers") > 0; });
        made.bottom = two_ends ? "threads, producers and consumers together" : "threads";
    }
    struct placed {
        double cores;
        int rank;
        std::string words;
        auto operator<=>(placed const&) const = default;
    };
    std::vector<std::map<placed, panel>> all;
    for (auto const* const row : rows) {
        auto own = conditions_for(*row, bottom);
        std::erase_if(own, [&](auto const& one) { return shared.contains(one.first); });
        auto const [at, is_new] = known.try_emplace(joined(parts(own)), made.groups.size());
        if (is_new) {
            made.groups.push_back({at->first, parts(own)});
            all.emplace_back();
        }
        placed const where{-number_of(*row, "cores"), rank_of(text_of(*row, "placement")), placement_in_words(*row)};
        auto& one = all[at->second].try_emplace(where, panel{where.words, number_of(*row, "cores")}).first->second;
        position const here = bottom.empty() ? position{number_of(*row, "threads"), crowd_of(*row)}
                                             : position{number_of(*row, bottom.c_str()), text_of(*row, bottom.c_str())};
        one.rows.push_back({row, here, implementation_of(*row), text_of(*row, "half")});
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        for (auto& [where, one] : all[i]) {
            made.groups[i].panels.push_back(std::move(one));
        }
    }
    return made;
}

} // namespace

std::string joined(std::vector<std::string> const& parts) {
    std::string text;
    for (auto const& one : parts) {
        text += (text.empty() ? "" : ", ") + one;
    }
    return text;
}

std::string placement_in_words(json const& row) {
    static std::map<std::string, std::string> const known{{"split", "across cores"},
                                                          {"one", "on one core"},
                                                          {"mixed", "both ends on every core"},
                                                          {"free", "placed by the scheduler"}};
    auto const placement = text_of(row, "placement");
    auto const at = known.find(placement);
    auto const words = at == known.end() ? placement : at->second;
    auto const cores = number_of(row, "cores");
    return cores > 2 ? fmt::format("{}, {} of them", words, cores) : words;
}

std::vector<position> panel::positions() const {
    std::set<position> found;
    for (auto const& one : rows) {
        found.insert(one.where);
    }
    return {found.begin(), found.end()};
}

bench_row const* panel::find(std::string_view name, position const& where) const {
    auto const at =
        std::ranges::find_if(rows, [&](bench_row const& one) { return one.name == name && one.where == where; });
    return at == rows.end() ? nullptr : &*at;
}

std::vector<std::string> panel::names() const {
    std::vector<std::string> found;
    for (char const* const half : {"lockfree", "locked", ""}) {
        for (auto const& one : rows) {
            bool const peer = one.half != "lockfree" && one.half != "locked";
            if ((*half == 0 ? peer : one.half == half) && std::ranges::find(found, one.name) == found.end()) {
                found.push_back(one.name);
            }
        }
    }
    return found;
}

std::vector<workload> workloads_of(json const& record) {
    std::vector<std::string> order;
    std::map<std::string, std::vector<json const*>> rows;
    for (auto const& row : record["results"]) {
        if (measured(row)) {
            auto& of = rows[text_of(row, "workload")];
            if (of.empty()) {
                order.push_back(text_of(row, "workload"));
            }
            of.push_back(&row);
        }
    }
    std::vector<workload> made;
    for (auto const& name : order) {
        made.push_back(workload_of(name, rows[name]));
    }
    return made;
}

std::vector<json const*> limits_of(json const& record) {
    std::vector<json const*> found;
    for (auto const& row : record["results"]) {
        if (text_of(row, "half") == "machine" && !row.value("samples", json::array()).empty()) {
            found.push_back(&row);
        }
    }
    return found;
}

} // namespace tandem::tools
