// The operations of the lock-free map. Compared as clang compiles them: g++
// lays out the longer ones, those that change something, otherwise when only the name of the world is another.
#include <tandem/lockfree/map.hpp>

#include "map_operations.hpp"

#include <cstdint>

using word = std::uint64_t;
template struct map_operations<tandem::lockfree::map<word, word>, word, word>;
