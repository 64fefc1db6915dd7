#pragma once

// A release store, then relaxed read-modify-writes of two other threads: they pass on what the store released, so whoever acquires the last
// of them may read the data, though neither of the two may.

#include "../museum.hpp"

namespace tandem::museum {

class update_chain : public scenario_of<4> {
public:
    static constexpr label is{"correct", "update_chain", "release sequences of read-modify-writes, C++11 to C++20", ""};

    void thread(unsigned t) override {
        if (t == 0) {
            data_.write(1);
            word_.store(1, order::release);
        } else if (t != 3) {
            word_.fetch_add(2, order::relaxed);
        } else if (auto const seen = word_.load(order::acquire); seen % 2 == 1) {
            require(data_.read() == 1, "a read-modify-write broke the release sequence");
        }
    }

private:
    cell<int> data_{0};
    atomic<int> word_{0}; // odd: the data is there, unless an addition came first and was overwritten
};

} // namespace tandem::museum
