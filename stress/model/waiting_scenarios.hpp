#pragma once

// Races of what waits and of who wakes it, with and without an asymmetric barrier.

#include "named.hpp"
#include "scenario.hpp"

#include <tandem/brief_mutex.hpp>
#include <tandem/waiting.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>

namespace tandem::model {

struct symmetric_form {
    static constexpr text prefix = "";
};
struct asymmetric_form {
    static constexpr text prefix = "asymmetric_";
    world::asymmetric_barrier barrier;
};

// At least one sees what the other has done.
template <class Form>
struct look_vs_change : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            published_.store(1, order::relaxed);
            looked_ = watched_.look() != 0;
        } else {
            watched_.add(1);
            saw_ = published_.load(order::relaxed) == 1;
        }
    }
    void after() override { require(looked_ || saw_, "each missed what the other had done"); }

private:
    [[no_unique_address]] Form form_;
    watched watched_;
    atomic<int> published_{0};
    bool looked_ = false;
    bool saw_ = false;
};

// The same through the relaxed subtraction of a third.
template <class Form>
struct look_vs_change_after_subtraction : scenario_of<3> {
    void before() override { watched_.add(1); }
    void thread(unsigned t) override {
        if (t == 0) {
            published_.store(1, order::relaxed);
            looked_ = watched_.look();
        } else if (t == 1) {
            watched_.add(2);
            saw_ = published_.load(order::relaxed) == 1;
        } else {
            watched_.subtract(1);
        }
    }
    void after() override { require(looked_ >= 2 || saw_, "each missed what the other had done"); }

private:
    [[no_unique_address]] Form form_;
    watched watched_;
    atomic<int> published_{0};
    std::uint32_t looked_ = 0;
    bool saw_ = false;
};

// Whoever is told of the change sees what came before it.
template <class Form>
struct change_publishes_to_look : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            data_.write(1);
            watched_.add(1);
        } else if (watched_.look() != 0) {
            require(data_.read() == 1, "the change was seen, not what came before it");
        }
    }

private:
    [[no_unique_address]] Form form_;
    watched watched_;
    cell<int> data_{0};
};

template <class Form>
struct change_publishes_to_read : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            data_.write(1);
            watched_.add(1);
        } else if (watched_.any()) {
            require(data_.read() == 1, "the change was seen, not what came before it");
        }
    }

private:
    [[no_unique_address]] Form form_;
    watched watched_;
    cell<int> data_{0};
};

// A waiter on the heap: whoever touches it after its end is caught.
class heap_waiter {
public:
    heap_waiter() : w_(std::construct_at(allocator<waiter>().allocate(1))) {}
    ~heap_waiter() {
        std::destroy_at(w_);
        allocator<waiter>().deallocate(w_, 1);
    }
    heap_waiter(heap_waiter const&) = delete;
    heap_waiter& operator=(heap_waiter const&) = delete;

    waiter& operator*() const { return *w_; }
    waiter* operator->() const { return w_; }

private:
    waiter* w_;
};

template <class Form, int threads>
class listed : public scenario_of<threads> {
public:
    void after() override {
        heap_waiter other;
        list_.enlist(*other);
        list_.notify(1);
        require(other->notified(), "somebody else is still on the list");
        list_.delist(*other);
    }

protected:
    void publish(std::size_t n) {
        published_.fetch_add(static_cast<int>(n), order::relaxed);
        list_.notify(n);
    }
    bool there() const { return published_.load(order::relaxed) != 0; }
    void wait_for_notification() {
        heap_waiter self;
        list_.enlist(*self);
        if (!there()) {
            while (!self->notified()) {
                self->wait();
            }
            require(there(), "woken, and nothing is there");
        }
        list_.delist(*self);
    }

    [[no_unique_address]] Form form_;
    wait_list list_;
    atomic<int> published_{0};
};

template <class Form>
struct notify_vs_enlist : listed<Form, 2> {
    void thread(unsigned t) override { t == 0 ? this->publish(1) : this->wait_for_notification(); }
};

// On the list again and again.
template <class Form>
struct notify_vs_enlist_again : listed<Form, 2> {
    void thread(unsigned t) override {
        if (t == 0) {
            this->publish(1);
            this->publish(1);
        } else {
            heap_waiter self;
            for (int needed = 1; needed <= 2; ++needed) {
                while (this->published_.load(order::relaxed) < needed) {
                    this->list_.enlist(*self);
                    if (this->published_.load(order::relaxed) < needed) {
                        while (!self->notified()) {
                            self->wait();
                        }
                    }
                    this->list_.delist(*self);
                }
            }
        }
    }
};

template <class Form>
struct notify_two_of_two : listed<Form, 3> {
    void thread(unsigned t) override { t == 0 ? this->publish(2) : this->wait_for_notification(); }
};

template <class Form>
struct two_notify_one_each : listed<Form, 4> {
    void thread(unsigned t) override { t < 2 ? this->publish(1) : this->wait_for_notification(); }
};

// Woken is who is told what the notifier knew.
template <class Form>
struct notify_publishes : listed<Form, 2> {
    void before() override { this->list_.enlist(*self_); }
    void thread(unsigned t) override {
        if (t == 0) {
            data_.write(1);
            this->list_.notify(1);
        } else {
            while (!self_->notified()) {
                self_->wait();
            }
            require(data_.read() == 1, "woken before it was there");
            this->list_.delist(*self_);
        }
    }

private:
    heap_waiter self_;
    cell<int> data_{0};
};

