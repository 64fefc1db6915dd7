#pragma once

// A sender notifies one receiver, and only when the queue was empty. A second element comes before the first receiver has woken: nobody is woken for it
// (Pulsar#8765, the other way round: senders waiting for room).
// The queue, a box of tokens, stands in ../../model/planted_channel_bugs.hpp.

#include "../../model/planted_channel_bugs.hpp"
#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class notify_when_empty : public scenario_of<3> {
public:
    static constexpr label is{"waiting", "notify_when_empty", "Pulsar's BlockingQueue, apache/pulsar#8765", "DEADLOCK"};

    void thread(unsigned t) override {
        if (t == 0) {
            box_.send();
            box_.send();
        } else {
            box_.receive();
        }
    }

private:
    using slip = model::planted::slip;
    model::planted::box<repaired ? slip::none : slip::notify_when_empty> box_;
};

} // namespace tandem::museum
