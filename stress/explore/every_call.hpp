#pragma once

// Programs in which every operation of a structure is called, in both halves; each says which.

#include "../model/channel_scenarios.hpp"
#include "calls.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace tandem::model {

// One fills, in batches too, and the other empties; the one or the other closes.
template <class Queue, int closes, class T = int>
struct every_call_of_queue : scenario_of<2> {
    static constexpr std::string_view calls =
        "try_push try_emplace try_push_n try_pop try_pop_n close is_closed capacity was_empty approx_size";
    static constexpr unsigned each = 2; // elements of a batch

    void thread(unsigned t) override {
        std::array<T, each> items{T(1), T(2)};
        if (t == 0) {
            called("try_push", [&] { return queue_.try_push(T(1)); });
            called("try_emplace", [&] { return queue_.try_emplace(2); });
            called("try_push_n", [&] { return queue_.try_push_n(items); });
            called("approx_size", [&] { return queue_.approx_size(); });
            close_as(0);
            called("try_push_n", [&] { return queue_.try_push_n(items); });
            called("capacity", [&] { return queue_.capacity(); });
        } else {
            called("try_pop", [&] { return queue_.try_pop(); });
            called("was_empty", [&] { return queue_.was_empty(); });
            close_as(1);
            called("try_pop_n", [&] { return queue_.try_pop_n(items); });
            called("is_closed", [&] { return queue_.is_closed(); });
            called("try_pop", [&] { return queue_.try_pop(); });
            called("try_pop_n", [&] { return queue_.try_pop_n(items); });
        }
    }

private:
    void close_as(int t) {
        if (t == closes) {
            called("close", [&] { queue_.close(); });
        }
    }

    Queue queue_{3};
};

template <class Counter>
struct every_call_of_counter : scenario_of<3> {
    static constexpr std::string_view calls = "add sub fetch_add exchange load wait_until";

    void thread(unsigned t) override {
        if (t == 0) {
            called("add", [&] { counter_.add(1); });
            called("exchange", [&] { return counter_.exchange(5); });
            called("load", [&] { return counter_.load(); });
        } else if (t == 1) {
            called("fetch_add", [&] { return counter_.fetch_add(1); });
            called("sub", [&] { counter_.sub(1); });
        } else {
            called("wait_until", [&] { return counter_.wait_until([](std::int64_t n) { return n > 0; }); });
        }
    }

private:
    Counter counter_;
};

// Whoever calls retire allocates before.
template <class Kind>
struct every_call_of_rcu_domain : rcu_link_scenario<Kind, 2> {
    static constexpr std::string_view calls = "lock try_lock unlock in_section now expired try_advance retire";
    static constexpr unsigned each = 2; // threads that have been at once

    void thread(unsigned t) override {
        auto& domain = this->domain();
        this->look(); // the first allocates
        if (t == 0) {
            called("lock", [&] { domain.lock(); });
            called("in_section", [&] { return domain.in_section(); });
            called("now", [&] { return domain.now(); });
            called("unlock", [&] { domain.unlock(); });
            called("try_lock", [&] { return domain.try_lock(); });
            called("unlock", [&] { domain.unlock(); });
        } else {
            auto* const taken = this->take_out();
            called("retire", [&] { taken->retire(domain); });
            auto tag = domain.now();
            called("now", [&] { return tag = domain.now(); });
            called("try_advance", [&] { return domain.try_advance(); });
            called("expired", [&] { return domain.expired(tag); });
        }
    }
    void after() override { this->domain().barrier(); }
};

template <class Counter>
struct every_call_of_striped_counter : striped_scenario<3> {
    static constexpr std::string_view calls = "add sub sum drain";
    static constexpr unsigned each = 3; // rows: of whoever was before, and of two threads

    void before() override { counter_.add(1); }
    void thread(unsigned t) override {
        if (t != 2) {
            counter_.add(1); // the first allocates
            called("add", [&] { counter_.add(1); });
            called("sub", [&] { counter_.sub(1); });
            return;
        }
        called("sum", [&] { return counter_.sum(); });
        called("drain", [&] { return counter_.drain(); });
        called("sum", [&] { return counter_.sum(); });
    }

private:
    Counter counter_;
};

template <class Kind, unsigned pieces>
struct every_call_of_map : scenario_of<2> {
    static constexpr std::string_view calls =
        "find contains visit insert try_emplace insert_or_assign update erase erase_if for_each approx_size clear";
    static constexpr unsigned each = pieces; // that have a size

