#pragma once

// Known bugs of channels: a box of tokens that receivers wait for, right, and wrong in one place each. All but one are
// lost wake-ups, which end as a deadlock.

#include "scenario.hpp"

#include <tandem/waiting.hpp>

#include <array>
#include <chrono>

namespace tandem::model::planted {

enum class slip : std::uint8_t {
    none,
    no_wake_at_close,
    notify_when_empty, // only; and who is served does not wake the next
    look_before_publish,
    enlist_after_last_attempt,
    over_before_last_attempt,
    keeps_wake_up, // that it did not need: it found its token before it was woken for another one
};

template <slip bug>
class box {
public:
    void send() {
        if (bug == slip::look_before_publish) {
            receivers_.notify(1);
        }
        bool const was_empty = tokens_.fetch_add(1, order::release) == 0;
        if (bug != slip::look_before_publish && (bug != slip::notify_when_empty || was_empty)) {
            receivers_.notify(1);
        }
    }
    void close() {
        closed_.store(true, order::release);
        if (bug != slip::no_wake_at_close) {
            receivers_.notify_all();
        }
    }

    status receive() {
        return receive([](waiter& w) { w.wait(); }, [] { return false; });
    }
    status receive_until(clock::time_point deadline) {
        return receive([&](waiter& w) { w.wait_until(deadline); }, [&] { return clock::now() >= deadline; });
    }

private:
    status attempt() {
        auto n = tokens_.load(order::acquire);
        while (n != 0) {
            if (tokens_.compare_exchange_weak(n, n - 1, order::acquire, order::acquire)) {
                return status::success;
            }
        }
        return closed_.load(order::acquire) ? status::closed : status::empty;
    }
    template <class Sleep, class Over>
    status receive(Sleep sleep, Over over) {
        waiter self;
        for (;;) {
            receivers_.enlist(self);
            auto s = bug == slip::enlist_after_last_attempt ? status::empty : attempt();
            if (s == status::empty) {
                while (!self.notified() && !over()) {
                    sleep(self);
                }
            }
            receivers_.delist(self);
            if (bug == slip::over_before_last_attempt && s == status::empty && over()) {
                return status::timeout;
            }
            if (s == status::empty) {
                s = attempt();
            }
            if (s != status::empty) {
                bool const passes_on = bug != slip::keeps_wake_up && bug != slip::notify_when_empty;
                if (passes_on && tokens_.load(order::relaxed) != 0) {
                    receivers_.notify(1);
                }
                return s;
            }
            if (over()) {
                return status::timeout;
            }
        }
    }

    wait_list receivers_;
    atomic<int> tokens_{0};
    atomic<bool> closed_{false};
};

template <slip bug>
struct box_closed : scenario_of<2> {
    void thread(unsigned t) override { t == 0 ? box_.close() : void(box_.receive()); }

private:
    box<bug> box_;
};

template <slip bug>
struct box_of_two : scenario_of<3> {
    void thread(unsigned t) override {
        if (t == 0) {
            box_.send();
            box_.send();
        } else {
            box_.receive();
        }
    }

private:
    box<bug> box_;
};

template <slip bug>
struct box_of_one : scenario_of<2> {
    void thread(unsigned t) override { t == 0 ? box_.send() : void(box_.receive()); }

private:
    box<bug> box_;
};

template <slip bug>
struct box_with_deadline : scenario_of<3> {
    void thread(unsigned t) override {
        if (t == 0) {
            box_.send();
        } else if (t == 1) {
            box_.receive();
        } else if (box_.receive_until(clock::now() + std::chrono::seconds(1)) == status::success) {
            box_.send();
        }
    }

private:
    box<bug> box_;
};

// Two places in a row: what stands in the second one is not to be had before the first one is filled, and wakes its
// receiver in vain. Who is served wakes the next; or forgets to.
template <bool forgets>
class two_places : public scenario_of<4> {
public:
    void thread(unsigned t) override {
        if (t < 2) {
            filled_[claimed_.fetch_add(1, order::relaxed)].store(1, order::release);
            receivers_.notify(1);
            return;
        }
        waiter self;
        for (bool taken = false; !taken;) {
            receivers_.enlist(self);
            taken = take();
            while (!taken && !self.notified()) {
                self.wait();
            }
            receivers_.delist(self);
            taken = taken || take();
        }
        if (!forgets && taken_.load(order::relaxed) < claimed_.load(order::relaxed)) {
            receivers_.notify(1);
        }
    }

private:
    bool take() {
        auto at = taken_.load(order::relaxed);
        while (at != 2 && filled_[at].load(order::acquire) == 1) {
            if (taken_.compare_exchange_weak(at, at + 1, order::relaxed, order::relaxed)) {
                return true;
            }
        }
        return false;
    }

    wait_list receivers_;
    std::array<atomic<int>, 2> filled_{};
    atomic<std::uint32_t> claimed_{0};
    atomic<std::uint32_t> taken_{0};
};

// watched, with orders that do not order what is done around it.
struct watched_relaxed : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            published_.store(1, order::relaxed);
            looked_ = word_.fetch_add(0, order::relaxed) != 0;
        } else {
            word_.fetch_add(1, order::relaxed);
            saw_ = published_.load(order::relaxed) == 1;
        }
    }
    void after() override { require(looked_ || saw_, "each missed what the other had done"); }

private:
    atomic<std::uint32_t> word_{0};
    atomic<int> published_{0};
    bool looked_ = false;
    bool saw_ = false;
};

} // namespace tandem::model::planted
