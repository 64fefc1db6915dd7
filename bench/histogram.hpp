#pragma once

// histogram: counts of 64-bit values in buckets that are exact below 64 and 1/32 of their value
// wide above (log-linear, as Tene's HdrHistogram).

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tandem::bench {

class histogram {
    static constexpr int fine_bits = 5; // 32 buckets for every power of two

public:
    void record(std::uint64_t v) {
        auto const at = bucket_of(v);
        if (at >= counts_.size()) {
            counts_.resize(at + 1);
        }
        ++counts_[at];
        ++count_;
        max_ = std::max(max_, v);
    }
    void merge(histogram const& other) {
        counts_.resize(std::max(counts_.size(), other.counts_.size()));
        for (std::size_t i = 0; i != other.counts_.size(); ++i) {
            counts_[i] += other.counts_[i];
        }
        count_ += other.count_;
        max_ = std::max(max_, other.max_);
    }

    std::uint64_t count() const { return count_; }
    std::uint64_t max() const { return max_; }

    // The largest value that shares a bucket with the value of this rank: never below it, at most 1/32 above.
    std::uint64_t percentile(double percent) const {
        auto const rank = std::max(1.0, percent / 100 * static_cast<double>(count_));
        std::uint64_t seen = 0;
        for (std::size_t i = 0; i != counts_.size(); ++i) {
            seen += counts_[i];
            if (static_cast<double>(seen) >= rank) {
                return std::min(last_of(i), max_);
            }
        }
        return max_;
    }

private:
    // A value below 64 is its own bucket; of a larger one the highest six bits count.
    static std::size_t bucket_of(std::uint64_t v) {
        auto const shift = std::max(0, static_cast<int>(std::bit_width(v)) - fine_bits - 1);
        return (static_cast<std::size_t>(shift) << fine_bits) + static_cast<std::size_t>(v >> shift);
    }
    static std::uint64_t last_of(std::size_t bucket) {
        auto const shift = bucket < (2U << fine_bits) ? 0 : (bucket >> fine_bits) - 1;
        return ((bucket - (shift << fine_bits) + 1) << shift) - 1;
    }

    std::vector<std::uint64_t> counts_;
    std::uint64_t count_ = 0;
    std::uint64_t max_ = 0;
};

} // namespace tandem::bench
