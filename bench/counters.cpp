#include "catalogue.hpp"
#include "workload/counter_add.hpp"

#include <tandem/locked/counter.hpp>
#include <tandem/lockfree/counter.hpp>

#include <atomic>
#include <cstdint>
#include <mutex>

namespace tandem::bench {
namespace {

struct lockfree_counter : lockfree::counter {
    static constexpr identity who{"lockfree.counter", "lockfree", "tandem", ""};
};

struct locked_counter : locked::counter {
    static constexpr identity who{"locked.counter", "locked", "tandem", ""};
};

class bare_atomic {
public:
    static constexpr identity who{"std::atomic", "peer", "std", "nobody can wait for a value"};
    void add() { value_.fetch_add(1); }
    std::int64_t load() const { return value_.load(); }

private:
    std::atomic<std::int64_t> value_{0};
};

class mutex_and_number {
public:
    static constexpr identity who{"std::mutex and std::int64_t", "peer", "std", "nobody can wait for a value"};
    void add() {
        std::lock_guard const lock(mutex_);
        ++value_;
    }
    std::int64_t load() {
        std::lock_guard const lock(mutex_);
        return value_;
    }

private:
    std::mutex mutex_;
    std::int64_t value_ = 0;
};

template <class Counter>
void offer_counter(catalogue& all) {
    all.offers.push_back({"counter_add", Counter::who, crowd::threads, "", "", true, "items/s", counter_add<Counter>});
}

} // namespace

void offer_counters(catalogue& all) {
    offer_counter<lockfree_counter>(all);
    offer_counter<bare_atomic>(all);
    offer_counter<locked_counter>(all);
    offer_counter<mutex_and_number>(all);
}

} // namespace tandem::bench
