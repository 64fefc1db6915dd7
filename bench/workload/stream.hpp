#pragma once

// stream: producers send numbered messages as fast as the queue takes them, consumers take until
// all producers have finished and nothing is left. Everything received is summed up and
// compared with what was sent.

#include "../patience.hpp"
#include "../sample.hpp"
#include "../team.hpp"

#include <atomic>
#include <cstdint>
#include <vector>

namespace tandem::bench {

// Equal when the same messages were seen, in whatever order.
struct checksum {
    std::uint64_t count = 0, sum = 0, squares = 0;

    void add(message m) {
        ++count;
        sum += m;
        squares += m * m;
    }
    void add(checksum const& other) {
        count += other.count;
        sum += other.sum;
        squares += other.squares;
    }
    bool operator==(checksum const&) const = default;
};

// Share i of n equal shares; the first ones take what does not divide.
inline std::uint64_t share(std::uint64_t whole, int i, int n) {
    auto const parts = static_cast<std::uint64_t>(n);
    return whole / parts + (static_cast<std::uint64_t>(i) < whole % parts ? 1 : 0);
}

// Queue: push(message) and pop(message&) answer whether it was done; or, with Queue::waits, they wait until it is.
template <class Queue, class Wait>
sample stream(setup const& s) {
    apart<Queue> place{Queue(s)};
    auto& queue = place.it;
    std::atomic<int> senders{s.producers};
    std::vector<checksum> sent(s.cores.size()), received(s.cores.size());
    patience all(s.patience);

    auto const produce = [&](int i) {
        checksum mine;
        auto const first = static_cast<message>(i) << 40;
        auto const last = first + share(s.items, i, s.producers);
        auto const give = [&](message m) {
            patience::wait mine_to_lose(all);
            for (Wait wait(s); !queue.push(m); wait()) {
                if (mine_to_lose.too_long()) {
                    return false;
                }
            }
            return true;
        };
        for (auto m = first; m != last && give(m); ++m) {
            mine.add(m);
        }
        sent[static_cast<std::size_t>(i)] = mine;
        senders.fetch_sub(1, std::memory_order_release);
    };
    auto const consume = [&](int i) {
        checksum mine;
        message m = 0;
        if constexpr (Queue::waits) {
            for (auto left = share(s.items, i, s.consumers); left != 0; --left) {
                queue.pop(m);
                mine.add(m);
            }
        } else {
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
        }
        received[static_cast<std::size_t>(s.producers + i)] = mine;
    };

    auto result = run_team(s.cores, [&](int i) { i < s.producers ? produce(i) : consume(i - s.producers); });
    checksum all_sent, all_received;
    for (std::size_t i = 0; i != s.cores.size(); ++i) {
        all_sent.add(sent[i]);
        all_received.add(received[i]);
    }
    result.stuck = all.lost();
    result.intact = result.stuck || all_sent == all_received;
    return result;
}

} // namespace tandem::bench
