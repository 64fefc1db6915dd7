#pragma once

// brief_mutex: a lock for a few hundred instructions at a time, with one locked instruction, not two.
//
//   word   0 free    1 held
//
// The unlock is a store. That it does not miss whoever is about to sleep is the bargain of watched.hpp: a sleeper raises a
// flag and then tries the word once more, an unlock frees the word and then looks at the flag. Lowering it wakes one,
// which raises it again before it tries, on behalf of the others: as with mutex, one at a time is on its way. So going to
// sleep costs more than with mutex, and the rest half. Without an asymmetric barrier the unlock has a locked instruction too.
//
// Edges:
//   brief.unlock  release => brief.lock  acquire   what one holder wrote is seen by the next
//
// Eight bytes. Annotated as mutex is. Not recursive, not fair, and to be destroyed only when the last unlock has returned:
// unlike mutex, it is looked at after it was freed.

#include <tandem/mutex.hpp>
#include <tandem/watched.hpp>

#include <chrono>
#include <cstdint>

namespace tandem::inline TANDEM_ABI {

class TANDEM_ANNOTATE(capability("mutex")) brief_mutex {
public:
    brief_mutex() noexcept = default;
    brief_mutex(brief_mutex const&) = delete;
    brief_mutex& operator=(brief_mutex const&) = delete;

    void lock() noexcept TANDEM_ANNOTATE(acquire_capability(), no_thread_safety_analysis) {
        if (!take_free()) [[unlikely]] {
            wait_and_take();
        }
    }
    void unlock() noexcept TANDEM_ANNOTATE(release_capability(), no_thread_safety_analysis) {
        word_.store(0, order::release); // brief.unlock
        if (waiting_.look() != 0) [[unlikely]] {
            waiting_.lower();
        }
    }

private:
    bool take_free() noexcept {
        std::uint32_t free = 0;
        // brief.lock; relaxed: nothing is read after a failure
        return word_.compare_exchange_strong(free, 1, order::acquire, order::relaxed);
    }

    [[gnu::noinline]] void wait_and_take() noexcept {
        for (int look = spin_limit(4); look > 0; --look) {
            pause_for(std::chrono::nanoseconds(600));             // each look pulls the line away from the holder
            if (word_.load(order::relaxed) == 0 && take_free()) { // relaxed: a guess, the CAS decides
                return;
            }
        }
        for (;;) {
            auto const up = waiting_.raise();
            if (word_.load(order::relaxed) == 0 && take_free()) { // relaxed: after raise(), that sees an unlock or is seen by it
                return;
            }
            waiting_.sleep(up);
        }
    }

    atomic<std::uint32_t> word_{0};
    watched waiting_;
};

class TANDEM_ANNOTATE(scoped_lockable) brief_lock {
public:
    explicit brief_lock(brief_mutex& m) noexcept TANDEM_ANNOTATE(acquire_capability(m)) : mutex_(m) { mutex_.lock(); }
    ~brief_lock() TANDEM_ANNOTATE(release_capability()) { mutex_.unlock(); }
    brief_lock(brief_lock const&) = delete;
    brief_lock& operator=(brief_lock const&) = delete;

private:
    brief_mutex& mutex_;
};

} // namespace tandem::inline TANDEM_ABI
