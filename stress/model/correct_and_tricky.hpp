#pragma once

// Correct code that looks suspicious, or comes close to a planted bug: never to be accused.

#include "planted_bugs.hpp"
#include "scenario.hpp"

#include <tandem/contract.hpp>
#include <tandem/mutex.hpp>

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace tandem::model::tricky {

using planted::free_node;
using planted::make_node;
using planted::node;

struct publish : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            data_.write(1);
            ready_.store(true, order::release);
        } else if (ready_.load(order::acquire)) {
            require(data_.read() == 1, "the flag was seen, not the data");
        }
    }

private:
    cell<int> data_{0};
    atomic<bool> ready_{false};
};

// The third sees the first's data through the second's read-modify-write, relaxed as it is.
struct release_sequence : scenario_of<3> {
    void thread(unsigned t) override {
        if (t == 0) {
            data_.write(1);
            state_.store(1, order::release);
        } else if (t == 1) {
            int expected = 1;
            state_.compare_exchange_strong(expected, 2, order::relaxed, order::relaxed);
        } else if (state_.load(order::acquire) == 2) {
            require(data_.read() == 1, "the release sequence was broken");
        }
    }

private:
    cell<int> data_{0};
    atomic<int> state_{0};
};

struct store_buffering : scenario_of<2> {
    void thread(unsigned t) override {
        flags_[t].store(1, order::seq_cst);
        seen_[t] = flags_[1 - t].load(order::seq_cst);
    }
    void after() override { require(seen_[0] + seen_[1] != 0, "each missed the other"); }

private:
    std::array<atomic<int>, 2> flags_{};
    std::array<int, 2> seen_{};
};

// Independent reads of independent writes: two readers agree on the order of two writers.
struct independent_reads : scenario_of<4> {
    void thread(unsigned t) override {
        if (t < 2) {
            flags_[t].store(1, order::seq_cst);
        } else {
            auto const first = flags_[t - 2].load(order::seq_cst);
            auto const second = flags_[3 - t].load(order::seq_cst);
            other_way_[t - 2] = first == 1 && second == 0;
        }
    }
    void after() override { require(!(other_way_[0] && other_way_[1]), "two readers saw two orders"); }

private:
    std::array<atomic<int>, 2> flags_{};
    std::array<bool, 2> other_way_{};
};

// Peterson's lock, from loads and stores alone.
struct peterson : scenario_of<2> {
    void thread(unsigned t) override {
        interested_[t].store(1, order::seq_cst);
        turn_.store(static_cast<int>(1 - t), order::seq_cst);
        while (interested_[1 - t].load(order::seq_cst) == 1 && turn_.load(order::seq_cst) == static_cast<int>(1 - t)) {
            yield();
        }
        number_.write(number_.read() + 1);
        interested_[t].store(0, order::seq_cst);
    }
    void after() override { require(number_.read() == 2, "both were inside"); }

private:
    std::array<atomic<int>, 2> interested_{};
    atomic<int> turn_{0};
    cell<int> number_{0};
};

// The order for failure stronger than that for success: legal since C++17, refused by Relacy itself.
struct cas_failure_stronger_than_success : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            data_.write(1);
            state_.store(1, order::release);
        } else if (int expected = 0; !state_.compare_exchange_strong(expected, 2, order::release, order::acquire)) {
            require(data_.read() == 1, "the state was seen, not the data");
        }
    }

private:
    cell<int> data_{0};
    atomic<int> state_{0};
};

struct spinning : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            data_.write(1);
            ready_.store(true, order::release);
        } else {
            while (!ready_.load(order::acquire)) {
                yield();
            }
            require(data_.read() == 1, "the flag was seen, not the data");
        }
    }

private:
    cell<int> data_{0};
    atomic<bool> ready_{false};
};

struct weak_cas_loop : scenario_of<2> {
    void thread(unsigned) override {
        int seen = number_.load(order::relaxed);
        while (!number_.compare_exchange_weak(seen, seen + 1, order::relaxed, order::relaxed)) {
        }
    }
    void after() override { require(number_.load(order::relaxed) == 2, "an update was lost"); }

private:
    atomic<int> number_{0};
};

