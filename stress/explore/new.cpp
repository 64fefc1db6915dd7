// new and delete: the explorer's, for the code that it runs.

#include <tandem/stress/explore/execution.hpp>

#include <cstddef>
#include <cstdlib>
#include <new>
#include <source_location>

namespace {

using tandem::explore::execution;

void* allocate(std::size_t bytes, std::size_t alignment) {
    if (execution::in_program()) {
        return execution::now()->allocate(bytes, alignment, std::source_location::current());
    }
    auto const to = alignment < alignof(std::max_align_t) ? alignof(std::max_align_t) : alignment;
    if (auto* const at = std::aligned_alloc(to, (bytes + to) / to * to)) {
        return at;
    }
    throw std::bad_alloc();
}
void release(void* at) noexcept {
    if (execution::in_program()) {
        execution::now()->deallocate(at, std::source_location::current());
    } else {
        std::free(at);
    }
}

} // namespace

void* operator new(std::size_t bytes) {
    return allocate(bytes, 0);
}
void* operator new(std::size_t bytes, std::align_val_t alignment) {
    return allocate(bytes, static_cast<std::size_t>(alignment));
}
void operator delete(void* at) noexcept {
    release(at);
}
void operator delete(void* at, std::size_t) noexcept {
    release(at);
}
void operator delete(void* at, std::align_val_t) noexcept {
    release(at);
}
void operator delete(void* at, std::size_t, std::align_val_t) noexcept {
    release(at);
}
