#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace tandem::explore {

// Where the variables of the program are that last as long as it.
std::span<std::span<std::byte const> const> memory_of_statics();

// What the source calls the static variable of a function that this is the guard of, FUNCTION::VARIABLE; nothing: the program does not say.
std::string name_of_static(void const* guard);

} // namespace tandem::explore