    void thread(unsigned t) override {
        auto& map = all_.map;
        if (t == 0) {
            called("find", [&] { return map.find(1); });
            called("insert_or_assign", [&] { return map.insert_or_assign(3, 1); });
            called("for_each", [&] { map.for_each([](int, int) {}); });
            called("contains", [&] { return map.contains(3); });
            called("approx_size", [&] { return map.approx_size(); });
            called("erase_if", [&] { return map.erase_if(1, [](int v) { return v == 10; }); });
            called("clear", [&] { map.clear(); });
        } else {
            called("insert", [&] { return map.insert(3, 2); });
            called("visit", [&] { return map.visit(3, [](int) {}); });
            called("update", [&] { return map.update(1, [](int& v) { ++v; }); });
            called("try_emplace", [&] { return map.try_emplace(4, 4); });
            called("erase", [&] { return map.erase(3); });
            called("erase_if", [&] { return map.erase_if([](int k, int) { return k == 4; }); });
            called("approx_size", [&] { return map.approx_size(); });
        }
    }

private:
    filled<Kind, 2> all_;
};

// One looks while the other changes what is there, and never waits for it.
template <class Kind>
struct looks_at_map : scenario_of<2> {
    static constexpr std::string_view calls = "find contains visit insert update erase";

    void thread(unsigned t) override {
        auto& map = all_.map;
        if (t == 0) {
            called("find", [&] { return map.find(1); });
            called("contains", [&] { return map.contains(3); });
            called("visit", [&] { return map.visit(2, [](int) {}); });
        } else {
            called("insert", [&] { return map.insert(3, 2); });
            called("update", [&] { return map.update(1, [](int& v) { ++v; }); });
            called("erase", [&] { return map.erase(2); });
        }
    }

private:
    filled<Kind, 2> all_;
};

// Both want nodes.
template <class Kind>
struct two_insert_into_map : scenario_of<2> {
    static constexpr std::string_view calls = "insert";

    void thread(unsigned t) override {
        called("insert", [&] { return all_.map.insert(static_cast<int>(t), 0); });
    }

private:
    filled<Kind, 0> all_;
};

// Of a channel, those that do not wait for the other end. The one or the other closes.
template <class Kind, int closes>
struct impatient_calls_of_channel : at_channel<Kind, 1> {
    static constexpr std::string_view calls = "try_send try_recv close is_closed approx_size capacity end try_iter";

    void thread(unsigned t) override {
        auto const& [tx, rx] = this->ends_;
        if (t == 0) {
            called("try_send", [&] { return tx.try_send(1); });
            close_as(0, tx);
            called("try_send", [&] { return tx.try_send(2); });
            called("is_closed", [&] { return tx.is_closed(); });
        } else {
            called("try_recv", [&] { return rx.try_recv(); });
            called("approx_size", [&] { return rx.approx_size(); });
            close_as(1, rx);
            called("try_recv", [&] { return rx.try_recv(); });
            called("capacity", [&] { return rx.capacity(); });
            called("end", [&] { return rx.end(); });
            called("try_iter", [&] { return rx.try_iter(); });
        }
    }

private:
    template <class End>
    void close_as(int t, End const& end) {
        if (t == closes) {
            called("close", [&] { end.close(); });
        }
    }
};

// And those that do.
template <class Kind>
struct patient_calls_of_channel : at_channel<Kind, 1> {
    static constexpr std::string_view calls = "send send_for send_until send_many recv recv_for recv_until recv_many begin is_closed";

    void thread(unsigned t) override {
        auto const& [tx, rx] = this->ends_;
        std::array<int, 2> items{1, 2};
        if (t == 0) {
            called("send", [&] { return tx.send(1); });
            called("send_for", [&] { return tx.send_for(2, a_while); });
            called("send_until", [&] { return tx.send_until(3, clock::time_point(a_while)); });
            called("send_many", [&] { return tx.send_many(items); });
            called("is_closed", [&] { return tx.is_closed(); });
            tx.close();
        } else {
            called("recv", [&] { return rx.recv(); });
            called("recv_for", [&] { return rx.recv_for(a_while); });
            called("recv_until", [&] { return rx.recv_until(clock::time_point(a_while)); });
            called("begin", [&] { return rx.begin(); });
            while (rx.recv_many(items) != 0) {
            }
            called("recv_many", [&] { return rx.recv_many(items); });
        }
    }
};

} // namespace tandem::model
