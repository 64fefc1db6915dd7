#pragma once

// fiber_stack: memory to run on. Below it is some that nobody may touch: whoever needs more than there is does not go on in another's.

#include <cstddef>
#include <functional>
#include <memory>

namespace tandem::explore {

class fiber_stack {
public:
    static constexpr std::size_t bytes = std::size_t{256} * 1024;

    fiber_stack();

    std::byte* begin() const noexcept { return region_.get() + guard_bytes; }
    std::byte* end() const noexcept { return begin() + bytes; }
    bool holds(void const* at) const noexcept { return std::greater_equal<>()(at, begin()) && std::less<>()(at, end()); }
    // Of an address that was touched: it lies below.
    bool is_overrun_by(void const* at) const noexcept { return std::greater_equal<>()(at, region_.get()) && std::less<>()(at, begin()); }
    // Below it, what is left is no more than the explorer needs.
    void const* used_up() const noexcept { return begin() + kept_bytes; }

private:
    static constexpr std::size_t guard_bytes = std::size_t{64} * 1024;
    static constexpr std::size_t kept_bytes = std::size_t{32} * 1024;

    struct unmap {
        void operator()(std::byte*) const noexcept;
    };
    std::unique_ptr<std::byte, unmap> region_;
};

} // namespace tandem::explore
