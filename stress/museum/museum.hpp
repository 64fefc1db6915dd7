#pragma once

// What a specimen is: a scenario (../model/scenario.hpp) with a label, written once as it was and once repaired. The repaired one
// differs in nothing but what the bug was, and is accused by nobody: so what is found is the bug.
//
// The same file runs under the explorer, under Relacy, and on real threads (threads.hpp).

#include "../model/scenario.hpp"

#include <tandem/contract.hpp>
#include <tandem/mutex.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <source_location>
#include <utility>
#include <vector>

namespace tandem::museum {

using model::require;
using model::scenario_of;

enum class relacy : std::uint8_t { agrees, differs }; // with what is right

struct label {
    char const* kind;
    char const* name;
    char const* source;
    char const* found_as; // one of several, with | between
    museum::relacy relacy = relacy::agrees;
    bool fences = false; // which ThreadSanitizer does not understand
};

// One that is right, and one that is not.
constexpr std::memory_order either(bool repaired, std::memory_order right, std::memory_order wrong) {
    return repaired ? right : wrong;
}

// A thread fence. World headers have none on purpose; the bugs of others are sometimes about nothing else.
inline void fence(std::memory_order o, std::source_location where = std::source_location::current()) {
    world::fence(o, where);
}

template <class T, class... Args>
T* make(Args&&... args) {
    return std::construct_at(allocator<T>().allocate(1), std::forward<Args>(args)...);
}
template <class T>
void free(T* it) {
    std::destroy_at(it);
    allocator<T>().deallocate(it, 1);
}

} // namespace tandem::museum
