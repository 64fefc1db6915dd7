#pragma once

// A block of a queue goes back to the free list when all its elements have been taken out; who takes the last one out counts with release
// only, and so does not know what the others did with theirs (cameron314/concurrentqueue#404, found by ThreadSanitizer).

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class last_one_out_release : public scenario_of<2> {
public:
    static constexpr label is{"order", "last_one_out_release", "moodycamel::ConcurrentQueue, cameron314/concurrentqueue#404",
                              "DATA RACE"};

    void before() override {
        for (auto& one : elements_) {
            one.construct(1);
        }
    }
    void thread(unsigned t) override {
        require(elements_[t].take() == 1, "not what was in the block");
        if (taken_.fetch_add(1, either(repaired, order::acq_rel, order::release)) == 1) {
            for (auto& one : elements_) { // the block is used again
                one.construct(2);
            }
        }
    }
    void after() override {
        for (auto& one : elements_) {
            one.destroy();
        }
    }

private:
    std::array<slot<int>, 2> elements_;
    atomic<int> taken_{0};
};

} // namespace tandem::museum
