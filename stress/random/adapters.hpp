// adapters: structures as objects, a few lines each.
#pragma once

#include <tandem/stress/engine/object.hpp>
#include <tandem/stress/spec.hpp>
#include <tandem/stress/striped_counter_spec.hpp>

#include <array>
#include <span>
#include <stdexcept>

namespace tandem::stress {

inline reply popped(result<std::int64_t> const& r) {
    return r ? reply{status::success, {*r}} : reply{r.error()};
}

// Anything with the members of tandem's bounded_queue.
template <class Queue>
class bounded_queue_object : public object {
public:
    explicit bounded_queue_object(std::size_t capacity) : queue_(capacity) {}

    reply perform(std::uint32_t operation, values const& argument) override {
        std::array<std::int64_t, max_batch> room{};
        switch (operation) {
        case queue_spec::try_push:
            return {queue_.try_push(argument[0])};
        case queue_spec::try_pop:
            return popped(queue_.try_pop());
        case queue_spec::try_push_n: {
            auto items = argument.item;
            return {status::success,
                    {static_cast<std::int64_t>(queue_.try_push_n(std::span(items).first(argument.size())))}};
        }
        case queue_spec::try_pop_n: {
            auto const n = queue_.try_pop_n(std::span(room).first(static_cast<std::size_t>(argument[0])));
            reply said{n == 0 ? status::empty : status::success};
            for (std::size_t i = 0; i != n; ++i) {
                said.result.push_back(room[i]);
            }
            return said;
        }
        case queue_spec::close:
            queue_.close();
            return {};
        case queue_spec::is_closed:
            return {status::success, {queue_.is_closed() ? 1 : 0}};
        default:
            throw std::logic_error("no such operation");
        }
    }

private:
    Queue queue_;
};

// Anything with the members of tandem's counter.
template <class Counter>
class counter_object : public object {
public:
    reply perform(std::uint32_t operation, values const& argument) override {
        switch (operation) {
        case counter_spec::add:
            counter_.add(argument[0]);
            return {};
        case counter_spec::sub:
            counter_.sub(argument[0]);
            return {};
        case counter_spec::fetch_add:
            return {status::success, {counter_.fetch_add(argument[0])}};
        case counter_spec::load:
            return {status::success, {counter_.load()}};
        case counter_spec::exchange:
            return {status::success, {counter_.exchange(argument[0])}};
        default:
            throw std::logic_error("no such operation");
        }
    }

private:
    Counter counter_{};
};

// Anything with the members of tandem's striped_counter.
template <class Counter>
class striped_counter_object : public object {
public:
    reply perform(std::uint32_t operation, values const& argument) override {
        switch (operation) {
        case striped_counter_spec::add:
            counter_.add(argument[0]);
            return {};
        case striped_counter_spec::sub:
            counter_.sub(argument[0]);
            return {};
        case striped_counter_spec::sum:
            return {status::success, {counter_.sum()}};
        case striped_counter_spec::drain:
            return {status::success, {counter_.drain()}};
        default:
            throw std::logic_error("no such operation");
        }
    }

private:
    Counter counter_{};
};

// A queue that others wrote: how to push (true: it took the value) and how to pop.
template <class Queue, auto Push, auto Pop>
class foreign_queue_object : public object {
public:
    template <class... Args>
    explicit foreign_queue_object(Args... args) : queue_(args...) {}

    reply perform(std::uint32_t operation, values const& argument) override {
        if (operation == queue_spec::try_push) {
            return {Push(queue_, argument[0]) ? status::success : status::full};
        }
        if (operation != queue_spec::try_pop) {
            throw std::logic_error("no such operation");
        }
        std::int64_t value = 0;
        return Pop(queue_, value) ? reply{status::success, {value}} : reply{status::empty};
    }

private:
    Queue queue_;
};

} // namespace tandem::stress
