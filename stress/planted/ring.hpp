// Two planted bugs in one small ring (Vyukov's, as in lockfree::bounded_queue, without its exact answers).
//
//   relaxed_publish   the turn that offers an element is stored relaxed: the element itself may be seen later
//   off_by_one_lap    a slot counts as free one lap too early: an element is overwritten before it was read
#pragma once

#include <tandem/contract.hpp>

#include <atomic>
#include <memory>

namespace tandem::planted {

enum class ring_bug { relaxed_publish, off_by_one_lap };

template <class T, ring_bug Bug>
class ring {
public:
    explicit ring(std::size_t capacity) : slots_(std::make_unique<entry[]>(capacity)), capacity_(capacity) {}

    status try_push(T v) {
        auto at = tail_.load(order::acquire);
        for (;;) {
            auto& e = slots_[at % capacity_];
            auto const turn = e.turn.load(order::acquire);
            if (free_for(turn, 2 * (at / capacity_))) {
                if (tail_.compare_exchange_weak(at, at + 1, order::seq_cst, order::acquire)) {
                    e.element.write(v);
                    e.turn.store(2 * (at / capacity_) + 1,
                                 Bug == ring_bug::relaxed_publish ? order::relaxed : order::release);
                    return status::success;
                }
            } else if (auto const now = tail_.load(order::acquire); now == at) {
                return head_.load(order::seq_cst) + capacity_ == at ? status::full : status::busy;
            } else {
                at = now;
            }
        }
    }

    result<T> try_pop() {
        auto at = head_.load(order::acquire);
        for (;;) {
            auto& e = slots_[at % capacity_];
            auto const turn = e.turn.load(order::acquire);
            if (turn == 2 * (at / capacity_) + 1) {
                if (head_.compare_exchange_weak(at, at + 1, order::seq_cst, order::acquire)) {
                    T const taken = e.element.read();
                    e.turn.store(2 * (at / capacity_) + 2, order::release);
                    return taken;
                }
            } else if (tail_.load(order::seq_cst) == at) {
                return status::empty;
            } else if (auto const now = head_.load(order::acquire); now == at) {
                return status::busy;
            } else {
                at = now;
            }
        }
    }

private:
    struct entry {
        atomic<std::uint64_t> turn{0}; // 2 * lap: free for that lap; 2 * lap + 1: holds its element
        cell<T> element;
    };

    static bool free_for(std::uint64_t turn, std::uint64_t wanted) {
        return Bug == ring_bug::off_by_one_lap ? turn + 1 >= wanted : turn == wanted;
    }

    std::unique_ptr<entry[]> slots_;
    std::uint64_t capacity_;
    atomic<std::uint64_t> head_{0}, tail_{0};
};

} // namespace tandem::planted
