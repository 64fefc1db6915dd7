#include "map_scenario.hpp"

#include <tandem/stress/engine/crew.hpp>

#include <algorithm>
#include <set>

namespace tandem::stress {

namespace {

using weights = std::array<unsigned, std::size(map_spec::operations)>; // in the order of map_spec's operations

// Which keys a lane uses at which of its steps.
class keys_of_a_program {
public:
    keys_of_a_program(dice& d, length l, std::size_t present, bool all_collide)
        : dice_(d), grows_(l == length::stream), first_(present - d.below(std::min<std::uint64_t>(present, 4) + 1) + 1),
          count_(grows_ ? d.between(64, all_collide ? 96 : 512) : d.between(1, 6)) {}

    std::int64_t at(std::size_t step) {
        if (!grows_) {
            return static_cast<std::int64_t>(first_ + dice_.below(count_));
        }
        auto const newest = std::min(step * count_ / 1000, count_ - 1);
        auto const back = dice_.one_in(8) ? dice_.below(newest + 1) : std::min(dice_.below(4), newest);
        return static_cast<std::int64_t>(newest - back + 1);
    }

private:
    dice& dice_;
    bool grows_;
    std::uint64_t first_, count_;
};

weights weights_of_a_lane(dice& d, length l) {
    weights w{};
    // What a lane mostly does: a bit of everything, insert, erase, change, look, or what goes over all keys.
    enum role : std::uint64_t { any, inserts, erases, changes, looks, sweeps };
    auto const mostly = d.below(6);
    auto const more = [&](role r) { return mostly == r ? 4U : 1U; };
    auto const some = [&] { return static_cast<unsigned>(d.below(4)); };
    unsigned const often = l == length::brief ? 4 : 64; // as what goes over all keys
    for (auto const op : {map_spec::insert, map_spec::try_emplace, map_spec::insert_or_assign}) {
        w[op] = often * some() * more(inserts);
    }
    w[map_spec::insert] += often;
    w[map_spec::update] = often * some() * more(changes);
    for (auto const op : {map_spec::erase, map_spec::erase_if}) {
        w[op] = often * some() * more(erases);
    }
    for (auto const op : {map_spec::find, map_spec::visit, map_spec::contains}) {
        w[op] = often * some() * more(looks);
    }
    w[map_spec::for_each] = 4 * some() * more(sweeps);
    w[map_spec::erase_each] = some() * more(sweeps);
    w[map_spec::approx_size] = some() * more(sweeps);
    w[map_spec::clear] = d.one_in(l == length::brief ? 2 : 8) ? 1 : 0;
    return w;
}

} // namespace

program random_map_program(dice& d, length l, std::size_t threads) {
    program made;
    made.variant = static_cast<std::uint8_t>(d.below(element_kinds_of_maps * hash_kinds.size()));
    made.capacity = l == length::stream || d.one_in(4) ? 0 : d.below(64);
    made.roomy = d.one_in(8);
    bool const all_collide = made.variant / element_kinds_of_maps != 0;
    tempo pace(d, l);
    keys_of_a_program keys(d, l, made.capacity, all_collide);
    for (std::size_t lane = 0; lane != threads; ++lane) {
        auto const w = weights_of_a_lane(d, l);
        auto& steps = made.lanes.emplace_back(calls_of_a_lane(d, l));
        auto unique = static_cast<std::int64_t>(lane + 1) * (l == length::brief ? 100 : 1'000'000);
        for (std::size_t i = 0; i != steps.size(); ++i) {
            auto& s = steps[i];
            s.before = pace.next();
            s.operation = choose(d, w);
            if (s.operation == map_spec::clear || s.operation == map_spec::approx_size) {
                continue;
            }
            auto const key = keys.at(i);
            s.argument.push_back(key);
            switch (s.operation) {
            case map_spec::insert:
            case map_spec::try_emplace:
            case map_spec::insert_or_assign:
                s.argument.push_back(++unique);
                break;
            case map_spec::update:
                s.argument.push_back(static_cast<std::int64_t>(d.between(1, 9)));
                break;
            case map_spec::erase_if:
                s.argument.push_back(static_cast<std::int64_t>(d.below(3)));
                break;
            case map_spec::for_each:
                for (auto more = d.below(max_batch); more != 0; --more) {
                    if (auto const other = keys.at(i); std::ranges::find(s.argument, other) == s.argument.end()) {
                        s.argument.push_back(other);
                    }
                }
                break;
            case map_spec::erase_each:
                s.argument.push_back(key + static_cast<std::int64_t>(d.one_in(2) ? 0 : d.below(5)));
                s.argument.push_back(static_cast<std::int64_t>(d.below(3)));
                break;
            default:
                break;
            }
        }
    }
    return made;
}

map_scenario::map_scenario(std::string s, std::string h, length l, factory make)
    : judged_scenario(std::move(s), std::move(h), l), make_(std::move(make)) {}

program map_scenario::random_program(dice& d, std::size_t threads) const {
    return random_map_program(d, kind, threads);
}

std::unique_ptr<object> map_scenario::make(program const& p) const {
    return make_(p);
}

// Quiet, so exact: every key once, and all of them counted; then none.
void map_scenario::finish(afterwards& t) const {
    std::set<std::int64_t> keys;
    for (auto const& [key, value] : initial(t.what()).entries) {
        keys.insert(key);
    }
    for (auto const& lane : t.what().lanes) {
        for (auto const& a : lane) {
            if (a.operation == map_spec::for_each) {
                keys.insert(a.argument.begin(), a.argument.end());
            } else if (!a.argument.empty()) {
                keys.insert(a.argument[0]);
            }
        }
    }
    values some;
    auto const look = [&] {
        t.then(map_spec::for_each, some);
        some = {};
    };
    t.then(map_spec::approx_size);
    for (auto const key : keys) {
        t.then(map_spec::find, {key});
        some.push_back(key);
        if (some.size() == max_batch) {
            look();
        }
    }
    t.then(map_spec::clear);
    look();
    t.then(map_spec::approx_size);
}

map_spec map_scenario::initial(program const& p) const {
    map_spec map;
    for (std::size_t k = 1; k <= p.capacity; ++k) {
        map.entries[static_cast<std::int64_t>(k)] = static_cast<std::int64_t>(k);
    }
    return map;
}

} // namespace tandem::stress
