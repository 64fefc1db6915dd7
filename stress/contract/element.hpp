// element: element types and an allocator that keep accounts.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <new>
#include <stdexcept>
#include <utility>

namespace tandem::test {

// How many of its kind exist; a fresh one for every test.
struct account {
    std::atomic<int> alive{0};
};

// Move-only; every construction and destruction is entered in an account. What is moved from has value -1.
class tracked {
public:
    tracked(account& a, int v) noexcept : account_(&a), value_(v) { ++account_->alive; }
    tracked(tracked&& other) noexcept : account_(other.account_), value_(std::exchange(other.value_, -1)) {
        ++account_->alive;
    }
    tracked& operator=(tracked&& other) noexcept {
        account_ = other.account_;
        value_ = std::exchange(other.value_, -1);
        return *this;
    }
    ~tracked() { --account_->alive; }

    int value() const noexcept { return value_; }

private:
    account* account_;
    int value_;
};

// Its copy and its constructor from -1 throw; its move does not.
struct moody {
    explicit moody(int v) : value(v) {
        if (v == -1) {
            throw std::runtime_error("constructor");
        }
    }
    moody(moody&&) noexcept = default;
    moody& operator=(moody&&) noexcept = default;
    moody(moody const&) : value(0) { throw std::runtime_error("copy"); }
    ~moody() = default;

    int value;
};

struct alignas(256) wide {
    int value = 0;
};

// A stateful allocator: counts what it gave out, and refuses after so many.
struct ledger {
    std::size_t outstanding = 0;
    std::size_t allocations = 0;
    std::size_t grants = static_cast<std::size_t>(-1); // how many allocations succeed
    bool refuse = false;
};

template <class T>
class ledger_allocator {
public:
    using value_type = T;

    explicit ledger_allocator(ledger& l) noexcept : ledger_(&l) {}
    template <class U>
    ledger_allocator(ledger_allocator<U> const& other) noexcept : ledger_(other.book()) {}

    T* allocate(std::size_t n) {
        if (ledger_->refuse || ledger_->allocations == ledger_->grants) {
            throw std::bad_alloc();
        }
        T* const place = std::allocator<T>().allocate(n);
        ledger_->outstanding += n;
        ++ledger_->allocations;
        return place;
    }
    void deallocate(T* place, std::size_t n) noexcept {
        ledger_->outstanding -= n;
        std::allocator<T>().deallocate(place, n);
    }
    ledger* book() const noexcept { return ledger_; }

    friend bool operator==(ledger_allocator const& a, ledger_allocator const& b) noexcept {
        return a.ledger_ == b.ledger_;
    }

private:
    ledger* ledger_;
};

} // namespace tandem::test
