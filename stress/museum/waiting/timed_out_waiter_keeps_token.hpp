#pragma once

// A waiter whose time is up goes without another look, though it may have been chosen already by somebody who then woke nobody else: the element stays
// behind, and with it the next in line. It has to try once more after it has left the list.
// The queue, a box of tokens, stands in ../../model/planted_channel_bugs.hpp.

#include "../../model/planted_channel_bugs.hpp"
#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class timed_out_waiter_keeps_token : public scenario_of<3> {
public:
    static constexpr label is{"waiting", "timed_out_waiter_keeps_token", "waits with a deadline that give up after they were chosen", "DEADLOCK"};

    void thread(unsigned t) override {
        if (t == 0) {
            box_.send();
        } else if (t == 1) {
            box_.receive();
        } else if (box_.receive_until(clock::now() + std::chrono::microseconds(50)) == status::success) {
            box_.send();
        }
    }

private:
    using slip = model::planted::slip;
    model::planted::box<repaired ? slip::none : slip::over_before_last_attempt> box_;
};

} // namespace tandem::museum
