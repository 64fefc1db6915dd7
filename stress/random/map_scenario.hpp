// map_scenario: programs for maps, and maps as objects.
#pragma once

#include "element.hpp"
#include "program.hpp"

#include <tandem/contract.hpp>
#include <tandem/stress/engine/scenario.hpp>
#include <tandem/stress/map_spec.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace tandem::stress {

// The map begins with the keys from 1 to `capacity`, each with its own number. Few keys at a time, so that threads meet:
//   brief    a handful around the last of those, so that a few insertions may make the map grow
//   ring     a handful, over and over
//   stream   more and more of them, from an empty map on
program random_map_program(dice&, length, std::size_t threads);

class map_scenario : public judged_scenario<map_spec> {
public:
    using factory = std::function<std::unique_ptr<object>(program const&)>;

    map_scenario(std::string structure, std::string half, length, factory);

    program random_program(dice&, std::size_t threads) const override;
    std::unique_ptr<object> make(program const&) const override;
    void finish(afterwards&) const override;
    map_spec initial(program const&) const override;

private:
    std::string twin() const override { return half == "lockfree" ? "locked." + structure : ""; }

    factory make_;
};

// What a map holds for a number. It keeps the number twice, once in memory of its own: a sanitizer sees one that is lost, destroyed
// twice or used after its end, and its value is `spoiled` when it is torn or was moved from. Some of the copies are refused.
class boxed {
public:
    static constexpr std::int64_t spoiled = std::numeric_limits<std::int64_t>::max();

    explicit boxed(std::int64_t n) : number_(n), box_(std::make_unique<std::int64_t>(n)) {}
    boxed(boxed&&) noexcept = default;
    boxed(boxed const& other) : number_(other.number_), box_(copy(other)) {}
    boxed& operator=(boxed&&) noexcept = default;
    boxed& operator=(boxed const& other) { return *this = boxed(other); }

    std::int64_t value() const { return box_ != nullptr && *box_ == number_ ? number_ : spoiled; }
    void add(std::int64_t n) {
        number_ += n;
        if (box_ != nullptr) {
            *box_ += n;
        }
    }
    bool operator==(boxed const& other) const { return value() == other.value(); }

    // Whether this thread is in a call that leaves the map as it was when a copy is refused.
    static inline thread_local bool may_refuse = false;

private:
    static std::unique_ptr<std::int64_t> copy(boxed const& other) {
        thread_local unsigned copies = 0;
        if (may_refuse && ++copies % 7 == 0) {
            throw copy_refused();
        }
        return std::make_unique<std::int64_t>(other.value());
    }

    std::int64_t number_;
    std::unique_ptr<std::int64_t> box_; // none: moved from
};

struct alignas(64) over_aligned_box : boxed {
    using boxed::boxed;
    std::int64_t value() const { return reinterpret_cast<std::uintptr_t>(this) % 64 == 0 ? boxed::value() : spoiled; }
};

// A word of which the odd ones look, in a table of words, like something else that can stand there.
class odd_word {
public:
    explicit odd_word(std::int64_t n) : bits_(static_cast<std::uint64_t>(n) ^ (n % 2 != 0 ? mask : 0)) {}
    std::int64_t value() const { return static_cast<std::int64_t>(bits_ % 2 != 0 ? bits_ ^ mask : bits_); }
    void add(std::int64_t n) { *this = odd_word(value() + n); }

private:
    static constexpr std::uint64_t mask = 0xfff4'0000'0000'0000;

    std::uint64_t bits_;
};

inline std::int64_t number_of(std::int64_t n) {
    return n;
}
template <class T>
std::int64_t number_of(T const& e) {
    return e.value();
}
inline void add_to(std::int64_t& n, std::int64_t more) {
    n += more;
}
template <class T>
void add_to(T& e, std::int64_t more) {
    e.add(more);
}

// Of all keys alike, of three kinds, or the number itself.
struct colliding_hash {
    std::uint8_t kinds = 0; // 0: as many as there are keys

    template <class K>
    std::size_t operator()(K const& k) const {
        auto const n = static_cast<std::size_t>(number_of(k));
        return kinds == 0 ? n : n % kinds;
    }
};
inline constexpr std::array<std::uint8_t, 3> hash_kinds{0, 3, 1};
inline constexpr std::size_t element_kinds_of_maps = 4;

// Anything that satisfies contract::map.
template <class Map, class K, class V>
class map_object : public object {
    static_assert(contract::map<Map, K, V>);

public:
    template <class Hash>
    map_object(std::size_t entries, std::size_t expected, Hash hash) : map_(expected, hash) {
        for (std::size_t k = 1; k <= entries; ++k) {
            auto const n = static_cast<std::int64_t>(k);
            map_.insert(K(n), V(n));
        }
    }

