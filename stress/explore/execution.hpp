#pragma once

// execution: threads of a program, run one step at a time. Each is a fiber; at every operation on shared memory it stops and says what it
// is about to do, and whoever chooses decides who goes on, and which of the outcomes that the memory model allows comes.

#include "memory.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace tandem::explore {

enum class operation : unsigned char { load, store, update, exchange, fence, read_plain, write_plain };

// What a thread is about to do.
struct step {
    thread by = 0;
    operation what = operation::load;
    location where = 0; // of a fence: none
    std::memory_order order = std::memory_order::relaxed;
    std::memory_order failure = std::memory_order::relaxed; // of a compare-exchange
    value operand = 0;                                      // to store; to exchange for
    value expected = 0;                                     // of a compare-exchange
    value (*compute)(value old, value operand) = nullptr;   // of an update
};
// Whether the order in which two threads take these steps can make no difference to anybody.
bool independent(step const&, step const&) noexcept;

// Decides. An execution with the same decisions is the same execution.
class chooser {
public:
    static constexpr std::size_t none = ~std::size_t{0};

    virtual ~chooser() = default;
    // Of the threads that can go on, in steps that they are about to take; none: this execution shows nothing new.
    virtual std::size_t thread(std::span<step const> next) = 0;
    // Of so many outcomes of a step, two at least.
    virtual std::size_t outcome(std::size_t count) = 0;
};

class execution {
public:
    explicit execution(rules const&);
    ~execution();
    execution(execution const&) = delete;
    execution& operator=(execution const&) = delete;

    enum class end { finished, abandoned, raced };

    // prepare() runs alone, then the bodies against each other, all of them inside the library's calls below.
    end run(std::function<void()> const& prepare, std::span<std::function<void()> const> bodies, chooser&);

    // The one that runs now.
    static execution& now() noexcept { return *now_; }
    location add_atomic(value initial);
    location add_plain();
    // When all threads have ended.
    value last(location l) const { return memory_.last(l); }
    // The value read, if one is. Of a compare-exchange that fails, `failed` becomes true.
    value take(step const&, bool* failed = nullptr);

private:
    struct fiber;

    static void begin_fiber(void* self);
    void resume(fiber&);
    value perform(fiber&, chooser&);

    static thread_local execution* now_;

    memory memory_;
    std::vector<std::unique_ptr<fiber>> fibers_;
    fiber* running_ = nullptr; // none: prepare()
    bool raced_ = false;
};

} // namespace tandem::explore
