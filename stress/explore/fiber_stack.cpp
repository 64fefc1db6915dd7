#include <tandem/stress/explore/fiber_stack.hpp>

#include <cerrno>
#include <system_error>

#include <sys/mman.h>

namespace tandem::explore {

fiber_stack::fiber_stack() {
    auto* const at = ::mmap(nullptr, guard_bytes + bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (at == MAP_FAILED) {
        throw std::system_error(errno, std::generic_category(), "mmap");
    }
    region_.reset(static_cast<std::byte*>(at));
    if (::mprotect(begin(), bytes, PROT_READ | PROT_WRITE) != 0) {
        throw std::system_error(errno, std::generic_category(), "mprotect");
    }
}
void fiber_stack::unmap::operator()(std::byte* at) const noexcept {
    ::munmap(at, guard_bytes + bytes);
}

} // namespace tandem::explore
