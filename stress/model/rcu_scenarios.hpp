#pragma once

// Races of an rcu_domain, written once for both halves, for both forms of the barrier, and for planted bugs
// (planted_epochs.hpp). What is freed too early is freed memory, or a race with the end of what it held.
//
// Memory may be refused in any of them, and sections are then announced elsewhere.

#include "named.hpp"
#include "scenario.hpp"

#include <tandem/locked/reclaim/rcu_domain.hpp>
#include <tandem/lockfree/reclaim/rcu_domain.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace tandem::model {

struct thing : rcu_obj_base<thing> {
    bool whole() const { return value.read() == 1; }
    static void end(thing*& it) { delete std::exchange(it, nullptr); }

    cell<int> value{1};
};

template <class Domain>
struct symmetric_rcu {
    static constexpr text prefix = "";
    using domain = Domain;
    using thing = model::thing;
    struct barrier {};
};
template <class Domain>
struct asymmetric_rcu {
    static constexpr text prefix = "asymmetric_";
    using domain = Domain;
    using thing = model::thing;
    using barrier = world::asymmetric_barrier;
};

// With the domain of the process.
template <class Kind, int n>
struct rcu_scenario : scenario_of<n> {
protected:
    using domain_type = typename Kind::domain;

    static domain_type& domain() noexcept { return of_process<domain_type>(); }

private:
    [[no_unique_address]] typename Kind::barrier barrier_;
    world::process<domain_type> const process_;
};

// One thing that all may find, and that each may replace.
template <class Kind, int n>
struct rcu_link_scenario : rcu_scenario<Kind, n> {
    using thing = typename Kind::thing;

    ~rcu_link_scenario() override {
        delete link_.load(order::relaxed);
        for (auto& [what, tag] : kept_) {
            delete what;
        }
    }

protected:
    using rcu_scenario<Kind, n>::domain;

    void look() {
        domain().lock();
        read();
        domain().unlock();
    }
    thing const* find() const { return link_.load(order::acquire); }
    void read() { require(find()->whole(), "something else is there"); }
    thing* take_out() { return link_.exchange(new thing, order::acq_rel); }
    void retire() { take_out()->retire(domain()); }

    // What structures do that keep what they take out: the tag is read in the section of the taking, or after it.
    void take_out_and_keep() {
        auto& [what, tag] = kept_[world::current_thread()];
        what = take_out();
        tag = domain().now();
    }
    void advance_and_free() {
        domain().try_advance();
        free();
    }
    void free() {
        auto& [what, tag] = kept_[world::current_thread()];
        if (domain().expired(tag)) {
            thing::end(what);
        }
    }

private:
    struct kept {
        thing* what = nullptr;
        std::uint64_t tag = 0;
    };
    std::array<kept, 4> kept_; // by each thread
    atomic<thing*> link_{new thing};
};

// The tag is read outside of a section; readers come and go.
template <class Kind>
struct look_vs_take_out : rcu_link_scenario<Kind, 2> {
    void thread(unsigned t) override {
        if (t == 0) {
            this->look();
            this->look();
        } else {
            this->take_out_and_keep();
            for (int i = 0; i != 4; ++i) {
                this->advance_and_free();
            }
        }
    }
};

// The tag is read in the section of the taking, while another moves the epoch: it may be old, and what that section
// announced is older.
template <class Kind>
struct take_out_in_section_vs_advance : rcu_link_scenario<Kind, 3> {
    void thread(unsigned t) override {
        if (t == 0) {
            this->look();
        } else if (t == 1) {
            this->domain().lock();
            this->take_out_and_keep();
            this->domain().unlock();
            this->advance_and_free();
            this->advance_and_free();
        } else {
            for (int i = 0; i != 3; ++i) {
                this->domain().try_advance();
            }
        }
    }
};

// A reader that has had a section before, which is when lock() has all at hand; only another moves the epoch.
template <class Kind>
struct second_look_vs_advance : rcu_link_scenario<Kind, 3> {
    void thread(unsigned t) override {
        if (t == 0) {
            this->domain().lock();
            this->domain().unlock();
            this->look();
        } else if (t == 1) {
            this->domain().lock();
            this->take_out_and_keep();
            this->domain().unlock();
            this->free();
            this->free();
        } else {
            for (int i = 0; i != 3; ++i) {
                this->domain().try_advance();
            }
        }
    }
};

// How far a scenario has come. Threads that wait for it come to where the race is, and learn nothing else by it.
class stage {
public:
    void reach(int n) { at_.store(n, order::relaxed); }
    void wait_for(int n) const {
        while (at_.load(order::relaxed) < n) {
            yield();
        }
        (void)at_.load(order::relaxed); // the explorer's first two loads after a yield see the newest: it is to be these
    }

private:
    atomic<int> at_{0};
};

