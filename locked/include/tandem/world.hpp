#pragma once

// world: the one place that says what an atomic, a mutex or a park is.
//
// Structures are written once, against the names below, and compiled in a world:
//
//   native    thin inline wrappers over std::atomic and the system        (default)
//   bare      std::atomic itself; exists to show that native costs nothing
//   relacy    every access goes through the Relacy model checker
//   explore   every access goes through our own
//
// A CMake target chooses (`tandem::world_relacy`): it defines TANDEM_WORLD_HEADER, whose
// header defines TANDEM_ABI, the inline namespace that everything public lives in, and
//
//   atomic<T>       std::atomic's members without default memory orders
//   cell<T>         plain shared data: read(), write(v)
//   slot<T>         raw storage: construct(args...), take(), destroy(), get(), modify()
//   allocator<T>    the default allocator
//   park(word, expected), park_until(word, expected, deadline), unpark_one(word), unpark_all(word)
//   light(), heavy()   the two sides of an asymmetric barrier; asymmetric() says whether there is one
//   pause_for(time)    that much of a spin loop, without touching memory
//   yield()            lets another thread have the core
//   spin_limit(n), yield_limit(n)   how many of n looks, a pause or a yield apart, are worth taking
//   made_of(n)         of how many parts a structure is made that would have n: few where each is searched
//   of_process<T>(), of_thread<T>()   the T of the process, never destroyed, and of the calling thread
//   at_thread_exit<f>()    f() when the calling thread ends; after that, of_thread<T>() is still there
//   thread_number()        of the calling thread: 0, 1, 2 ... in the order of first calls
//   try_allocate(bytes, alignment), deallocate(p, bytes, alignment)   raw memory; nullptr when there is none
//   clock           a steady clock
//   stop_token, stop_source, stop_callback<F>
//   page            bytes worth taking at once for what is kept for good
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
