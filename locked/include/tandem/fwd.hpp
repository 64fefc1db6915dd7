#pragma once

// Forward declarations of everything public. Declare tandem's names through this header only:
// they live in an inline namespace that depends on the world.

#include <tandem/world.hpp>

#include <cstdint>
#include <functional>
#include <utility>

namespace tandem::inline TANDEM_ABI {

enum class status : std::uint8_t;
class bad_result;
template <class T>
class result;
template <class R>
class outcome;

class mutex;
class scoped_lock;
class condition_variable;

template <class Core>
class basic_sender;
template <class Core>
class basic_receiver;

namespace locked {
template <class T, class Allocator = allocator<T>>
class bounded_queue;
class counter;
class striped_counter;
template <class T, class Allocator = allocator<T>>
class channel_core;
template <class T, class Allocator = allocator<T>>
class spsc_channel_core;
template <class K, class V, class Hash = std::hash<K>, class Equal = std::equal_to<K>,
          class Allocator = allocator<std::pair<K const, V>>>
class map;
class rcu_domain;
} // namespace locked

namespace lockfree {
template <class T, class Allocator = allocator<T>>
class bounded_queue;
class counter;
class striped_counter;
template <class T, class Allocator = allocator<T>>
class channel_core;
template <class T, class Allocator = allocator<T>>
class spsc_channel_core;
template <class T, class Allocator = allocator<T>>
class spsc_queue;
template <class K, class V, class Hash = std::hash<K>, class Equal = std::equal_to<K>,
          class Allocator = allocator<std::pair<K const, V>>>
class map;
class rcu_domain;
} // namespace lockfree

} // namespace tandem::inline TANDEM_ABI
