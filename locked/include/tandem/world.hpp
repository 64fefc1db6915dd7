#pragma once

// world: the one place that says what an atomic, a mutex or a park is.
//
// Structures are written once, against the names below, and compiled in a world:
//
//   native    thin inline wrappers over std::atomic and the system        (default)
//   bare      std::atomic itself; exists to show that native costs nothing
//   relacy    every access goes through the Relacy model checker
//
// A CMake target chooses (`tandem::world_relacy`): it defines TANDEM_WORLD_HEADER, whose
// header defines TANDEM_ABI, the inline namespace that everything public lives in, and
//
//   atomic<T>       std::atomic's members without default memory orders
//   cell<T>         plain shared data: read(), write(v)
//   slot<T>         raw storage: construct(args...), take(), destroy()
//   allocator<T>    the default allocator
//   park(word, expected), park_until(word, expected, deadline), unpark_one(word), unpark_all(word)
//   light(), heavy()   the two sides of an asymmetric barrier; asymmetric() says whether there is one
//   pause_for(time)    that much of a spin loop, without touching memory
//   yield()            lets another thread have the core
//   spin_limit(n), yield_limit(n)   how many of n looks, a pause or a yield apart, are worth taking
//   clock           a steady clock
//   stop_token, stop_source, stop_callback<F>
//   cache_line      bytes that keep two variables from disturbing each other
//
// mutex.hpp builds mutex and condition_variable from these, the same in every world.

#include <tandem/version.hpp>

#include <atomic>

#ifndef TANDEM_WORLD_HEADER
#define TANDEM_WORLD_HEADER <tandem/world/native.hpp>
#endif
#include TANDEM_WORLD_HEADER

namespace tandem::inline TANDEM_ABI::order {
using enum std::memory_order; // order::acquire
}
