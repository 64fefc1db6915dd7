#pragma once

#include "../queues.hpp"

#include <tandem/locked/bounded_queue.hpp>
#include <tandem/lockfree/bounded_queue.hpp>

namespace tandem::bench {

template <class Queue>
class tandem_queue {
public:
    static constexpr bool waits = false;
    static constexpr bool single = false;

    explicit tandem_queue(setup const& s) : queue_(s.capacity) {}
    bool push(message m) { return queue_.try_push(m) == status::success; }
    bool pop(message& m) {
        auto popped = queue_.try_pop();
        if (popped) {
            m = *popped;
        }
        return popped.has_value();
    }

private:
    Queue queue_;
};

struct lockfree_queue : tandem_queue<lockfree::bounded_queue<message>> {
    using tandem_queue::tandem_queue;
    static constexpr identity who{"lockfree.bounded_queue", "lockfree", "tandem", ""};
};

struct locked_queue : tandem_queue<locked::bounded_queue<message>> {
    using tandem_queue::tandem_queue;
    static constexpr identity who{"locked.bounded_queue", "locked", "tandem", ""};
};

} // namespace tandem::bench
