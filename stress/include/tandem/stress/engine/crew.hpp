// crew: threads that run programs against objects and write down what they saw.
//
// Every thread records into memory of its own; during a trial the threads share nothing but the object. All lanes of a trial
// start at one tick of the clock.
#pragma once

#include <tandem/stress/engine/scenario.hpp>

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace tandem::stress {

enum class placement : std::uint8_t { spread, one_processor, anywhere };

// How the trials of one batch are run.
struct conditions {
    placement where = placement::anywhere;
    // Without draining, a thread goes on while its stores still wait in the store buffer: more can go wrong, and less is known
    // of the order of calls, so that each is taken to have returned much later.
    bool drained = true;
};

conditions random_conditions(dice&, bool may_drain_late);

// One program, once.
class trial final : public afterwards {
public:
    trial(program const& what, std::unique_ptr<object> subject);

    program const& what() const override { return *what_; }
    object& subject() { return *subject_; }
    std::vector<call>& lane(std::size_t i) { return record_[i]; }
    // By thread 0.
    reply then(std::uint32_t operation, values const& argument) override;
    using afterwards::then;
    // All calls, with the clock's uncertainty added to their times.
    history recorded(conditions const&) const;
    // The first `n` of a lane.
    history recorded(conditions const&, std::size_t lane, std::size_t n) const;

private:
    program const* what_;
    std::unique_ptr<object> subject_;
    std::vector<std::vector<call>> record_;
};

class crew {
public:
    explicit crew(std::size_t threads);
    ~crew();
    crew(crew const&) = delete;
    crew& operator=(crew const&) = delete;

    // Each trial with as many threads as its program has lanes; all programs of a batch have equally many, at most the crew's.
    void run(std::span<trial> trials, conditions const&);

    // Where a thread is: `at` is 2 * calls done in this trial, and one more inside a call.
    struct position {
        int kernel_thread;
        std::uint64_t batch, trial, at;

        bool inside() const { return at % 2 != 0; }
        bool operator==(position const&) const = default;
    };
    std::vector<position> positions() const;
    // The calls that have not returned, of a crew that makes no progress.
    history pending();
    // Of a crew whose threads are asleep in calls: the trial, and all its calls.
    struct halted_trial {
        program const* what = nullptr; // none: nobody is in a call
        history calls{};
    };
    halted_trial halted();

private:
    struct alignas(128) member {
        std::atomic<int> kernel_thread{0};
        std::atomic<std::uint64_t> batch{0}, trial{0}, at{0};
    };

    void serve(std::size_t index);
    void work(std::size_t index);
    void meet(std::uint64_t trial);

    std::unique_ptr<member[]> members_;
    std::size_t size_;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t batch_ = 0;
    std::size_t working_ = 0;
    bool over_ = false;

    // Of the batch; constant while it runs.
    std::span<trial> trials_{};
    conditions how_{};
    std::size_t lanes_ = 0;
    bool crowded_ = false; // more threads than processors

    alignas(128) std::atomic<std::uint64_t> arrived_{0};
    alignas(128) std::atomic<std::uint64_t> start_{0};   // the tick at which the trial begins
    alignas(128) std::atomic<std::uint64_t> started_{0}; // trials that everybody has arrived at

    std::vector<std::jthread> threads_{};
};

} // namespace tandem::stress
