#pragma once

// Queues with a known fault. The workloads must notice each of them.

#include "../queues.hpp"

#include <deque>
#include <mutex>

namespace tandem::bench::planted {

// A correct queue, but for what the faults do to it.
class queue {
public:
    static constexpr bool waits = false;
    static constexpr bool single = false;

    explicit queue(setup const&) {}
    bool push(message m) {
        std::lock_guard const lock(mutex_);
        messages_.push_back(m);
        return true;
    }
    bool pop(message& m) {
        std::lock_guard const lock(mutex_);
        if (messages_.empty()) {
            return false;
        }
        m = messages_.front();
        messages_.pop_front();
        return true;
    }

private:
    std::mutex mutex_;
    std::deque<message> messages_;
};

struct sound : queue {
    static constexpr identity who{"planted, sound", "peer", "planted", ""};
    using queue::queue;
};

struct loses_one : queue {
    static constexpr identity who{"planted, loses one", "peer", "planted", ""};
    using queue::queue;
    bool push(message m) { return m == 7 || queue::push(m); }
};

struct doubles_one : queue {
    static constexpr identity who{"planted, doubles one", "peer", "planted", ""};
    using queue::queue;
    bool push(message m) { return (m != 7 || queue::push(m)) && queue::push(m); }
};

struct swaps_two_for_their_sum : queue {
    static constexpr identity who{"planted, one less and one more", "peer", "planted", ""};
    using queue::queue;
    bool push(message m) { return queue::push(m == 3 ? 4 : m == 8 ? 7 : m); }
};

struct refuses_for_ever : queue {
    static constexpr identity who{"planted, refuses", "peer", "planted", ""};
    using queue::queue;
    bool push(message m) { return m < 100 && queue::push(m); }
};

} // namespace tandem::bench::planted
