#pragma once

// trace: what happened in an execution, step by step, as whoever reports it or compares it with another wants it.
//
//   trace seen;
//   execution run(rules);
//   run.record(&seen);
//   run.run(program, chooser);
//   for (event const& one : seen.events()) ...

#include <tandem/stress/explore/execution.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

namespace tandem::explore {

// What an atomic held. Addresses differ from run to run: one that leads into memory that the trace knows of is a number in the order in which
// addresses appear, and what is kept above its 48 bits is a tag.
struct datum {
    value number = 0;
    bool address = false;
    std::uint16_t tag = 0;

    friend bool operator==(datum const&, datum const&) = default;
};

struct event {
    enum class kind : unsigned char {
        step,
        birth,      // of a variable
        allocates,  // a block
        frees,      // a block
        impossible, // a step that cannot be taken: there is no such variable (any more)
        fails,      // the thread finds that something is wrong
    };
    kind what = kind::step;
    step done{};                       // the step; else: who, of which location, at which site
    bool failed = false;               // an exchange that does not; a park that does not sleep
    datum read{}, written{};           // by a load, a store, an update, an exchange, a birth
    stamp read_at = 0, written_at = 0; // which messages those are; 0: none
    std::uint32_t woken = 0;           // by an unpark: threads, a bit each
    std::size_t block = 0;             // in the order of allocation, from 1 on

    bool reads() const noexcept { return read_at != 0; }
    bool writes() const noexcept { return written_at != 0; }
    bool of_variable() const noexcept; // done.where is one
    bool is(operation o) const noexcept { return what == kind::step && done.what == o; }
};
// Whether the same happened.
bool same(event const&, event const&) noexcept;

class trace {
public:
    std::span<event const> events() const noexcept { return events_; }
    failure const& failed() const noexcept { return failure_; }

    // For the execution.
    void clear();
    void add(event);
    void add_memory(void const* at, std::size_t bytes); // addresses in it are known as such
    void ends(failure const&);
    datum named(value);

private:
    struct region {
        std::uintptr_t begin, end;
    };
    std::vector<event> events_;
    std::vector<region> memory_;
    std::unordered_map<value, value> addresses_;
    failure failure_;
};

// Where two traces of one program with the same decisions part: the number of the first event that differs, or that only one of them has.
std::optional<std::size_t> first_difference(trace const&, trace const&);

} // namespace tandem::explore
