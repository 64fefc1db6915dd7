// Benchmark records held against each other, and one record held against goals.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "record.hpp"
#include "statistics.hpp"

namespace tandem::tools {

// Whether a field of a row says what was measured, rather than who was or what came out. A worker may have fields of its own: a text or a
// number is a condition unless its name tells a unit, as in "bytes_per_element" or "longest_insert_ns"; "peak" is in that of the samples.
[[nodiscard]] bool is_condition(std::string_view field, json const& value);
// What came out beside the samples: the numbers whose names tell a unit, and those of an object "counters".
[[nodiscard]] std::vector<std::pair<std::string, double>> counters_of(json const& row);

// What a row measured: everything that two rows must share to be compared, but the implementation.
[[nodiscard]] std::string conditions_of(json const& row);
// "lockfree.bounded_queue" for one of ours, the library's name for a peer.
[[nodiscard]] std::string implementation_of(json const& row);
// "2p1c" where producers and consumers are told apart, else the number of threads.
[[nodiscard]] std::string crowd_of(json const& row);
// Whether the row has all of these values; "crowd" stands for crowd_of.
[[nodiscard]] bool matches(json const& row, json const& selector);
// Its samples as speeds: items per second, or the inverse of a time.
[[nodiscard]] std::vector<double> speeds_of(json const& row);

// One row over another of the same record: ratio of speeds in the rounds both ran in the same round-trip regime, and the word it allows.
struct standing {
    interval ratio; // above 1: the first is faster
    verdict is = verdict::no_difference_seen;
    std::string note{}; // why no word is given, or what was left out
};
[[nodiscard]] standing stand(json const& one, json const& against);

struct compared {
    std::string conditions;
    std::string implementation;
    interval ratio; // the second over the first: above 1 is faster
    verdict is = verdict::no_difference_seen;
    std::string note{}; // why no word is given, or what was left out
};

struct comparison {
    std::vector<compared> rows;
    std::vector<std::string> only_first, only_second;
};

[[nodiscard]] comparison compare_records(json const& first, json const& second);

// Goals: {"schema": 1, "goals": [{
//   "name":      what is promised, in words
//   "rows":      {field: value or [values]}   one check for every combination of the listed values
//   "subject":   {field: value}               with `rows`, selects one row
//   "against":   [{field: value}, ...]        with `rows`, selects one row each; the most demanding one counts
//   "min_ratio": number, or "max_ratio": number }]}
// A field is one of a row's, or "crowd" (crowd_of), so that shapes can be listed: ["1p1c", "2p2c"].
// A ratio is subject over against, of median speeds in the rounds both ran in the same round-trip regime.
enum class goal_state { met, missed, unanswered };

struct goal_result {
    std::string goal;
    std::string where; // which combination
    goal_state state = goal_state::unanswered;
    interval ratio{};
    std::string against{}; // the most demanding one
    std::string wanted{};  // "at least 0.95"
    std::string why{};     // unanswered: what is missing
};

[[nodiscard]] std::vector<goal_result> check_goals(json const& goals, std::string const& goals_file,
                                                   json const& record);

} // namespace tandem::tools
