#include "statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace tandem::tools {
namespace {

constexpr std::size_t resamples = 2000;

// The middle 95 % of what `statistic` says about resampled data.
template <class Statistic>
interval bootstrap(double value, Statistic statistic) {
    std::mt19937_64 random(20260101);
    std::vector<double> seen(resamples);
    for (auto& one : seen) {
        one = statistic(random);
    }
    std::ranges::sort(seen);
    auto const at = [&](double share) { return seen[static_cast<std::size_t>(share * (resamples - 1))]; };
    return {value, at(0.025), at(0.975)};
}

std::vector<std::size_t> draw(std::mt19937_64& random, std::size_t count) {
    std::uniform_int_distribution<std::size_t> any(0, count - 1);
    std::vector<std::size_t> drawn(count);
    for (auto& one : drawn) {
        one = any(random);
    }
    return drawn;
}

double median_of(std::span<double const> samples, std::vector<std::size_t> const& chosen) {
    std::vector<double> values;
    values.reserve(chosen.size());
    for (auto const index : chosen) {
        values.push_back(samples[index]);
    }
    return median(std::move(values));
}

} // namespace

double median(std::vector<double> samples) {
    if (samples.empty()) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    auto const middle = samples.begin() + static_cast<std::ptrdiff_t>(samples.size() / 2);
    std::ranges::nth_element(samples, middle);
    if (samples.size() % 2 == 1) {
        return *middle;
    }
    return (*middle + *std::max_element(samples.begin(), middle)) / 2;
}

interval median_interval(std::span<double const> samples) {
    auto const value = median({samples.begin(), samples.end()});
    if (samples.size() < 2) {
        return {value, value, value};
    }
    return bootstrap(value, [&](auto& random) { return median_of(samples, draw(random, samples.size())); });
}

interval ratio_of_runs(std::span<double const> a, std::span<double const> b) {
    return bootstrap(median({a.begin(), a.end()}) / median({b.begin(), b.end()}), [&](auto& random) {
        auto const above = median_of(a, draw(random, a.size()));
        return above / median_of(b, draw(random, b.size()));
    });
}

interval ratio_of_rounds(std::span<double const> a, std::span<double const> b) {
    auto const rounds = std::min(a.size(), b.size());
    a = a.first(rounds);
    b = b.first(rounds);
    return bootstrap(median({a.begin(), a.end()}) / median({b.begin(), b.end()}), [&](auto& random) {
        auto const chosen = draw(random, rounds);
        return median_of(a, chosen) / median_of(b, chosen);
    });
}

double noise_floor(std::span<double const> samples) {
    std::vector<double> halves[2];
    for (std::size_t i = 0; i < samples.size(); ++i) {
        halves[i % 2].push_back(samples[i]);
    }
    auto const difference = halves[1].empty() ? 0.0 : std::abs(median(halves[0]) / median(halves[1]) - 1);
    return std::max(0.01, difference);
}

verdict judge(interval const& ratio, double floor) {
    if (ratio.low > 1 + floor) {
        return verdict::faster;
    }
    if (ratio.high < 1 - floor) {
        return verdict::slower;
    }
    return verdict::no_difference_seen;
}

std::string_view word(verdict is) {
    switch (is) {
    case verdict::faster:
        return "faster";
    case verdict::slower:
        return "slower";
    default:
        return "no difference seen";
    }
}

double near_limit(std::vector<double> round_trips) {
    if (round_trips.empty()) {
        return std::numeric_limits<double>::infinity();
    }
    std::ranges::sort(round_trips);
    return 2 * round_trips[(round_trips.size() - 1) / 20];
}

} // namespace tandem::tools
