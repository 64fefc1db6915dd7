// Structures as somebody might write them against std, each right and wrong; compiled in the native world and in the explore world.
#pragma once

#include "std_ring.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <stdexcept>

namespace tandem::users {

// lost: what another adds between the load and the store.
template <bool lost>
class std_counter {
public:
    int add(int n) {
        if (lost) {
            int const old = value_.load();
            value_.store(old + n);
            return old;
        }
        return value_.fetch_add(n);
    }

private:
    sync::atomic<int> value_{0};
};

enum class queue_bug { none, two_steps };

// two_steps: looks at the front under the lock, and removes it under the lock, but not under the same.
template <queue_bug b>
class std_queue {
public:
    void push(int v) {
        sync::scoped_lock const lock(mutex_);
        items_.push_back(v);
    }
    std::optional<int> pop() {
        sync::unique_lock lock(mutex_);
        if (items_.empty()) {
            return std::nullopt;
        }
        int const v = items_.front();
        if (b == queue_bug::two_steps) {
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
    sync::mutex mutex_;
    std::deque<int> items_;
};

// Treiber's stack over a pool of nodes, which are used again. without_tags: a head that is the same index again is taken for the same stack.
template <bool without_tags>
class pooled_stack {
    static constexpr std::uint32_t none = 0xff, nodes = 12;

public:
    pooled_stack() {
        for (std::uint32_t i = 0; i != nodes; ++i) {
            nodes_[i].next.store(i + 1 == nodes ? none : i + 1);
        }
    }
    bool push(int v) {
        auto const mine = take(free_);
        if (mine == none) {
            return false;
        }
        nodes_[mine].value = v;
        put(head_, mine);
        return true;
    }
    std::optional<int> pop() {
        auto const top = take(head_);
        if (top == none) {
            return std::nullopt;
        }
        int const v = nodes_[top].value;
        put(free_, top);
        return v;
    }

private:
    struct node {
        sync::atomic<std::uint32_t> next{none};
        sync::atomic<int> value{0}; // not plain: what is read may be of who has the node by then
    };
    static std::uint64_t renamed(std::uint64_t old, std::uint32_t index) {
        return without_tags ? index : ((old >> 32) + 1) << 32 | index;
    }
    std::uint32_t take(sync::atomic<std::uint64_t>& from) {
        auto old = from.load();
        for (;;) {
            auto const first = static_cast<std::uint32_t>(old);
            if (first == none || from.compare_exchange_weak(old, renamed(old, nodes_[first].next.load()))) {
                return first;
            }
        }
    }
    void put(sync::atomic<std::uint64_t>& to, std::uint32_t index) {
        auto old = to.load();
        do {
            nodes_[index].next.store(static_cast<std::uint32_t>(old));
        } while (!to.compare_exchange_weak(old, renamed(old, index)));
    }

    std::array<node, nodes> nodes_;
    sync::atomic<std::uint64_t> head_{none}, free_{0};
};

enum class node_bug { none, leaks, looks_later, looks_before };

// A stack of nodes of its own behind a spin lock. leaks: what is left is forgotten; looks_later: top reads a node when it has let go of the lock;
// looks_before: pop lets go of the lock between the look whether there is a node and the look which.
template <node_bug b>
class node_stack {
public:
    node_stack() = default;
    ~node_stack() {
        while (b != node_bug::leaks && pop()) {
        }
    }
    void push(int v) {
        auto* const mine = new node{v, nullptr};
        lock();
        mine->next = head_;
        head_ = mine;
        unlock();
    }
    std::optional<int> pop() {
        lock();
        node* top = head_;
        if (top == nullptr) {
            unlock();
            return std::nullopt;
        }
        if (b == node_bug::looks_before) {
            unlock();
            lock();
            top = head_;
        }
        head_ = top->next;
        unlock();
        int const v = top->value;
        delete top;
        return v;
    }
    std::optional<int> top() {
        lock();
        node* const first = head_;
        if (first == nullptr) {
            unlock();
            return std::nullopt;
        }
        if (b == node_bug::looks_later) {
            unlock();
            return first->value.read();
        }
        int const v = first->value;
        unlock();
        return v;
    }

private:
    struct node {
        sync::plain<int> value;
        sync::plain<node*> next;
    };
    void lock() {
        while (locked_.exchange(true, sync::memory_order_acquire)) {
            sync::this_thread::yield();
        }
    }
    void unlock() { locked_.store(false, sync::memory_order_release); }

    sync::plain<node*> head_{nullptr};
    sync::atomic<bool> locked_{false};
};

// Treiber's stack, its nodes freed as soon as they are out: one that comes back at the same address is taken for the same.
class treiber_stack {
public:
    ~treiber_stack() {
        while (pop()) {
        }
    }
    void push(int v) {
        auto* const mine = new node{v, head_.load()};
        while (!head_.compare_exchange_weak(mine->next, mine)) {
        }
    }
    std::optional<int> pop() {
        node* old = head_.load();
        while (old != nullptr && !head_.compare_exchange_weak(old, old->next)) {
        }
        if (old == nullptr) {
            return std::nullopt;
        }
        int const v = old->value;
        delete old;
        return v;
    }

private:
    struct node {
        int value;
        node* next;
    };
    sync::atomic<node*> head_{nullptr};
};

// Peterson's lock around a number, for two threads. With less than seq_cst, neither need see the other's flag.
template <sync::memory_order of_store, sync::memory_order of_load>
class peterson {
public:
    int add(int me, int n) {
        wants_[me].store(true, of_store);
        turn_.store(1 - me, of_store);
        while (wants_[1 - me].load(of_load) && turn_.load(of_load) != me) {
            sync::this_thread::yield();
        }
        int const old = value_.read();
        value_.write(old + n);
        wants_[me].store(false, of_store);
        return old;
    }

private:
    sync::atomic<bool> wants_[2]{};
    sync::atomic<int> turn_{0};
    sync::plain<int> value_{0};
};

// A number behind a lock of Mellor-Crummey and Scott (1991): each thread waits at a node of its own, a thread_local variable.
template <sync::memory_order hand_over>
class mcs_counter {
public:
    int add(int n) {
        node& mine = here();
        lock(mine);
        int const old = value_.read();
        value_.write(old + n);
        unlock(mine);
        return old;
    }

private:
    struct node {
        sync::atomic<node*> next{nullptr};
        sync::atomic<bool> waits{false};
    };
    static node& here() {
        thread_local node mine;
        return mine;
    }
    void lock(node& mine) {
        mine.next.store(nullptr, sync::memory_order_relaxed);
        mine.waits.store(true, sync::memory_order_relaxed);
        if (node* const before = last_.exchange(&mine, sync::memory_order_acq_rel)) {
            before->next.store(&mine, sync::memory_order_release);
            while (mine.waits.load(sync::memory_order_acquire)) {
                sync::this_thread::yield();
            }
        }
    }
    void unlock(node& mine) {
        node* expected = &mine;
        if (last_.compare_exchange_strong(expected, nullptr, sync::memory_order_release, sync::memory_order_relaxed)) {
            return;
        }
        node* next = nullptr;
        while ((next = mine.next.load(sync::memory_order_acquire)) == nullptr) {
            sync::this_thread::yield();
        }
        next->waits.store(false, hand_over);
    }

    sync::atomic<node*> last_{nullptr};
    sync::plain<int> value_{0};
};

// A table that is made when it is first used: by the compiler, or by hand, where what says that it is there does not say what is in it.
template <bool by_hand>
class squares {
public:
    int of(int n) const {
        if (!by_hand) {
            static table const made(true);
            return made.of[n].read();
        }
        if (!is_made_.load(sync::memory_order_acquire)) {
            sync::scoped_lock const lock(makes_);
            if (!is_made_.load(sync::memory_order_relaxed)) {
                mine_.fill();
                is_made_.store(true, sync::memory_order_relaxed);
            }
        }
        return mine_.of[n].read();
    }

private:
    struct table {
        explicit table(bool filled) {
            if (filled) {
                fill();
            }
        }
        void fill() {
            for (int n = 0; n != 3; ++n) {
                of[n] = n * n;
            }
        }
        sync::plain<int> of[3];
    };

    mutable sync::atomic<bool> is_made_{false};
    mutable sync::mutex makes_;
    mutable table mine_{false};
};

} // namespace tandem::users
