// Benchmark records held against each other, and one record held against goals.
#pragma once

#include <string>
#include <vector>

#include "record.hpp"
#include "statistics.hpp"

namespace tandem::tools {

// What a row measured: everything that two rows must share to be compared, but the implementation.
[[nodiscard]] std::string conditions_of(json const& row);
// "lockfree.bounded_queue" for one of ours, the library's name for a peer.
[[nodiscard]] std::string implementation_of(json const& row);
// "2p1c" where producers and consumers are told apart, else the number of threads.
[[nodiscard]] std::string crowd_of(json const& row);
// Its samples as speeds: items per second, or the inverse of a time.
[[nodiscard]] std::vector<double> speeds_of(json const& row);

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
