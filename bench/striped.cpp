#include "catalogue.hpp"
#include "workload/striped_add.hpp"

#include <tandem/locked/striped_counter.hpp>
#include <tandem/lockfree/counter.hpp>
#include <tandem/lockfree/striped_counter.hpp>

#if __has_include(<oneapi/tbb/combinable.h>)
#include <oneapi/tbb/combinable.h>
#endif

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace tandem::bench {
namespace {

struct lockfree_striped : lockfree::striped_counter {
    static constexpr identity who{"lockfree.striped_counter", "lockfree", "tandem", ""};
};

struct locked_striped : locked::striped_counter {
    static constexpr identity who{"locked.striped_counter", "locked", "tandem", ""};
};

class one_number {
public:
    static constexpr identity who{"lockfree.counter", "lockfree", "tandem", "exact while others add; can be waited for"};
    void add() { value_.add(); }
    std::int64_t sum() const { return value_.load(); }

private:
    lockfree::counter value_;
};

class bare_atomic {
public:
    static constexpr identity who{"std::atomic", "peer", "std", "exact while others add"};
    void add() { value_.fetch_add(1, std::memory_order::relaxed); }
    std::int64_t sum() const { return value_.load(); }

private:
    std::atomic<std::int64_t> value_{0};
};

// What one writes without a library; a thread's cell is found as cheaply as may be.
class padded_cells {
public:
    static constexpr identity who{"cells with fetch_add", "peer", "std", "16 padded atomics; threads beyond that share them"};
    void add() { cells_[index() % cells_.size()].value.fetch_add(1, std::memory_order::relaxed); }
    std::int64_t sum() const {
        std::int64_t all = 0;
        for (auto const& one : cells_) {
            all += one.value.load();
        }
        return all;
    }

private:
    struct alignas(128) cell {
        std::atomic<std::int64_t> value{0};
    };
    static std::size_t index() {
        static constinit std::atomic<std::size_t> threads{0};
        static constinit thread_local std::size_t mine = 0;
        if (mine == 0) [[unlikely]] {
            mine = 1 + threads.fetch_add(1, std::memory_order::relaxed);
        }
        return mine;
    }

    std::array<cell, 16> cells_;
};

#if __has_include(<oneapi/tbb/combinable.h>)
class combinable {
public:
    static constexpr identity who{"tbb::combinable", "peer", "onetbb", "may be summed only while nobody adds"};
    void add() { ++numbers_.local(); }
    std::int64_t sum() { return numbers_.combine(std::plus<>()); }

private:
    tbb::combinable<std::int64_t> numbers_{[] { return std::int64_t{0}; }};
};
#endif

template <class Counter>
void offer_striped(catalogue& all) {
    extent const counters{.threads = {1, 2, 4, 8, 16, 64}, .capacities = {1, 64}};
    all.offers.push_back(
        {"striped_add", Counter::who, crowd::threads, "", "", true, "items/s", striped_add<Counter>, counters});
}

} // namespace

void offer_striped_counters(catalogue& all) {
    offer_striped<lockfree_striped>(all);
#if __has_include(<oneapi/tbb/combinable.h>)
    offer_striped<combinable>(all);
#endif
    offer_striped<padded_cells>(all);
    offer_striped<one_number>(all);
    offer_striped<bare_atomic>(all);
    offer_striped<locked_striped>(all);
}

} // namespace tandem::bench
