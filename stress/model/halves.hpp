#pragma once

// The two halves, for scenarios written once.

#include "fifo_oracle.hpp"

#include <tandem/locked/bounded_queue.hpp>
#include <tandem/locked/counter.hpp>
#include <tandem/locked/striped_counter.hpp>
#include <tandem/lockfree/bounded_queue.hpp>
#include <tandem/lockfree/counter.hpp>
#include <tandem/lockfree/striped_counter.hpp>

namespace tandem::model {

struct locked_half {
    static constexpr char const* name = "locked";
    static constexpr answers queue_answers = answers::exact;
    static constexpr timing queue_order = timing::real;
    template <class T>
    using bounded_queue = locked::bounded_queue<T>;
    using counter = locked::counter;
    using striped_counter = locked::striped_counter;
};

struct lockfree_half {
    static constexpr char const* name = "lockfree";
    static constexpr answers queue_answers = answers::may_give_up;
    static constexpr timing queue_order = timing::real;
    template <class T>
    using bounded_queue = lockfree::bounded_queue<T>;
    using counter = lockfree::counter;
    using striped_counter = lockfree::striped_counter;
};

} // namespace tandem::model
