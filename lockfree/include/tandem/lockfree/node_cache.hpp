#pragma once

// node_cache: the nodes that one thread has at hand, and those that it took out of a structure and that others may still see.
//
//   loaded    a bag of nodes that hold nothing, to take from
//   filling   a bag of nodes that were retired, to add to
//   waiting   bags that were full, oldest first, each with a tag of the domain: when that has expired, what the nodes
//             hold is destroyed, and the bag is one to take from
//
// A node costs no link of its own. Whoever will retire a node takes one first, and that is when a place for the other is
// made sure of: retiring cannot fail.
//
// One thread at a time uses a cache; it knows no atomics.

#include <tandem/lockfree/node_pool.hpp>
#include <tandem/lockfree/reclaim/rcu_domain.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

namespace tandem::inline TANDEM_ABI {
namespace lockfree {

// Node: destroy(kind) ends what a node of that kind holds; kind is 0 or 1.
template <class Node, class Allocator>
class node_cache {
    struct bag;

public:
    using pool = node_pool<Node, Allocator>;

    node_cache(pool& p, rcu_domain& domain, Allocator const& a) noexcept : pool_(p), domain_(domain), bags_(a) {}
    node_cache(node_cache const&) = delete;
    node_cache& operator=(node_cache const&) = delete;
    // Nobody else sees any node any more.
    ~node_cache() {
        if (filling_ != nullptr) {
            append(filling_);
        }
        while (waiting_ != nullptr) {
            auto* const b = take_waiting();
            empty_out(*b);
            push(full_, b);
        }
        if (loaded_ != nullptr) {
            push(full_, loaded_);
        }
        while (full_ != nullptr) {
            auto* const b = pop(full_);
            give_back(*b);
            push(empty_, b);
        }
        while (empty_ != nullptr) {
            deallocate(pop(empty_));
        }
    }

    // A node that holds nothing, and a place for one to retire; to be answered by keep, retire or put_back. Throws what the
    // allocator throws.
    [[gnu::always_inline]] Node* take() {
        if (loaded_ == nullptr || loaded_->count == 0 || promised_ == room_) [[unlikely]] {
            prepare();
        }
        ++promised_;
        return node_of(loaded_->items[--loaded_->count]);
    }
    // The node taken is in use now, and nothing is retired for it.
    void keep() noexcept { --promised_; }
    // The node taken is in use now, and the other, which holds what its kind says, is not found by whoever begins to look.
    [[gnu::always_inline]] void retire(Node* n, unsigned kind) noexcept {
        --promised_;
        --room_;
        filling_->items[filling_->count++] = item(n, kind);
        if (filling_->count == in_bag) [[unlikely]] {
            close();
        }
    }
    // The node taken holds nothing, and is not needed.
    void put_back(Node* n) noexcept {
        --promised_;
        if (loaded_->count != in_bag) {
            loaded_->items[loaded_->count++] = item(n, 0);
        } else {
            pool_.give(std::span(&n, 1));
        }
    }

    // Looks whether the oldest bags have expired, and helps them to.
    void reclaim() noexcept {
        collect();
        if (bags_waiting_ >= patience_) {
            // A reader may hold the epoch for long: the next scan is when as much again is waiting.
            patience_ = (domain_.try_advance() ? 0 : bags_waiting_) + enough_waiting;
            collect();
        }
    }

private:
    static constexpr std::size_t in_bag = std::max<std::size_t>(page / 64, 4) - 3; // 512 bytes
    // A scan of the domain takes as long as hundreds of operations.
    static constexpr std::size_t enough_waiting = std::max<std::size_t>(page / 256, 1);

    struct bag {
        bag* next = nullptr;
        std::uint64_t tag = 0;
        std::size_t count = 0;
        std::array<std::uintptr_t, in_bag> items;
    };

    static std::uintptr_t item(Node* n, unsigned kind) noexcept { return reinterpret_cast<std::uintptr_t>(n) | kind; }
    static Node* node_of(std::uintptr_t i) noexcept { return reinterpret_cast<Node*>(i & ~std::uintptr_t{1}); }
    static unsigned kind_of(std::uintptr_t i) noexcept { return i & 1; }

