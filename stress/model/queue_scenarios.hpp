#pragma once

// Races of a bounded queue, written once for both halves.

#include "halves.hpp"
#include "owner.hpp"
#include "scenario.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <utility>

namespace tandem::model {

// A queue of int whose every call is recorded. Afterwards the rest is drained, by calls that nobody disturbs,
// and all answers must have an explanation.
template <class Half, int threads>
class recorded_queue : public scenario_of<threads> {
public:
    explicit recorded_queue(std::size_t capacity) : queue_(capacity), oracle_(capacity, Half::queue_answers, Half::queue_order, {&world::call_begins, &world::call_returns}) {}

    status push(int v) {
        auto call = call_begins();
        auto const answer = queue_.try_push(std::move(v));
        call.push(v, answer);
        return answer;
    }
    status pop() {
        auto call = call_begins();
        auto const popped = queue_.try_pop();
        auto const answer = popped ? status::success : popped.error();
        call.pop(popped.value_or(0), answer);
        return answer;
    }
    template <class... Ints>
    std::size_t push_n(Ints... values) {
        std::array offered{values...};
        auto call = call_begins();
        auto const taken = queue_.try_push_n(offered);
        call.push_n(offered, taken);
        return taken;
    }
    std::size_t pop_n(std::size_t asked) {
        std::array<int, fifo_oracle::most> got{};
        auto call = call_begins();
        auto const n = queue_.try_pop_n(std::span(got).first(asked));
        call.pop_n(std::span(got).first(n), asked);
        return n;
    }
    void close() {
        auto call = call_begins();
        queue_.close();
        call.close();
    }
    bool is_closed() {
        auto call = call_begins();
        bool const answer = queue_.is_closed();
        call.is_closed(answer);
        return answer;
    }

    void after() override {
        auto answer = pop();
        while (answer == status::success) {
            answer = pop();
        }
        require(answer != status::busy, "busy, with nobody else in the queue");
        require(oracle_.explained(), "no order of these calls explains their answers");
        for (std::size_t room = answer == status::empty ? queue_.capacity() : 0; room != 0; --room) {
            require(queue_.try_push(0) == status::success, "a slot is lost");
        }
    }

protected:
    typename Half::template bounded_queue<int> queue_;

private:
    fifo_oracle::pending call_begins() { return oracle_.call_begins(this->running()); }

