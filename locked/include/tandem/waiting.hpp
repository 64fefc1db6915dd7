#pragma once

// waiting: how a thread waits for something that others publish without a lock.
//
//   waiter      one thread that waits, on its own stack
//   wait_list   the waiters for one kind of event, first in, first out
//   backoff     what is worth trying before parking
//   limit::     how long to wait: at_once, forever, until, unless
//   wait_for    all of it together
//
// Who publishes then calls notify: one load while nobody waits. Who waits enlists, looks again, and parks: either
// it sees the publication, or the publisher sees it in the list (watched.hpp). A notification takes the waiter
// off the list, so that it is woken once, and the next publisher does not look for it. Whoever has been notified
// tries once more whatever else happened, and passes on what it did not need.
//
// Edges:
//   notified  release => woken  acquire   what the notifier saw is seen by whoever it wakes

#include <tandem/contract.hpp>
#include <tandem/mutex.hpp>
#include <tandem/watched.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace tandem::inline TANDEM_ABI {

class waiter {
public:
    waiter() noexcept = default;
    waiter(waiter const&) = delete;
    waiter& operator=(waiter const&) = delete;

    bool notified() const noexcept { return word_.load(order::acquire) != 0; } // woken
    void wait() const noexcept { park(word_, 0); }
    void wait_until(clock::time_point deadline) const noexcept { park_until(word_, 0, deadline); }

private:
    friend class wait_list;

    atomic<std::uint32_t> word_{0}; // 1: notified, and on no list
    // Guarded by the list's mutex.
    cell<bool> listed_{false};
    cell<waiter*> previous_{nullptr};
    cell<waiter*> next_{nullptr};
};

class wait_list {
public:
    wait_list() noexcept = default;
    wait_list(wait_list const&) = delete;
    wait_list& operator=(wait_list const&) = delete;

    // After publishing as much as n waiters wait for.
    void notify(std::size_t n) noexcept {
        if (waiting_.look() != 0) [[unlikely]] {
            wake(n);
        }
    }
    void notify_all() noexcept { notify(static_cast<std::size_t>(-1)); }

    // Precondition: w is on no list. Look for what is waited for after this.
    void enlist(waiter& w) noexcept {
        waiting_.add(1); // and then the lock: a publisher sees w, or is seen by the look that follows
        scoped_lock const lock(mutex_);
        w.word_.store(0, order::relaxed); // relaxed: nobody else looks at it before the unlock
        append(w);
    }
    void delist(waiter& w) noexcept {
        if (!w.notified()) {
            scoped_lock const lock(mutex_);
            withdraw(w);
        }
    }
    // Wakes this one, if it is still there.
    void cancel(waiter& w) noexcept {
        {
            scoped_lock const lock(mutex_);
            if (!withdraw(w)) {
                return;
            }
            w.word_.store(1, order::release); // notified
        }
        unpark_one(w.word_);
    }

private:
    // Several at a time, so that the lock is not held for long.
    [[gnu::noinline, gnu::cold]] void wake(std::size_t n) noexcept {
        constexpr std::size_t at_a_time = 16;
        std::array<atomic<std::uint32_t> const*, at_a_time> woken;
        for (std::size_t taken = at_a_time; n != 0 && taken == at_a_time; n -= taken) {
            taken = 0;
            {
                scoped_lock const lock(mutex_);
                while (taken != at_a_time && taken != n && first_.read() != nullptr) {
                    auto& w = *first_.read();
                    withdraw(w);
                    woken[taken++] = &w.word_;        // its address: w may be gone as soon as it is notified
                    w.word_.store(1, order::release); // notified
                }
            }
            for (std::size_t i = 0; i != taken; ++i) {
                unpark_one(*woken[i]);
            }
        }
    }

    void append(waiter& w) noexcept TANDEM_REQUIRES(mutex_) {
        auto* const last = last_.read();
        w.previous_.write(last);
        w.next_.write(nullptr);
        (last != nullptr ? last->next_ : first_).write(&w);
        last_.write(&w);
        w.listed_.write(true);
    }
    bool withdraw(waiter& w) noexcept TANDEM_REQUIRES(mutex_) {
        if (!w.listed_.read()) {
            return false;
        }
        auto* const previous = w.previous_.read();
        auto* const next = w.next_.read();
        (previous != nullptr ? previous->next_ : first_).write(next);
        (next != nullptr ? next->previous_ : last_).write(previous);
        w.listed_.write(false);
        waiting_.subtract(1);
        return true;
    }

