// program: what each thread of one randomized run will do, made from a seed.
#pragma once

#include "dice.hpp"

#include <tandem/stress/spec.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tandem::stress {

// What a thread does before a call, to bring different moments of it together with those of others.
struct rest {
    enum class kind : std::uint8_t { none, spin, yield, move };
    kind what = kind::none;
    std::uint16_t amount = 0; // steps of spinning, or the processor to move to

    bool operator==(rest const&) const = default;
};

struct action {
    std::uint32_t operation = 0;
    values argument{};
    rest before{};

    bool operator==(action const&) const = default;
};

struct program {
    std::vector<std::vector<action>> lanes{}; // one a thread
    std::size_t capacity = queue_spec::unbounded;
    bool roomy = false; // the capacity cannot be reached, so that the specification need not know it

    std::size_t calls() const;
    std::size_t values() const; // that the calls take
};

enum class length : std::uint8_t {
    brief,  // a few calls, for the search
    ring,   // thousands of calls around a small ring
    stream, // thousands of calls and room for all of them: what the monitor decides completely
};

// What programs for a queue may contain.
struct queue_abilities {
    bool batches = true;
    bool close = true;
    bool bounded = true;
    bool one_producer_one_consumer = false;
};

program random_queue_program(dice&, length, std::size_t threads, queue_abilities const&);
program random_counter_program(dice&, length, std::size_t threads);

} // namespace tandem::stress
