// programs: small ones, for the explorer. Lane 0 runs alone, before the others.
#pragma once

#include <tandem/stress/engine/scenario.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tandem::stress::detail::explored {

inline constexpr std::size_t most_threads = 7;

// The same for the same seed, and the smaller the seed, the smaller: at first one call a thread, in the end three.
program small_program(scenario const&, std::uint64_t seed, std::size_t threads);

// Equal for programs that differ in the order of their threads and the names of their values only, if they are found to.
std::string shape(scenario const&, program const&);

// With a call, or a thread, less.
std::vector<program> smaller(program const&);

} // namespace tandem::stress::detail::explored
