#pragma once

#include <cstddef>
#include <span>

namespace tandem::explore {

// Where the variables of the program are that last as long as it.
std::span<std::span<std::byte const> const> memory_of_statics();

} // namespace tandem::explore
