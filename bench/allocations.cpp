#include "allocations.hpp"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <new>
#include <unordered_set>

#include <malloc.h>

namespace tandem::bench {
namespace {

// Past the operators that are replaced below.
template <class T>
struct uncounted {
    using value_type = T;
    uncounted() = default;
    template <class U>
    uncounted(uncounted<U> const&) {}
    T* allocate(std::size_t n) {
        if (auto* const room = std::malloc(n * sizeof(T))) {
            return static_cast<T*>(room);
        }
        throw std::bad_alloc();
    }
    void deallocate(T* room, std::size_t) { std::free(room); }
    bool operator==(uncounted const&) const = default;
};

struct count {
    std::unordered_set<void*, std::hash<void*>, std::equal_to<>, uncounted<void*>> blocks;
    std::size_t in_use = 0;
    std::size_t at_most = 0;
};

constinit thread_local count* counting = nullptr;

std::size_t size_of(void* block) {
    return ::malloc_usable_size(block) + sizeof(std::size_t);
}

} // namespace

// The count itself must not be counted.
allocations::allocations() {
    counting = new count;
}
allocations::~allocations() {
    auto const* const mine = counting;
    counting = nullptr;
    delete mine;
}

std::size_t allocations::in_use() const {
    return counting->in_use;
}
std::size_t allocations::at_most() const {
    return counting->at_most;
}

namespace {

void* counted(void* block) {
    if (block == nullptr) {
        throw std::bad_alloc();
    }
    if (counting != nullptr) [[unlikely]] {
        counting->blocks.insert(block);
        counting->in_use += size_of(block);
        counting->at_most = std::max(counting->at_most, counting->in_use);
    }
    return block;
}

void give_back(void* block) {
    if (counting != nullptr && counting->blocks.erase(block) != 0) [[unlikely]] {
        counting->in_use -= size_of(block);
    }
    std::free(block);
}

} // namespace
} // namespace tandem::bench

// The others come down to these.
void* operator new(std::size_t size) {
    return tandem::bench::counted(std::malloc(std::max(size, std::size_t{1})));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    void* block = nullptr;
    auto const wanted = std::max(static_cast<std::size_t>(alignment), sizeof(void*));
    return tandem::bench::counted(::posix_memalign(&block, wanted, std::max(size, std::size_t{1})) == 0 ? block : nullptr);
}
void operator delete(void* block) noexcept {
    tandem::bench::give_back(block);
}
void operator delete(void* block, std::align_val_t) noexcept {
    tandem::bench::give_back(block);
}
void operator delete(void* block, std::size_t) noexcept {
    tandem::bench::give_back(block);
}
void operator delete(void* block, std::size_t, std::align_val_t) noexcept {
    tandem::bench::give_back(block);
}
