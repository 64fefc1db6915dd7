#pragma once

// Names put together at compile time, for scenarios that several structures share.

#include <algorithm>
#include <array>
#include <cstddef>

namespace tandem::model {

template <std::size_t N>
struct text {
    consteval text() = default;
    consteval text(char const (&s)[N]) { std::ranges::copy(s, characters.begin()); }

    std::array<char, N> characters{}; // and a zero
};

template <std::size_t N, std::size_t M>
consteval auto operator+(text<N> const& first, text<M> const& second) {
    text<N + M - 1> both;
    auto const zero = std::ranges::copy(first.characters, both.characters.begin()).out - 1;
    std::ranges::copy(second.characters, zero);
    return both;
}

template <text name>
inline constexpr auto name_of = name.characters;

} // namespace tandem::model
