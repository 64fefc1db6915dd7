// A ring for one producer and one consumer, written against std, as somebody may have it; and a door of one, with waiting.
// Compiled in both worlds; only the namespace `sync` is not std itself.
#pragma once

#include <tandem/stress/std.hpp>

#include <cstddef>
#include <optional>

namespace tandem::users {

namespace sync = tandem::stress::standard;

enum class publish { release, relaxed, by_fence };

template <class T, std::size_t size, publish how = publish::release>
class std_ring {
public:
    bool try_push(T v) {
        auto const tail = tail_.load(sync::memory_order_relaxed);
        if (tail - head_.load(sync::memory_order_acquire) == size) {
            return false;
        }
        slots_[tail % size] = v;
        if constexpr (how == publish::by_fence) {
            sync::atomic_thread_fence(sync::memory_order_release);
        }
        tail_.store(tail + 1, how == publish::release ? sync::memory_order_release : sync::memory_order_relaxed);
        return true;
    }
    std::optional<T> try_pop() {
        auto const head = head_.load(sync::memory_order_relaxed);
        if (head == tail_.load(sync::memory_order_acquire)) {
            return std::nullopt;
        }
        T const v = slots_[head % size];
        head_ = head + 1;
        return v;
    }

private:
    sync::plain<T> slots_[size];
    sync::atomic<unsigned> head_{0}, tail_{0};
};

// One value at a time; put and take wait. `notifies` false: put forgets to.
template <bool notifies = true>
class std_door {
public:
    void put(int v) {
        {
            sync::unique_lock lock(mutex_);
            changed_.wait(lock, [this] { return !full_; });
            value_ = v;
            full_ = true;
        }
        if (notifies) {
            changed_.notify_all();
        }
    }
    int take() {
        sync::unique_lock lock(mutex_);
        changed_.wait(lock, [this]() -> bool { return full_; });
        full_ = false;
        int const v = value_;
        lock.unlock();
        changed_.notify_all();
        return v;
    }

private:
    sync::mutex mutex_;
    sync::condition_variable changed_;
    sync::plain<int> value_{0};
    sync::plain<bool> full_{false};
};

// Everything that atomic has.
template <template <class> class Atomic>
bool behaves_like_std() {
    Atomic<int> n;
    n = 5;
    bool right = n == 5 && ++n == 6 && n++ == 6 && --n == 6 && n-- == 6 && n == 5;
    right = right && (n += 3) == 8 && (n -= 2) == 6 && (n |= 1) == 7 && (n &= 3) == 3;
    int expected = 0;
    right = right && !n.compare_exchange_strong(expected, 9) && expected == 3 && n.compare_exchange_strong(expected, 9);
    right = right && n.exchange(2) == 9 && n.fetch_add(1) == 2 && n.fetch_sub(1) == 3 && n.load() == 2;
    n.wait(1);
    n.notify_all();
    Atomic<bool> flag(true);
    return right && flag.exchange(false) && !flag;
}

} // namespace tandem::users
