#pragma once

// A world whose atomic costs something: load() takes a copy through memory.

#include <tandem/version.hpp>

#define TANDEM_ABI TANDEM_ABI_NAME(costly)

#include <atomic>

namespace tandem::inline TANDEM_ABI {

template <class T>
class atomic : public std::atomic<T> {
public:
    using std::atomic<T>::atomic;

    T load(std::memory_order order) const noexcept {
        T copy = std::atomic<T>::load(order);
        __asm__ volatile("" : "+m"(copy));
        return copy;
    }
};

} // namespace tandem::inline TANDEM_ABI

#include <tandem/world/system.hpp>