    static void push(bag*& list, bag* b) noexcept { b->next = std::exchange(list, b); }
    static bag* pop(bag*& list) noexcept { return std::exchange(list, list->next); }
    void append(bag* b) noexcept {
        b->next = nullptr;
        (waiting_ == nullptr ? waiting_ : newest_->next) = b;
        newest_ = b;
        ++bags_waiting_;
    }
    bag* take_waiting() noexcept {
        --bags_waiting_;
        return pop(waiting_);
    }

    // What elements do at their end may come back here: nothing is half done when they end.
    [[gnu::noinline, gnu::cold]] void prepare() {
        if (loaded_ == nullptr || loaded_->count == 0) {
            collect();
        }
        if (loaded_ == nullptr || loaded_->count == 0) {
            load();
        }
        if (promised_ == room_) {
            add_room(allocate());
        }
    }
    void add_room(bag* b) noexcept {
        room_ += in_bag;
        if (filling_ == nullptr) {
            filling_ = b;
        } else {
            push(empty_, b);
        }
    }
    void spare(bag* b) noexcept {
        if (room_ - promised_ < 2 * in_bag) {
            add_room(b);
        } else {
            deallocate(b);
        }
    }

    void load() {
        if (full_ != nullptr) {
            --bags_full_;
            auto* const before = std::exchange(loaded_, pop(full_));
            if (before != nullptr) {
                spare(before);
            }
            return;
        }
        if (loaded_ == nullptr) {
            loaded_ = allocate();
        }
        std::array<Node*, in_bag> nodes;
        auto const n = pool_.take(nodes);
        std::transform(nodes.begin(), nodes.begin() + n, loaded_->items.begin(), [](Node* one) { return item(one, 0); });
        loaded_->count = n;
    }

    [[gnu::noinline, gnu::cold]] void close() noexcept {
        auto* const b = std::exchange(filling_, empty_ == nullptr ? nullptr : pop(empty_));
        b->tag = domain_.now();
        append(b);
        reclaim();
    }
    void collect() noexcept {
        while (waiting_ != nullptr && domain_.expired(waiting_->tag)) {
            auto* const b = take_waiting();
            empty_out(*b);
            if (bags_full_ < full_kept) {
                push(full_, b);
                ++bags_full_;
            } else {
                give_back(*b);
                spare(b);
            }
        }
    }

    // Ends what the nodes hold.
    static void empty_out(bag& b) noexcept {
        for (auto& one : std::span(b.items).first(b.count)) {
            node_of(one)->destroy(kind_of(one));
            one = item(node_of(one), 0);
        }
    }
    void give_back(bag& b) noexcept {
        std::array<Node*, in_bag> nodes;
        std::transform(b.items.begin(), b.items.begin() + b.count, nodes.begin(), &node_of);
        pool_.give(std::span(nodes).first(std::exchange(b.count, 0)));
    }

    bag* allocate() {
        auto* const memory = std::to_address(std::allocator_traits<bags>::allocate(bags_, 1));
        return ::new (static_cast<void*>(memory)) bag;
    }
    void deallocate(bag* b) noexcept {
        using pointer = typename std::allocator_traits<bags>::pointer;
        std::destroy_at(b);
        std::allocator_traits<bags>::deallocate(bags_, std::pointer_traits<pointer>::pointer_to(*b), 1);
    }

    using bags = typename std::allocator_traits<Allocator>::template rebind_alloc<bag>;

    static constexpr std::size_t full_kept = 2;

    pool& pool_;
    rcu_domain& domain_;
    [[no_unique_address]] bags bags_;
    bag* loaded_ = nullptr;
    bag* filling_ = nullptr;
    bag* waiting_ = nullptr;
    bag* newest_ = nullptr; // of those
    bag* full_ = nullptr;
    bag* empty_ = nullptr;
    std::size_t promised_ = 0; // places
    std::size_t room_ = 0;     // in filling and in the empty ones
    std::size_t bags_waiting_ = 0;
    std::size_t bags_full_ = 0;
    std::size_t patience_ = enough_waiting;
};

} // namespace lockfree
} // namespace tandem::inline TANDEM_ABI
