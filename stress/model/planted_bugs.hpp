#pragma once

// Known bugs, one a scenario, each of which the checker must find under every compiler. Where a bug is the
// absence of something, the scenario of the same name in correct_and_tricky.hpp has it.

#include "scenario.hpp"

#include <tandem/contract.hpp>
#include <tandem/mutex.hpp>

#include <array>
#include <chrono>
#include <cstdlib>
#include <memory>

namespace tandem::model::planted {

// Memory orders.

struct relaxed_publish : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            data_.write(1);
            ready_.store(true, order::relaxed);
        } else if (ready_.load(order::acquire)) {
            require(data_.read() == 1, "the flag was seen, not the data");
        }
    }

private:
    cell<int> data_{0};
    atomic<bool> ready_{false};
};

struct relaxed_look : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            data_.write(1);
            ready_.store(true, order::release);
        } else if (ready_.load(order::relaxed)) {
            require(data_.read() == 1, "the flag was seen, not the data");
        }
    }

private:
    cell<int> data_{0};
    atomic<bool> ready_{false};
};

struct relaxed_cas_failure : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            data_.write(1);
            state_.store(1, order::release);
        } else if (int expected = 0; !state_.compare_exchange_strong(expected, 2, order::release, order::relaxed)) {
            require(data_.read() == 1, "the state was seen, not the data");
        }
    }

private:
    cell<int> data_{0};
    atomic<int> state_{0};
};

// Each writes one word and reads the other's: without seq_cst both can miss.
struct store_buffering : scenario_of<2> {
    void thread(unsigned t) override {
        flags_[t].store(1, order::release);
        seen_[t] = flags_[1 - t].load(order::acquire);
    }
    void after() override { require(seen_[0] + seen_[1] != 0, "each missed the other"); }

private:
    std::array<atomic<int>, 2> flags_{};
    std::array<int, 2> seen_{};
};

// Relacy alone always shows a failed compare-exchange the newest value; C++ does not.
struct stale_cas_failure : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            state_.store(1, order::relaxed);
            state_.store(2, order::relaxed);
            done_.store(true, order::relaxed);
        } else if (done_.load(order::relaxed)) {
            int expected = 0;
            bool const changed = state_.compare_exchange_strong(expected, 3, order::relaxed, order::relaxed);
            require(changed || expected == 2, "failed with an old value");
        }
    }

private:
    atomic<int> state_{0};
    atomic<bool> done_{false};
};

// Logic.

struct lost_update : scenario_of<2> {
    void thread(unsigned) override {
        auto const seen = number_.load(order::seq_cst);
        number_.store(seen + 1, order::seq_cst);
    }
    void after() override { require(number_.load(order::relaxed) == 2, "an update was lost"); }

private:
    atomic<int> number_{0};
};

struct unlocked_access : scenario_of<2> {
    void thread(unsigned) override { number_.write(number_.read() + 1); }

private:
    cell<int> number_{0};
};

// A ring of one slot whose taker offers the slot again one lap early: as free for the push that has just used it.
struct off_by_one_lap : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            for (int v = 1; v <= 2; ++v) {
                if (turn_.load(order::acquire) == 2 * tail_) {
                    slot_.construct(v);
                    turn_.store(2 * tail_ + 1, order::release);
                    ++tail_;
                    ++pushed_;
                }
            }
        } else {
            for (int i = 0; i != 2; ++i) {
                if (turn_.load(order::acquire) == 2 * head_ + 1) {
                    slot_.take();
                    turn_.store(2 * head_, order::release); // 2 * (head_ + 1) is right
                    ++head_;
                    ++popped_;
                }
            }
        }
    }
    void after() override {
        bool const room = turn_.load(order::relaxed) == 2 * tail_;
        require(room || pushed_ != popped_, "empty, and yet no room");
        if (pushed_ != popped_) {
            slot_.destroy();
        }
    }

private:
    slot<int> slot_;
    atomic<int> turn_{0};
    int tail_ = 0;
    int head_ = 0;
    int pushed_ = 0;
    int popped_ = 0;
};

// Memory.

class node {
public:
    explicit node(int v) : value(v) {}
    cell<int> value;
};
inline node* make_node(int v) {
    return std::construct_at(allocator<node>().allocate(1), v);
}
inline void free_node(node* n) {
    std::destroy_at(n);
    allocator<node>().deallocate(n, 1);
}

// Keeps a pointer beyond the announcement that what it points to is gone.
struct use_after_free : scenario_of<2> {
    void before() override { node_ = make_node(1); }
    void thread(unsigned t) override {
        if (t == 0) {
            free_node(node_);
            gone_.store(true, order::release);
        } else if (gone_.load(order::acquire)) {
            require(node_->value.read() == 1, "not what the node held");
        }
    }

private:
    node* node_ = nullptr;
    atomic<bool> gone_{false};
};

