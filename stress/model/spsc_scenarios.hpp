#pragma once

// Races of lockfree::spsc_queue; the locked one is bounded_queue.

#include "owner.hpp"
#include "queue_scenarios.hpp"

#include <tandem/lockfree/spsc_queue.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace tandem::model {

// What the queue holds in place of an int: each kind of slot.
struct small_word {
    using element = int;
    static int make(int v) { return v; }
    static int value(int e) { return e; }
};
// 1 and 2 are the words that a slot cannot hold as they are.
struct reserved_word {
    using element = std::uint64_t;
    static constexpr element first = 0x7a3d'e5c9'4b81'f6d2;
    static element make(int v) { return first ^ static_cast<element>(v - 1); }
    static int value(element e) { return static_cast<int>(e ^ first) + 1; }
};
struct owned {
    using element = owner;
    static owner make(int v) { return owner(v); }
    static int value(owner const& e) { return e.value(); }
};

struct no_barrier {};

// A queue of int by way of another element. What was not pushed must be as it was.
template <class Kind, class Barrier>
class spsc_of {
    using element = typename Kind::element;

public:
    explicit spsc_of(std::size_t capacity) : queue_(capacity) {}

    status try_push(int v) {
        element e = Kind::make(v);
        auto const answer = queue_.try_push(std::move(e));
        require(answer != status::busy, "busy, with one thread at each end");
        require(answer == status::success || Kind::value(e) == v, "not pushed, and yet moved from");
        return answer;
    }
    result<int> try_pop() {
        auto const popped = queue_.try_pop();
        require(popped.error() != status::busy, "busy, with one thread at each end");
        return popped ? result<int>(Kind::value(*popped)) : result<int>(popped.error());
    }
    std::size_t try_push_n(std::span<int> items) {
        elements offered;
        for (int const v : items) {
            offered.push_back(Kind::make(v));
        }
        auto const n = queue_.try_push_n(offered);
        for (std::size_t i = n; i != items.size(); ++i) {
            require(Kind::value(offered[i]) == items[i], "not pushed, and yet moved from");
        }
        return n;
    }
    std::size_t try_pop_n(std::span<int> out) {
        elements popped;
        for (std::size_t i = 0; i != out.size(); ++i) {
            popped.push_back(Kind::make(9));
        }
        auto const n = queue_.try_pop_n(popped);
        for (std::size_t i = 0; i != n; ++i) {
            out[i] = Kind::value(popped[i]);
        }
        return n;
    }
    void close() { queue_.close(); }
    bool is_closed() const { return queue_.is_closed(); }
    std::size_t capacity() const { return queue_.capacity(); }
    bool was_empty() const { return queue_.was_empty(); }
    std::size_t approx_size() const { return queue_.approx_size(); }

private:
    using elements = std::vector<element, allocator<element>>;

    Barrier barrier_; // before what looks for it
    lockfree::spsc_queue<element> queue_;
};

// A half, for the scenarios of queues: the first thread pushes, the second one pops.
template <class Kind, class Barrier, answers allowed>
struct spsc {
    static constexpr answers queue_answers = allowed;
    static constexpr timing queue_order = timing::of_each_thread;
    template <class T>
    using bounded_queue = std::conditional_t<std::is_same_v<T, int>, spsc_of<Kind, Barrier>, lockfree::spsc_queue<T>>;
};

// Nothing but the queue: what a checker needs for it, and hardly more.
struct spsc_three_each : scenario_of<2> {
    void thread(unsigned t) override {
        for (int v = 1; v <= 3; ++v) {
            if (t == 0) {
                (void)queue.try_push(v);
            } else if (auto const popped = queue.try_pop()) {
                require(*popped == ++newest, "not the element that comes next");
            }
        }
    }

    lockfree::spsc_queue<int> queue{2};
    int newest = 0;
};

template <class Half>
struct spsc_wrap_around : recorded_queue<Half, 2> {
    spsc_wrap_around() : recorded_queue<Half, 2>(1) {}
    void thread(unsigned t) override {
        for (int lap = 1; lap <= 3; ++lap) {
            if (t == 0) {
                this->push(lap);
            } else {
                this->pop();
            }
        }
    }
};

template <class Half>
struct producer_closes_vs_pop : recorded_queue<Half, 2> {
    producer_closes_vs_pop() : recorded_queue<Half, 2>(2) {}
    void thread(unsigned t) override {
        if (t == 0) {
            this->push(1);
            this->push(2);
            this->close();
            require(this->push(3) == status::closed, "accepted after its own thread's close");
        } else {
            while (this->pop() == status::success) {
            }
            this->pop();
        }
    }
};

// Who takes the element that was offered while the consumer closed; it is taken once, or not pushed.
template <class Half>
struct consumer_closes_vs_push : recorded_queue<Half, 2> {
    consumer_closes_vs_push() : recorded_queue<Half, 2>(2) {}
    void thread(unsigned t) override {
        if (t == 0) {
            this->push(1);
            this->push(2);
        } else {
            this->close();
            require(this->is_closed(), "open again after its own thread's close");
            this->pop();
            this->pop();
            this->pop();
        }
    }
};