    reply perform(std::uint32_t operation, values const& argument) override {
        switch (operation) {
        case map_spec::for_each:
            return traverse(argument);
        case map_spec::erase_each:
            return {status::success, {static_cast<std::int64_t>(map_.erase_if([&](K const& k, V const& v) {
                        auto const key = number_of(k);
                        return argument[0] <= key && key <= argument[1] && of_remainder(v, argument[2]);
                    }))}};
        case map_spec::clear:
            map_.clear();
            return {};
        case map_spec::approx_size:
            return {status::success, {static_cast<std::int64_t>(map_.approx_size())}};
        default:
            return until_not_refused([&] { return on_key(operation, argument); });
        }
    }

private:
    static bool of_remainder(V const& v, std::int64_t remainder) {
        return remainder == 2 || (number_of(v) & 1) == remainder;
    }
    static reply said(bool yes) { return {status::success, {yes ? 1 : 0}}; }

    template <class Attempt>
    static reply until_not_refused(Attempt attempt) {
        struct refusing {
            refusing() { boxed::may_refuse = true; }
            ~refusing() { boxed::may_refuse = false; }
        };
        for (;;) {
            try {
                refusing const meanwhile;
                return attempt();
            } catch (copy_refused const&) {
                continue; // it left the map as it was
            }
        }
    }

    reply on_key(std::uint32_t operation, values const& argument) {
        auto const n = argument[1];
        K k(argument[0]);
        switch (operation) {
        case map_spec::insert:
            return insert(std::move(k), n);
        case map_spec::try_emplace:
            return said(n % 2 == 0 ? map_.try_emplace(k, n) : map_.try_emplace(std::move(k), V(n)));
        case map_spec::insert_or_assign:
            return said(n % 2 == 0 ? map_.insert_or_assign(k, V(n)) : map_.insert_or_assign(std::move(k), V(n)));
        case map_spec::update:
            return said(map_.update(k, [n](V& v) { add_to(v, n); }));
        case map_spec::erase:
            return said_value(map_.erase(k));
        case map_spec::erase_if:
            return said(map_.erase_if(k, [n](V const& v) { return of_remainder(v, n); }));
        case map_spec::find:
            return said_value(map_.find(k));
        case map_spec::visit: {
            std::int64_t saw = 0;
            return map_.visit(k, [&](V const& v) { saw = number_of(v); }) ? reply{status::success, {saw}} : reply{status::empty};
        }
        case map_spec::contains:
            return said(map_.contains(k));
        default:
            throw std::logic_error("no such operation");
        }
    }
    static reply said_value(std::optional<V> const& v) {
        return v ? reply{status::success, {number_of(*v)}} : reply{status::empty};
    }

    // Copied or moved into the map. What was refused, or only copied, is as it was; -1: it is not.
    reply insert(K k, std::int64_t n) {
        V v(n);
        auto const key = number_of(k);
        bool const copied = n % 3 == 0;
        bool const done = copied ? map_.insert(std::as_const(k), std::as_const(v)) : map_.insert(std::move(k), std::move(v));
        bool const kept = number_of(v) == n && number_of(k) == key;
        return (copied || !done) && !kept ? reply{status::success, {-1}} : said(done);
    }

    reply traverse(values const& keys) {
        reply saw;
        for (std::size_t i = 0; i != keys.size(); ++i) {
            saw.result.push_back(0);
        }
        map_.for_each([&](K const& k, V const& v) {
            for (std::size_t i = 0; i != keys.size(); ++i) {
                if (keys[i] == number_of(k)) {
                    auto& one = saw.result.item[i];
                    one = one == 0 ? number_of(v) : -number_of(v);
                }
            }
        });
        return saw;
    }

    Map map_;
};

// Map<key, value, hash>, as a program wants it.
template <class Map, class K, class V>
std::unique_ptr<object> map_object_with(program const& p) {
    colliding_hash const hash{hash_kinds[p.variant / element_kinds_of_maps % hash_kinds.size()]};
    return std::make_unique<map_object<Map, K, V>>(p.capacity, p.roomy ? 2 * p.capacity : 0, hash);
}
template <template <class, class, class> class Map>
std::unique_ptr<object> map_object_of(program const& p) {
    using number = std::int64_t;
    switch (p.variant % element_kinds_of_maps) {
    case 0:
        return map_object_with<Map<number, number, colliding_hash>, number, number>(p);
    case 1:
        return map_object_with<Map<boxed, boxed, colliding_hash>, boxed, boxed>(p);
    case 2:
        return map_object_with<Map<number, odd_word, colliding_hash>, number, odd_word>(p);
    default:
        return map_object_with<Map<number, over_aligned_box, colliding_hash>, number, over_aligned_box>(p);
    }
}

template <template <class, class, class> class Map>
std::vector<std::unique_ptr<scenario>> map_scenarios(std::string const& structure, std::string const& half) {
    std::vector<std::unique_ptr<scenario>> all;
    for (auto const l : {length::brief, length::ring, length::stream}) {
        all.push_back(std::make_unique<map_scenario>(structure, half, l, map_object_of<Map>));
    }
    return all;
}

} // namespace tandem::stress
