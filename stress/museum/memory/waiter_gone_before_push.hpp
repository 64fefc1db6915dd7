#pragma once

// A loop of tasks on its waiter's stack is told to finish: a flag is set, then an empty task pushed, so that a sleeping loop wakes up. The waiter
// may see the flag, return and end the loop before the push: it writes to a stack frame that is gone (stdexec#1742).

#include "../museum.hpp"

namespace tandem::museum {

template <bool repaired>
class waiter_gone_before_push : public scenario_of<2> {
public:
    static constexpr label is{"memory", "waiter_gone_before_push", "stdexec's sync_wait, NVIDIA/stdexec#1742", "ACCESS TO|DATA RACE"};

    void before() override { loop_ = make<loop>(); }
    void thread(unsigned t) override {
        if (t == 0) {
            loop_->finish();
        } else {
            loop_->run();
            free(loop_);
        }
    }

private:
    class loop {
    public:
        void finish() {
            finishing_.store(true, order::release);
            tasks_.fetch_add(1, order::release);
            unpark_all(tasks_);
            if constexpr (repaired) {
                finished_.store(true, order::release); // and nothing of the loop is touched after this
            }
        }
        void run() {
            while (!finishing_.load(order::acquire)) {
                park(tasks_, 0);
            }
            while (repaired && !finished_.load(order::acquire)) {
                yield();
            }
        }

    private:
        atomic<bool> finishing_{false}, finished_{false};
        atomic<std::uint32_t> tasks_{0};
    };

    loop* loop_ = nullptr;
};

} // namespace tandem::museum
