// map_element: keys, values, hashes and an allocator for maps that keep accounts, and break when told to.
#pragma once

#include "element.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <new>
#include <stdexcept>
#include <utility>

namespace tandem::test {

// All keys have one hash.
struct same_hash {
    std::size_t operator()(std::uint64_t) const noexcept { return 42; }
};
// Hashes that differ in a few high or in a few low bits only.
struct high_hash {
    std::size_t operator()(std::uint64_t k) const noexcept { return k << 56; }
};
struct low_hash {
    std::size_t operator()(std::uint64_t k) const noexcept { return k & 7; }
};

// Lets so many steps pass, and makes the next one throw; once.
class fuse {
public:
    struct blown : std::runtime_error {
        blown() : std::runtime_error("a step that throws") {}
    };

    static void step() {
        if (left_ == 0) {
            left_ = never;
            throw blown();
        }
        if (left_ > 0) {
            --left_;
        }
    }
    static void set(int steps) noexcept { left_ = steps; }
    // Whether it was not reached; it never is from now on.
    static bool remove() noexcept { return std::exchange(left_, never) != never; }

private:
    static constexpr int never = -1;
    static inline thread_local int left_ = never;
};

// Its copies and its construction from a number are steps; its moves are not. What is moved from has number -1.
class fused {
public:
    explicit fused(int n) : number_(n) { fuse::step(); }
    fused(fused const& other) : number_(other.number_) { fuse::step(); }
    fused(fused&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    fused& operator=(fused const& other) {
        fuse::step();
        number_ = other.number_;
        return *this;
    }
    fused& operator=(fused&& other) noexcept {
        number_ = std::exchange(other.number_, -1);
        return *this;
    }
    ~fused() = default;

    int number() const noexcept { return number_; }
    void add(int n) noexcept { number_ += n; }

private:
    int number_;
};
struct fused_hash {
    std::size_t operator()(fused const& k) const {
        fuse::step();
        return std::hash<int>()(k.number());
    }
};
struct fused_equal {
    bool operator()(fused const& a, fused const& b) const {
        fuse::step();
        return a.number() == b.number();
    }
};

// What an allocator gave out, in bytes.
struct bytes_book {
    std::atomic<std::size_t> outstanding{0};
    std::atomic<std::size_t> allocations{0};
    std::atomic<bool> refuse{false};
};

template <class T>
class book_allocator {
public:
    using value_type = T;

    explicit book_allocator(bytes_book& b) noexcept : book_(&b) {}
    template <class U>
    book_allocator(book_allocator<U> const& other) noexcept : book_(other.book()) {}

    T* allocate(std::size_t n) {
        fuse::step();
        if (book_->refuse) {
            throw std::bad_alloc();
        }
        T* const place = std::allocator<T>().allocate(n);
        book_->outstanding += n * sizeof(T);
        ++book_->allocations;
        return place;
    }
    void deallocate(T* place, std::size_t n) noexcept {
        book_->outstanding -= n * sizeof(T);
        std::allocator<T>().deallocate(place, n);
    }
    bytes_book* book() const noexcept { return book_; }

    friend bool operator==(book_allocator const& a, book_allocator const& b) noexcept { return a.book_ == b.book_; }

private:
    bytes_book* book_;
};

} // namespace tandem::test