struct reference_count : scenario_of<2> {
    void before() override { node_ = make_node(0); }
    void thread(unsigned t) override {
        if (t == 0) {
            node_->value.write(1);
        }
        if (owners_.fetch_sub(1, order::acq_rel) == 1) {
            free_node(node_);
        }
    }

private:
    node* node_ = nullptr;
    atomic<int> owners_{2};
};

// An atomic may be destroyed by whoever is ordered after its last use.
struct destroys_atomic : scenario_of<2> {
    using word = atomic<int>;
    void before() override { word_ = std::construct_at(allocator<word>().allocate(1), 0); }
    void thread(unsigned) override {
        if (word_->fetch_add(1, order::acq_rel) == 1) {
            std::destroy_at(word_);
            allocator<word>().deallocate(word_, 1);
        }
    }

private:
    word* word_ = nullptr;
};

struct over_aligned_block : scenario_of<2> {
    void thread(unsigned) override {
        using planted::wide_block;
        auto* const block = allocator<wide_block>().allocate(1);
        require(reinterpret_cast<std::uintptr_t>(block) % alignof(wide_block) == 0, "not aligned");
        if (auto* const other = shared_.exchange(block, order::acq_rel)) {
            allocator<wide_block>().deallocate(other, 1);
        }
    }
    void after() override { allocator<planted::wide_block>().deallocate(shared_.load(order::relaxed), 1); }

private:
    atomic<planted::wide_block*> shared_{nullptr};
};

struct over_aligned_new : scenario_of<2> {
    void thread(unsigned) override { delete shared_.exchange(new planted::wide_block, order::acq_rel); }
    void after() override { delete shared_.load(order::relaxed); }

private:
    atomic<planted::wide_block*> shared_{nullptr};
};

struct slot_reuse : scenario_of<2> {
    void thread(unsigned t) override {
        for (int lap = 0; lap != 2; ++lap) {
            while (turn_.load(order::acquire) % 2 != static_cast<int>(t)) {
                yield();
            }
            if (t == 0) {
                slot_.construct(lap);
            } else {
                require(slot_.take() == lap, "another lap's element");
            }
            turn_.fetch_add(1, order::release);
        }
    }

private:
    slot<int> slot_;
    atomic<int> turn_{0};
};

struct same_lock_order : scenario_of<2> {
    void thread(unsigned) override {
        scoped_lock const outer(first_);
        scoped_lock const inner(second_);
        number_.write(number_.read() + 1);
    }
    void after() override { require(number_.read() == 2, "both were inside"); }

private:
    mutex first_;
    mutex second_;
    cell<int> number_{0};
};

struct park_and_unpark : scenario_of<3> {
    void thread(unsigned t) override {
        if (t == 0) {
            word_.store(1, order::seq_cst);
            unpark_all(word_);
        } else {
            while (word_.load(order::seq_cst) == 0) {
                park(word_, 0);
            }
        }
    }

private:
    atomic<std::uint32_t> word_{0};
};

// The waiter may destroy the word as soon as it sees the change: unpark takes it for an address only.
struct word_gone_before_unpark : scenario_of<2> {
    using word = atomic<std::uint32_t>;
    void before() override { word_ = std::construct_at(allocator<word>().allocate(1), 0u); }
    void thread(unsigned t) override {
        auto& w = *word_;
        if (t == 0) {
            w.store(1, order::release);
            unpark_all(w);
        } else {
            while (w.load(order::acquire) == 0) {
                park(w, 0);
            }
            std::destroy_at(&w);
            allocator<word>().deallocate(&w, 1);
        }
    }

private:
    word* word_ = nullptr;
};

