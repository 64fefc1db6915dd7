// Planted bugs of epochs, on real threads and under the model checker; `none` is the scheme without one.
//
//   tag_from_local_epoch         a tag is what the thread's own section announced, not an epoch read after the taking out
//   epoch_freed_one_too_early    a tag expires when the epoch has moved once
//   announced_without_order      a section is announced by a store, and nothing keeps later reads behind it
//   end_relaxed                  a section ends with a relaxed store
#pragma once

#include <tandem/mutex.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace tandem::planted {

enum class epoch_bug : std::uint8_t {
    none,
    tag_from_local_epoch,
    epoch_freed_one_too_early,
    announced_without_order,
    end_relaxed
};

template <epoch_bug Bug>
class epochs {
public:
    void lock() noexcept {
        auto const epoch = global_.load(order::acquire);
        if constexpr (Bug == epoch_bug::announced_without_order) {
            mine().store(epoch, order::release);
        } else {
            mine().exchange(epoch, order::acq_rel);
        }
    }
    void unlock() noexcept {
        if constexpr (Bug == epoch_bug::end_relaxed) {
            mine().store(0, order::relaxed);
        } else {
            mine().store(0, order::release);
        }
    }
    // In a section.
    std::uint64_t now() noexcept {
        if constexpr (Bug == epoch_bug::tag_from_local_epoch) {
            return mine().load(order::relaxed);
        } else {
            return global_.fetch_add(0, order::acq_rel);
        }
    }
    bool expired(std::uint64_t tag) const noexcept {
        return global_.load(order::acquire) >= tag + (Bug == epoch_bug::epoch_freed_one_too_early ? 1 : 2);
    }
    bool try_advance() noexcept {
        auto epoch = global_.load(order::acquire);
        for (auto& one : announced_) {
            auto const seen = one.fetch_add(0, order::acq_rel);
            if (seen != 0 && seen != epoch) {
                return false;
            }
        }
        global_.compare_exchange_strong(epoch, epoch + 1, order::release, order::relaxed);
        return true;
    }

private:
    atomic<std::uint64_t>& mine() noexcept { return announced_[thread_number() % announced_.size()]; }

    atomic<std::uint64_t> global_{1};
    std::array<atomic<std::uint64_t>, 8> announced_{}; // no more threads than that
};

// A counter whose number lies in a block that every change replaces. What has expired is overwritten and kept, so that
// whoever still reads it answers what never was.
template <epoch_bug Bug>
class counter_of_blocks {
public:
    counter_of_blocks() = default;
    counter_of_blocks(counter_of_blocks const&) = delete;
    counter_of_blocks& operator=(counter_of_blocks const&) = delete;
    ~counter_of_blocks() { delete now_.load(order::relaxed); }

    void add(std::int64_t n) { fetch_add(n); }
    void sub(std::int64_t n) { fetch_add(-n); }
    std::int64_t fetch_add(std::int64_t n) {
        return change([n](std::int64_t old) { return old + n; });
    }
    std::int64_t exchange(std::int64_t v) {
        return change([v](std::int64_t) { return v; });
    }
    std::int64_t load() {
        epochs_.lock();
        auto const* const it = now_.load(order::acquire);
        dawdle();
        auto const value = it->value.load(order::relaxed);
        epochs_.unlock();
        return value;
    }

private:
    static constexpr std::int64_t gone = -0x6666'6666;
    struct block {
        explicit block(std::int64_t v) : value(v) {}
        atomic<std::int64_t> value;
    };

    template <class F>
    std::int64_t change(F next) {
        epochs_.lock();
        dawdle();
        auto* old = now_.load(order::acquire);
        std::int64_t before = 0;
        auto made = std::make_unique<block>(0);
        do {
            before = old->value.load(order::relaxed);
            made->value.store(next(before), order::relaxed);
        } while (!now_.compare_exchange_weak(old, made.get(), order::acq_rel, order::acquire));
        made.release();
        auto const tag = epochs_.now();
        epochs_.unlock();
        scoped_lock const lock(mutex_);
        taken_out_.emplace_back(tag, old);
        epochs_.try_advance();
        spoil();
        return before;
    }
    void spoil() TANDEM_REQUIRES(mutex_) {
        for (auto& [tag, what] : taken_out_) {
            if (epochs_.expired(tag)) {
                what->value.store(gone, order::relaxed);
            }
        }
    }
    // Time for the others to move the epoch.
    static void dawdle() {
        for (int i = 0; i != 3; ++i) {
            yield();
        }
    }

    epochs<Bug> epochs_;
    atomic<block*> now_{new block(0)};
    mutex mutex_;
    std::vector<std::pair<std::uint64_t, std::unique_ptr<block>>> taken_out_ TANDEM_GUARDED_BY(mutex_);
};

} // namespace tandem::planted