    watched waiting_; // at least as many as are on the list
    mutex mutex_;
    cell<waiter*> first_ TANDEM_GUARDED_BY(mutex_){nullptr};
    cell<waiter*> last_ TANDEM_GUARDED_BY(mutex_){nullptr};
};

// Looks worth taking before parking. A pause of a microsecond lets what is waited for pile up without touching its
// line; yields are for whoever shares this core, eight at least. All together take as long as a wake-up from another
// core: parked earlier, two ends that each outrun the other while it wakes put each other to sleep in turn.
class backoff {
public:
    bool spent() const noexcept { return pauses_ + yields_ == 0; }
    // Precondition: not spent.
    void wait() noexcept {
        if (pauses_ != 0) {
            --pauses_;
            pause_for(std::chrono::microseconds(1));
            return;
        }
        yield();
        if (yields_ != 1 || clock::now() >= enough_) {
            --yields_;
        }
    }

private:
    int pauses_ = spin_limit(1);
    int yields_ = yield_limit(8);
    clock::time_point enough_ = clock::now() + std::chrono::microseconds(20);
};

// How long to wait, and for what. An attempt is made first; then `over` is asked. `sleep` parks until woken or over, or
// for no reason; `arm` gives something to keep that calls `wake` when the limit ends otherwise than by time.
namespace limit {

struct nothing_armed {};

struct forever {
    static constexpr bool waits_for(status s) noexcept {
        return s == status::empty || s == status::full || s == status::busy;
    }
    static constexpr bool over() noexcept { return false; }
    template <class Wake>
    static nothing_armed arm(Wake const&) noexcept {
        return {};
    }
    static void sleep(waiter& w) noexcept { w.wait(); }
    static void sleep(condition_variable& c, mutex& m) noexcept TANDEM_REQUIRES(m) { c.wait(m); }
    static constexpr status answer_to(status s) noexcept { return s; }
};

// Only while another thread is in the middle of something.
struct at_once : forever {
    static constexpr bool waits_for(status s) noexcept { return s == status::busy; }
};

class until : public forever {
public:
    explicit until(clock::time_point deadline) noexcept : deadline_(deadline) {}

    bool over() const noexcept { return clock::now() >= deadline_; }
    void sleep(waiter& w) const noexcept { w.wait_until(deadline_); }
    void sleep(condition_variable& c, mutex& m) const noexcept TANDEM_REQUIRES(m) { c.wait_until(m, deadline_); }
    static constexpr status answer_to(status) noexcept { return status::timeout; }

private:
    clock::time_point deadline_;
};

class unless : public forever {
public:
    explicit unless(stop_token const& t) noexcept : token_(t) {}

    bool over() const noexcept { return token_.stop_requested(); }
    template <class Wake>
    auto arm(Wake const& wake) const {
        return stop_callback<Wake>(token_, wake);
    }
    static constexpr status answer_to(status) noexcept { return status::stopped; }

private:
    stop_token const& token_;
};

} // namespace limit

// Repeats attempt() until it says that it is done, or the limit is over; says which. Before it parks it looks, which is
// a cheaper attempt that may fail for no reason. Who has been on the list and is done wakes the next one if there
// is more().
template <class Limit, class Look, class Attempt, class More>
bool wait_for(wait_list& list, Limit const& limit, Look look, Attempt attempt, More more) {
    waiter self;
    [[maybe_unused]] auto const armed = limit.arm([&]() noexcept { list.cancel(self); });
    for (;;) {
        for (backoff looks; !looks.spent() && !limit.over();) {
            looks.wait();
            if (look()) {
                return true;
            }
        }
        if (limit.over()) {
            return attempt();
        }
        list.enlist(self);
        bool const done = attempt();
        if (!done) {
            while (!self.notified() && !limit.over()) {
                limit.sleep(self);
            }
        }
        list.delist(self);
        if (done || attempt()) {
            if (more()) {
                list.notify(1);
            }
            return true;
        }
    }
}
// Only waits for a thread in the middle of something: it is not on the list, where it could be passed over by a
// notification for those who want more.
template <class Look, class Attempt, class More>
bool wait_for(wait_list&, limit::at_once, Look, Attempt attempt, More) {
    waiter const nobody;
    for (;;) {
        for (backoff looks; !looks.spent();) {
            looks.wait();
            if (attempt()) {
                return true;
            }
        }
        nobody.wait_until(clock::now() + std::chrono::microseconds(100));
    }
}

} // namespace tandem::inline TANDEM_ABI
