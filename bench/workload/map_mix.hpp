#pragma once

// map_mix: every thread finds, inserts and erases keys drawn at random from s.capacity of them; s.finds percent are finds, the
// others insertions and erasures in equal parts. Half of the keys are there at the start and half stay there, so about half of
// each kind succeed. What is there in the end must be what was there, and what was inserted, less what was erased.

#include "../sample.hpp"
#include "../team.hpp"
#include "checksum.hpp"
#include "map_keys.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <random>
#include <span>
#include <vector>

namespace tandem::bench {

// Every key that is there; false when one has a value that nobody gave it.
template <class Map>
bool count_keys(Map& map, std::size_t keys, checksum& there) {
    bool right = true;
    for (std::size_t n = 0; n != keys; ++n) {
        auto const key = key_of(n);
        message value = 0;
        if (map.find(key, value)) {
            there.add(key);
            right &= value == value_of(key);
        }
    }
    return right;
}

// A map that lives on from sample to sample, so that it is filled once and measured after it has seen changes.
template <class Map>
class lasting_map {
public:
    // Half of the keys inserted in random order, when it is not there yet.
    Map& of(std::size_t keys) {
        if (!map_ || keys != keys_) {
            keys_ = keys;
            std::vector<std::uint64_t> order(keys);
            std::iota(order.begin(), order.end(), std::uint64_t{0});
            std::ranges::shuffle(order, std::mt19937_64(1));
            map_.reset(new apart<Map>{Map(keys / 2)});
            there_ = {};
            for (auto const n : std::span(order).first(keys / 2)) {
                if (map_->it.insert(key_of(n), value_of(key_of(n)))) {
                    there_.add(key_of(n));
                }
            }
        }
        return map_->it;
    }
    // Whether it has become what these changes make of it.
    bool became(checksum expected, checksum const& erased) {
        expected.add(there_);
        there_ = {};
        bool const right = count_keys(map_->it, keys_, there_);
        auto found = there_;
        found.add(erased);
        return right && found == expected;
    }
    // Another one every time, so that no sample repeats what the one before has done.
    std::uint64_t seed() { return ++seeds_; }

private:
    std::unique_ptr<apart<Map>> map_;
    std::size_t keys_ = 0;
    checksum there_;
    std::uint64_t seeds_ = 0;
};

// Map: find(key, value&), insert(key, value), erase(key) answer whether the key was, was not, was there.
template <class Map>
sample map_mix(setup const& s) {
    // Never destroyed: at the end of the program what the map's library keeps for each thread may be gone.
    static auto& lasting = *new lasting_map<Map>;
    auto& map = lasting.of(s.capacity);
    struct account {
        checksum inserted, erased;
        bool right = true;
    };
    std::vector<apart<account>> accounts(s.cores.size());
    auto const seed = lasting.seed();
    auto result = run_team(s.cores, [&](int i) {
        account mine;
        random_numbers random(seed << 16 | static_cast<std::uint64_t>(i));
        auto const finds = s.finds;
        auto const finds_and_insertions = finds + (100 - finds) / 2;
        for (auto left = share(s.items, i, s.producers); left != 0; --left) {
            auto const bits = random();
            auto const key = key_of(below(s.capacity, bits >> 32));
            auto const choice = below(100, bits & 0xffff'ffff);
            if (choice < finds) {
                message value = 0;
                mine.right &= !map.find(key, value) || value == value_of(key);
            } else if (choice < finds_and_insertions) {
                if (map.insert(key, value_of(key))) {
                    mine.inserted.add(key);
                }
            } else if (map.erase(key)) {
                mine.erased.add(key);
            }
        }
        accounts[static_cast<std::size_t>(i)].it = mine;
    });
    checksum inserted, erased;
    for (auto const& one : accounts) {
        inserted.add(one.it.inserted);
        erased.add(one.it.erased);
        result.intact &= one.it.right;
    }
    result.intact &= lasting.became(inserted, erased);
    return result;
}

} // namespace tandem::bench
