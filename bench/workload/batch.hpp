#pragma once

// batch: the stream in batches of s.batch. Who could pass on a part of a batch only waits before the next try.

#include "../patience.hpp"
#include "../sample.hpp"
#include "../team.hpp"
#include "checksum.hpp"

#include <algorithm>
#include <atomic>
#include <numeric>
#include <span>
#include <vector>

namespace tandem::bench {

// Queue: push_n(std::span<message>) and pop_n(std::span<message>) answer how many it was done for, from the first on.
template <class Queue, class Wait>
sample batch(setup const& s) {
    apart<Queue> place{Queue(s)};
    auto& queue = place.it;
    std::atomic<int> senders{s.producers};
    ledger seen(s);
    patience all(s.patience);

    auto const produce = [&](int i) {
        checksum mine;
        std::vector<message> ready(s.batch);
        auto const give = [&](std::span<message> rest) {
            patience::wait mine_to_lose(all);
            for (Wait wait(s);; wait()) {
                rest = rest.subspan(queue.push_n(rest));
                if (rest.empty() || mine_to_lose.too_long()) {
                    return rest.empty();
                }
            }
        };
        auto const [first, last] = messages_of(s, i);
        for (auto m = first; m != last;) {
            std::span const some(ready.data(), std::min<std::size_t>(s.batch, last - m));
            std::iota(some.begin(), some.end(), m);
            if (!give(some)) {
                break;
            }
            for (auto const end = m + some.size(); m != end; ++m) {
                mine.add(m);
            }
        }
        seen.write(i, mine);
        senders.fetch_sub(1, std::memory_order_release);
    };
    auto const consume = [&](int i) {
        checksum mine;
        std::vector<message> room(s.batch);
        auto const take = [&]() -> std::size_t {
            patience::wait mine_to_lose(all);
            for (Wait wait(s);; wait()) {
                if (auto const n = queue.pop_n(room); n != 0) {
                    return n;
                }
                // What a sender that has finished sent is there for the next look, or lost.
                if (senders.load(std::memory_order_acquire) == 0) {
                    return queue.pop_n(room);
                }
                if (mine_to_lose.too_long()) {
                    return 0;
                }
            }
        };
        while (auto const n = take()) {
            for (auto const m : std::span(room).first(n)) {
                mine.add(m);
            }
        }
        seen.write(i, mine);
    };

    auto result = run_team(s.cores, [&](int i) { i < s.producers ? produce(i) : consume(i); });
    result.stuck = all.lost();
    result.intact = result.stuck || seen.balanced();
    return result;
}

} // namespace tandem::bench
