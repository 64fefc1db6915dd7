// The operations of what reclaims memory that every reader and writer calls, as in operations.cpp; g++ gives out the registers
// of the others, which wait or look at all threads, as it likes.
#include <tandem/locked/reclaim/rcu_domain.hpp>
#include <tandem/lockfree/reclaim/rcu_domain.hpp>

#include <cstdint>

template <class Domain>
struct rcu_operations {
    static void lock(Domain& d) { d.lock(); }
    static bool try_lock(Domain& d) { return d.try_lock(); }
    static void unlock(Domain& d) { d.unlock(); }
    static bool in_section(Domain const& d) { return d.in_section(); }
    static std::uint64_t now(Domain& d) { return d.now(); }
    static bool expired(Domain const& d, std::uint64_t tag) { return d.expired(tag); }
};

template struct rcu_operations<tandem::locked::rcu_domain>;
template struct rcu_operations<tandem::lockfree::rcu_domain>;
