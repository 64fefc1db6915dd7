// model: a plain sequential object as a specification. It must be copyable and comparable with ==; a hash, or elements
// that have one, make the search faster.
#pragma once

#include <tandem/stress/operation.hpp>
#include <tandem/stress/render.hpp>
#include <tandem/stress/spec.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace tandem::stress {

namespace detail {

template <class T>
std::size_t hash_of(T const& value) {
    if constexpr (requires {
                      { std::hash<T>{}(value) } -> std::convertible_to<std::size_t>;
                  }) {
        return std::hash<T>{}(value);
    } else if constexpr (requires {
                             { value.hash() } -> std::convertible_to<std::size_t>;
                         }) {
        return value.hash();
    } else if constexpr (std::ranges::input_range<T const&>) {
        std::size_t sum = 0;
        for (auto const& element : value) {
            auto const one = hash_of(element);
            if constexpr (requires { typename T::hasher; }) { // equal ones may differ in their order
                sum += one * 0x9e3779b97f4a7c15u;
            } else {
                sum = sum * 0x9e3779b97f4a7c15u + one + 1;
            }
        }
        return sum;
    } else if constexpr (requires { value.first, value.second; }) {
        return hash_of(value.first) * 0x9e3779b97f4a7c15u + hash_of(value.second);
    } else {
        return 0;
    }
}

template <class T>
concept readable = std::integral<T> ||
    (std::ranges::forward_range<T const&>&& std::integral<std::ranges::range_value_t<T>>);

template <readable T>
std::string in_words(T const& value) {
    if constexpr (std::integral<T>) {
        return std::to_string(value);
    } else {
        std::string words;
        for (auto const element : value) {
            words.append(words.empty() ? "" : " ").append(std::to_string(element));
        }
        return words;
    }
}

} // namespace detail

template <class Structure, class Model>
struct model_spec {
    std::span<declared_operation<Structure, Model> const> declared{};
    std::span<std::string_view const> operations{};
    Model state;

    reply perform(std::uint32_t operation, values const& argument) {
        if (waits(operation, argument)) {
            return {};
        }
        return detail::answer_or_threw([&] { return declared[operation].on_model(state, argument); });
    }
    bool step(call const& c, bool /* overlapped */) {
        if (waits(c)) {
            return false; // it does not take effect
        }
        auto const said = perform(c.operation, c.argument);
        return c.pending() || said == reply{c.answer, c.result};
    }
    bool waits(call const& c) const { return waits(c.operation, c.argument); }
    std::size_t hash() const { return detail::hash_of(state); }
    std::string describe() const requires detail::readable<Model> {
        auto const words = detail::in_words(state);
        return words.empty() ? words : concat({"the model holds ", words});
    }
    bool operator==(model_spec const& other) const { return state == other.state; }

private:
    bool waits(std::uint32_t operation, values const& argument) const {
        auto const& asked = declared[operation].waits;
        return asked && asked(state, argument);
    }
};

} // namespace tandem::stress
