// Structures as somebody might write them, most of them wrong; none has a data race.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>

namespace tandem::users {

enum class bug { none, two_steps, newest_first, loses_one };

// two_steps: looks at the front under the lock, and removes it under the lock, but not under the same.
template <bug b>
class queue {
public:
    void push(int v) {
        std::lock_guard const lock(mutex_);
        if (b == bug::loses_one && items_.size() == 2) {
            return;
        }
        items_.push_back(v);
    }
    std::optional<int> pop() {
        std::unique_lock lock(mutex_);
        if (items_.empty()) {
            return std::nullopt;
        }
        if (b == bug::newest_first) {
            int const v = items_.back();
            items_.pop_back();
            return v;
        }
        int const v = items_.front();
        if (b == bug::two_steps) {
            lock.unlock();
            lock.lock();
            if (items_.empty()) {
                return v;
            }
        }
        items_.pop_front();
        return v;
    }

private:
    std::mutex mutex_;
    std::deque<int> items_;
};

// A ring for one producer and one consumer; with more of either it answers wrongly, but touches nothing twice at once.
class one_to_one_ring {
public:
    explicit one_to_one_ring(std::size_t capacity) : capacity_(capacity) {}

    bool try_push(int v) {
        auto const tail = tail_.load();
        if (tail - head_.load() == capacity_) {
            return false;
        }
        slots_[tail % std::size(slots_)].store(v);
        tail_.store(tail + 1);
        return true;
    }
    std::optional<int> try_pop() {
        auto const head = head_.load();
        if (head == tail_.load()) {
            return std::nullopt;
        }
        int const v = slots_[head % std::size(slots_)].load();
        head_.store(head + 1);
        return v;
    }

private:
    std::size_t capacity_;
    std::atomic<std::size_t> head_{0}, tail_{0};
    std::atomic<int> slots_[8]{};
};

// put: true when the key is new. A missing key is an exception.
template <bool torn>
class table {
public:
    bool put(int key, int value) {
        if (torn) {
            bool const is_new = !contains(key);
            std::lock_guard const lock(mutex_);
            values_[key] = value;
            return is_new;
        }
        std::lock_guard const lock(mutex_);
        return values_.insert_or_assign(key, value).second;
    }
    int at(int key) const {
        std::lock_guard const lock(mutex_);
        return values_.at(key);
    }
    bool contains(int key) const {
        std::lock_guard const lock(mutex_);
        return values_.contains(key);
    }

private:
    mutable std::mutex mutex_;
    std::map<int, int> values_;
};

class counter {
public:
    int add(int n) {
        auto const old = value_.load();
        value_.store(old + n); // what another thread added in between is lost
        return old;
    }

private:
    std::atomic<int> value_{0};
};

// Two locks, taken in either order.
class deadlock {
public:
    void left() {
        std::lock_guard const first(a_);
        std::lock_guard const second(b_);
        ++n_;
    }
    void right() {
        std::lock_guard const first(b_);
        std::lock_guard const second(a_);
        ++n_;
    }

private:
    std::mutex a_, b_;
    int n_ = 0;
};

} // namespace tandem::users
