#pragma once

// A release store, then a relaxed store by the same thread: until C++17 whoever acquires the second had acquired the first, since C++20
// only read-modify-writes continue a release sequence (P0982). Code that was right has a race now.

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class release_sequence_store : public scenario_of<2> {
public:
    static constexpr label is{"order", "release_sequence_store", "C++20 against C++17, P0982", "DATA RACE", relacy::differs};

    void thread(unsigned t) override {
        if (t == 0) {
            data_.write(1);
            stage_.store(1, order::release);
            if constexpr (repaired) {
                stage_.fetch_add(1, order::relaxed);
            } else {
                stage_.store(2, order::relaxed);
            }
        } else if (stage_.load(order::acquire) == 2) {
            require(data_.read() == 1, "the second stage, without the data of the first");
        }
    }

private:
    cell<int> data_{0};
    atomic<int> stage_{0};
};

} // namespace tandem::museum