    fifo_oracle oracle_;
};

template <class Half>
struct push_vs_pop : recorded_queue<Half, 2> {
    push_vs_pop() : recorded_queue<Half, 2>(2) {}
    void thread(unsigned t) override {
        if (t == 0) {
            this->push(1);
            this->push(2);
        } else {
            this->pop();
            this->pop();
        }
    }
};

template <class Half>
struct two_pushers : recorded_queue<Half, 2> {
    two_pushers() : recorded_queue<Half, 2>(3) {}
    void thread(unsigned t) override {
        int const mine = t == 0 ? 10 : 20;
        this->push(mine + 1);
        this->push(mine + 2);
    }
};

template <class Half>
struct last_room_two_pushers : recorded_queue<Half, 2> {
    last_room_two_pushers() : recorded_queue<Half, 2>(1) {}
    void thread(unsigned t) override { this->push(t == 0 ? 1 : 2); }
};

template <class Half>
struct last_element_two_takers : recorded_queue<Half, 2> {
    last_element_two_takers() : recorded_queue<Half, 2>(2) {}
    void before() override { this->push(1); }
    void thread(unsigned) override { this->pop(); }
};

// Slots are used again and again, by changing threads.
template <class Half>
struct wrap_around_one : recorded_queue<Half, 3> {
    wrap_around_one() : recorded_queue<Half, 3>(1) {}
    void thread(unsigned t) override {
        for (int lap = 1; lap <= 2; ++lap) {
            if (t == 2) {
                this->pop();
                this->pop();
            } else {
                this->push(static_cast<int>(t) * 10 + lap);
            }
        }
    }
};

template <class Half>
struct wrap_around_three : recorded_queue<Half, 2> {
    wrap_around_three() : recorded_queue<Half, 2>(3) {}
    void before() override {
        this->push(1);
        this->push(2);
    }
    void thread(unsigned t) override {
        for (int lap = 1; lap <= 4; ++lap) {
            if (t == 0) {
                this->push(10 + lap);
            } else {
                this->pop();
            }
        }
    }
};

template <class Half>
struct full_vs_pop : recorded_queue<Half, 2> {
    full_vs_pop() : recorded_queue<Half, 2>(1) {}
    void before() override { this->push(1); }
    void thread(unsigned t) override {
        if (t == 0) {
            this->push(2);
            this->push(3);
        } else {
            this->pop();
        }
    }
};

// Nothing accepted is lost, nothing is accepted after.
template <class Half>
struct close_vs_push : recorded_queue<Half, 2> {
    close_vs_push() : recorded_queue<Half, 2>(2) {}
    void thread(unsigned t) override {
        if (t == 0) {
            this->push(1);
            this->push(2);
        } else {
            this->close();
            require(this->push(3) == status::closed, "accepted after its own thread's close");
        }
    }
};

template <class Half>
struct close_vs_pop : recorded_queue<Half, 3> {
    close_vs_pop() : recorded_queue<Half, 3>(2) {}
    void thread(unsigned t) override {
        if (t == 0) {
            this->push(1);
            this->close();
        } else {
            this->pop();
            this->pop();
        }
    }
};

template <class Half>
struct close_twice : recorded_queue<Half, 3> {
    close_twice() : recorded_queue<Half, 3>(1) {}
    void thread(unsigned t) override {
        if (t == 2) {
            this->push(1);
            this->pop();
        } else {
            this->close();
            require(this->is_closed(), "open again after its own thread's close");
        }
    }
};

template <class Half>
struct batch_vs_batch : recorded_queue<Half, 3> {
    batch_vs_batch() : recorded_queue<Half, 3>(3) {}
    void thread(unsigned t) override {
        if (t == 2) {
            this->pop_n(2);
            this->pop_n(3);
        } else {
            int const mine = t == 0 ? 10 : 20;
            this->push_n(mine + 1, mine + 2);
        }
    }
};

template <class Half>
struct batch_vs_single : recorded_queue<Half, 2> {
    batch_vs_single() : recorded_queue<Half, 2>(2) {}
    void thread(unsigned t) override {
        if (t == 0) {
            this->push_n(1, 2);
            this->pop_n(2);
            this->push(3);
        } else {
            this->pop();
            this->push(11);
            this->push_n(12, 13);
        }
    }
};

template <class Half>
struct two_batch_takers : recorded_queue<Half, 2> {
    two_batch_takers() : recorded_queue<Half, 2>(3) {}
    void before() override { this->push_n(1, 2, 3); }
    void thread(unsigned) override {
        this->pop_n(2);
        this->push_n(4);
    }
};

template <class Half>
struct close_vs_batch : recorded_queue<Half, 2> {
    close_vs_batch() : recorded_queue<Half, 2>(2) {}
    void thread(unsigned t) override {
        if (t == 0) {
            this->push_n(1, 2);
            this->push_n(3);
        } else {
            this->pop();
            this->close();
            require(this->push_n(9) == 0, "accepted after its own thread's close");
        }
    }
};

// What was written before close() is seen by whoever is told of it, however it is told.
enum class told_by { push, push_when_full, pop, is_closed };

template <class Half, told_by way>
struct close_publishes : scenario_of<2> {
    void before() override {
        if (way == told_by::push_when_full) {
            require(queue_.try_push(0) == status::success, "an empty queue takes one");
        }
    }
    void thread(unsigned t) override {
        if (t == 0) {
            data_.write(1);
            queue_.close();
        } else if (told()) {
            require(data_.read() == 1, "told of the close, not of what came before it");
        }
    }

private:
    bool told() {
        switch (way) {
        case told_by::pop:
            return queue_.try_pop().error() == status::closed;
        case told_by::is_closed:
            return queue_.is_closed();
        default:
            return queue_.try_push(1) == status::closed;
        }
    }

