#pragma once

// What a scenario is: a class whose object lives for one execution. Its constructor and before() run alone,
// then thread(0), thread(1), ... run against each other, then after() and the destructor run alone.

#include "scenario_list.hpp"

#include <tandem/world.hpp>

#include <cstddef>
#include <cstdint>
#include <new>
#include <optional>
#include <source_location>
#include <string_view>

namespace tandem::model {

class scenario {
public:
    scenario() = default;
    scenario(scenario const&) = delete;
    scenario& operator=(scenario const&) = delete;
    virtual ~scenario() = default;

    virtual void before() {}
    virtual void thread(unsigned index) = 0;
    virtual void after() {}

    // The index of the thread that asks; none: no other thread is running.
    std::optional<unsigned> running() const {
        return together ? std::optional(static_cast<unsigned>(world::current_thread())) : std::nullopt;
    }

    bool together = false; // the threads run; set by the search
};

template <int n>
struct scenario_of : scenario {
    static constexpr int threads = n;
    static constexpr progress_class claims = progress_class::blocking;
};

// Ends the execution as a violation when the condition does not hold.
inline void require(bool condition, char const* what, std::source_location where = std::source_location::current()) {
    if (!condition) {
        world::fail(what, world::wrong::assertion, where);
    }
}

// How the search makes the scenario of an execution, in storage of its own.
struct maker {
    int threads;
    progress_class claims; // which the explorer holds it to
    scenario* (*make)(void* storage);
    std::uint64_t (*most_steps)(std::string_view call) = nullptr; // that a call may take; none: any number
    bool (*may_stand_still)(explore::step const& before) = nullptr; // a thread; none: at any step
};
inline constexpr std::size_t scenario_size = 16384;
inline constexpr std::size_t scenario_alignment = 128;

outcome explore(maker const& scenario, request const& asked);

template <class Scenario>
constexpr maker made_of_scenario{Scenario::threads, Scenario::claims, [](void* storage) -> scenario* { return ::new (storage) Scenario; }};

template <class Scenario>
outcome explore(request const& asked) {
    static_assert(sizeof(Scenario) <= scenario_size && alignof(Scenario) <= scenario_alignment);
    return explore(made_of_scenario<Scenario>, asked);
}

} // namespace tandem::model
