#pragma once

// What somebody writes who has only the standard library.

#include "../channels.hpp"
#include "../queues.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <future>
#include <mutex>
#include <vector>

namespace tandem::bench {

class mutex_and_deque {
public:
    static constexpr identity who{"std::mutex and std::deque", "peer", "std",
                                  "the deque allocates as it goes; cannot be closed"};
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
    static constexpr identity who{"std::mutex and two std::condition_variable", "peer", "std",
                                  "the deque allocates as it goes; cannot be closed"};
    static constexpr char const* how = "sleeps at once; notifies after the lock is given back";
    static constexpr bool single = false;
    static constexpr bool sleeps = true;

    explicit mutex_and_two_conditions(setup const& s) : capacity_(s.capacity) {}
    void push(message m) {
        {
            std::unique_lock lock(mutex_);
            not_full_.wait(lock, [&] { return messages_.size() != capacity_; });
            messages_.push_back(m);
        }
        not_empty_.notify_one();
    }
    void pop(message& m) {
        {
            std::unique_lock lock(mutex_);
            not_empty_.wait(lock, [&] { return !messages_.empty(); });
            m = messages_.front();
            messages_.pop_front();
        }
        not_full_.notify_one();
    }

private:
    std::size_t const capacity_;
    std::mutex mutex_;
    std::condition_variable not_full_, not_empty_;
    std::deque<message> messages_;
};

// A std::promise for every message, made before the clock starts.
class promises {
public:
    static constexpr identity who{"std::promise and std::future", "peer", "std",
                                  "a pair for every message; making them is not timed"};
    static constexpr char const* how = "sleeps at once";
    static constexpr bool single = true;
    static constexpr bool sleeps = true;

    explicit promises(setup const& s) : promises_(s.items + 1) {
        for (auto& one : promises_) {
            futures_.push_back(one.get_future());
        }
    }
    void push(message m) { promises_[sent_++].set_value(m); }
    void pop(message& m) { m = futures_[received_++].get(); }

private:
    std::vector<std::promise<message>> promises_;
    std::vector<std::future<message>> futures_;
    alignas(128) std::size_t sent_ = 0;
    alignas(128) std::size_t received_ = 0;
};

inline void offer_standard(catalogue& all) {
    offer_queue<mutex_and_deque>(all);
}
inline void offer_standard_channels(catalogue& all) {
    offer_channel<waiting_queue<mutex_and_two_conditions>>(all);
    offer_channel_latency<waiting_queue<promises>>(all);
}

} // namespace tandem::bench
