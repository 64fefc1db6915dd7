#pragma once

// node_pool: nodes of one kind, taken from an allocator a block at a time, and given back a block at a time, when none
// of its nodes is in use. Behind a mutex: threads come here for many nodes at once (node_cache.hpp).
//
//   block   a header and so many nodes; those that are not in use and have been are a list, from `fresh` on they are untouched
//
// A node is found again in its block by its address: the blocks are kept in the order of theirs.

#include <tandem/mutex.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <utility>
#include <vector>

namespace tandem::inline TANDEM_ABI {
namespace lockfree {

template <class Node, class Allocator>
class node_pool {
public:
    explicit node_pool(Allocator const& a) : units_(a), blocks_(a) {}
    node_pool(node_pool const&) = delete;
    node_pool& operator=(node_pool const&) = delete;
    // Whatever nodes are still in use are gone, without their destructors.
    ~node_pool() {
        for (auto* const one : blocks_) {
            deallocate(one);
        }
    }

    // Makes up to so many nodes, at least one. Throws what the allocator throws.
    std::size_t take(std::span<Node*> out) {
        scoped_lock const lock(mutex_);
        std::size_t taken = 0;
        for (; taken != out.size(); ++taken) {
            if (with_room_ == nullptr) {
                if (taken != 0) {
                    break; // what there is will do
                }
                add_block();
            }
            out[taken] = take_from(*with_room_);
        }
        return taken;
    }
    // They must hold no elements.
    void give(std::span<Node* const> nodes) noexcept {
        scoped_lock const lock(mutex_);
        for (auto* const one : nodes) {
            give(one);
        }
    }

private:
    struct free_node {
        free_node* next;
    };
    struct block {
        std::size_t const count;
        std::size_t in_use = 0;
        std::size_t fresh = 0;
        free_node* free = nullptr;
        block* before = nullptr; // of those with room
        block* after = nullptr;
    };
    struct alignas(Node) unit {
        std::byte bytes[sizeof(Node)];
    };
    static_assert(sizeof(Node) >= sizeof(free_node) && alignof(Node) >= alignof(block));
    static constexpr std::size_t header = (sizeof(block) + sizeof(unit) - 1) / sizeof(unit);

    // Blocks grow with what there is, as far as eight pages.
    static constexpr std::size_t smallest = std::max<std::size_t>(page / 256, 1);
    static constexpr std::size_t largest = std::max(page * 8 / sizeof(Node), smallest);

    static std::byte* storage(block* b, std::size_t i) noexcept {
        return reinterpret_cast<std::byte*>(b) + (header + i) * sizeof(unit);
    }

    void add_block() TANDEM_REQUIRES(mutex_) {
        if (blocks_.size() == blocks_.capacity()) {
            blocks_.reserve(std::max<std::size_t>(8, 2 * blocks_.size()));
        }
        auto const count = std::clamp(nodes_, smallest, largest);
        auto* const memory = std::allocator_traits<units>::allocate(units_, header + count);
        auto* const made = ::new (static_cast<void*>(std::to_address(memory))) block{count};
        blocks_.insert(std::upper_bound(blocks_.begin(), blocks_.end(), made, std::less<>()), made);
        nodes_ += count;
        link(made);
    }
    Node* take_from(block& b) noexcept TANDEM_REQUIRES(mutex_) {
        void* where = nullptr;
        if (b.free != nullptr) {
            where = std::exchange(b.free, b.free->next);
        } else {
            where = storage(&b, b.fresh++);
        }
        if (++b.in_use == b.count) {
            unlink(&b);
        }
        return ::new (where) Node;
    }
    void give(Node* n) noexcept TANDEM_REQUIRES(mutex_) {
        std::destroy_at(n);
        auto const after = std::upper_bound(blocks_.begin(), blocks_.end(), static_cast<void const*>(n),
                                            [](void const* at, block const* b) { return std::less<>()(at, b); });
        auto* const b = *std::prev(after);
        b->free = ::new (static_cast<void*>(n)) free_node{b->free};
        if (b->in_use-- == b->count) {
            link(b);
        }
        if (b->in_use == 0) {
            unlink(b);
            nodes_ -= b->count;
            blocks_.erase(std::prev(after));
            deallocate(b);
        }
    }

    void link(block* b) noexcept TANDEM_REQUIRES(mutex_) {
        b->before = nullptr;
        b->after = with_room_;
        if (with_room_ != nullptr) {
            with_room_->before = b;
        }
        with_room_ = b;
    }
    void unlink(block* b) noexcept TANDEM_REQUIRES(mutex_) {
        (b->before != nullptr ? b->before->after : with_room_) = b->after;
        if (b->after != nullptr) {
            b->after->before = b->before;
        }
    }
    void deallocate(block* b) noexcept {
        auto const count = header + b->count;
        using pointer = typename std::allocator_traits<units>::pointer;
        auto* const memory = reinterpret_cast<unit*>(b);
        std::destroy_at(b);
        std::allocator_traits<units>::deallocate(units_, std::pointer_traits<pointer>::pointer_to(*memory), count);
    }

    using units = typename std::allocator_traits<Allocator>::template rebind_alloc<unit>;
    using block_list = std::vector<block*, typename std::allocator_traits<Allocator>::template rebind_alloc<block*>>;

    mutex mutex_;
    units units_;
    block_list blocks_ TANDEM_GUARDED_BY(mutex_); // in the order of their addresses
    block* with_room_ TANDEM_GUARDED_BY(mutex_) = nullptr;
    std::size_t nodes_ TANDEM_GUARDED_BY(mutex_) = 0;
};

} // namespace lockfree
} // namespace tandem::inline TANDEM_ABI
