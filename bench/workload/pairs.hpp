#pragma once

// pairs: one thread pushes one message and pops it again; what a queue costs when nobody else uses it.

#include "../sample.hpp"
#include "../team.hpp"

namespace tandem::bench {

template <class Queue>
sample pairs(setup const& s) {
    apart<Queue> place{Queue(s)};
    auto& queue = place.it;
    bool intact = true;
    auto result = run_team(s.cores, [&](int) {
        for (message sent = 0; sent != s.items; ++sent) {
            message received = ~sent;
            intact &= queue.push(sent) && queue.pop(received) && received == sent;
        }
    });
    result.intact = intact;
    return result;
}

} // namespace tandem::bench
