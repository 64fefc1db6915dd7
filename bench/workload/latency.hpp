#pragma once

// latency: one message goes back and forth between two threads over two queues. Every round trip
// is timed; the next one starts when it has ended, so none can be left out.

#include "../patience.hpp"
#include "../sample.hpp"
#include "../team.hpp"

#include <chrono>
#include <cstdint>

namespace tandem::bench {

template <class Queue, class Wait>
sample latency(setup const& s) {
    apart<Queue> one_way{Queue(s)}, other_way{Queue(s)};
    auto& there = one_way.it;
    auto& back = other_way.it;
    patience all(s.patience);
    auto const keep_trying = [&](auto const& attempt) {
        patience::wait mine_to_lose(all);
        for (Wait wait(s); !attempt(); wait()) {
            if (mine_to_lose.too_long()) {
                return false;
            }
        }
        return true;
    };
    auto const send = [&](auto& queue, message m) { return keep_trying([&] { return queue.push(m); }); };
    auto const receive = [&](auto& queue, message& m) { return keep_trying([&] { return queue.pop(m); }); };

    histogram trips;
    bool intact = true;
    auto const ping = [&] {
        using clock = std::chrono::steady_clock;
        auto before = clock::now();
        message answer = 0;
        for (message m = 0; m != s.items && send(there, m) && receive(back, answer); ++m) {
            intact &= answer == m;
            auto const now = clock::now();
            trips.record(static_cast<std::uint64_t>(std::chrono::nanoseconds(now - before).count()));
            before = now;
        }
    };
    auto const pong = [&] {
        message m = 0;
        for (auto left = s.items; left != 0 && receive(there, m) && send(back, m); --left) {
        }
    };

    auto result = run_team(s.cores, [&](int i) { i == 0 ? ping() : pong(); });
    result.stuck = all.lost();
    result.intact = intact;
    result.latency = std::move(trips);
    return result;
}

} // namespace tandem::bench
