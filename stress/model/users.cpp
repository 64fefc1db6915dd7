// Code written against std, through tandem/stress/std.hpp: the headers of stress/users in the relacy world.
#include "../users/std_ring.hpp"
#include "scenario.hpp"

namespace tandem::model {
namespace {

using users::publish;

template <publish how>
struct ring_passes_values : scenario_of<2> {
    void thread(unsigned t) override {
        for (int next = 1; next != 4;) {
            if (t == 0 ? ring_.try_push(next) : arrived(next)) {
                ++next;
            } else {
                users::sync::this_thread::yield();
            }
        }
    }

private:
    bool arrived(int expected) {
        auto const v = ring_.try_pop();
        require(!v || *v == expected, "another value than was pushed");
        return v.has_value();
    }

    users::std_ring<int, 2, how> ring_;
};

template <bool notifies>
struct door_hands_over : scenario_of<2> {
    void thread(unsigned t) override {
        for (int i = 1; i != 3; ++i) {
            if (t == 0) {
                door_.put(i);
            } else {
                require(door_.take() == i, "another value than was put");
            }
        }
    }

private:
    users::std_door<notifies> door_;
};

// Waits until the other has come by.
template <bool notifies>
struct atomic_wait : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            data_ = 1;
            flag_.store(true, users::sync::memory_order_release);
            if (notifies) {
                flag_.notify_one();
            }
        } else {
            flag_.wait(false, users::sync::memory_order_acquire);
            require(data_ == 1, "the flag was seen, not the data");
        }
    }

private:
    users::sync::plain<int> data_{0};
    users::sync::atomic<bool> flag_{false};
};

struct spin_lock : scenario_of<2> {
    void thread(unsigned) override {
        while (flag_.test_and_set(users::sync::memory_order_acquire)) {
            users::sync::this_thread::yield();
        }
        sum_ = sum_ + 1;
        flag_.clear(users::sync::memory_order_release);
    }
    void after() override { require(sum_ == 2, "both were inside"); }

private:
    users::sync::atomic_flag flag_;
    users::sync::plain<int> sum_{0};
};

struct like_std : scenario_of<2> {
    void thread(unsigned) override {
        require(users::behaves_like_std<users::sync::atomic>(), "another answer than std::atomic's");
    }
};

template <class Test>
constexpr scenario_entry bug(char const* name, char const* found_as) {
    return {"planted", "planted", name, verdict::violation, 2'000, 20, &explore<Test>, found_as};
}
template <class Test>
constexpr scenario_entry correct(char const* name) {
    return {"correct", "correct", name, verdict::pass, 20'000, 1, &explore<Test>};
}

constexpr scenario_entry all[] = {
    bug<ring_passes_values<publish::relaxed>>("std_ring_relaxed", "DATA RACE"),
    bug<door_hands_over<false>>("std_door_without_notify", "DEADLOCK"),
    bug<atomic_wait<false>>("std_wait_without_notify", "DEADLOCK"),
    correct<ring_passes_values<publish::release>>("std_ring"),
    correct<ring_passes_values<publish::by_fence>>("std_ring_by_fence"),
    correct<door_hands_over<true>>("std_door"),
    correct<atomic_wait<true>>("std_wait"),
    correct<spin_lock>("std_flag"),
    correct<like_std>("std_atomic"),
};

} // namespace

std::span<scenario_entry const> scenarios() {
    return all;
}

} // namespace tandem::model
