#pragma once

// What a thread does between two attempts that failed. One object lives as long as one wait.

#include "limits.hpp"
#include "sample.hpp"

#include <sched.h>

namespace tandem::bench {

inline void pause_once() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ __volatile__("isb" ::: "memory");
#endif
}

inline void pause_for(int steps) {
    for (int i = 0; i != steps; ++i) {
        pause_once();
    }
}

// The same for every implementation: about a microsecond away from the contended line, another
// attempt, then the processor for somebody else. On one core 8 pauses, then the processor.
class pause_then_yield {
public:
    static constexpr char const* name = "pause 1 us, retry, yield";

    explicit pause_then_yield(setup const& s) : one_core_(s.one_core) {}
    void operator()() {
        if (one_core_) {
            pause_for(8);
            ::sched_yield();
        } else if (yield_next_) {
            ::sched_yield();
        } else {
            pause_for(pauses_per_microsecond());
        }
        yield_next_ = !yield_next_;
    }

private:
    bool const one_core_;
    bool yield_next_ = false;
};

// For round trips, where a microsecond would be all that is measured.
class pause_and_look {
public:
    static constexpr char const* name = "pause, retry; yield on one core";

    explicit pause_and_look(setup const& s) : one_core_(s.one_core) {}
    void operator()() {
        if (one_core_ || ++looks_ % 1024 == 0) {
            ::sched_yield();
        } else {
            pause_once();
        }
    }

private:
    bool const one_core_;
    unsigned looks_ = 0;
};

// What the examples of most queues show.
class retry_at_once {
public:
    explicit retry_at_once(setup const&) {}
    void operator()() {}
};

} // namespace tandem::bench
