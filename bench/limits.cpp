#include "limits.hpp"
#include "catalogue.hpp"
#include "team.hpp"
#include "wait_loop.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace tandem::bench {
namespace {

using clock = std::chrono::steady_clock;

double nanoseconds_since(clock::time_point begin) {
    return std::chrono::duration<double, std::nano>(clock::now() - begin).count();
}

// One thread does s.items times the same.
template <class Operation>
sample alone(setup const& s, Operation operation) {
    return run_team(s.cores, [&](int) {
        for (auto left = s.items; left != 0; --left) {
            operation();
        }
    });
}

sample locked_instruction(setup const& s) {
    apart<std::atomic<std::uint64_t>> word{0};
    return alone(s, [&] { word.it.fetch_add(1); });
}

sample pause_instruction(setup const& s) {
    return alone(s, [] { pause_once(); });
}

sample yield(setup const& s) {
    return alone(s, [] { ::sched_yield(); });
}

using futex_word = std::atomic<std::uint32_t>;

void futex_wait(futex_word& word) {
    while (::syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, nullptr) != 0) {
    }
}
// How many were woken.
long futex_wake(futex_word& word) {
    return ::syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1);
}

sample wake_nobody(setup const& s) {
    apart<futex_word> word{0};
    return alone(s, [&] { futex_wake(word.it); });
}

// The word counts: even values are thread 0's turn, odd ones thread 1's.
sample line_round_trip(setup const& s) {
    apart<std::atomic<std::uint64_t>> place{0};
    auto& turn = place.it;
    return run_team(s.cores, [&](int i) {
        for (std::uint64_t trip = 0; trip != s.items; ++trip) {
            auto const mine = 2 * trip + static_cast<std::uint64_t>(i);
            while (turn.load(std::memory_order_acquire) != mine) {
            }
            turn.store(mine + 1, std::memory_order_release);
        }
    });
}

// Each thread sleeps on its own word, and is woken only once it sleeps.
sample futex_round_trip(setup const& s) {
    apart<futex_word> place[2]{};
    auto const wake = [&](int i) {
        while (futex_wake(place[i].it) == 0) {
            ::sched_yield();
        }
    };
    return run_team(s.cores, [&](int i) {
        for (auto left = s.items; left != 0; --left) {
            if (i == 0) {
                wake(1);
                futex_wait(place[0].it);
            } else {
                futex_wait(place[1].it);
                wake(0);
            }
        }
    });
}

// An item is a megabyte, from memory that no cache holds.
sample copy_megabyte(setup const& s) {
    constexpr std::size_t megabyte = 1'000'000;
    constexpr std::size_t blocks = 64;
    static std::vector<char> const from(blocks * megabyte, 'x');
    static std::vector<char> to(blocks * megabyte);
    return run_team(s.cores, [&](int) {
        for (std::uint64_t i = 0; i != s.items; ++i) {
            auto const at = static_cast<std::ptrdiff_t>(i % blocks * megabyte);
            std::memcpy(to.data() + at, from.data() + at, megabyte);
        }
    });
}

} // namespace

int pauses_per_microsecond() {
    static int const pauses = [] {
        constexpr int batch = 1000;
        auto best = std::numeric_limits<double>::max();
        for (int i = 0; i != 20; ++i) {
            auto const begin = clock::now();
            pause_for(batch);
            best = std::min(best, nanoseconds_since(begin));
        }
        return std::clamp(static_cast<int>(1000 * batch / best), 1, 1000);
    }();
    return pauses;
}

double round_trip_ns(int one_core, int other_core) {
    constexpr std::uint32_t batches = 8;
    constexpr std::uint32_t trips = 100;
    std::vector<cpu_set_t> cores(2);
    CPU_ZERO(&cores[0]);
    CPU_SET(static_cast<std::size_t>(one_core), &cores[0]);
    CPU_ZERO(&cores[1]);
    CPU_SET(static_cast<std::size_t>(other_core), &cores[1]);

    apart<std::atomic<std::uint32_t>> place{0};
    auto& turn = place.it;
    auto best = std::numeric_limits<double>::max();
    run_team(cores, [&](int i) {
        auto begin = clock::now();
        for (std::uint32_t trip = 0; trip != batches * trips; ++trip) {
            auto const mine = 2 * trip + static_cast<std::uint32_t>(i);
            while (turn.load(std::memory_order_acquire) != mine) {
            }
            turn.store(mine + 1, std::memory_order_release);
            if (i == 0 && (trip + 1) % trips == 0) {
                best = std::min(best, nanoseconds_since(begin) / trips);
                begin = clock::now();
            }
        }
    });
    return best;
}

void offer_limits(catalogue& all) {
    auto const offer_limit = [&](char const* name, crowd made_for, bool crowded, char const* unit,
                                 sample (*run)(setup const&)) {
        all.offers.push_back(
            {"physical_limits", {name, "machine", "machine", ""}, made_for, "", "", crowded, unit, run});
    };
    offer_limit("locked instruction, uncontended", crowd::one_thread, true, "ns", locked_instruction);
    offer_limit("pause", crowd::one_thread, true, "ns", pause_instruction);
    offer_limit("sched_yield, nobody else ready", crowd::one_thread, true, "ns", yield);
    offer_limit("futex wake, nobody waits", crowd::one_thread, true, "ns", wake_nobody);
    offer_limit("memcpy", crowd::one_thread, true, "MB/s", copy_megabyte);
    offer_limit("cache line there and back", crowd::two_threads, false, "ns", line_round_trip);
    offer_limit("futex there and back", crowd::two_threads, true, "ns", futex_round_trip);
}

} // namespace tandem::bench
