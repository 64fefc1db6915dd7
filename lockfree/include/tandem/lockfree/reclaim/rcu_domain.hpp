#pragma once

// rcu_domain: epochs (after Fraser, 2004). A section announces the epoch in which it began; the epoch moves on when every
// announcement is of the present one; what is taken out is freed a few epochs later.
//
//   global_      the epoch: 1, 2, 3 ...
//   announced    of each thread: the epoch that its section began in; 0 outside of one
//   a tag        one more than an epoch read inside a section, after the thing was taken out; expired two later
//
// Why that is right. Thing X is taken out, and then, in a section, W reads epoch t: the tag is t+1. Whoever moves the epoch
// looks at all announcements; of a look and an announcement, the later one knows of what was before the earlier one.
//   - The look that moves t+1 to t+2 finds that section of W's over. It did not come before the announcement: W would have
//     read t+1. It did not find the section open: it began in an epoch before t+1. So it knows that X was taken out.
//   - The look that moves t+2 to t+3 finds the section of a reader R over, or not begun, or begun in t+2. In the second
//     and third case R begins after the epoch was t+2, so it knows what the first look knew, and cannot find X.
// At t+3 every section that found X is over. A plain read of the epoch may be old, also when it comes after X was taken out,
// and the epoch that W announced may be older still: how far behind they are is bounded by W's section, by one.
//
// Of a look and an announcement: where there is an asymmetric barrier, announcing is a store, then light(), and looking is
// heavy(), then loads. Otherwise both are read-modify-writes of the same word, and the later one reads from the earlier, but
// for a look that found an earlier section of the same thread, and then that one began in t+2 and knows as much. A record
// that is linked too late for a look is a case of its own: there the two meet in records_.
//
// Edges:
//   advance       release => begin           acquire   in an epoch one knows what was before it
//   advance       release => advance.seen    acquire   and so does whoever ends it
//   advance       release => expired         acquire   all that readers did with a thing is before its end
//   announce      release => look            acquire   earlier sections of the thread are over: a store after an end hides it
//   look.before   release => announce.after  acquire   the announcement comes later: it knows the epoch that moves
//   end           release => look            acquire   what was read in a section was read before its end
//   record.link   release => record.find     acquire   a record is made before it is found
//   find.before   release => link.after      acquire   the record comes later: its thread knows the epoch that moves
//   record.leave  release => record.take     acquire   the next thread goes on from the last announcement
//   retire        release => drain           acquire   a thing is complete, and taken out, before it is tagged
//
// A section is about ten instructions, none of them locked; without the barrier one is. It takes longer where a thread's
// record is not made: in its first section, in the last destructors of a thread, and where there was no memory, when all
// those threads share one record and a lock. Memory: 384 bytes for each thread, of those alive at once, until the process
// ends; and what was retired, without limit while a section stays open.

#include <tandem/mutex.hpp>
#include <tandem/rcu.hpp>

#include <algorithm>
#include <cassert>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace tandem::inline TANDEM_ABI {
namespace lockfree {

// One in a process: rcu_default_domain().
class rcu_domain {
public:
    constexpr rcu_domain() noexcept : records_(&shared_) {}
    rcu_domain(rcu_domain const&) = delete;
    rcu_domain& operator=(rcu_domain const&) = delete;
    // Never in a program: a model checker wants its memory back.
    ~rcu_domain() {
        of_thread<own>().collecting = true;
        while (reclaim_what_there_is()) { // a deleter may have retired more
            try_advance();
        }
        for (auto* one = records_.load(order::relaxed); one != nullptr;) { // relaxed: alone
            auto* const next = one->next.read();
            if (one != &shared_) {
                std::destroy_at(one);
                deallocate(one, sizeof(record), alignof(record));
            }
            one = next;
        }
    }

