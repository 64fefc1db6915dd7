// operation: what somebody declared about one member of their structure.
#pragma once

#include <tandem/stress/engine/dice.hpp>
#include <tandem/stress/numbers.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace tandem::stress {

// Where the arguments of a program come from.
class draws : public dice {
public:
    explicit draws(std::uint64_t seed, std::int64_t before_first = 0) : dice(seed), last_(before_first) {}

    std::int64_t unique() { return ++last_; } // no two calls of a program take the same: 1, 2, 3 ...

private:
    std::int64_t last_;
};

// Generators, for `taking`: anything that can be called with a draws&.
inline constexpr auto unique = [](draws& from) { return from.unique(); };

struct between {
    std::int64_t least, most;
    std::int64_t operator()(draws& from) const {
        return least + static_cast<std::int64_t>(from.below(static_cast<std::uint64_t>(most - least) + 1));
    }
};

template <class Structure, class Model>
struct declared_operation {
    std::string name{};
    std::function<values(draws&)> draw{}; // none: nobody has said what it takes
    std::function<reply(Structure&, values const&)> on_structure{};
    std::function<reply(Model&, values const&)> on_model{};
    std::function<bool(Model const&, values const&)> waits{}; // in that state; none: never
    bool may_be_missing = false; // its result
    unsigned weight = 1;
    std::string role{}; // of the one thread that may call it; none: all may

    std::vector<bool> is_unique{}; // of the numbers that it takes
};

namespace detail {

// The arguments of a callable after its first, the object, and how it is called.
template <class R, class... A>
struct takes {
    using result = R;
    using arguments = std::tuple<std::decay_t<A>...>;
};

template <class F>
struct member;
template <class R, class C, class... A>
struct member<R (C::*)(A...)> : takes<R, A...> {};
template <class R, class C, class... A>
struct member<R (C::*)(A...) const> : takes<R, A...> {};
template <class R, class C, class... A>
struct member<R (C::*)(A...) noexcept> : takes<R, A...> {};
template <class R, class C, class... A>
struct member<R (C::*)(A...) const noexcept> : takes<R, A...> {};

template <class F>
struct without_object;
template <class R, class C, class O, class... A>
struct without_object<R (C::*)(O, A...)> : takes<R, A...> {};
template <class R, class C, class O, class... A>
struct without_object<R (C::*)(O, A...) const> : takes<R, A...> {};
template <class R, class C, class O, class... A>
struct without_object<R (C::*)(O, A...) noexcept> : takes<R, A...> {};
template <class R, class C, class O, class... A>
struct without_object<R (C::*)(O, A...) const noexcept> : takes<R, A...> {};
template <class R, class O, class... A>
struct without_object<R (*)(O, A...)> : takes<R, A...> {};
template <class R, class O, class... A>
struct without_object<R (*)(O, A...) noexcept> : takes<R, A...> {};

template <class>
inline constexpr bool never_true = false;

template <class F, class Object>
auto signature_of() {
    if constexpr (std::is_member_function_pointer_v<F>) {
        return member<F>{};
    } else if constexpr (std::is_pointer_v<F>) {
        return without_object<F>{};
    } else if constexpr (requires { &F::operator(); }) {
        return without_object<decltype(&F::operator())>{};
    } else if constexpr (requires { &F::template operator()<Object>; }) { // [](auto& object, int value)
        return without_object<decltype(&F::template operator()<Object>)>{};
    } else {
        static_assert(never_true<F>,
                      "an operation is a function of the object and of arguments whose types it names, as "
                      "[](auto& object, int value) { ... }, or a pointer to a member function");
    }
}

template <class F, class Object>
using signature_t = decltype(signature_of<F, Object>());

// The callable, applied to an object and to numbers.
template <class Object, class F>
std::function<reply(Object&, values const&)> applied(F f) {
    using signature = signature_t<F, Object>;
    return [f = std::move(f)](Object& object, values const& argument) mutable {
        std::size_t at = 0;
        auto arguments = numbers<typename signature::arguments>::get(argument, at);
        auto const call = [&](auto&... a) ->
            typename signature::result { return std::invoke(f, object, std::move(a)...); };
        if constexpr (std::is_void_v<typename signature::result>) {
            std::apply(call, arguments);
            return reply{};
        } else {
            return answer_of<std::decay_t<typename signature::result>>::make(std::apply(call, arguments));
        }
    };
}

// As applied, of what is asked of a model.
template <class Model, class F>
std::function<bool(Model const&, values const&)> asked_of(F f) {
    using arguments = typename signature_t<F, Model>::arguments;
    return [f = std::move(f)](Model const& model, values const& argument) {
        std::size_t at = 0;
        auto const with = numbers<arguments>::get(argument, at);
        return std::apply([&](auto const&... a) -> bool { return std::invoke(f, model, a...); }, with);
    };
}

template <class R>
constexpr bool result_may_be_missing() {
    if constexpr (std::is_void_v<R>) {
        return false;
    } else {
        return answer_of<std::decay_t<R>>::may_be_missing;
    }
}

template <class Call>
reply answer_or_threw(Call call) {
#if defined(__cpp_exceptions)
    try {
        return call();
    } catch (...) {
        return {threw};
    }
#else
    return call();
#endif
}

// What arguments are unless `taking` says otherwise: integers are unique, so that each can be told from the others.
template <class T>
struct drawn {
    static constexpr bool known = std::integral<T>;
    static T draw(draws& from) {
        if constexpr (std::same_as<T, bool>) {
            return from.one_in(2);
        } else {
            return static_cast<T>(from.unique());
        }
    }
};
template <class... T>
struct drawn<std::tuple<T...>> {
    static constexpr bool known = (drawn<T>::known && ...);
    static std::tuple<T...> draw([[maybe_unused]] draws& from) { return std::tuple<T...>{drawn<T>::draw(from)...}; }
};
template <class A, class B>
struct drawn<std::pair<A, B>> {
    static constexpr bool known = drawn<A>::known && drawn<B>::known;
    static std::pair<A, B> draw(draws& from) { return std::pair<A, B>{drawn<A>::draw(from), drawn<B>::draw(from)}; }
};
template <class T>
struct drawn<std::vector<T>> {
    static constexpr bool known = drawn<T>::known;
    static std::vector<T> draw(draws& from) {
        std::vector<T> list;
        for (auto n = from.between(1, max_batch); n != 0; --n) {
            list.push_back(drawn<T>::draw(from));
        }
        return list;
    }
};

template <class Arguments>
std::function<values(draws&)> usual_draw() {
    if constexpr (drawn<Arguments>::known) {
        return [](draws& from) {
            values list;
            numbers<Arguments>::put(drawn<Arguments>::draw(from), list);
            return list;
        };
    } else {
        return {};
    }
}

// Which of the numbers that an operation takes are always unique.
std::vector<bool> unique_ones(std::function<values(draws&)> const& draw);

} // namespace detail

} // namespace tandem::stress