// What is freed after the close makes no room for a push that began before it.
template <class Half>
struct consumer_closes_when_full : recorded_queue<Half, 2> {
    consumer_closes_when_full() : recorded_queue<Half, 2>(1) {}
    void before() override { this->push(1); }
    void thread(unsigned t) override {
        if (t == 0) {
            this->push(2);
        } else {
            this->close();
            this->pop();
            this->pop();
        }
    }
};

template <class Half>
struct consumer_closes_vs_batch : recorded_queue<Half, 2> {
    consumer_closes_vs_batch() : recorded_queue<Half, 2>(3) {}
    void before() override { this->push(1); }
    void thread(unsigned t) override {
        if (t == 0) {
            this->push_n(2, 3, 4);
        } else {
            this->pop();
            this->close();
            this->pop_n(2);
            this->pop_n(2);
        }
    }
};

template <class Half>
struct both_ends_close : recorded_queue<Half, 2> {
    both_ends_close() : recorded_queue<Half, 2>(2) {}
    void thread(unsigned t) override {
        if (t == 0) {
            this->push(1);
            this->close();
        } else {
            this->close();
            this->pop();
            this->pop();
        }
    }
};

template <class Half>
struct spsc_batch_vs_batch : recorded_queue<Half, 2> {
    spsc_batch_vs_batch() : recorded_queue<Half, 2>(3) {}
    void thread(unsigned t) override {
        if (t == 0) {
            this->push_n(1, 2);
            this->push_n(3, 4);
        } else {
            this->pop_n(3);
            this->pop_n(2);
        }
    }
};

template <class Half>
struct spsc_batch_vs_single : recorded_queue<Half, 2> {
    spsc_batch_vs_single() : recorded_queue<Half, 2>(2) {}
    void before() override { this->push_n(1, 2); }
    void thread(unsigned t) override {
        if (t == 0) {
            this->push(3);
            this->push_n(4, 5);
        } else {
            this->pop_n(2);
            this->pop();
        }
    }
};

// Whoever sees the first of a batch sees the others: elements that are pushed, and room that is made, here around the end of the ring.
template <class Half>
struct spsc_batch_offers_all : recorded_queue<Half, 2> {
    spsc_batch_offers_all() : recorded_queue<Half, 2>(2) {}
    void thread(unsigned t) override {
        if (t == 0) {
            this->push_n(1, 2);
        } else if (this->pop() == status::success) {
            require(this->pop() == status::success, "half of a batch");
        }
    }
};
template <class Half>
struct spsc_batch_frees_all : recorded_queue<Half, 2> {
    spsc_batch_frees_all() : recorded_queue<Half, 2>(2) {}
    void before() override {
        this->push(1);
        this->pop();
        this->push_n(2, 3);
    }
    void thread(unsigned t) override {
        if (t == 0) {
            this->pop_n(2);
        } else if (this->push(4) == status::success) {
            require(this->push(5) == status::success, "half of the room of a batch");
        }
    }
};

// What was done before a push is seen by who pops it; what was done before a pop, by who has its room.
template <class Half>
struct spsc_publishes : scenario_of<2> {
    void before() override { require(queue_.try_push(1) == status::success, "an empty queue takes one"); }
    void thread(unsigned t) override {
        if (t == 0) {
            to_consumer_.write(1);
            if (queue_.try_push(2) == status::success) {
                require(to_producer_.read() == 1, "there is room, and not what came before it");
            }
        } else {
            to_producer_.write(1);
            require(queue_.try_pop().has_value(), "nobody else takes it");
            if (queue_.try_pop()) {
                require(to_consumer_.read() == 1, "an element, and not what came before it");
            }
        }
    }

private:
    typename Half::template bounded_queue<int> queue_{1};
    cell<int> to_consumer_{0};
    cell<int> to_producer_{0};
};

// The same of batches.
template <class Half>
struct spsc_batch_publishes : scenario_of<2> {
    void before() override {
        std::array items{1, 2};
        require(queue_.try_push_n(items) == 2, "an empty queue takes as many as it has room for");
    }
    void thread(unsigned t) override {
        std::array items{3, 4};
        if (t == 0) {
            to_consumer_.write(1);
            if (queue_.try_push_n(items) != 0) {
                require(to_producer_.read() == 1, "there is room, and not what came before it");
            }
        } else {
            to_producer_.write(1);
            require(queue_.try_pop_n(items) == 2, "nobody else takes them");
            if (queue_.try_pop_n(items) != 0) {
                require(to_consumer_.read() == 1, "elements, and not what came before them");
            }
        }
    }

private:
    typename Half::template bounded_queue<int> queue_{2};
    cell<int> to_consumer_{0};
    cell<int> to_producer_{0};
};

template <class Half>
struct spsc_destroyed_with_elements : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            for (int v = 1; v <= 3; ++v) {
                (void)queue_.try_push(owner(v));
            }
        } else {
            (void)queue_.try_pop();
            queue_.close();
            (void)queue_.try_pop();
        }
    }

private:
    typename Half::template bounded_queue<owner> queue_{2};
};

} // namespace tandem::model