// Looks that find the announcement of a later section, and must know by it that the earlier one, in which the thing was found, is over;
// also when that was another thread's, which has ended and left its record.
template <class Kind, bool of_others>
struct later_sections_vs_advance : rcu_link_scenario<Kind, 2> {
    void thread(unsigned t) override {
        auto& domain = this->domain();
        if (t == 0) {
            domain.lock();
            domain.unlock();
            domain.lock();
            auto const* const it = this->find();
            stage_.reach(1);
            stage_.wait_for(2);
            require(it->whole(), "something else is there");
            domain.unlock();
            for (int i = 0; i != 3; ++i) {
                if (of_others) {
                    world::end_thread();
                    world::begin_thread();
                }
                domain.lock();
                domain.unlock();
            }
        } else {
            stage_.wait_for(1);
            this->take_out_and_keep();
            domain.try_advance();
            stage_.reach(2);
            for (int i = 0; i != 4; ++i) {
                this->advance_and_free();
            }
        }
    }

private:
    stage stage_;
};

// The thing is taken out while a look is under way, which finds that section over, and moves the epoch. A reader that begins in the new
// one must know of the taking out.
template <class Kind, bool first>
struct look_begins_behind_advance : rcu_link_scenario<Kind, 3> {
    void thread(unsigned t) override {
        auto& domain = this->domain();
        if (t == 0) {
            stage_.wait_for(1); // the other's record comes first, and is looked at last
            if (!first) {       // then lock() has all at hand
                domain.lock();
                domain.unlock();
            }
            stage_.wait_for(3);
            domain.lock();
            auto const* const it = this->find();
            stage_.reach(4);
            stage_.wait_for(5);
            require(it->whole(), "something else is there");
            domain.unlock();
        } else if (t == 1) {
            domain.lock();
            stage_.reach(1);
            stage_.wait_for(2);
            this->take_out_and_keep();
            domain.unlock();
            stage_.wait_for(5);
            this->free();
        } else {
            stage_.wait_for(1);
            domain.try_advance();
            stage_.reach(2);
            domain.try_advance();
            stage_.reach(3);
            stage_.wait_for(4);
            domain.try_advance();
            stage_.reach(5);
        }
    }

private:
    stage stage_;
};

// As before, but the next look is another's, and the reader begins behind that one, in an epoch of long ago.
template <class Kind>
struct look_begins_behind_others_advance : rcu_link_scenario<Kind, 4> {
    void thread(unsigned t) override {
        auto& domain = this->domain();
        if (t == 0) {
            stage_.wait_for(4);
            domain.lock();
            auto const* const it = this->find();
            stage_.reach(5);
            require(it->whole(), "something else is there");
            domain.unlock();
        } else if (t == 1) {
            domain.lock();
            stage_.reach(1);
            stage_.wait_for(2);
            this->take_out_and_keep();
            domain.unlock();
            stage_.wait_for(5);
            this->free();
        } else if (t == 2) {
            stage_.wait_for(1);
            domain.try_advance();
            stage_.reach(2);
            domain.try_advance();
            stage_.reach(3);
        } else {
            stage_.wait_for(3);
            domain.try_advance();
            stage_.reach(4);
        }
    }

private:
    stage stage_;
};

// The epoch is moved by two that know of the taking out only from what they look at.
template <class Kind>
struct two_others_advance : rcu_link_scenario<Kind, 4> {
    void thread(unsigned t) override {
        if (t == 0) {
            this->look();
        } else if (t == 1) {
            this->domain().lock();
            this->take_out_and_keep();
            this->domain().unlock();
            this->free();
            this->free();
        } else {
            this->domain().try_advance();
            this->domain().try_advance();
        }
    }
};

// One that frees without having moved the epoch itself.
template <class Kind>
struct two_advance : rcu_link_scenario<Kind, 3> {
    void thread(unsigned t) override {
        if (t == 0) {
            this->look();
            this->look();
        } else if (t == 1) {
            this->take_out_and_keep();
            for (int i = 0; i != 4; ++i) {
                this->free();
            }
        } else {
            for (int i = 0; i != 4; ++i) {
                this->domain().try_advance();
            }
        }
    }
};

// Two that take out, move the epoch and free, and read themselves.
template <class Kind>
struct each_takes_out : rcu_link_scenario<Kind, 2> {
    void thread(unsigned) override {
        this->look();
        this->take_out_and_keep();
        for (int i = 0; i != 3; ++i) {
            this->advance_and_free();
        }
        this->look();
    }
};

// Only the outermost lock and unlock count.
template <class Kind>
struct nested_look : rcu_link_scenario<Kind, 2> {
    void thread(unsigned t) override {
        if (t == 0) {
            this->domain().lock();
            this->look();
            require(this->domain().in_section(), "the inner section has ended the outer one");
            this->read();
            require(this->domain().try_lock(), "a section begins whenever it is asked to");
            this->read();
            this->domain().unlock();
            this->domain().unlock();
            require(!this->domain().in_section(), "the section goes on");
        } else {
            this->take_out_and_keep();
            for (int i = 0; i != 3; ++i) {
                this->advance_and_free();
            }
        }
    }
};

