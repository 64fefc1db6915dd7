#pragma once

// allocations: while one of these lives, every block that its thread takes from operator new is counted, and no longer when any
// operator delete gives it back. A block counts with what malloc rounds it up to and malloc's own word in front of it. What
// others allocate, and what was allocated before, does not count. Nobody else is slowed down by more than a look at a
// variable of the thread.

#include <cstddef>

namespace tandem::bench {

class allocations {
public:
    allocations();
    ~allocations();
    allocations(allocations const&) = delete;
    allocations& operator=(allocations const&) = delete;

    std::size_t in_use() const;
    std::size_t at_most() const;
};

} // namespace tandem::bench
