// The operations of striped counters, as in operations.cpp.
#include <tandem/locked/striped_counter.hpp>
#include <tandem/lockfree/striped_counter.hpp>

#include <cstdint>

template <class Counter>
struct striped_counter_operations {
    static void add(Counter& c, std::int64_t n) { c.add(n); }
    static void sub(Counter& c, std::int64_t n) { c.sub(n); }
    static std::int64_t sum(Counter const& c) { return c.sum(); }
    static std::int64_t drain(Counter& c) { return c.drain(); }
};

template struct striped_counter_operations<tandem::locked::striped_counter>;
template struct striped_counter_operations<tandem::lockfree::striped_counter>;
