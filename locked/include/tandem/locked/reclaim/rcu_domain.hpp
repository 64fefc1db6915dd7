#pragma once

// rcu_domain: the open sections in a list behind a mutex, the oldest first; what is retired waits in another until every
// section that began before has ended.
//
// What lockfree::rcu_domain means, in words anybody can check. Sections have numbers in the order of their beginning, and a
// tag is the number of the last one that has begun. Opening and closing a section takes the lock: readers wait for each other.

#include <tandem/mutex.hpp>
#include <tandem/rcu.hpp>

#include <cassert>
#include <cstdint>

namespace tandem::inline TANDEM_ABI {
namespace locked {

// One in a process: rcu_default_domain().
class rcu_domain {
public:
    constexpr rcu_domain() noexcept = default;
    rcu_domain(rcu_domain const&) = delete;
    rcu_domain& operator=(rcu_domain const&) = delete;
    // Never in a program: a model checker wants its memory back.
    ~rcu_domain() { barrier(); }

    // lock, try_lock, unlock   wait for a lock. A section that is still open when its thread ends must be closed by a
    // destructor of the thread's.
    void lock() noexcept {
        auto& mine = of_thread<own>();
        if (mine.nesting++ == 0) {
            scoped_lock const lock(mutex_);
            append(mine);
        }
    }
    [[nodiscard]] bool try_lock() noexcept {
        lock();
        return true;
    }
    void unlock() noexcept {
        auto& mine = of_thread<own>();
        if (--mine.nesting == 0) {
            {
                scoped_lock const lock(mutex_);
                remove(mine);
            }
            ended_.notify_all();
            collect();
        }
    }
    // in_section   wait-free, 0 steps; whether the calling thread is in one.
    bool in_section() const noexcept { return of_thread<own>().nesting != 0; }

    // now, expired   wait for a lock.
    std::uint64_t now() noexcept {
        scoped_lock const lock(mutex_);
        return begun_.read();
    }
    bool expired(std::uint64_t tag) const noexcept {
        scoped_lock const lock(mutex_);
        return is_expired(tag);
    }
    // try_advance   waits for a lock. True: no section is open, so that every tag there is has expired.
    bool try_advance() noexcept { return expired(now()); }

    // retire   waits for a lock, and may call deleters; how(what) is called when every section that may have found it has ended.
    void retire(rcu_link& what, rcu_link::function how) noexcept {
        {
            scoped_lock const lock(mutex_);
            what.next.write(nullptr);
            what.reclaim.write(how);
            what.tag.write(begun_.read());
            (last_.read() != nullptr ? last_.read()->next : first_).write(&what);
            last_.write(&what);
        }
        collect();
    }
    // synchronize   waits until every section that began before has ended. Precondition: not in a section.
    void synchronize() noexcept {
        assert(!in_section());
        scoped_lock const lock(mutex_);
        auto const tag = begun_.read();
        while (!is_expired(tag)) {
            ended_.wait(mutex_);
        }
    }
    // barrier   waits as synchronize does, and for those who are calling deleters. Precondition: neither in a section nor
    // in a deleter.
    void barrier() noexcept {
        assert(!of_thread<own>().collecting);
        synchronize();
        scoped_lock const turn(turn_);
        call_deleters();
    }

private:
    // A thread's section.
    struct own {
        own* older = nullptr;
        own* younger = nullptr;
        std::uint64_t number = 0;
        std::uint32_t nesting = 0;
        bool collecting = false; // calls deleters
    };

    void append(own& section) noexcept TANDEM_REQUIRES(mutex_) {
        begun_.write(begun_.read() + 1);
        section.number = begun_.read();
        section.older = youngest_.read();
        section.younger = nullptr;
        if (section.older != nullptr) {
            section.older->younger = &section;
        } else {
            oldest_.write(&section);
        }
        youngest_.write(&section);
    }
    void remove(own& section) noexcept TANDEM_REQUIRES(mutex_) {
        if (section.older != nullptr) {
            section.older->younger = section.younger;
        } else {
            oldest_.write(section.younger);
        }
        if (section.younger != nullptr) {
            section.younger->older = section.older;
        } else {
            youngest_.write(section.older);
        }
    }
    bool is_expired(std::uint64_t tag) const noexcept TANDEM_REQUIRES(mutex_) {
        return oldest_.read() == nullptr || oldest_.read()->number > tag;
    }

    // Calls the deleters that are due, unless another thread is at it.
    void collect() noexcept {
        if (!of_thread<own>().collecting && turn_.try_lock()) {
            call_deleters();
            turn_.unlock();
        }
    }
    void call_deleters() noexcept TANDEM_REQUIRES(turn_) {
        auto& mine = of_thread<own>();
        mine.collecting = true;
        while (auto* const one = take_expired()) {
            one->reclaim.read()(*one);
        }
        mine.collecting = false;
    }
    rcu_link* take_expired() noexcept {
        scoped_lock const lock(mutex_);
        auto* const one = first_.read();
        if (one == nullptr || !is_expired(one->tag.read())) {
            return nullptr;
        }
        auto* const next = one->next.read();
        first_.write(next);
        if (next == nullptr) {
            last_.write(nullptr);
        }
        return one;
    }

    mutex turn_; // of whoever calls deleters, which may retire more meanwhile
    mutable mutex mutex_;
    condition_variable ended_;
    cell<std::uint64_t> begun_ TANDEM_GUARDED_BY(mutex_){0};
    cell<own*> oldest_ TANDEM_GUARDED_BY(mutex_){nullptr};
    cell<own*> youngest_ TANDEM_GUARDED_BY(mutex_){nullptr};
    cell<rcu_link*> first_ TANDEM_GUARDED_BY(mutex_){nullptr};
    cell<rcu_link*> last_ TANDEM_GUARDED_BY(mutex_){nullptr};
};

inline rcu_domain& rcu_default_domain() noexcept {
    return of_process<rcu_domain>();
}

} // namespace locked
} // namespace tandem::inline TANDEM_ABI
