#pragma once

// Snark (Detlefs and others, 2000): a deque whose every operation exchanges two pointers at once. It was proved correct; then a popped element turned
// out to come a second time, from the other end (Doherty and others, "DCAS is not a silver bullet", 2004). Repaired as there: who pops
// takes the value by an exchange, and goes on when somebody else has it.

#include "../two_at_once.hpp"

namespace tandem::museum {

template <bool repaired>
class snark_double_pop : public scenario_of<3> {
public:
    static constexpr label is{"logic", "snark_double_pop", "Snark (2000), Doherty and others (2004)", "USER ASSERT FAILED"};

    void before() override { push(1), push(2); }
    void thread(unsigned t) override {
        t == 0 ? void() : t == 1 ? pop(left) : push(3);
        pop(t == 1 ? left : right);
    }

private:
    using number = two_at_once::number;
    static constexpr number left = 0, right = 1; // the hats: the first node and the last. The node 0 is a dummy; one that points to itself is out
    static constexpr number of(number node, number side) { return 2 + 2 * node + side; }

    void push(number n) { // on the right
        for (bool done = false; !done;) {
            auto const hat = pointers_.read(right), beyond = pointers_.read(of(hat, right)), other = pointers_.read(left);
            bool const empty = beyond == hat;
            pointers_.write(of(n, left), empty ? 0 : hat);
            done = pointers_.exchange({right, hat, n}, empty ? two_at_once::change{left, other, n} : two_at_once::change{of(hat, right), beyond, n});
        }
    }
    void pop(number side) {
        for (;;) {
            auto const hat = pointers_.read(side), other = pointers_.read(1 - side);
            if (pointers_.read(of(hat, side)) == hat) {
                return; // empty
            }
            auto const inward = of(hat, 1 - side), next = pointers_.read(inward);
            if (hat == other ? pointers_.exchange({side, hat, 0}, {1 - side, hat, 0}) : pointers_.exchange({side, hat, next}, {inward, next, hat})) {
                if (repaired ? values_[hat].exchange(0, order::seq_cst) != 0 : values_[hat].load(order::seq_cst) != 0) {
                    require(popped_[hat].fetch_add(1, order::seq_cst) == 0, "an element was popped twice");
                    pointers_.write(of(hat, side), 0);
                    return values_[hat].store(0, order::seq_cst);
                }
            }
        }
    }

    two_at_once pointers_;
    std::array<atomic<int>, 4> values_{0, 1, 2, 3}, popped_{};
};

} // namespace tandem::museum
