// Ratios of medians with bootstrap intervals, and the word that an interval allows.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace tandem::tools {

struct interval {
    double value = 0;
    double low = 0;
    double high = 0;
};

[[nodiscard]] double median(std::vector<double> samples);

// 95 % bootstrap intervals (percentile method, a fixed seed: the same samples give the same interval).
[[nodiscard]] interval median_interval(std::span<double const> samples);
// Two runs: each side is resampled for itself.
[[nodiscard]] interval ratio_of_runs(std::span<double const> a, std::span<double const> b);
// One interleaved run: equal indices are one round, and rounds are resampled whole.
[[nodiscard]] interval ratio_of_rounds(std::span<double const> a, std::span<double const> b);

// What the same thing shows against itself: its odd rounds against its even ones, and never less than 1 %.
[[nodiscard]] double noise_floor(std::span<double const> samples);

inline constexpr std::size_t fewest_samples = 5; // below that no word but "no difference seen"

enum class verdict { faster, slower, no_difference_seen };
[[nodiscard]] verdict judge(interval const& ratio, double floor);
[[nodiscard]] std::string_view word(verdict);

// The core-to-core round trip flips between two regimes on some machines: near is below twice the shortest (5th percentile).
[[nodiscard]] double near_limit(std::vector<double> round_trips);

} // namespace tandem::tools
