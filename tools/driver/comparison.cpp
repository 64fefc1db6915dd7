#include "comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

namespace tandem::tools {
namespace {

std::string plain(json const& value) {
    return value.is_string() ? value.get<std::string>() : value.dump();
}

std::vector<double> numbers(json const& row, char const* field) {
    std::vector<double> found;
    if (auto const at = row.find(field); at != row.end() && at->is_array()) {
        for (auto const& one : *at) {
            if (one.is_number()) {
                found.push_back(one.get<double>());
            }
        }
    }
    return found;
}

struct rounds {
    std::vector<double> a, b;
    std::string note;
};

// Where the round trip was recorded, only samples of the regime that most samples of both sides share; where `paired`, only rounds in
// which both sides were in it.
rounds in_one_regime(json const& a, json const& b, bool paired) {
    rounds kept{speeds_of(a), speeds_of(b), {}};
    auto const trips_a = numbers(a, "round_trip_ns");
    auto const trips_b = numbers(b, "round_trip_ns");
    if (paired) {
        auto const both = std::min(kept.a.size(), kept.b.size());
        kept.a.resize(both);
        kept.b.resize(both);
    }
    if (trips_a.size() < kept.a.size() || trips_b.size() < kept.b.size() || kept.a.empty() || kept.b.empty()) {
        return kept;
    }
    auto all = trips_a;
    all.insert(all.end(), trips_b.begin(), trips_b.end());
    auto const limit = near_limit(all);
    rounds regimes[2];
    for (std::size_t i = 0; i < std::max(kept.a.size(), kept.b.size()); ++i) {
        bool const has_a = i < kept.a.size();
        bool const has_b = i < kept.b.size();
        bool const far_a = has_a && trips_a[i] >= limit;
        bool const far_b = has_b && trips_b[i] >= limit;
        if (paired && far_a != far_b) {
            continue;
        }
        if (has_a) {
            regimes[far_a ? 1 : 0].a.push_back(kept.a[i]);
        }
        if (has_b) {
            regimes[far_b ? 1 : 0].b.push_back(kept.b[i]);
        }
    }
    auto const size = [](rounds const& one) { return std::min(one.a.size(), one.b.size()); };
    int const chosen = size(regimes[0]) >= size(regimes[1]) ? 0 : 1;
    auto const dropped = kept.a.size() + kept.b.size() - regimes[chosen].a.size() - regimes[chosen].b.size();
    if (dropped > 0) {
        regimes[chosen].note =
            fmt::format("{} regime only, {} samples left out", chosen == 0 ? "near" : "far", dropped);
    }
    return regimes[chosen];
}

std::map<std::string, json const*> keyed(json const& record) {
    std::map<std::string, json const*> rows;
    for (auto const& row : record.at("results")) {
        if (row.contains("skipped") || row.value("stuck", false)) {
            continue;
        }
        rows[conditions_of(row) + " | " + implementation_of(row)] = &row;
    }
    return rows;
}

bool matches(json const& row, json const& selector) {
    return std::ranges::all_of(selector.items(), [&](auto const& field) {
        return field.key() == "crowd" ? field.value() == crowd_of(row)
                                      : row.contains(field.key()) && row[field.key()] == field.value();
    });
}

std::string in_words(json const& selector) {
    std::string text;
    for (auto const& [field, value] : selector.items()) {
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", field, plain(value));
    }
    return text;
}

json both(json a, json const& b) {
    a.update(b);
    return a;
}

// {a: [1, 2], b: 3} -> {a: 1, b: 3}, {a: 2, b: 3}
std::vector<json> combinations(json const& rows) {
    std::vector<json> all{json::object()};
    for (auto const& [field, value] : rows.items()) {
        auto const choices = value.is_array() ? value : json::array({value});
        std::vector<json> longer;
        for (auto const& one : all) {
            for (auto const& choice : choices) {
                longer.push_back(both(one, {{field, choice}}));
            }
        }
        all = std::move(longer);
    }
    return all;
}

struct goal {
    std::string name;
    json rows, subject;
    std::vector<json> against;
    std::optional<double> least, most;

