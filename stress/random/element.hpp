// element: what travels through the channels, and a ledger of what became of it.
#pragma once

#include <tandem/stress/engine/program.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <utility>
#include <vector>

namespace tandem::stress {

// How often each value came to be, and how often it came to an end: received, returned to its sender, or destroyed.
class ledger {
public:
    explicit ledger(program const& p) {
        for (auto const& lane : p.lanes) {
            std::int64_t most = 0;
            for (auto const& a : lane) {
                for (auto const v : a.argument) {
                    most = std::max(most, v & 0xffff'ffff);
                }
            }
            lanes_.emplace_back(static_cast<std::size_t>(most) + 1);
        }
    }

    void begin(std::int64_t value) { of(value).begun.fetch_add(1, std::memory_order::relaxed); }
    void end(std::int64_t value) { of(value).ended.fetch_add(1, std::memory_order::relaxed); }
    void spoil() { spoiled_.fetch_add(1, std::memory_order::relaxed); }

    struct account {
        std::int64_t lost = 0, doubled = 0, spoiled = 0;
    };
    account closed() const { // once all threads are through
        account sum{.spoiled = spoiled_.load(std::memory_order::relaxed)};
        for (auto const& lane : lanes_) {
            for (auto const& v : lane) {
                auto const open = v.begun.load(std::memory_order::relaxed) - v.ended.load(std::memory_order::relaxed);
                sum.lost += open > 0 ? open : 0;
                sum.doubled += open < 0 ? -open : 0;
            }
        }
        return sum;
    }

private:
    struct entry {
        std::atomic<int> begun{0}, ended{0};
    };

    entry& of(std::int64_t value) {
        return lanes_[static_cast<std::size_t>(value >> 32) - 1][static_cast<std::size_t>(value & 0xffff'ffff)];
    }

    std::vector<std::vector<entry>> lanes_{};
    std::atomic<std::int64_t> spoiled_{0};
};

struct copy_refused : std::exception {};

// Counts itself. A copy is another one, and every third is refused.
class counted {
public:
    counted() noexcept = default;
    counted(ledger& l, std::int64_t v) : ledger_(&l), value_(v) { l.begin(v); }
    counted(counted&& other) noexcept : ledger_(std::exchange(other.ledger_, nullptr)), value_(other.value_) {}
    counted(counted const& other) : ledger_(other.ledger_), value_(other.value_) {
        thread_local unsigned copies = 0;
        if (++copies % 3 == 0) {
            throw copy_refused();
        }
        begin();
    }
    counted& operator=(counted&& other) noexcept {
        if (this != &other) {
            end();
            ledger_ = std::exchange(other.ledger_, nullptr);
            value_ = other.value_;
        }
        return *this;
    }
    ~counted() {
        if (ledger_ != nullptr) {
            ledger_->end(value_); // and again, if it is destroyed again
        }
    }

    bool holds(std::int64_t v) const { return ledger_ != nullptr && value_ == v; }
    std::int64_t value() const { return ledger_ != nullptr ? value_ : -1; }
    void end() {
        if (auto* const l = std::exchange(ledger_, nullptr)) {
            l->end(value_);
        }
    }

private:
    void begin() {
        if (ledger_ != nullptr) {
            ledger_->begin(value_);
        }
    }

    ledger* ledger_ = nullptr; // none: moved from
    std::int64_t value_ = 0;
};

// Kinds of elements: how to make one, whether it still holds its value, and how to take the value out.
struct of_integers {
    using type = std::int64_t;
    static type make(ledger&, std::int64_t v) { return v; }
    static bool holds(type e, std::int64_t v) { return e == v; }
    static std::int64_t take(type& e) { return e; }
    static constexpr bool copied = false;
};

template <class Element, bool Copied>
struct of_counted {
    using type = Element;
    static type make(ledger& l, std::int64_t v) {
        type e(l, v);
        if (reinterpret_cast<std::uintptr_t>(&e) % alignof(type) != 0) {
            l.spoil();
        }
        return e;
    }
    static bool holds(type const& e, std::int64_t v) { return e.holds(v); }
    static std::int64_t take(type& e) {
        auto const v = e.value();
        e.end();
        return v;
    }
    static constexpr bool copied = Copied;
};

struct move_only : counted {
    using counted::counted;
    move_only(move_only&&) noexcept = default;
    move_only& operator=(move_only&&) noexcept = default;
};
struct alignas(64) over_aligned : move_only {
    using move_only::move_only;
    over_aligned(over_aligned&& other) noexcept : move_only(std::move(other)) { check(); }
    over_aligned& operator=(over_aligned&&) noexcept = default;

private:
    void check() noexcept {
        if (reinterpret_cast<std::uintptr_t>(this) % 64 != 0) {
            std::terminate();
        }
    }
};

struct of_boxes {
    using type = std::unique_ptr<counted>;
    static type make(ledger& l, std::int64_t v) { return std::make_unique<counted>(l, v); }
    static bool holds(type const& e, std::int64_t v) { return e != nullptr && e->holds(v); }
    static std::int64_t take(type& e) {
        auto const taken = std::exchange(e, nullptr);
        return taken ? taken->value() : -1;
    }
    static constexpr bool copied = false;
};

using of_movables = of_counted<move_only, false>;
using of_copyables = of_counted<counted, true>;
using of_over_aligned = of_counted<over_aligned, false>;

} // namespace tandem::stress