// Nobody unparks it: the deadline comes, also when nobody else is left.
struct deadline_comes : scenario_of<2> {
    void thread(unsigned) override {
        auto const deadline = clock::now() + std::chrono::seconds(1);
        while (clock::now() < deadline) {
            park_until(word_, 0, deadline);
        }
    }

private:
    atomic<std::uint32_t> word_{0};
};

// The last look after the deadline: what is not there then is nobody's promise.
struct timed_wait : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            data_.write(1);
            word_.store(1, order::release);
            unpark_all(word_);
        } else {
            auto const deadline = clock::now() + std::chrono::seconds(1);
            while (word_.load(order::acquire) == 0 && clock::now() < deadline) {
                park_until(word_, 0, deadline);
            }
            if (word_.load(order::acquire) == 1) {
                require(data_.read() == 1, "the word was seen, not the data");
            } else {
                require(clock::now() >= deadline, "given up early");
            }
        }
    }

private:
    cell<int> data_{0};
    atomic<std::uint32_t> word_{0};
};

struct asymmetric_store_buffering : scenario_of<2> {
    void thread(unsigned t) override {
        flags_[t].store(1, order::relaxed);
        t == 0 ? light() : heavy();
        seen_[t] = flags_[1 - t].load(order::relaxed);
    }
    void after() override { require(seen_[0] + seen_[1] != 0, "each missed the other"); }

private:
    world::asymmetric_barrier barrier_;
    std::array<atomic<int>, 2> flags_{};
    std::array<int, 2> seen_{};
};

// Once the destructor of a callback is through, so is the callback, whoever called it.
struct callback_ends_before_its_data : scenario_of<2> {
    void thread(unsigned t) override {
        if (t == 0) {
            source_.request_stop();
        } else {
            auto* const told = make_node(0);
            { stop_callback const callback(source_.get_token(), [&]() noexcept { told->value.write(1); }); }
            free_node(told);
        }
    }

private:
    stop_source source_;
};

// Called in the constructor when the stop came first, otherwise by who requests it; seen by who is told of it.
struct callback_is_called_once : scenario_of<3> {
    void thread(unsigned t) override {
        if (t == 0) {
            data_.write(1);
            source_.request_stop();
        } else {
            bool const stopped = source_.stop_requested();
            stop_callback const callback(source_.get_token(), [this, t]() noexcept {
                require(data_.read() == 1, "the stop was seen, not what came before it");
                called_[t].fetch_add(1, order::release);
                unpark_all(called_[t]);
            });
            require(!stopped || called_[t].load(order::relaxed) == 1, "not called, though the stop came first");
            while (called_[t].load(order::acquire) == 0) {
                park(called_[t], 0);
            }
        }
    }
    void after() override {
        require(called_[1].load(order::relaxed) == 1 && called_[2].load(order::relaxed) == 1, "called twice");
    }

private:
    stop_source source_;
    cell<int> data_{0};
    std::array<atomic<std::uint32_t>, 3> called_{};
};

// One callback ends itself, and another one.
struct callback_ends_callbacks : scenario_of<2> {
    void before() override {
        for (auto& one : callbacks_) {
            one.emplace(source_.get_token(), [this]() noexcept {
                for (auto& other : callbacks_) {
                    other.reset();
                }
            });
        }
    }
    void thread(unsigned t) override {
        if (t == 0) {
            source_.request_stop();
        } else {
            source_.stop_requested();
        }
    }

private:
    struct call {
        std::function<void()> f;
        void operator()() noexcept { f(); }
    };
    stop_source source_;
    std::array<std::optional<stop_callback<call>>, 2> callbacks_;
};

// The source goes before the token does, and the other way round.
struct stop_state_is_freed_once : scenario_of<2> {
    void before() override {
        source_.emplace();
        token_.emplace(source_->get_token());
    }
    void thread(unsigned t) override {
        if (t == 0) {
            source_->request_stop();
            source_.reset();
        } else {
            token_->stop_requested();
            token_.reset();
        }
    }

private:
    std::optional<stop_source> source_;
    std::optional<stop_token> token_;
};

} // namespace tandem::model::tricky