// The same with plain new and delete, where a compiler may drop what a destructor writes.
struct use_after_delete : scenario_of<2> {
    void before() override { node_ = new node(1); }
    void thread(unsigned t) override {
        if (t == 0) {
            delete node_;
            gone_.store(true, order::release);
        } else if (gone_.load(order::acquire)) {
            require(node_->value.read() == 1, "not what the node held");
        }
    }

private:
    node* node_ = nullptr;
    atomic<bool> gone_{false};
};

struct double_free : scenario_of<2> {
    void before() override { shared_.store(allocator<int>().allocate(1), order::relaxed); }
    void thread(unsigned) override {
        if (auto* const block = shared_.load(order::seq_cst)) {
            shared_.store(nullptr, order::seq_cst);
            allocator<int>().deallocate(block, 1);
        }
    }

private:
    atomic<int*> shared_{nullptr};
};

struct over_aligned_double_free : scenario_of<2> {
    struct alignas(64) wide {
        int value = 0;
    };
    void before() override { shared_.store(allocator<wide>().allocate(1), order::relaxed); }
    void thread(unsigned) override {
        if (auto* const block = shared_.load(order::seq_cst)) {
            shared_.store(nullptr, order::seq_cst);
            allocator<wide>().deallocate(block, 1);
        }
    }

private:
    atomic<wide*> shared_{nullptr};
};

// The last to leave frees the block; but each can leave thinking that the other is still there.
template <class Block>
struct forgetful : scenario_of<2> {
    void before() override { block_ = allocator<Block>().allocate(1); }
    void thread(unsigned) override {
        bool const last = left_.load(order::acquire) == 1;
        left_.fetch_add(1, order::acq_rel);
        if (last) {
            allocator<Block>().deallocate(block_, 1);
        }
    }

private:
    Block* block_ = nullptr;
    atomic<int> left_{0};
};

struct alignas(64) wide_block {
    std::array<char, 64> bytes;
};

template <class Block>
struct forgets_delete : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            shared_.store(new Block, order::release);
        } else {
            delete shared_.exchange(nullptr, order::acq_rel);
        }
    }

private:
    atomic<Block*> shared_{nullptr};
};

// Life and death.

// A reference count whose last owner does not see what the other did with the object.
struct race_on_destruction : scenario_of<2> {
    void before() override { node_ = make_node(0); }
    void thread(unsigned t) override {
        if (t == 0) {
            node_->value.write(1);
        }
        if (owners_.fetch_sub(1, order::relaxed) == 1) {
            free_node(node_);
        }
    }

private:
    node* node_ = nullptr;
    atomic<int> owners_{2};
};

// The same when all the other did was an atomic operation on it.
struct race_on_destruction_of_atomic : scenario_of<2> {
    using word = atomic<int>;
    void before() override { word_ = std::construct_at(allocator<word>().allocate(1), 0); }
    void thread(unsigned) override {
        word_->fetch_add(1, order::relaxed);
        if (owners_.fetch_sub(1, order::relaxed) == 1) {
            std::destroy_at(word_);
            allocator<word>().deallocate(word_, 1);
        }
    }

private:
    word* word_ = nullptr;
    atomic<int> owners_{2};
};

// The element is announced, but was never made.
struct uninitialised_slot : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            ready_.store(true, order::release);
        } else if (ready_.load(order::acquire)) {
            slot_.take();
        }
    }

private:
    slot<int> slot_;
    atomic<bool> ready_{false};
};

struct constructed_over : scenario_of<2> {
    void thread(unsigned) override {
        scoped_lock const lock(mutex_);
        slot_.construct(1);
    }
    void after() override { slot_.destroy(); }

private:
    mutex mutex_;
    slot<int> slot_;
};

struct element_left_in_slot : scenario_of<2> {
    void thread(unsigned t) override {
        scoped_lock const lock(mutex_);
        if (t == 0) {
            slot_.construct(1);
            full_.write(true);
        } else if (full_.read()) {
            slot_.destroy();
        }
    }

private:
    mutex mutex_;
    cell<bool> full_{false};
    slot<int> slot_;
};

// Waiting.

struct deadlock : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            scoped_lock const outer(first_);
            scoped_lock const inner(second_);
        } else {
            scoped_lock const outer(second_);
            scoped_lock const inner(first_);
        }
    }

private:
    mutex first_;
    mutex second_;
};

struct missing_unpark : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            word_.store(1, order::seq_cst); // and no unpark
        } else {
            while (word_.load(order::seq_cst) == 0) {
                park(word_, 0);
            }
        }
    }

private:
    atomic<std::uint32_t> word_{0};
};

// The waker looks for a waiter before it makes the change.
struct lost_wake_up : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            bool const waited_for = waiting_.load(order::seq_cst);
            word_.store(1, order::seq_cst);
            if (waited_for) {
                unpark_all(word_);
            }
        } else {
            waiting_.store(true, order::seq_cst);
            while (word_.load(order::seq_cst) == 0) {
                park(word_, 0);
            }
        }
    }

private:
    atomic<std::uint32_t> word_{0};
    atomic<bool> waiting_{false};
};

