#pragma once

// A waiter of crossbeam's blocking queue sleeps until its flag is up, then takes what was handed to it. The flag was relaxed, in the belief
// that park and unpark order what is around them; but park may return for no reason, and then nothing does (crossbeam#97).

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class ready_relaxed : public scenario_of<2> {
public:
    static constexpr label is{"order", "ready_relaxed", "crossbeam MsQueue, crossbeam-rs/crossbeam#97", "DATA RACE|ACCESS TO UNINITIALIZED"};

    void thread(unsigned t) override {
        if (t == 0) {
            handed_.construct(1);
            ready_.store(1, either(repaired, order::release, order::relaxed));
            unpark_one(ready_);
        } else {
            while (ready_.load(either(repaired, order::acquire, order::relaxed)) == 0) {
                park(ready_, 0);
            }
            require(handed_.take() == 1, "not what was handed over");
        }
    }

private:
    slot<int> handed_;
    atomic<std::uint32_t> ready_{0};
};

} // namespace tandem::museum
