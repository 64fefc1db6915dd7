#pragma once

// fiber: a thread of an execution. Only the execution's own sources know what it consists of.

#include <tandem/stress/explore/execution.hpp>
#include <tandem/stress/explore/fiber_stack.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <functional>
#include <limits>
#include <vector>

namespace tandem::explore {

// What the C++ runtime keeps of exceptions for each thread, and so for each fiber.
struct execution::exceptions {
    void* caught = nullptr;
    unsigned uncaught = 0;

    void exchange_with(void* current) noexcept {
        auto const mine = *this;
        std::memcpy(static_cast<void*>(this), current, sizeof *this);
        std::memcpy(current, static_cast<void const*>(&mine), sizeof mine);
    }
};

// Its stack lasts; what runs on it begins anew in every execution, and is left where it stands when the execution is.
struct execution::fiber {
    static constexpr auto any_number = std::numeric_limits<std::uint64_t>::max();

    fiber(thread n, step& pending) : number(n), next(pending) {}

    thread number;
    step& next;
    std::function<void()> const* body = nullptr;
    value answer = 0;
    bool failed = false;
    bool over = true;
    bool parked = false;
    bool woken = false;     // it was parked, and goes on
    bool paused = false;    // until another has taken a step
    bool stopped = false;   // for good
    int newest_only = 0;    // loads: after a pause one looks at what has happened meanwhile
    struct look {
        location where;
        unsigned line;
        value seen;
        int times;
    };
    std::vector<look> looks{}; // since it last changed anything
    struct old_look {
        location where;
        int times;
    };
    std::vector<old_look> old_looks{}; // in a row, at each variable
    bool looped = false;       // it has seen the same too often
    bool saw_more = false;     // than before its last pause
    bool wants_news = false;   // while it is paused
    void (*begins)(void*) = nullptr; // a call, with its next step; none: none does
    void* what_begins = nullptr;
    bool returned = false;               // from a call, since its last step
    int calls = 0;                       // that are marked, one in another
    std::uint64_t may_take = any_number; // own steps, until the outermost has returned
    exceptions thrown{}; // unless its thread has its own
    thread_locals locals{};
    void* at = nullptr;     // where it goes on
    void* caller = nullptr; // and where whoever resumed it does
    fiber_stack stack{};

    int times_old(location l) const noexcept {
        auto const known = std::ranges::find(old_looks, l, &old_look::where);
        return known == old_looks.end() ? 0 : known->times;
    }
    void looked_at(location l, bool old) {
        auto const known = std::ranges::find(old_looks, l, &old_look::where);
        if (known != old_looks.end()) {
            known->times = old ? known->times + 1 : 0;
        } else if (old) {
            old_looks.push_back({l, 1});
        }
    }
    void changes() noexcept {
        looks.clear();
        looped = false;
        saw_more = true;
    }
    void yield(); // back to the explorer
};

} // namespace tandem::explore
