#include <tandem/stress/engine/clock.hpp>
#include <tandem/stress/engine/processors.hpp>

#include <algorithm>
#include <atomic>
#include <limits>
#include <thread>
#include <vector>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace tandem::stress {

bool detail::counter_is_steady() {
#if TANDEM_PORTABLE
    return false;
#elif defined(__x86_64__)
    unsigned a = 0, b = 0, c = 0, d = 0;
    bool const invariant = __get_cpuid(0x80000007, &a, &b, &c, &d) != 0 && (d & (1U << 8)) != 0;
    bool const rdtscp = __get_cpuid(0x80000001, &a, &b, &c, &d) != 0 && (d & (1U << 27)) != 0;
    return invariant && rdtscp;
#elif defined(__aarch64__)
    return true;
#else
    return false;
#endif
}

char const* clock_name() {
    return detail::use_counter ? "processor counter" : "steady_clock";
}

std::uint64_t ticks(std::chrono::nanoseconds time) {
    static double const per_nanosecond = [] {
        auto const from = stamp_before();
        auto const start = std::chrono::steady_clock::now();
        while (std::chrono::steady_clock::now() - start < std::chrono::milliseconds(2)) {
        }
        std::chrono::duration<double, std::nano> const passed = std::chrono::steady_clock::now() - start;
        return static_cast<double>(stamp_after() - from) / passed.count();
    }();
    return static_cast<std::uint64_t>(static_cast<double>(time.count()) * per_nanosecond);
}

namespace {

using signed_ticks = std::int64_t;

// The least time from sending to receiving, both ways, between a thread on each of two processors.
struct latencies {
    signed_ticks there = std::numeric_limits<signed_ticks>::max();
    signed_ticks back = std::numeric_limits<signed_ticks>::max();
};

class mailbox {
public:
    void send() { sent_.store(stamp_before(), std::memory_order::release); }
    signed_ticks receive() {
        std::uint64_t sent;
        while ((sent = sent_.load(std::memory_order::acquire)) == last_) {
            std::this_thread::yield();
        }
        last_ = sent;
        return static_cast<signed_ticks>(stamp_after() - sent);
    }

private:
    alignas(128) std::atomic<std::uint64_t> sent_{0};
    alignas(128) std::uint64_t last_ = 0;
};

latencies measure(int a, int b) {
    constexpr int round_trips = 200;
    mailbox to, from;
    latencies least;
    std::thread echo([&] {
        pin_to(b);
        for (int i = 0; i != round_trips; ++i) {
            least.there = std::min(least.there, to.receive());
            from.send();
        }
    });
    std::thread caller([&] {
        pin_to(a);
        for (int i = 0; i != round_trips; ++i) {
            to.send();
            least.back = std::min(least.back, from.receive());
        }
    });
    echo.join();
    caller.join();
    return least;
}

// What a message costs that goes nowhere: the stamps and the instructions between them.
signed_ticks overhead() {
    auto least = std::numeric_limits<signed_ticks>::max();
    mailbox self;
    for (int i = 0; i != 1000; ++i) {
        self.send();
        least = std::min(least, self.receive());
    }
    return least;
}

std::uint64_t measure_skew() {
    auto const& processors = allowed_processors();
    auto const cost = overhead();
    signed_ticks worst = 0, second = 0; // against the first processor; two others may err in opposite directions
    for (std::size_t i = 1; i < processors.size(); ++i) {
        auto const least = measure(processors.front(), processors[i]);
        auto early = std::max({signed_ticks{0}, cost - least.there, cost - least.back});
        if (early > worst) {
            std::swap(early, worst);
        }
        second = std::max(second, early);
    }
    return static_cast<std::uint64_t>(worst + second);
}

} // namespace

std::uint64_t skew() {
    static std::uint64_t const measured = measure_skew();
    return measured;
}

} // namespace tandem::stress
