// dice: small, fast, the same everywhere: SplitMix64 (Steele, Lea and Flood, 2014).
#pragma once

#include <cstdint>

namespace tandem::stress {

class dice {
public:
    explicit dice(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        auto z = state_ += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
    std::uint64_t below(std::uint64_t n) { return next() % n; }
    // The same without a division.
    std::uint32_t below_small(std::uint32_t n) { return static_cast<std::uint32_t>((next() >> 32) * n >> 32); }
    std::uint64_t between(std::uint64_t least, std::uint64_t most) { return least + below(most - least + 1); }
    bool one_in(std::uint64_t n) { return below(n) == 0; }

private:
    std::uint64_t state_;
};

} // namespace tandem::stress
