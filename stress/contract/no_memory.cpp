#include "no_memory.hpp"

#include <cstddef>
#include <new>

#if TANDEM_MAY_REFUSE_MEMORY
// What the records of threads are allocated with; nothing else in the suite is.
void* operator new(std::size_t bytes, std::align_val_t alignment, std::nothrow_t const&) noexcept {
    if (tandem::test::no_memory) {
        ++tandem::test::refused;
        return nullptr;
    }
    try {
        return ::operator new(bytes, alignment);
    } catch (std::bad_alloc const&) {
        return nullptr;
    }
}
#endif
