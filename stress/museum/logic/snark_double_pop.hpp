#pragma once

// Snark (Detlefs and others, 2000): a deque whose every operation exchanges two pointers at once. It was proved correct; then a popped element turned
// out to come a second time, from the other end (Doherty and others, "DCAS is not a silver bullet", 2004). Repaired as there: who pops
// takes the value by an exchange, and goes on when somebody else has it.

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class snark_double_pop : public scenario_of<3> {
public:
    static constexpr label is{"logic", "snark_double_pop", "Snark (2000), Doherty and others (2004)", "USER ASSERT FAILED"};

    void before() override {
        push(1);
        push(2);
    }
    void thread(unsigned t) override {
        if (t == 2) {
            push(3);
        }
        pop(t == 1 ? left : right);
        if (t == 1) {
            pop(left);
        }
    }

private:
    // All pointers in one word, so that two can be exchanged at once: the hats, which are the first and the last node, and two of each node. The
    // node 0 is a dummy; one that points to itself is out.
    using number = std::uint64_t;
    static constexpr number left = 0, right = 1;
    static constexpr number of(number node, number side) { return 2 + 2 * node + side; }
    static number in(number all, number p) { return all >> 4 * p & 15; }

    number read(number p) const { return in(pointers_.load(order::seq_cst), p); }
    bool exchange(number p, number p_was, number p_is, number q, number q_was, number q_is) {
        auto all = pointers_.load(order::seq_cst);
        while (in(all, p) == p_was && in(all, q) == q_was) {
            auto const changed = all ^ (p_was ^ p_is) << 4 * p ^ (q_was ^ q_is) << 4 * q;
            if (pointers_.compare_exchange_strong(all, changed, order::seq_cst, order::seq_cst)) {
                return true;
            }
        }
        return false;
    }
    void write(number p, number to) { // two pointers, of which one stays
        while (!exchange(p, read(p), to, of(0, left), 0, 0)) {
        }
    }
    void push(number n) { // on the right
        for (;;) {
            auto const hat = read(right), beyond = read(of(hat, right)), other = read(left);
            bool const empty = beyond == hat;
            write(of(n, left), empty ? 0 : hat);
            if (empty ? exchange(right, hat, n, left, other, n) : exchange(right, hat, n, of(hat, right), beyond, n)) {
                return;
            }
        }
    }
    void pop(number side) {
        for (;;) {
            auto const hat = read(side), other = read(1 - side);
            if (read(of(hat, side)) == hat) {
                return; // empty
            }
            auto const inward = of(hat, 1 - side), next = read(inward);
            if (hat == other ? exchange(side, hat, 0, 1 - side, other, 0) : exchange(side, hat, next, inward, next, hat)) {
                auto const before = repaired ? values_[hat].exchange(0, order::seq_cst) : values_[hat].load(order::seq_cst);
                if (before != 0) { // else another has it
                    require(popped_[hat].fetch_add(1, order::seq_cst) == 0, "an element was popped twice");
                    write(of(hat, side), 0);
                    values_[hat].store(0, order::seq_cst);
                    return;
                }
            }
        }
    }

    atomic<number> pointers_{0};
    std::array<atomic<int>, 4> values_{0, 1, 2, 3}, popped_{};
};

} // namespace tandem::museum
