#pragma once

// What somebody writes who has only the standard library.

#include "../queues.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>

namespace tandem::bench {

class mutex_and_deque {
public:
    static constexpr identity who{"std::mutex and std::deque", "peer", "std",
                                  "the deque allocates as it goes; cannot be closed"};
    static constexpr bool waits = false;
    static constexpr bool single = false;

    explicit mutex_and_deque(setup const& s) : capacity_(s.capacity) {}
    bool push(message m) {
        std::lock_guard const lock(mutex_);
        if (messages_.size() == capacity_) {
            return false;
        }
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
    std::size_t const capacity_;
    std::mutex mutex_;
    std::deque<message> messages_;
};

class mutex_and_two_conditions {
public:
    static constexpr identity who = mutex_and_deque::who;
    static constexpr bool waits = true;
    static constexpr bool single = false;
    static constexpr char const* how = "two condition variables, notified after the lock is given back";

    explicit mutex_and_two_conditions(setup const& s) : capacity_(s.capacity) {}
    bool push(message m) {
        {
            std::unique_lock lock(mutex_);
            not_full_.wait(lock, [&] { return messages_.size() != capacity_; });
            messages_.push_back(m);
        }
        not_empty_.notify_one();
        return true;
    }
    bool pop(message& m) {
        {
            std::unique_lock lock(mutex_);
            not_empty_.wait(lock, [&] { return !messages_.empty(); });
            m = messages_.front();
            messages_.pop_front();
        }
        not_full_.notify_one();
        return true;
    }

private:
    std::size_t const capacity_;
    std::mutex mutex_;
    std::condition_variable not_full_, not_empty_;
    std::deque<message> messages_;
};

inline void offer_standard(catalogue& all) {
    offer_queue<mutex_and_deque>(all);
    offer_customary<mutex_and_two_conditions>(all);
}

} // namespace tandem::bench