    // lock, try_lock   wait-free, 3 steps, but that a thread's first section allocates; a section that is still open when its
    // thread ends must be closed by a destructor of the thread's. Without memory for a record they and unlock wait for a lock.
    // unlock   wait-free, 1 step.
    [[gnu::always_inline]] void lock() noexcept {
        auto& mine = of_thread<own>();
        if (mine.nesting++ == 0) {
            if (mine.at_hand != nullptr) [[likely]] {
                auto const epoch = global_.load(order::acquire); // begin
                mine.at_hand->store(epoch, order::release);      // announce
                light();
            } else {
                enter(mine);
            }
        }
    }
    [[nodiscard]] bool try_lock() noexcept {
        lock();
        return true;
    }
    [[gnu::always_inline]] void unlock() noexcept {
        auto& mine = of_thread<own>();
        if (--mine.nesting == 0) {
            if (mine.at_hand != nullptr) [[likely]] {
                mine.at_hand->store(0, order::release); // end
            } else {
                leave(mine);
            }
        }
    }
    // in_section   wait-free, 0 steps; whether the calling thread is in one.
    [[gnu::always_inline]] bool in_section() const noexcept { return of_thread<own>().nesting != 0; }

    // now   wait-free, 5 steps; outside of a section as lock, and inside one a load.
    [[gnu::always_inline]] std::uint64_t now() noexcept {
        lock();
        auto const epoch = global_.load(order::relaxed); // relaxed: the section bounds how old it is
        unlock();
        return epoch + 1;
    }
    // expired   wait-free, 1 step.
    [[gnu::always_inline]] bool expired(std::uint64_t tag) const noexcept {
        return global_.load(order::acquire) >= tag + 2; // expired
    }
    // try_advance   wait-free, 4 steps and 2 a thread, of as many as have been at once, unless a weak compare-exchange fails for
    // no reason; and with an asymmetric barrier a system call. True: the epoch moved. A tag expires when it has three times.
    bool try_advance() noexcept {
        auto epoch = global_.load(order::acquire); // advance.seen
        bool const by_barrier = asymmetric();
        if (by_barrier) {
            heavy();
        }
        auto* one = records_.load(order::acquire); // record.find
        // find.before; record.find; relaxed: nothing is read after a failure
        while (!by_barrier && !records_.compare_exchange_weak(one, one, order::acq_rel, order::relaxed)) {
        }
        for (; one != nullptr; one = one->next.read()) {
            auto const seen = by_barrier ? one->announced.load(order::acquire)          // look
                                         : one->announced.fetch_add(0, order::acq_rel); // look; look.before
            if (seen != 0 && seen != epoch) {
                return false;
            }
        }
        // advance; relaxed: another was faster, and has moved it
        global_.compare_exchange_strong(epoch, epoch + 1, order::release, order::relaxed);
        return true;
    }

    // retire   lock-free beside the deleters and the allocator. how(what) is called when every section that may have found it
    // has ended; tries again when another thread's barrier took away what was retired here before. Frees up to
    // sixteen others in every eighth call, and looks at all announcements in every 64th.
    void retire(rcu_link& what, rcu_link::function how) noexcept {
        auto& mine = of_thread<own>();
        auto& to = record_or_shared(mine);
        what.reclaim.write(how);
        push(to, what);
        if (++mine.retired % collect_every == 0 && !mine.collecting) {
            if (mine.retired % advance_every == 0) {
                try_advance();
            }
            collect(mine, to);
        }
    }

    // synchronize   waits until every section that began before has ended; those that begin meanwhile may delay that, and
    // cannot prevent it. Precondition: not in a section.
    void synchronize() noexcept {
        assert(!in_section());
        wait_until_expired(now());
    }
    // barrier   waits as synchronize does, and for those who are calling deleters. Precondition: neither in a section nor
    // in a deleter.
    void barrier() noexcept {
        auto& mine = of_thread<own>();
        assert(!in_section() && !mine.collecting);
        auto* const first = records_.load(order::acquire); // record.find
        for (auto* one = first; one != nullptr; one = one->next.read()) {
            scoped_lock const lock(one->lists);
            drain(*one);
        }
        wait_until_expired(now());
        mine.collecting = true;
        for (auto* one = first; one != nullptr; one = one->next.read()) {
            scoped_lock const lock(one->lists);
            while (reclaim_one(*one)) {
            }
        }
        mine.collecting = false;
    }

private:
    // Of a thread; when it ends, the next takes it over, and what is retired here.
    struct record {
        constexpr record() noexcept = default;

