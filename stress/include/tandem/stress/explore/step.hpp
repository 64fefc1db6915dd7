#pragma once

// step: what threads of an execution do, one at a time.

#include <tandem/stress/explore/memory.hpp>
#include <tandem/stress/explore/view.hpp>

#include <atomic>
#include <source_location>

namespace tandem::explore {

enum class operation : unsigned char {
    load,
    store,
    update,
    exchange, // if the value is the expected one
    read_plain,
    write_plain,
    fence,
    light, // of an asymmetric barrier
    heavy,
    park,   // if the newest value is the expected one
    expire, // of a park with a deadline
    wake,   // goes on after a park
    unpark,
    pause, // others should go on
    time, // looks at it, or makes it pass
    allocate,
    deallocate,
};

constexpr bool is_plain(operation o) noexcept {
    return o == operation::read_plain || o == operation::write_plain;
}
// Of a location.
constexpr bool is_access(operation o) noexcept {
    return o <= operation::write_plain;
}
// What counts as a thread's own step.
constexpr bool is_own_step(operation o) noexcept {
    return o < operation::park && !is_plain(o);
}
// There may be many, and no end to none.
constexpr bool does_not_count(operation o) noexcept {
    return o == operation::allocate || o == operation::deallocate;
}

// What a thread is about to do.
struct step {
    thread by = 0;
    operation what = operation::load;
    location where = 0;             // of a fence, a pause or an unpark: none
    void const* address = nullptr;  // of a park or unpark; of what is freed
    bool some = false;              // of a park: it has a deadline; of an unpark: all; of an exchange: it may fail for no reason, and does;
                                    // of a plain write: it is the variable's end; of a pause: until there is something new to see; of time: it passes
    bool newest = false;            // of a load, or an exchange that fails: it reads the newest message
    bool begins_call = false;       // since its thread's last step a call has begun
    bool after_return = false;      // and one has returned
    std::memory_order order = std::memory_order::relaxed;
    std::memory_order failure = std::memory_order::relaxed; // of an exchange
    value operand = 0;                                      // to store; to exchange for; bytes to allocate
    value expected = 0;                                     // of an exchange or a park; the alignment
    value (*compute)(value old, value operand) = nullptr;   // of an update
    std::source_location site{};
};
// Two threads are about to take these steps. False: whatever can come of taking `done` first can also come of taking `other` first, of the memory.
bool disturbs(step const& done, step const& other) noexcept;

} // namespace tandem::explore