template <class Form>
struct cancel_publishes : listed<Form, 2> {
    void before() override { this->list_.enlist(*self_); }
    void thread(unsigned t) override {
        if (t == 0) {
            data_.write(1);
            this->list_.cancel(*self_);
        } else {
            while (!self_->notified()) {
                self_->wait();
            }
            require(data_.read() == 1, "woken before it was there");
            this->list_.delist(*self_);
        }
    }

private:
    heap_waiter self_;
    cell<int> data_{0};
};

// Whichever comes first takes the waiter off the list, and the notification goes to the other one.
template <class Form>
struct cancel_vs_notify : listed<Form, 3> {
    void before() override {
        this->list_.enlist(*first_);
        this->list_.enlist(*second_);
    }
    void thread(unsigned t) override {
        if (t == 0) {
            this->list_.notify(1);
        } else if (t == 1) {
            this->list_.cancel(*first_);
        } else {
            while (!first_->notified()) {
                first_->wait();
            }
            this->list_.delist(*first_);
        }
    }
    void after() override {
        this->list_.delist(*second_);
        listed<Form, 3>::after();
    }

private:
    heap_waiter first_;
    heap_waiter second_;
};

// Whoever gives up has been notified, or is on the list no longer.
template <class Form>
struct give_up_vs_notify : listed<Form, 2> {
    void thread(unsigned t) override {
        if (t == 0) {
            this->publish(1);
        } else {
            heap_waiter self;
            auto const deadline = clock::now() + std::chrono::seconds(1);
            this->list_.enlist(*self);
            while (!self->notified() && clock::now() < deadline) {
                self->wait_until(deadline);
            }
            this->list_.delist(*self);
            require(!self->notified() || this->there(), "woken, and nothing is there");
        }
    }
};

// More than are woken under one lock.
template <class Form>
struct notify_many : listed<Form, 2> {
    void before() override {
        for (auto& one : waiters_) {
            this->list_.enlist(*one);
        }
    }
    void thread(unsigned t) override {
        if (t == 0) {
            this->list_.notify(waiters_.size() - 1);
        } else {
            this->list_.delist(*waiters_[3]);
        }
    }
    void after() override {
        for (auto& one : waiters_) {
            require(one->notified() || &one == &waiters_[3] || &one == &waiters_.back(), "passed over");
            this->list_.delist(*one);
        }
        require(waiters_.back()->notified() != waiters_[3]->notified(), "one too many, or one too few");
        listed<Form, 2>::after();
    }

private:
    std::array<heap_waiter, 18> waiters_;
};

// Locks and conditions, with deadlines.

struct condition_vs_deadline : scenario_of<3> {
    void thread(unsigned t) override {
        if (t == 0) {
            {
                scoped_lock const lock(mutex_);
                tokens_.write(tokens_.read() + 1);
            }
            given_.notify_one();
            return;
        }
        auto const deadline = clock::now() + std::chrono::seconds(1);
        bool const timed = t == 1;
        mutex_.lock();
        while (tokens_.read() == 0 && !(timed && clock::now() >= deadline)) {
            timed ? given_.wait_until(mutex_, deadline) : given_.wait(mutex_);
        }
        if (tokens_.read() != 0 && !timed) {
            tokens_.write(tokens_.read() - 1);
        }
        bool const left = timed && tokens_.read() != 0;
        mutex_.unlock();
        if (left) {
            given_.notify_one(); // it was for the other one
        }
    }

private:
    mutex mutex_;
    condition_variable given_;
    cell<int> tokens_{0};
};

// Whoever waits is told of the change, though there was a notification before it that was not for him.
enum class told { one, all };

template <told whom>
struct notify_vs_sleep : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            notify();
            {
                scoped_lock const lock(mutex_);
                there_.write(true);
            }
            notify();
            return;
        }
        scoped_lock const lock(mutex_);
        while (!there_.read()) {
            changed_.wait(mutex_);
        }
    }

private:
    void notify() { whom == told::one ? changed_.notify_one() : changed_.notify_all(); }

    mutex mutex_;
    condition_variable changed_;
    cell<bool> there_{false};
};

// Three at one lock: nothing is lost, and whoever goes to sleep is woken.
template <class Form>
struct brief_hand_over : scenario_of<3> {
    void thread(unsigned) override {
        for (int turn = 0; turn != 2; ++turn) {
            brief_lock const lock(mutex_);
            sum_.write(sum_.read() + 1);
        }
    }
    void after() override { require(sum_.read() == 6, "two held the lock at once"); }

private:
    [[no_unique_address]] Form form_;
    brief_mutex mutex_;
    cell<int> sum_ TANDEM_GUARDED_BY(mutex_){0};
};

// An unlock against one that is about to sleep, and nobody comes later to make up for a wake-up that was missed.
template <class Form>
struct unlock_vs_sleep : scenario_of<2> {
    void thread(unsigned) override {
        brief_lock const lock(mutex_);
        sum_.write(sum_.read() + 1);
    }
    void after() override { require(sum_.read() == 2, "two held the lock at once"); }

private:
    [[no_unique_address]] Form form_;
    brief_mutex mutex_;
    cell<int> sum_ TANDEM_GUARDED_BY(mutex_){0};
};

} // namespace tandem::model
