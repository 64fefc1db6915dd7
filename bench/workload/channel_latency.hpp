#pragma once

// channel_latency: the round trip of latency.hpp through two channels that wait by themselves.

#include "../sample.hpp"
#include "../team.hpp"

#include <chrono>
#include <cstdint>
#include <utility>

namespace tandem::bench {

template <class Channel>
sample channel_latency(setup const& s) {
    apart<Channel> one_way{Channel(s)}, other_way{Channel(s)};
    auto there = std::pair(std::move(one_way.it.senders()[0]), std::move(one_way.it.receivers()[0]));
    auto back = std::pair(std::move(other_way.it.senders()[0]), std::move(other_way.it.receivers()[0]));

    histogram trips;
    bool intact = true;
    auto const ping = [&] {
        using clock = std::chrono::steady_clock;
        auto const tx = std::move(there.first);
        auto rx = std::move(back.second);
        auto before = clock::now();
        for (message m = 0; m != s.items; ++m) {
            message answer = ~m;
            tx.send(m);
            intact &= rx.receive(answer) && answer == m;
            auto const now = clock::now();
            trips.record(static_cast<std::uint64_t>(std::chrono::nanoseconds(now - before).count()));
            before = now;
        }
    };
    auto const pong = [&] {
        auto rx = std::move(there.second);
        auto const tx = std::move(back.first);
        for (message m = 0; rx.receive(m);) {
            tx.send(m);
        }
    };
    auto result = run_team(s.cores, [&](int i) { i == 0 ? ping() : pong(); });
    result.intact = intact;
    result.latency = std::move(trips);
    return result;
}

} // namespace tandem::bench
