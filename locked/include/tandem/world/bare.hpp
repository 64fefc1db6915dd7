#pragma once

// The bare world: std::atomic itself. A test compiles every hot operation in this world and
// in the native one and requires the same instructions.

#include <tandem/version.hpp>

#define TANDEM_ABI TANDEM_ABI_NAME(bare)

#include <atomic>

namespace tandem::inline TANDEM_ABI {

template <class T>
using atomic = std::atomic<T>;

} // namespace tandem::inline TANDEM_ABI

#include <tandem/world/system.hpp>
