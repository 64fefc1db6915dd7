// numbers: how the arguments and results of somebody's operations travel in a history, which holds integers.
//
//   integers, bool, enumerations   one number
//   std::pair, std::tuple          theirs one after the other
//   std::vector                    its elements, as the last that a call takes or gives
//
// A result may also be void, tandem::status, or one that may be missing: tandem::result<T>, whose error is the answer, or
// std::optional<T>, which is `empty` without a value. At most max_batch numbers a call. For a type of your own,
// specialise numbers<T>.
#pragma once

#include <tandem/stress/spec.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace tandem::stress {

template <class T>
struct numbers;

template <class T>
requires std::integral<T> || std::is_enum_v<T>
struct numbers<T> {
    static void put(T value, values& into) { into.push_back(static_cast<std::int64_t>(value)); }
    static T get(values const& from, std::size_t& at) { return static_cast<T>(from[at++]); }
};

template <class... T>
struct numbers<std::tuple<T...>> {
    static void put(std::tuple<T...> const& value, values& into) {
        std::apply([&](T const&... part) { (numbers<T>::put(part, into), ...); }, value);
    }
    static std::tuple<T...> get(values const& from, std::size_t& at) {
        return std::tuple<T...>{numbers<T>::get(from, at)...}; // braces: from left to right
    }
};

template <class A, class B>
struct numbers<std::pair<A, B>> {
    static void put(std::pair<A, B> const& value, values& into) {
        numbers<A>::put(value.first, into);
        numbers<B>::put(value.second, into);
    }
    static std::pair<A, B> get(values const& from, std::size_t& at) {
        return std::pair<A, B>{numbers<A>::get(from, at), numbers<B>::get(from, at)};
    }
};

template <class T>
struct numbers<std::vector<T>> {
    static void put(std::vector<T> const& value, values& into) {
        for (auto const& element : value) {
            numbers<T>::put(element, into);
        }
    }
    static std::vector<T> get(values const& from, std::size_t& at) {
        std::vector<T> value;
        while (at < from.size()) {
            value.push_back(numbers<T>::get(from, at));
        }
        return value;
    }
};

template <class T>
concept has_numbers = requires(T const& value, values& list, std::size_t& at) {
    numbers<T>::put(value, list);
    { numbers<T>::get(list, at) } -> std::convertible_to<T>;
};

namespace detail {

template <class R>
struct answer_of {
    static_assert(has_numbers<R>, "an operation returns something that numbers.hpp does not know: specialise "
                                  "tandem::stress::numbers for it, or let the lambda return an integer");
    static constexpr bool may_be_missing = false;
    static reply make(R const& value) {
        reply said;
        numbers<R>::put(value, said.result);
        return said;
    }
};
template <>
struct answer_of<status> {
    static constexpr bool may_be_missing = true;
    static reply make(status s) { return {s}; }
};
template <class T>
struct answer_of<result<T>> {
    static constexpr bool may_be_missing = true;
    static reply make(result<T> const& r) { return r ? answer_of<T>::make(*r) : reply{r.error()}; }
};
template <class T>
struct answer_of<std::optional<T>> {
    static constexpr bool may_be_missing = true;
    static reply make(std::optional<T> const& o) { return o ? answer_of<T>::make(*o) : reply{status::empty}; }
};

} // namespace detail

} // namespace tandem::stress
