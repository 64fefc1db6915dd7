// program: what each thread of one randomized run will do, made from a seed.
#pragma once

#include <tandem/stress/engine/dice.hpp>
#include <tandem/stress/spec.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
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
    bool stays = false; // shrinking leaves it in: without it the program might not end

    bool operator==(action const&) const = default;
};

struct program {
    std::vector<std::vector<action>> lanes{}; // one a thread
    std::size_t capacity = queue_spec::unbounded;
    bool roomy = false;       // the capacity cannot be reached, so that the specification need not know it
    std::uint8_t variant = 0; // of the object, where there are several

    std::size_t calls() const;
    std::size_t values() const; // that the calls take
};

enum class length : std::uint8_t {
    brief,  // a few calls, for the search
    ring,   // thousands of calls around a small ring
    stream, // thousands of calls and room for all of them: what the monitor decides completely
};

std::size_t calls_of_a_lane(dice&, length);

// Chooses among operations by weight; not all weights are 0.
std::uint32_t choose(dice&, std::span<unsigned const> weights);

// How often a program rests, and how. A gap between calls orders them in real time; no gap makes them collide.
class tempo {
public:
    tempo(dice&, length);

    rest next();

private:
    rest spin(std::uint64_t seldom, std::uint64_t most);

    dice& dice_;
    std::uint64_t kind_;
    bool moves_;
};

} // namespace tandem::stress