// Two wait, one is woken, and does not pass it on.
struct wakes_one_of_two : scenario_of<3> {
    void thread(unsigned t) override {
        if (t == 0) {
            word_.store(1, order::seq_cst);
            unpark_one(word_);
        } else {
            while (word_.load(order::seq_cst) == 0) {
                park(word_, 0);
            }
        }
    }

private:
    atomic<std::uint32_t> word_{0};
};

// Takes being woken for the change it waits for.
struct trusts_wake_up : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            word_.store(1, order::seq_cst);
            unpark_all(word_);
        } else if (word_.load(order::seq_cst) == 0) {
            park(word_, 0);
            require(word_.load(order::seq_cst) == 1, "woken for no reason");
        }
    }

private:
    atomic<std::uint32_t> word_{0};
};

struct livelock : scenario_of<2> {
    void thread(unsigned t) override {
        while (flags_[1 - t].load(order::seq_cst) == 0) {
            yield();
        }
        flags_[t].store(1, order::seq_cst);
    }

private:
    std::array<atomic<int>, 2> flags_{};
};

// Time.

// A deadline that never comes is none.
struct endless_deadline : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            word_.store(1, order::seq_cst); // and no unpark
        } else {
            while (word_.load(order::seq_cst) == 0) {
                park_until(word_, 0, clock::time_point::max());
            }
        }
    }

private:
    atomic<std::uint32_t> word_{0};
};

// Takes it that others are through before the deadline.
struct trusts_deadline : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            word_.store(1, order::seq_cst);
            unpark_all(word_);
        } else {
            auto const deadline = clock::now() + std::chrono::seconds(1);
            while (word_.load(order::seq_cst) == 0 && clock::now() < deadline) {
                park_until(word_, 0, deadline);
            }
            require(word_.load(order::seq_cst) == 1, "the time was up first");
        }
    }

private:
    atomic<std::uint32_t> word_{0};
};

// Looks at the clock twice, as if no time could pass between.
struct reads_clock_twice : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            clock::advance(std::chrono::seconds(1));
        } else {
            require(clock::now() == clock::now(), "time has passed");
        }
    }
};

// The asymmetric barrier.

struct two_light_sides : scenario_of<2> {
    void thread(unsigned t) override {
        flags_[t].store(1, order::relaxed);
        light();
        seen_[t] = flags_[1 - t].load(order::relaxed);
    }
    void after() override { require(seen_[0] + seen_[1] != 0, "each missed the other"); }

private:
    world::asymmetric_barrier barrier_;
    std::array<atomic<int>, 2> flags_{};
    std::array<int, 2> seen_{};
};

struct heavy_side_alone : scenario_of<2> {
    void thread(unsigned t) override {
        flags_[t].store(1, order::relaxed);
        if (t == 0) {
            heavy();
        }
        seen_[t] = flags_[1 - t].load(order::relaxed);
    }
    void after() override { require(seen_[0] + seen_[1] != 0, "each missed the other"); }

private:
    world::asymmetric_barrier barrier_;
    std::array<atomic<int>, 2> flags_{};
    std::array<int, 2> seen_{};
};

// Stop requests.

// Looks once, and then sleeps: nobody wakes it.
struct stop_without_callback : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            source_.request_stop();
        } else if (!source_.stop_requested()) {
            park(word_, 0);
        }
    }

private:
    stop_source source_;
    atomic<std::uint32_t> word_{0};
};

// What the callback uses ends before the callback does.
struct callback_outlives_its_data : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            source_.request_stop();
        } else {
            auto* const told = make_node(0);
            stop_callback const callback(source_.get_token(), [&]() noexcept { told->value.write(1); });
            free_node(told);
        }
    }

private:
    stop_source source_;
};

// A callback is not called by the thread that made it, and orders nothing for it.
struct reads_what_callback_writes : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            source_.request_stop();
        } else {
            stop_callback const callback(source_.get_token(), [&]() noexcept { told_.write(1); });
            told_.read();
        }
    }

private:
    stop_source source_;
    cell<int> told_{0};
};

// Takes a callback that was never called for one that was.
struct trusts_callback : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            source_.request_stop();
        } else {
            { stop_callback const callback(source_.get_token(), [&]() noexcept { told_ = true; }); }
            require(told_, "it was over before the stop");
        }
    }

private:
    stop_source source_;
    bool told_ = false;
};

// What no checker of memory models looks for, and yet must not go by unnoticed.

struct crash : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            word_.store(1, order::relaxed);
        } else if (word_.load(order::relaxed) == 1) {
            std::abort();
        }
    }

private:
    atomic<int> word_{0};
};

// Fails by something that is not the search's choice: Relacy alone can call that a success.
struct nondeterminism : scenario_of<2> {
    void thread(unsigned t) override {
        word_.store(static_cast<int>(t), order::relaxed);
        static int calls = 0;
        require(++calls != 100, "the hundredth call");
    }

private:
    atomic<int> word_{0};
};

} // namespace tandem::model::planted
