#pragma once

#include "../queues.hpp"

#include <tandem/locked/bounded_queue.hpp>
#include <tandem/locked/spsc_queue.hpp>
#include <tandem/lockfree/bounded_queue.hpp>
#include <tandem/lockfree/spsc_queue.hpp>

#include <cstddef>
#include <span>

namespace tandem::bench {

template <class Queue>
class tandem_queue {
public:
    explicit tandem_queue(setup const& s) : queue_(s.capacity) {}
    bool push(message m) { return queue_.try_push(m) == status::success; }
    bool pop(message& m) {
        auto popped = queue_.try_pop();
        if (popped) {
            m = *popped;
        }
        return popped.has_value();
    }
    std::size_t push_n(std::span<message> some) { return queue_.try_push_n(some); }
    std::size_t pop_n(std::span<message> room) { return queue_.try_pop_n(room); }

private:
    Queue queue_;
};

struct lockfree_queue : tandem_queue<lockfree::bounded_queue<message>> {
    using tandem_queue::tandem_queue;
    static constexpr identity who{"lockfree.bounded_queue", "lockfree", "tandem", ""};
    static constexpr bool single = false;
};

struct locked_queue : tandem_queue<locked::bounded_queue<message>> {
    using tandem_queue::tandem_queue;
    static constexpr identity who{"locked.bounded_queue", "locked", "tandem", ""};
    static constexpr bool single = false;
};

struct lockfree_spsc_queue : tandem_queue<lockfree::spsc_queue<message>> {
    using tandem_queue::tandem_queue;
    static constexpr identity who{"lockfree.spsc_queue", "lockfree", "tandem", "one producer and one consumer only"};
    static constexpr bool single = true;
};

struct locked_spsc_queue : tandem_queue<locked::spsc_queue<message>> {
    using tandem_queue::tandem_queue;
    static constexpr identity who{"locked.spsc_queue", "locked", "tandem", "one producer and one consumer only"};
    static constexpr bool single = true;
};

} // namespace tandem::bench
