#pragma once

// How the next thread is chosen. Relacy's own random scheduler switches at every step with equal
// probability, which hardly ever lets one thread run far ahead of the others, and its generator repeats
// itself in the higher iterations. This one rotates, execution by execution, between switching at
// every step and staying with a thread for a while, between reading old values often and seldom, and
// between deadlines that come soon and late. The execution's number is all it depends on.

#include <tandem/world.hpp>

#include <cstdint>

namespace tandem::model {

// After Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
class generator {
public:
    void seed(std::uint64_t s) noexcept { state_ = s; }
    std::uint32_t below(std::uint32_t limit) noexcept {
        state_ += 0x9e3779b97f4a7c15u;
        auto z = state_;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return static_cast<std::uint32_t>(((z >> 32) * limit) >> 32);
    }

private:
    std::uint64_t state_ = 0;
};

template <rl::thread_id_t thread_count>
class random_scheduler : public rl::scheduler<random_scheduler<thread_count>, rl::scheduler_thread_info, thread_count> {
    using base = rl::scheduler<random_scheduler<thread_count>, rl::scheduler_thread_info, thread_count>;

public:
    using shared_context_t = typename base::shared_context_t;
    struct task_t {};

    random_scheduler(rl::test_params& params, shared_context_t& shared, rl::thread_id_t dynamic_threads)
        : base(params, shared, dynamic_threads) {}

    rl::thread_id_t iteration_begin_impl() {
        constexpr std::uint32_t stays[] = {2, 4, 8, 16};
        generator_.seed(this->iter_);
        auto const number = static_cast<std::uint32_t>(this->iter_);
        leave_one_in_ = stays[number % 4];
        old_one_in_ = number / 4 % 2 == 0 ? 2 : 8;
        expire_one_in_ = number / 8 % 2 == 0 ? 8 : 64;
        return any();
    }
    bool iteration_end_impl() const { return this->iter_ == this->params_.iteration_count; }

    rl::thread_id_t schedule_impl(rl::unpark_reason& reason, unsigned yield) {
        if (this->timed_thread_count_ != 0 &&
            (this->running_threads_count == 0 || generator_.below(expire_one_in_) == 0)) {
            auto const timed = generator_.below(static_cast<std::uint32_t>(this->timed_thread_count_));
            auto const thread = this->timed_threads_[timed]->index_;
            this->unpark_thread(thread);
            reason = rl::unpark_reason_timeout;
            return thread;
        }
        reason = rl::unpark_reason_normal;
        auto const& now = *this->thread_;
        bool const may_stay = now.state_ == rl::thread_state_running && yield == 0;
        return may_stay && generator_.below(leave_one_in_) != 0 ? now.index_ : any();
    }

    unsigned rand_impl(unsigned limit, rl::sched_type kind) {
        if (kind == rl::sched_type_atomic_load) { // 0 is the newest value
            return generator_.below(old_one_in_) == 0 ? 1 : 0;
        }
        return generator_.below(limit);
    }

    rl::iteration_t iteration_count_impl() const { return this->params_.iteration_count; }
    void get_state_impl(std::ostream&) const {}
    void set_state_impl(std::istream&) const {}
    void on_thread_block(rl::thread_id_t, bool) const {}

private:
    rl::thread_id_t any() {
        return this->running_threads[generator_.below(static_cast<std::uint32_t>(this->running_threads_count))];
    }

    generator generator_;
    std::uint32_t leave_one_in_ = 2;  // steps
    std::uint32_t old_one_in_ = 2;    // reads
    std::uint32_t expire_one_in_ = 8; // steps while somebody waits for a deadline
};

// Relacy's tree searches end when their tree does, which may be never.
template <class TreeSearch>
class limited : public TreeSearch {
public:
    using TreeSearch::TreeSearch;
    bool iteration_end() { return TreeSearch::iteration_end() || this->iter_ == this->params_.iteration_count; }
};

} // namespace tandem::model
