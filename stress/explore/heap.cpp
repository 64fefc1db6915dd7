#include <tandem/stress/explore/heap.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <new>
#include <system_error>

#include <sys/mman.h>

namespace tandem::explore {

namespace {

constexpr unsigned char fresh_byte = 0xcd;
constexpr unsigned char freed_byte = 0xdd;
constexpr unsigned char outside_byte = 0xfd;

constexpr std::size_t region_bytes = std::size_t{1} << 30; // of addresses; memory is taken when it is used
constexpr std::size_t outside = 32;                         // before and after a block
constexpr std::size_t most_aligned = 4096;
constexpr std::uintptr_t wanted = std::uintptr_t{0x7a} << 36; // the same in every process where it is free

constexpr auto written_when_freed = "ACCESS TO FREED MEMORY: something was written to this block after its end";

bool all_are(std::byte const* from, std::size_t count, unsigned char byte) {
    return std::all_of(from, from + count, [byte](std::byte b) { return static_cast<unsigned char>(b) == byte; });
}

} // namespace

heap::heap() {
    auto* const at = ::mmap(reinterpret_cast<void*>(wanted), region_bytes, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED) {
        throw std::system_error(errno, std::generic_category(), "mmap");
    }
    region_.reset(static_cast<std::byte*>(at));
}
heap::~heap() = default;
void heap::unmap::operator()(std::byte* at) const noexcept {
    ::munmap(at, region_bytes);
}

void heap::clear() noexcept {
    blocks_.clear();
    used_ = 0;
    freed_ = 0;
    finding_ = {};
}

std::size_t heap::suitable(std::size_t bytes, std::size_t alignment) const noexcept {
    if (freed_ == 0) {
        return 0;
    }
    return static_cast<std::size_t>(std::ranges::count_if(blocks_, [&](block const& b) { return b.suits(bytes, alignment); }));
}

void* heap::allocate(std::size_t bytes, std::size_t alignment, std::size_t which, std::source_location const& site) {
    if (freed_ != 0) {
        for (std::size_t i = 0; i != blocks_.size(); ++i) {
            auto& b = blocks_[i];
            if (b.suits(bytes, alignment) && which-- == 0) {
                if (finding_.what == nullptr && !all_are(b.at, b.bytes, freed_byte)) {
                    finding_ = {written_when_freed, b.site};
                }
                b.last = false;
                --freed_;
                auto* const at = b.at;
                blocks_.push_back({at, bytes, alignment, site});
                return std::memset(at, fresh_byte, bytes);
            }
        }
    }
    auto const from = (used_ + outside + alignment - 1) / alignment * alignment;
    if (alignment > most_aligned || bytes > region_bytes || from + bytes + outside > region_bytes) {
        throw std::bad_alloc();
    }
    std::memset(region_.get() + used_, outside_byte, from - used_);
    std::memset(region_.get() + from + bytes, outside_byte, outside);
    used_ = from + bytes;
    auto* const at = region_.get() + from;
    blocks_.push_back({at, bytes, alignment, site});
    return std::memset(at, fresh_byte, bytes);
}

bool heap::damaged(block const& b) const noexcept {
    static auto const as_it_was = [] {
        std::array<unsigned char, outside> all;
        all.fill(outside_byte);
        return all;
    }();
    return std::memcmp(b.at - outside, as_it_was.data(), outside) != 0 || std::memcmp(b.at + b.bytes, as_it_was.data(), outside) != 0;
}

heap::fault heap::deallocate(void* at) {
    auto const which = number(at);
    if (which == 0) {
        return fault::never_allocated;
    }
    auto& found = blocks_[which - 1];
    if (found.freed) {
        return fault::freed_twice;
    }
    found.freed = true;
    ++freed_;
    auto const damage = damaged(found);
    std::memset(at, freed_byte, found.bytes);
    return damage ? fault::written_outside : fault::none;
}

std::size_t heap::number(void const* at) const noexcept {
    auto const found = std::find_if(blocks_.rbegin(), blocks_.rend(), [at](block const& b) { return b.at == at; });
    return static_cast<std::size_t>(blocks_.rend() - found);
}

heap::finding const* heap::check() {
    for (auto const& one : blocks_) {
        if (finding_.what == nullptr && one.last && damaged(one)) {
            finding_ = {"ACCESS OUT OF BOUNDS: something was written around this block", one.site};
        }
        if (finding_.what == nullptr && one.last && one.freed && !all_are(one.at, one.bytes, freed_byte)) {
            finding_ = {written_when_freed, one.site};
        }
    }
    auto const left = std::ranges::find(blocks_, false, &block::freed);
    if (finding_.what == nullptr && left != blocks_.end()) {
        finding_ = {"MEMORY LEAK", left->site};
    }
    return finding_.what == nullptr ? nullptr : &finding_;
}

heap::kind heap::kind_of(unsigned char byte) noexcept {
    return byte == fresh_byte ? kind::fresh : byte == freed_byte ? kind::freed : byte == outside_byte ? kind::outside : kind::other;
}

} // namespace tandem::explore
