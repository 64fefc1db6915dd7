#pragma once

// spsc_queue: locked::bounded_queue under the name of its twin: a mutex gains nothing from knowing that each side is
// one thread.

#include <tandem/locked/bounded_queue.hpp>

namespace tandem::inline TANDEM_ABI {
namespace locked {

template <class T, class Allocator = allocator<T>>
using spsc_queue = bounded_queue<T, Allocator>;

} // namespace locked
} // namespace tandem::inline TANDEM_ABI
