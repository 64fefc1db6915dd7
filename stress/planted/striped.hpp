// Two planted bugs of striped counters, on real threads and under the model checker.
//
//   stores_zero   a drain reads every number, then stores 0: what its thread adds in between is lost, and what it has
//                 read but not yet stored comes back (LongAdder's sumThenReset was like that)
//   keeps_rest    a counter at a place that another had before does not ask what that one left there
#pragma once

#include <tandem/lockfree/stripes.hpp>

#include <array>
#include <cstdint>

namespace tandem::planted {

class stores_zero {
public:
    void add(std::int64_t n = 1) {
        auto& mine = numbers_[thread_number() % numbers_.size()];
        mine.store(mine.load(order::relaxed) + n, order::release);
    }
    void sub(std::int64_t n = 1) { add(-n); }
    std::int64_t sum() const {
        std::int64_t all = 0;
        for (auto const& one : numbers_) {
            all += one.load(order::acquire);
        }
        return all;
    }
    std::int64_t drain() {
        std::int64_t all = 0;
        for (auto& one : numbers_) {
            all += one.load(order::acquire);
            one.store(0, order::release);
        }
        return all;
    }

private:
    std::array<atomic<std::int64_t>, 8> numbers_{}; // no more threads than that
};

class keeps_rest {
public:
    ~keeps_rest() { lockfree::stripes::all().give_back(place_); }

    void add(std::int64_t n = 1) {
        if (auto* const mine = lockfree::stripes::all().beyond(place_.at)) {
            lockfree::stripes::add_to(*mine, static_cast<std::uint64_t>(n));
        } else {
            rest_.fetch_add(n, order::release);
        }
    }
    void sub(std::int64_t n = 1) { add(-n); }
    std::int64_t sum() const { return counted() - drained_.load(order::seq_cst); }
    std::int64_t drain() {
        auto const there = counted();
        return there - drained_.exchange(there, order::seq_cst);
    }

private:
    std::int64_t counted() const {
        return rest_.load(order::acquire) + static_cast<std::int64_t>(lockfree::stripes::all().sum(place_.at));
    }

    lockfree::stripes::place& place_ = lockfree::stripes::all().take();
    atomic<std::int64_t> rest_{0}, drained_{0}; // and not what is there already
};

} // namespace tandem::planted