    [[nodiscard]] std::string wanted() const {
        std::string text;
        if (least) {
            text = fmt::format("at least {}", *least);
        }
        if (most) {
            text += fmt::format("{}at most {}", text.empty() ? "" : " and ", *most);
        }
        return text;
    }
    [[nodiscard]] bool met(double ratio) const { return (!least || ratio >= *least) && (!most || ratio <= *most); }
    // How far from what is wanted: the largest is the most demanding.
    [[nodiscard]] double strain(double ratio) const {
        return std::max(least ? *least / ratio : 0.0, most ? ratio / *most : 0.0);
    }
};

goal read_goal(json const& from, std::string const& file, std::size_t index) {
    auto const wrong = [&](std::string_view why) {
        return bad_input(fmt::format("{}: goal {}: {}", file, index + 1, why));
    };
    if (!from.is_object()) {
        throw wrong("not an object");
    }
    for (auto const& [key, value] : from.items()) {
        if (key != "name" && key != "rows" && key != "subject" && key != "against" && key != "min_ratio" &&
            key != "max_ratio" && key != "why") {
            throw wrong(fmt::format("unknown key \"{}\"", key));
        }
    }
    if (!from.value("name", json()).is_string()) {
        throw wrong("no name");
    }
    for (char const* const key : {"rows", "subject"}) {
        if (!from.value(key, json()).is_object()) {
            throw wrong(fmt::format("\"{}\" is not an object of fields", key));
        }
    }
    if (!from.value("against", json()).is_array() || from["against"].empty()) {
        throw wrong("\"against\" is not a list of selectors");
    }
    goal one{from["name"], from["rows"], from["subject"], {}, {}, {}};
    for (auto const& other : from["against"]) {
        if (!other.is_object()) {
            throw wrong("\"against\" is not a list of selectors");
        }
        one.against.push_back(other);
    }
    if (from.value("min_ratio", json()).is_number()) {
        one.least = from["min_ratio"].get<double>();
    }
    if (from.value("max_ratio", json()).is_number()) {
        one.most = from["max_ratio"].get<double>();
    }
    if (!one.least && !one.most) {
        throw wrong("neither min_ratio nor max_ratio is a number");
    }
    return one;
}

// The one row that a selector names, or why there is none.
struct selection {
    json const* row = nullptr;
    std::string why;
};

selection select(json const& results, json const& selector) {
    selection found;
    std::size_t count = 0;
    for (auto const& row : results) {
        if (!matches(row, selector)) {
            continue;
        }
        found.row = &row;
        ++count;
    }
    if (count == 0) {
        found.why = fmt::format("the record has no row with {}", in_words(selector));
    }
    if (count > 1) {
        found.row = nullptr;
        found.why = fmt::format("the record has {} rows with {}", count, in_words(selector));
    }
    return found;
}

goal_result check(goal const& one, json const& where, json const& results) {
    goal_result result{.goal = one.name, .where = in_words(where), .wanted = one.wanted()};
    auto const subject = select(results, both(where, one.subject));
    if (subject.row == nullptr) {
        result.why = subject.why;
        return result;
    }
    double strain = -1;
    for (auto const& selector : one.against) {
        auto const other = select(results, both(where, selector));
        if (other.row == nullptr) {
            result.why = other.why;
            return result;
        }
        auto const kept = in_one_regime(*subject.row, *other.row, true);
        if (kept.a.size() < fewest_samples) {
            result.why = fmt::format("only {} rounds against {} inside one round-trip regime", kept.a.size(),
                                     in_words(selector));
            return result;
        }
        auto const ratio = ratio_of_rounds(kept.a, kept.b);
        if (one.strain(ratio.value) <= strain) {
            continue;
        }
        strain = one.strain(ratio.value);
        result.ratio = ratio;
        result.against = in_words(selector);
    }
    result.state = one.met(result.ratio.value) ? goal_state::met : goal_state::missed;
    return result;
}

} // namespace

std::string conditions_of(json const& row) {
    std::string text;
    for (char const* const field : {"workload", "threads", "producers", "consumers", "cores", "placement", "capacity",
                                    "batch", "finds", "payload", "wait_loop"}) {
        if (auto const at = row.find(field); at != row.end() && !at->is_null()) {
            text += text.empty() ? plain(*at) : fmt::format(", {} {}", field, plain(*at));
        }
    }
    return text;
}

std::string crowd_of(json const& row) {
    auto const producers = row.value("producers", 0);
    auto const consumers = row.value("consumers", 0);
    return producers > 0 && consumers > 0 ? fmt::format("{}p{}c", producers, consumers)
                                          : fmt::format("{}", row.value("threads", 0));
}

std::string implementation_of(json const& row) {
    auto const name = row.value("implementation", "");
    auto const half = row.value("half", "");
    bool const ours = half == "locked" || half == "lockfree";
    return !ours || name.find(half) != std::string::npos ? name : half + "." + name;
}

std::vector<double> speeds_of(json const& row) {
    auto values = numbers(row, "samples");
    if (row.value("unit", "items/s").find("/s") == std::string::npos) {
        for (auto& one : values) {
            one = 1 / one;
        }
    }
    return values;
}

comparison compare_records(json const& first, json const& second) {
    auto const a = keyed(first);
    auto const b = keyed(second);
    comparison all;
    for (auto const& [key, row] : a) {
        auto const other = b.find(key);
        if (other == b.end()) {
            all.only_first.push_back(key);
            continue;
        }
        compared one{conditions_of(*row), implementation_of(*row), {}};
        auto const kept = in_one_regime(*other->second, *row, false);
        if (kept.a.empty() || kept.b.empty()) {
            one.note = "no samples in a shared round-trip regime";
        } else {
            one.ratio = ratio_of_runs(kept.a, kept.b);
            one.note = kept.note;
            if (std::min(kept.a.size(), kept.b.size()) < fewest_samples) {
                one.note = fmt::format("fewer than {} samples", fewest_samples);
            } else {
                one.is = judge(one.ratio, std::max(noise_floor(kept.a), noise_floor(kept.b)));
            }
        }
        all.rows.push_back(std::move(one));
    }
    for (auto const& [key, row] : b) {
        if (!a.contains(key)) {
            all.only_second.push_back(key);
        }
    }
    return all;
}

std::vector<goal_result> check_goals(json const& goals, std::string const& goals_file, json const& record) {
    if (!goals.is_object() || goals.value("schema", json()) != schema || !goals.value("goals", json()).is_array()) {
        throw bad_input(fmt::format("{}:1:1: wants {{\"schema\": {}, \"goals\": [...]}}", goals_file, schema));
    }
    std::vector<goal_result> results;
    for (std::size_t i = 0; i < goals["goals"].size(); ++i) {
        auto const one = read_goal(goals["goals"][i], goals_file, i);
        for (auto const& where : combinations(one.rows)) {
            results.push_back(check(one, where, record.at("results")));
        }
    }
    return results;
}

} // namespace tandem::tools
