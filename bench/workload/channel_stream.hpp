#pragma once

// channel_stream: the stream through something that waits by itself. Consumers receive until they are told that
// nothing more comes.

#include "../sample.hpp"
#include "../team.hpp"
#include "checksum.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

namespace tandem::bench {

// Channel: see channels.hpp.
template <class Channel>
sample channel_stream(setup const& s) {
    apart<Channel> place{Channel(s)};
    auto senders = place.it.senders();
    auto receivers = place.it.receivers();
    ledger seen(s);

    auto const produce = [&](int i) {
        auto const tx =
            std::move(senders[static_cast<std::size_t>(i)]); // the end of the last one says that nothing more comes
        checksum mine;
        auto const [first, last] = messages_of(s, i);
        for (auto m = first; m != last; ++m) {
            tx.send(m);
            mine.add(m);
        }
        seen.write(i, mine);
    };
    auto const consume = [&](int i) {
        auto rx = std::move(receivers[static_cast<std::size_t>(i - s.producers)]);
        checksum mine;
        for (message m = 0; rx.receive(m);) {
            mine.add(m);
        }
        seen.write(i, mine);
    };
    auto result = run_team(s.cores, [&](int i) { i < s.producers ? produce(i) : consume(i); });
    result.intact = seen.balanced();
    return result;
}

// In batches of s.batch. The ends have send_many(std::span<message>), which sends all, and receive_many(std::span<message>),
// which waits for one and answers how many it took; 0: nothing more comes.
template <class Channel>
sample channel_batch(setup const& s) {
    apart<Channel> place{Channel(s)};
    auto senders = place.it.senders();
    auto receivers = place.it.receivers();
    ledger seen(s);

    auto const produce = [&](int i) {
        auto const tx = std::move(senders[static_cast<std::size_t>(i)]);
        checksum mine;
        std::vector<message> ready(s.batch);
        auto const [first, last] = messages_of(s, i);
        for (auto m = first; m != last;) {
            std::span const some(ready.data(), std::min<std::size_t>(s.batch, last - m));
            std::iota(some.begin(), some.end(), m);
            tx.send_many(some);
            for (auto const end = m + some.size(); m != end; ++m) {
                mine.add(m);
            }
        }
        seen.write(i, mine);
    };
    auto const consume = [&](int i) {
        auto rx = std::move(receivers[static_cast<std::size_t>(i - s.producers)]);
        checksum mine;
        std::vector<message> room(s.batch);
        while (auto const n = rx.receive_many(room)) {
            for (auto const m : std::span(room).first(n)) {
                mine.add(m);
            }
        }
        seen.write(i, mine);
    };
    auto result = run_team(s.cores, [&](int i) { i < s.producers ? produce(i) : consume(i); });
    result.intact = seen.balanced();
    return result;
}

} // namespace tandem::bench
