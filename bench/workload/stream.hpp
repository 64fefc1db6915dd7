#pragma once

// stream: producers send numbered messages as fast as the queue takes them, consumers take until
// all producers have finished and nothing is left. Everything received is summed up and
// compared with what was sent.

#include "../patience.hpp"
#include "../sample.hpp"
#include "../team.hpp"
#include "checksum.hpp"

#include <atomic>

namespace tandem::bench {

// Queue: push(message) and pop(message&) answer whether it was done.
template <class Queue, class Wait>
sample stream(setup const& s) {
    apart<Queue> place{Queue(s)};
    auto& queue = place.it;
    std::atomic<int> senders{s.producers};
    ledger seen(s);
    patience all(s.patience);

    auto const produce = [&](int i) {
        checksum mine;
        auto const give = [&](message m) {
            patience::wait mine_to_lose(all);
            for (Wait wait(s); !queue.push(m); wait()) {
                if (mine_to_lose.too_long()) {
                    return false;
                }
            }
            return true;
        };
        auto const [first, last] = messages_of(s, i);
        for (auto m = first; m != last && give(m); ++m) {
            mine.add(m);
        }
        seen.write(i, mine);
        senders.fetch_sub(1, std::memory_order_release);
    };
    auto const consume = [&](int i) {
        checksum mine;
        message m = 0;
        auto const take = [&] {
            patience::wait mine_to_lose(all);
            for (Wait wait(s); !queue.pop(m); wait()) {
                // What a sender that has finished sent is there for the next look, or lost.
                if (senders.load(std::memory_order_acquire) == 0) {
                    return queue.pop(m);
                }
                if (mine_to_lose.too_long()) {
                    return false;
                }
            }
            return true;
        };
        while (take()) {
            mine.add(m);
        }
        seen.write(i, mine);
    };

    auto result = run_team(s.cores, [&](int i) { i < s.producers ? produce(i) : consume(i); });
    result.stuck = all.lost();
    result.intact = result.stuck || seen.balanced();
    return result;
}

} // namespace tandem::bench
