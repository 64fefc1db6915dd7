#pragma once

// Queues with a known fault. The workloads must notice each of them.

#include "../channels.hpp"
#include "../queues.hpp"

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <span>
#include <vector>

namespace tandem::bench::planted {

// A correct queue, but for what the faults do to it.
class queue {
public:
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
    std::size_t push_n(std::span<message> some) {
        for (auto const m : some) {
            push(m);
        }
        return some.size();
    }
    std::size_t pop_n(std::span<message> room) {
        std::size_t n = 0;
        while (n != room.size() && pop(room[n])) {
            ++n;
        }
        return n;
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

struct loses_the_last_of_a_batch : queue {
    static constexpr identity who{"planted, loses the last of a batch", "peer", "planted", ""};
    using queue::queue;
    std::size_t push_n(std::span<message> some) {
        queue::push_n(some.first(some.size() - 1));
        return some.size();
    }
};

struct takes_the_last_of_a_batch_twice : queue {
    static constexpr identity who{"planted, takes the last of a batch twice", "peer", "planted", ""};
    using queue::queue;
    std::size_t push_n(std::span<message> some) { return std::max<std::size_t>(1, queue::push_n(some) - 1); }
};

struct refuses_for_ever : queue {
    static constexpr identity who{"planted, refuses", "peer", "planted", ""};
    using queue::queue;
    bool push(message m) { return m < 100 && queue::push(m); }
};

// A channel without bounds, correct but for what the faults do to it.
template <class Fault>
class channel {
public:
    static constexpr identity who{"planted", "peer", "planted", ""};
    static constexpr char const* how = "sleeps";
    static constexpr bool single = false;
    static constexpr bool sleeps = true;

    explicit channel(setup const&) {}
    void push(message m) {
        for (auto const one : Fault::sent_for(m)) {
            {
                std::lock_guard const lock(mutex_);
                messages_.push_back(one);
            }
            not_empty_.notify_one();
        }
    }
    void pop(message& m) {
        std::unique_lock lock(mutex_);
        not_empty_.wait(lock, [&] { return !messages_.empty(); });
        m = messages_.front();
        messages_.pop_front();
    }

private:
    std::mutex mutex_;
    std::condition_variable not_empty_;
    std::deque<message> messages_;
};

struct no_fault {
    static std::vector<message> sent_for(message m) { return {m}; }
};
struct loss {
    static std::vector<message> sent_for(message m) { return m == 7 ? std::vector<message>{} : std::vector{m}; }
};
struct doubling {
    static std::vector<message> sent_for(message m) { return m == 7 ? std::vector{m, m} : std::vector{m}; }
};
struct change {
    static std::vector<message> sent_for(message m) { return {m == 7 ? 8 : m}; }
};

} // namespace tandem::bench::planted
