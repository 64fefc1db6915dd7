#pragma once

// The keys and values that maps are measured with.

#include "../sample.hpp"

#include <cstdint>

namespace tandem::bench {

// The last step of splitmix64 (Stafford's variant 13): one to one, and no two bits of the result go together.
inline std::uint64_t mixed(std::uint64_t n) {
    n = (n ^ (n >> 30)) * 0xbf58476d1ce4e5b9;
    n = (n ^ (n >> 27)) * 0x94d049bb133111eb;
    return n ^ (n >> 31);
}

// Different numbers are different keys. They are spread already, so that everyone's own hash, which for std::hash is the
// number itself, does its work.
inline message key_of(std::uint64_t n) {
    return mixed(n + 0x9e3779b97f4a7c15);
}
inline message value_of(message key) {
    return ~key;
}

// splitmix64: cheap, and enough for choosing keys.
class random_numbers {
public:
    explicit random_numbers(std::uint64_t seed) : state_(mixed(seed)) {}
    std::uint64_t operator()() { return mixed(state_ += 0x9e3779b97f4a7c15); }

private:
    std::uint64_t state_;
};

// Of 32 random bits, a number below `end`.
inline std::uint64_t below(std::uint64_t end, std::uint64_t bits) {
    return bits * end >> 32;
}

} // namespace tandem::bench
