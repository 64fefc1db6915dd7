#pragma once

// A consumer is through when the queue is empty and closed. It looked whether it is empty, and then whether it is closed; a producer pushed its last
// element and closed in between, and the element stays behind (seqan3#2276).

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class closed_before_empty : public scenario_of<2> {
public:
    static constexpr label is{"waiting", "closed_before_empty", "seqan3's buffer_queue, seqan/seqan3#2276", "USER ASSERT FAILED"};

    void thread(unsigned t) override {
        if (t == 0) {
            pushed_.store(1, order::release);
            closed_.store(true, order::release);
        } else {
            while (pop() || !through()) {
                yield();
            }
        }
    }
    void after() override { require(popped_ == 1, "an element stayed behind"); }

private:
    bool pop() {
        if (popped_ == pushed_.load(order::acquire)) {
            return false;
        }
        ++popped_;
        return true;
    }
    bool through() { return closed_.load(order::acquire) && (!repaired || !pop()); }

    atomic<int> pushed_{0};
    atomic<bool> closed_{false};
    int popped_ = 0; // the consumer's
};

} // namespace tandem::museum
