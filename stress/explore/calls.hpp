#pragma once

// Programs of calls, for what the headers claim of a call and what it costs. Written once for both halves, and each call marked by its name, and
// what is special about it after a space.

#include "../model/halves.hpp"
#include "../model/map_scenarios.hpp"
#include "../model/owner.hpp"
#include "../model/rcu_scenarios.hpp"
#include "../model/scenario.hpp"
#include "../model/striped_scenarios.hpp"

#include <tandem/locked/spsc_queue.hpp>
#include <tandem/lockfree/spsc_queue.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace tandem::model {

// f(), as a call of that name.
template <class F>
void called(char const* name, F f) {
    world::call const mark(name);
    static_cast<void>(f());
}

// The program where there is an asymmetric barrier.
template <class Program>
struct with_barrier : private world::asymmetric_barrier, Program {};

template <class Queue, int many, int capacity>
struct queue_calls : scenario_of<2> {
    static constexpr std::string_view calls = "try_push try_pop";

protected:
    void fill() {
        for (int i = 1; i <= many; ++i) {
            push(i);
        }
    }
    void empty() {
        for (int i = 1; i <= many; ++i) {
            pop();
        }
    }
    void push(int i) {
        called("try_push", [&] { return queue_.try_push(std::move(i)); });
    }
    void pop() {
        called("try_pop", [&] { return queue_.try_pop(); });
    }

private:
    Queue queue_{static_cast<std::size_t>(capacity)};
};
// One fills, one empties.
template <class Queue, int many, int capacity>
struct one_way : queue_calls<Queue, many, capacity> {
    void thread(unsigned t) override { t == 0 ? this->fill() : this->empty(); }
};
// Both do both.
template <class Queue, int many, int capacity>
struct both_ways : queue_calls<Queue, many, capacity> {
    void thread(unsigned t) override {
        for (int i = 0; i != many; ++i) {
            (i + static_cast<int>(t)) % 2 == 0 ? this->push(i) : this->pop();
        }
    }
};

template <class Counter, int many>
struct counter_calls : scenario_of<2> {
    static constexpr std::string_view calls = "add fetch_add load exchange";

    void thread(unsigned t) override {
        for (int i = 0; i != many; ++i) {
            switch ((i + static_cast<int>(t)) % 4) {
            case 0:
                called("add", [&] { counter_.add(1); });
                break;
            case 1:
                called("fetch_add", [&] { return counter_.fetch_add(1); });
                break;
            case 2:
                called("load", [&] { return counter_.load(); });
                break;
            default:
                called("exchange", [&] { return counter_.exchange(0); });
            }
        }
    }

private:
    Counter counter_;
};

// Two add, and a third sums and drains.
template <class Counter, int many>
struct striped_calls : striped_scenario<3> {
    static constexpr std::string_view calls = "add sum drain";
    static constexpr unsigned each = 3; // rows: of whoever was before, and of two threads

    void before() override {
        counter_.add(1);
    }
    void thread(unsigned t) override {
        if (t != 2) {
            counter_.add(1); // the first allocates
        }
        for (int i = 0; i != many; ++i) {
            if (t != 2) {
                called("add", [&] { counter_.add(1); });
            } else if (i % 2 == 0) {
                called("sum", [&] { return counter_.sum(); });
            } else {
                called("drain", [&] { return counter_.drain(); });
            }
        }
    }

private:
    Counter counter_;
};

// One reads, one replaces what is read.
template <class Kind, int many>
struct rcu_calls : rcu_link_scenario<Kind, 2> {
    static constexpr std::string_view calls = "lock unlock retire try_advance";
    static constexpr unsigned each = 2; // threads that have been at once

    void thread(unsigned t) override {
        if (t == 0) {
            this->look(); // the first allocates
        }
        for (int i = 0; i != many; ++i) {
            if (t == 0) {
                called("lock", [&] { this->domain().lock(); });
                this->read();
                called("unlock", [&] { this->domain().unlock(); });
            } else {
                auto* const taken = this->take_out();
                called("retire", [&] { taken->retire(this->domain()); });
                called("try_advance", [&] { return this->domain().try_advance(); });
            }
        }
    }
    void after() override { this->domain().barrier(); }
};

// Two threads at a channel.
template <class Kind, int capacity>
struct at_channel : scenario_of<2> {
protected:
    [[no_unique_address]] typename Kind::barrier barrier_;
    decltype(Kind::template make<int>(1)) ends_ = Kind::template make<int>(capacity);
};

// One sends, one receives, and each waits for the other.
template <class Kind, int many, int capacity>
struct channel_waits : at_channel<Kind, capacity> {
    void thread(unsigned t) override {
        auto const& [tx, rx] = this->ends_;
        for (int i = 0; i != many; ++i) {
            if (t == 0) {
                called("send", [&] { return tx.send(std::move(i)); });
            } else {
                called("recv", [&] { return rx.recv(); });
            }
        }
    }
};
// Neither waits.
template <class Kind, int many, int capacity>
struct channel_tries : at_channel<Kind, capacity> {
    void thread(unsigned t) override {
        auto const& [tx, rx] = this->ends_;
        for (int i = 0; i != many; ++i) {
            if (t == 0) {
                called("try_send", [&] { return tx.try_send(std::move(i)); });
            } else {
                called("try_recv", [&] { return rx.try_recv(); });
            }
        }
    }
};

// One looks for what the other inserts and erases.
template <class Kind, int many>
struct map_calls : scenario_of<2> {
    static constexpr std::string_view calls = "find insert erase";

    void thread(unsigned t) override {
        for (int i = 0; i != many; ++i) {
            if (t == 0) {
                called("find", [&] { return all_.map.find(1); });
                called("find missing", [&] { return all_.map.find(7); });
            } else {
                called("insert", [&] { return all_.map.insert(3, i); });
                called("erase", [&] { return all_.map.erase(3); });
            }
        }
    }

private:
    filled<Kind, 2> all_;
};

} // namespace tandem::model
