#pragma once

// ring: a fixed number of slots in a circle, for whoever holds the lock.

#include <tandem/contract.hpp>

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <utility>

namespace tandem::inline TANDEM_ABI {
namespace locked {

template <class T, class Allocator>
class ring {
    static_assert(contract::element<T>, "an element must move and be destroyed without throwing");

    using slot_allocator = typename std::allocator_traits<Allocator>::template rebind_alloc<slot<T>>;
    using slot_traits = std::allocator_traits<slot_allocator>;

public:
    // Throws std::invalid_argument for capacity 0, std::length_error for one beyond the address space,
    // and what the allocator throws.
    ring(std::size_t capacity, Allocator const& a) : allocator_(a), capacity_(capacity) {
        if (capacity == 0) {
            TANDEM_THROW(std::invalid_argument("tandem: capacity 0"));
        }
        if (capacity > slot_traits::max_size(allocator_)) {
            TANDEM_THROW(std::length_error("tandem: capacity"));
        }
        slots_ = slot_traits::allocate(allocator_, capacity);
        std::uninitialized_default_construct_n(std::to_address(slots_), capacity);
    }
    ~ring() {
        while (!empty()) {
            pop_front();
        }
        std::destroy_n(std::to_address(slots_), capacity_);
        slot_traits::deallocate(allocator_, slots_, capacity_);
    }
    ring(ring const&) = delete;
    ring& operator=(ring const&) = delete;

    // Precondition: not full.
    template <class... Args>
    void push_back(Args&&... args) noexcept {
        std::size_t const to_the_end = capacity_ - head_.read();
        std::size_t const n = size();
        slots_[n < to_the_end ? head_.read() + n : n - to_the_end].construct(std::forward<Args>(args)...);
        size_.write(n + 1);
    }
    // Precondition: not empty.
    T pop_front() noexcept {
        std::size_t const at = head_.read();
        head_.write(at + 1 == capacity_ ? 0 : at + 1);
        size_.write(size() - 1);
        return slots_[at].take();
    }

    bool empty() const noexcept { return size() == 0; }
    bool full() const noexcept { return size() == capacity_; }
    std::size_t size() const noexcept { return size_.read(); }

private:
    [[no_unique_address]] slot_allocator allocator_;
    typename slot_traits::pointer slots_;
    std::size_t capacity_;
    cell<std::size_t> head_{0};
    cell<std::size_t> size_{0};
};

} // namespace locked
} // namespace tandem::inline TANDEM_ABI