        alignas(cache_line) atomic<std::uint64_t> announced{0};
        atomic<std::uint32_t> taken{1};
        cell<record*> next{nullptr};

        alignas(cache_line) atomic<rcu_link*> retired{nullptr}; // not yet tagged; the last one first
        mutex lists;
        cell<rcu_link*> first TANDEM_GUARDED_BY(lists){nullptr}; // tagged; the first one first
        cell<rcu_link*> last TANDEM_GUARDED_BY(lists){nullptr};
    };
    struct own {
        atomic<std::uint64_t>* at_hand = nullptr; // of the record, where there is an asymmetric barrier
        std::uint32_t nesting = 0;
        bool ending = false;
        bool collecting = false; // calls deleters
        std::uint32_t retired = 0;
        record* whole = nullptr;
        record* visited = nullptr; // of all the records, whose lists were last seen to
    };
    static constexpr std::uint32_t collect_every = 8;
    static constexpr std::uint32_t advance_every = 64;
    static constexpr int at_once = 16;

    // The outermost lock, where there is no more to it than in lock() with an asymmetric barrier.
    [[gnu::noinline]] void enter(own& mine) noexcept {
        if (mine.whole != nullptr || take_record(mine)) {
            announce(*mine.whole);
            return;
        }
        scoped_lock const lock(sharing_);
        if (in_shared_.read() == 0) {
            announce(shared_);
        }
        in_shared_.write(in_shared_.read() + 1);
    }
    [[gnu::noinline]] void leave(own& mine) noexcept {
        if (mine.whole != nullptr) {
            mine.whole->announced.store(0, order::release); // end
            if (mine.ending) {
                leave_record(mine);
            }
            return;
        }
        scoped_lock const lock(sharing_);
        in_shared_.write(in_shared_.read() - 1);
        if (in_shared_.read() == 0) {
            shared_.announced.store(0, order::release); // end
        }
    }
    void announce(record& r) noexcept {
        auto const epoch = global_.load(order::acquire); // begin
        if (asymmetric()) {
            r.announced.store(epoch, order::release); // announce
            light();
        } else {
            r.announced.exchange(epoch, order::acquire); // announce.after
        }
    }

    record& record_or_shared(own& mine) noexcept {
        bool const may_take = mine.nesting == 0 && !mine.ending;
        return mine.whole != nullptr || (may_take && take_record(mine)) ? *mine.whole : shared_;
    }
    [[gnu::noinline, gnu::cold]] bool take_record(own& mine) noexcept {
        mine.whole = find_or_make_record();
        if (mine.whole != nullptr && !mine.ending) {
            if (asymmetric()) {
                mine.at_hand = &mine.whole->announced;
            }
            at_thread_exit<&end_of_thread>();
        }
        return mine.whole != nullptr;
    }
    [[gnu::noinline, gnu::cold]] record* find_or_make_record() noexcept {
        auto* before = records_.load(order::acquire); // record.find
        for (auto* one = before; one != nullptr; one = one->next.read()) {
            if (one->taken.load(order::relaxed) == 0 &&        // relaxed: a guess
                one->taken.exchange(1, order::acquire) == 0) { // record.take
                return one;
            }
        }
        auto* const memory = try_allocate(sizeof(record), alignof(record));
        if (memory == nullptr) {
            return nullptr;
        }
        auto* const made = ::new (memory) record;
        do {
            made->next.write(before);
            // record.link; link.after; relaxed: the CAS passes on what others linked
        } while (!records_.compare_exchange_weak(before, made, order::acq_rel, order::relaxed));
        return made;
    }
    static void leave_record(own& mine) noexcept {
        std::exchange(mine.whole, nullptr)->taken.store(0, order::release); // record.leave
    }
    static void end_of_thread() noexcept {
        auto& mine = of_thread<own>();
        mine.ending = true;
        mine.at_hand = nullptr;
        if (mine.nesting == 0) {
            leave_record(mine);
        }
    }