// A thread ends, and others go on with what it leaves.
template <class Kind>
struct exit_vs_look : rcu_link_scenario<Kind, 3> {
    void thread(unsigned t) override {
        if (t == 2) {
            this->take_out_and_keep();
            for (int i = 0; i != 4; ++i) {
                this->advance_and_free();
            }
            return;
        }
        this->look();
        world::end_thread();
        world::begin_thread();
        this->look();
    }
};

// Sections in the last destructors of a thread: one that was open at its end, and one that was not.
template <class Kind>
struct exit_in_section : rcu_link_scenario<Kind, 2> {
    void thread(unsigned t) override {
        if (t == 0) {
            this->domain().lock();
            world::end_thread();
            this->read();
            this->domain().unlock();
            this->look();
            world::begin_thread();
            this->look();
        } else {
            this->take_out_and_keep();
            for (int i = 0; i != 4; ++i) {
                this->advance_and_free();
            }
        }
    }
};

template <class Kind>
struct synchronize_vs_look : rcu_link_scenario<Kind, 3> {
    void thread(unsigned t) override {
        if (t != 2) {
            this->look();
            return;
        }
        auto* const old = this->take_out();
        this->domain().synchronize();
        delete old;
    }
};

// What is retired while another thread is in a section, which then looks at it again.
template <class Kind>
struct retire_in_anothers_section : rcu_scenario<Kind, 2> {
    ~retire_in_anothers_section() override { delete link_.load(order::relaxed); }
    void thread(unsigned t) override {
        if (t == 0) {
            this->domain().lock();
            auto const* const it = link_.load(order::acquire);
            inside_.store(1, order::release);
            if (retired_.load(order::relaxed) == 1) {
                require(it->whole(), "something else is there");
            }
            this->domain().unlock();
        } else if (inside_.load(order::acquire) == 1) {
            link_.exchange(nullptr, order::acq_rel)->retire(this->domain());
            retired_.store(1, order::relaxed);
        }
    }

private:
    atomic<thing*> link_{new thing};
    atomic<int> inside_{0};
    atomic<int> retired_{0};
};

template <class Kind>
struct barrier_vs_look : rcu_link_scenario<Kind, 2> {
    void thread(unsigned t) override {
        if (t == 0) {
            this->look();
            this->retire();
            this->look();
        } else {
            this->retire();
            this->domain().barrier();
        }
    }
};

// Things whose deleters count.
template <class Kind, int n>
class counted_retirements : public rcu_scenario<Kind, n> {
protected:
    void retire() {
        this->domain().lock();
        auto* const what = new int(0);
        this->domain().unlock();
        rcu_retire(this->domain(), what, counting{&gone_});
    }
    int gone() const { return gone_.load(order::relaxed); }

private:
    struct counting {
        void operator()(int* what) const noexcept {
            delete what;
            to->fetch_add(1, order::relaxed);
        }
        atomic<int>* to;
    };

    atomic<int> gone_{0};
};

// What another retired before is over, too, also when that one's thread has ended.
template <class Kind>
struct barrier_for_another : counted_retirements<Kind, 2> {
    void thread(unsigned t) override {
        if (t == 0) {
            this->retire();
            told_.store(1, order::release);
            this->retire();
            world::end_thread();
            this->retire();
            world::begin_thread();
            this->retire();
        } else if (told_.load(order::acquire) == 1) {
            this->domain().barrier();
            require(this->gone() != 0, "what was retired before the barrier is still there");
        }
    }
    void after() override {
        this->domain().barrier();
        require(this->gone() == 4, "the deleter of each thing is called once");
    }

private:
    atomic<int> told_{0};
};

// Each waits for the deleters that the other is calling.
template <class Kind>
struct barrier_vs_barrier : counted_retirements<Kind, 2> {
    void before() override { this->retire(); }
    void thread(unsigned) override {
        this->domain().barrier();
        require(this->gone() == 1, "what was retired before the barrier is still there");
    }
};

// As many as make a thread look after its list, and those of others.
template <class Kind>
struct retire_many_vs_look : rcu_link_scenario<Kind, 2> {
    void thread(unsigned t) override {
        if (t == 0) {
            this->look();
            this->retire();
            this->look();
            this->retire();
        } else {
            for (int i = 0; i != 16; ++i) {
                this->retire();
                this->domain().try_advance();
            }
        }
    }
};

// Deleters retire what they find in what they destroy.
template <class Kind>
struct deleter_retires : rcu_scenario<Kind, 2> {
    void thread(unsigned) override {
        (new chain(2))->retire(this->domain());
        this->domain().barrier();
    }
    void after() override {
        this->domain().barrier();
        this->domain().barrier();
    }

private:
    struct chain : rcu_obj_base<chain> {
        explicit chain(int more) : left(more) {}
        ~chain() {
            if (left != 0) {
                (new chain(left - 1))->retire(of_process<typename Kind::domain>());
            }
        }
        int const left;
    };
};

} // namespace tandem::model
