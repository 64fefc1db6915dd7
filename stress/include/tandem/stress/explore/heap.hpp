#pragma once

// heap: the memory of an execution. What is freed stays where it is, overwritten, and may be handed out again for as many bytes; around every block
// there is room that nobody may write to. The same calls give the same addresses.

#include <cstddef>
#include <memory>
#include <source_location>
#include <vector>

namespace tandem::explore {

class heap {
public:
    heap();
    ~heap();
    heap(heap const&) = delete;
    heap& operator=(heap const&) = delete;

    struct block {
        std::byte* at;
        std::size_t bytes, alignment;
        std::source_location site{}; // where it was allocated
        bool freed = false;
        bool last = true; // no later block is at this address

        // To be handed out again.
        bool suits(std::size_t wanted, std::size_t aligned) const noexcept {
            return freed && last && bytes == wanted && alignment == aligned;
        }
    };

    // As if nothing had been.
    void clear() noexcept;

    // Freed blocks that would do.
    std::size_t suitable(std::size_t bytes, std::size_t alignment) const noexcept;
    // The which-th of them; from their count on, a fresh one. Throws std::bad_alloc.
    void* allocate(std::size_t bytes, std::size_t alignment, std::size_t which, std::source_location const&);

    enum class fault : unsigned char { none, never_allocated, freed_twice, written_outside };
    fault deallocate(void*);

    // Of the last block at this address, in the order of allocation, from 1 on; 0: there is none.
    std::size_t number(void const*) const noexcept;

    // What is wrong in the end: a block that was damaged, or else one that was not freed. None: nothing is.
    struct finding {
        char const* what = nullptr;
        std::source_location site{};
    };
    finding const* check();

    // What a word holds that nobody wrote to; none of them: somebody did.
    enum class kind : unsigned char { other, fresh, freed, outside };
    static kind kind_of(unsigned char) noexcept;

private:
    bool damaged(block const&) const noexcept;

    struct unmap {
        void operator()(std::byte*) const noexcept;
    };
    std::unique_ptr<std::byte, unmap> region_;
    std::size_t used_ = 0;
    std::vector<block> blocks_;
    std::size_t freed_ = 0; // of the blocks that are the last at their address
    finding finding_{};
};

} // namespace tandem::explore