    static void push(record& to, rcu_link& what) noexcept {
        auto* before = to.retired.load(order::relaxed); // relaxed: the CAS passes on what others pushed
        do {
            what.next.write(before);
            // retire; relaxed: as before
        } while (!to.retired.compare_exchange_weak(before, &what, order::release, order::relaxed));
    }
    // Tags what was retired here.
    void drain(record& r) noexcept TANDEM_REQUIRES(r.lists) {
        if (r.retired.load(order::relaxed) == nullptr) { // relaxed: all that was retired before is seen
            return;
        }
        auto* one = r.retired.exchange(nullptr, order::acquire); // drain
        auto* const last = one;
        auto const tag = now();
        rcu_link* first = nullptr;
        while (one != nullptr) {
            auto* const next = one->next.read();
            one->tag.write(tag);
            one->next.write(first);
            first = std::exchange(one, next);
        }
        auto* const before = r.last.read();
        (before != nullptr ? before->next : r.first).write(first);
        r.last.write(last);
    }
    bool reclaim_one(record& r) noexcept TANDEM_REQUIRES(r.lists) {
        auto* const one = r.first.read();
        if (one == nullptr || !expired(one->tag.read())) {
            return false;
        }
        auto* const next = one->next.read();
        r.first.write(next);
        if (next == nullptr) {
            r.last.write(nullptr);
        }
        one->reclaim.read()(*one);
        return true;
    }
    // Frees some of what is due in this thread's record, and in one other: its thread may have ended, or retire no more.
    [[gnu::noinline]] void collect(own& mine, record& to) noexcept {
        mine.collecting = true;
        int left = reclaim_some(to, at_once);
        auto* next = mine.visited != nullptr ? mine.visited->next.read() : nullptr;
        if (next == nullptr) {
            next = records_.load(order::acquire); // record.find
        }
        mine.visited = next;
        reclaim_some(*next, left);
        mine.collecting = false;
    }
    // How many of `most` are left over. Nothing is done while another thread is at it.
    int reclaim_some(record& r, int most) noexcept {
        if (r.lists.try_lock()) {
            drain(r);
            while (most != 0 && reclaim_one(r)) {
                --most;
            }
            r.lists.unlock();
        }
        return most;
    }
    // False: there was nothing, whether due or not.
    bool reclaim_what_there_is() noexcept {
        bool any = false;
        for (auto* one = records_.load(order::relaxed); one != nullptr; one = one->next.read()) { // relaxed: alone
            scoped_lock const lock(one->lists);
            drain(*one);
            any = any || one->first.read() != nullptr;
            while (reclaim_one(*one)) {
            }
        }
        return any;
    }

    // Readers tell nobody that they end: so it looks again and again, and sleeps in between when that takes long.
    void wait_until_expired(std::uint64_t tag) noexcept {
        using namespace std::chrono_literals;
        atomic<std::uint32_t> const nobody_wakes{0};
        int spins = spin_limit(32);
        int yields = yield_limit(32);
        std::chrono::nanoseconds sleep = 20us;
        while (!expired(tag)) {
            if (try_advance()) {
                continue;
            }
            if (spins > 0) {
                --spins;
                pause_for(600ns);
            } else if (yields > 0) {
                --yields;
                yield();
            } else {
                park_until(nobody_wakes, 0, clock::now() + sleep);
                sleep = std::min<std::chrono::nanoseconds>(2 * sleep, 1ms);
            }
        }
    }

    alignas(cache_line) atomic<std::uint64_t> global_{1};
    alignas(cache_line) atomic<record*> records_;
    record shared_; // of the threads that have none; the last of all
    mutex sharing_;
    cell<std::size_t> in_shared_ TANDEM_GUARDED_BY(sharing_){0};
};

inline rcu_domain& rcu_default_domain() noexcept {
    return of_process<rcu_domain>();
}

} // namespace lockfree
} // namespace tandem::inline TANDEM_ABI