    typename Half::template bounded_queue<int> queue_{1};
    cell<int> data_{0};
};

// Store buffering over two queues: each thread acts on one, then looks at the other. The looks cannot
// both have come before the other's action. This is why claims and close are seq_cst.
template <class Half>
class crossed_queues : public scenario_of<2> {
public:
    void after() override {
        require(!(missed_[0] && missed_[1]), "each thread missed what the other had done before it looked");
    }

protected:
    using queue = typename Half::template bounded_queue<int>;
    queue& own(unsigned t) { return t == 0 ? first_ : second_; }
    queue& other(unsigned t) { return t == 0 ? second_ : first_; }

    std::array<bool, 2> missed_{};

private:
    queue first_{1};
    queue second_{1};
};

template <class Half>
struct push_then_look : crossed_queues<Half> {
    void thread(unsigned t) override {
        require(this->own(t).try_push(1) == status::success, "an empty queue takes one");
        this->missed_[t] = this->other(t).try_pop().error() == status::empty;
    }
};

template <class Half>
struct pop_then_look : crossed_queues<Half> {
    void before() override {
        for (unsigned t = 0; t != 2; ++t) {
            require(this->own(t).try_push(1) == status::success, "an empty queue takes one");
        }
    }
    void thread(unsigned t) override {
        require(this->own(t).try_pop().has_value(), "nobody else takes it");
        this->missed_[t] = this->other(t).try_push(2) == status::full;
    }
};

template <class Half>
struct close_then_look : crossed_queues<Half> {
    void thread(unsigned t) override {
        this->own(t).close();
        this->missed_[t] = this->other(t).try_pop().error() == status::empty;
    }
};

template <class Half>
struct close_then_ask : crossed_queues<Half> {
    void thread(unsigned t) override {
        this->own(t).close();
        this->missed_[t] = !this->other(t).is_closed();
    }
};

template <class Half>
struct close_then_push : crossed_queues<Half> {
    void before() override {
        for (unsigned t = 0; t != 2; ++t) {
            require(this->own(t).try_push(1) == status::success, "an empty queue takes one");
        }
    }
    void thread(unsigned t) override {
        this->own(t).close();
        this->missed_[t] = this->other(t).try_push(2) == status::full;
    }
};

// Elements end exactly once: taken, replaced, or with the queue.
template <class Half>
struct element_lifetimes : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            for (int v = 1; v <= 3; ++v) {
                owner e(v);
                if (queue_.try_push(std::move(e)) == status::success) {
                    require(e.value() == 0, "pushed, and still there");
                } else {
                    require(e.value() == v, "not pushed, and yet moved from");
                }
            }
        } else {
            for (int i = 0; i != 2; ++i) {
                if (auto const e = queue_.try_pop()) {
                    require(e->value() > last_, "out of order");
                    last_ = e->value();
                }
            }
        }
    }

private:
    typename Half::template bounded_queue<owner> queue_{1};
    int last_ = 0;
};

template <class Half>
struct destroyed_with_elements : scenario_of<2> {
    void thread(unsigned t) override {
        std::array<owner, 2> offered{owner(static_cast<int>(2 * t) + 1), owner(static_cast<int>(2 * t) + 2)};
        queue_.try_push_n(offered);
    }

private:
    typename Half::template bounded_queue<owner> queue_{3};
};

struct alignas(64) wide {
    int value = 0;
};

template <class Half>
struct over_aligned_elements : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            require(queue_.try_push(wide{7}) == status::success, "an empty queue takes one");
        } else if (auto const e = queue_.try_pop()) {
            require(e->value == 7, "another value than was pushed");
        }
    }

private:
    typename Half::template bounded_queue<wide> queue_{2};
};

// The observers may be stale, but never beyond what their own thread knows, and never out of range.
template <class Half>
struct observers_vs_push : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            require(queue_.try_push(1) == status::success, "an empty queue takes one");
            require(!queue_.was_empty(), "its own thread's push is forgotten");
            require(queue_.try_push(2) == status::success, "there is room for two");
        } else {
            require(queue_.approx_size() <= queue_.capacity(), "more elements than room");
        }
    }
    void after() override { require(queue_.approx_size() == 2, "a wrong size with nobody else in the queue"); }

private:
    typename Half::template bounded_queue<int> queue_{2};
};

} // namespace tandem::model
