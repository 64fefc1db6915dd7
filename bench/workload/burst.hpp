#pragma once

// burst: as many messages as the channel holds, sent at once to a receiver that sleeps because nothing came for a while; timed from
// before the first is sent until the last is received. Only that time counts, not what passes until the receiver sleeps again.

#include "../patience.hpp"
#include "../sample.hpp"
#include "../team.hpp"
#include "checksum.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

namespace tandem::bench {

// Whether the kernel says that this thread of ours sleeps.
class sleep_watch {
public:
    explicit sleep_watch(int thread)
        : file_(::open(("/proc/self/task/" + std::to_string(thread) + "/stat").c_str(), O_RDONLY | O_CLOEXEC)) {}
    sleep_watch(sleep_watch const&) = delete;
    sleep_watch& operator=(sleep_watch const&) = delete;
    ~sleep_watch() { ::close(file_); }

    // The state is the letter behind the name in parentheses.
    bool asleep() const {
        char text[128];
        auto const n = ::pread(file_, text, sizeof text, 0);
        auto const line = std::string_view(text, n > 0 ? static_cast<std::size_t>(n) : 0);
        auto const end_of_name = line.rfind(')');
        return end_of_name != line.npos && line.substr(end_of_name + 2, 1) == "S";
    }

private:
    int const file_;
};

template <class Channel>
sample burst(setup const& s) {
    using clock = std::chrono::steady_clock;
    apart<Channel> place{Channel(s)};
    auto senders = place.it.senders();
    auto receivers = place.it.receivers();
    std::atomic<int> receiving_thread{0};
    apart<std::atomic<std::uint64_t>> drained_place{0};
    auto& drained = drained_place.it; // how many messages, written at the end of each burst
    clock::time_point drained_at;
    ledger seen(s);
    patience all(s.patience);
    histogram bursts;
    clock::duration counted{};

    auto const produce = [&] {
        auto const tx = std::move(senders[0]);
        while (receiving_thread.load(std::memory_order_acquire) == 0) {
            ::sched_yield();
        }
        sleep_watch const receiver(receiving_thread.load(std::memory_order_relaxed));
        auto const wait_until = [&](auto const& done) {
            patience::wait mine_to_lose(all);
            while (!done()) {
                if (mine_to_lose.too_long()) {
                    return false;
                }
                ::sched_yield();
            }
            return true;
        };
        checksum mine;
        for (message m = 0; m != s.items;) {
            auto const end = std::min<message>(s.items, m + s.capacity);
            if (Channel::sleeps && !wait_until([&] { return receiver.asleep(); })) {
                break;
            }
            auto const begin = clock::now();
            for (; m != end; ++m) {
                tx.send(m);
                mine.add(m);
            }
            if (!wait_until([&] { return drained.load(std::memory_order_acquire) == end; })) {
                break;
            }
            auto const took = drained_at - begin;
            counted += took;
            bursts.record(static_cast<std::uint64_t>(std::chrono::nanoseconds(took).count()));
        }
        seen.write(0, mine);
    };
    auto const consume = [&] {
        auto rx = std::move(receivers[0]);
        receiving_thread.store(::gettid(), std::memory_order_release);
        checksum mine;
        for (message m = 0; rx.receive(m);) {
            mine.add(m);
            if (mine.count % s.capacity == 0 || mine.count == s.items) {
                drained_at = clock::now();
                drained.store(mine.count, std::memory_order_release);
            }
        }
        seen.write(1, mine);
    };
    auto result = run_team(s.cores, [&](int i) { i == 0 ? produce() : consume(); });
    result.counted = std::chrono::duration<double>(counted).count();
    result.stuck = all.lost();
    result.intact = result.stuck || seen.balanced();
    result.latency = std::move(bursts);
    return result;
}

} // namespace tandem::bench
