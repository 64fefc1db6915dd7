#pragma once

// execution: threads of a program, run one step at a time. Each is a fiber; at every operation on shared memory it stops and says what it
// is about to do, and whoever chooses decides who goes on, and which of the outcomes that the memory model allows comes.

#include <tandem/stress/explore/heap.hpp>
#include <tandem/stress/explore/memory.hpp>
#include <tandem/stress/explore/meter.hpp>
#include <tandem/stress/explore/progress.hpp>
#include <tandem/stress/explore/thread_locals.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <source_location>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::explore {

enum class operation : unsigned char {
    load,
    store,
    update,
    exchange, // if the value is the expected one
    fence,
    light, // of an asymmetric barrier
    heavy,
    read_plain,
    write_plain,
    park,   // if the newest value is the expected one
    expire, // of a park with a deadline
    wake,   // goes on after a park
    unpark,
    pause, // others should go on
    time, // looks at it, or makes it pass
    allocate,
    deallocate,
};

// What a thread is about to do.
struct step {
    thread by = 0;
    operation what = operation::load;
    location where = 0;             // of a fence, a pause or an unpark: none
    void const* address = nullptr;  // of a park or unpark; of what is freed
    bool some = false;              // of a park: it has a deadline; of an unpark: all; of an exchange: it may fail for no reason, and does;
                                    // of a plain write: it is the variable's end; of a pause: until there is something new to see; of time: it passes
    bool newest = false;            // of a load, or an exchange that fails: it reads the newest message
    bool begins_call = false;       // since its thread's last step a call has begun
    bool after_return = false;      // and one has returned
    std::memory_order order = std::memory_order::relaxed;
    std::memory_order failure = std::memory_order::relaxed; // of an exchange
    value operand = 0;                                      // to store; to exchange for; bytes to allocate
    value expected = 0;                                     // of an exchange or a park; the alignment
    value (*compute)(value old, value operand) = nullptr;   // of an update
    std::source_location site{};
};
// Two threads are about to take these steps. False: whatever can come of taking `done` first can also come of taking `other` first, of the memory.
bool disturbs(step const& done, step const& other) noexcept;

// Decides. An execution with the same decisions is the same execution.
class chooser {
public:
    static constexpr std::size_t none = ~std::size_t{0};

    virtual ~chooser() = default;
    // Of the threads that can go on, in steps that they are about to take; none: this execution shows nothing new.
    virtual std::size_t thread(std::span<step const> next) = 0;
    // Of so many outcomes of a step, two at least; for a load the newest message is 0.
    virtual std::size_t outcome(std::size_t count) = 0;
    // Whether something comes that may come for no reason.
    virtual bool misfortune() { return false; }
    // Whether it goes through all executions. Then memory is allocated and freed in steps of their own, and a thread that has seen the same again
    // and again, and changed nothing, waits until there is something new: it is taken for a loop that would not end otherwise.
    virtual bool systematic() const { return false; }
    // Of a program that claims progress, before each step: one that is to stand still from now on, or to go on alone; or none.
    virtual std::size_t stops([[maybe_unused]] std::span<step const> next) { return none; }
};

// Why an execution ended as it should not.
struct failure {
    std::string what;
    std::source_location site{};
};

class trace;

// Of a process they run one after the other.
class execution {
public:
    explicit execution(rules const&);
    ~execution();
    execution(execution const&) = delete;
    execution& operator=(execution const&) = delete;

    enum class end { finished, abandoned, failed };

    // prepare() runs alone, then the bodies against each other, then finish(), alone.
    struct program {
        std::function<void()> prepare{};
        std::vector<std::function<void()>> bodies{};
        std::function<void()> finish{};
        progress_class claims = progress_class::blocking;
        std::span<std::byte const> storage{}; // what it consists of stands there; for traces
    };
    end run(program const&, chooser&);
    failure const& failed() const noexcept { return failure_; }

    std::uint32_t took_steps() const noexcept { return took_steps_; } // threads, a bit each

    // From now on what happens in an execution is noted there; nowhere: it is not.
    void record(trace* where) noexcept { trace_ = where; }
    // And what its calls cost, there.
    void measure(meter* where) noexcept { meter_ = where; }

    // For the code that is run. The execution that it is run by; none: it runs by itself.
    static execution* now() noexcept { return now_; }
    thread current() const noexcept;
    location add_atomic(value initial, void const* at = nullptr);
    location add_plain(void const* at = nullptr);
    // An atomic that is made while there is no execution: until its end it is in all of them, with that value at first, and `where` says where.
    static void add_lasting(value initial, void const* at, location& where);
    static bool has_lasting() noexcept { return lasting_ != nullptr; }
    static void end_lasting(location const& where) noexcept;
    // Anything else of the explorer's, while there is no execution.
    [[noreturn]] static void refuse() noexcept;
    // The variable is no more; plain, and a write.
    void end_of(location, std::source_location const&);
    // The value read, if one is. Of an exchange that fails, and of a park that ran out, `failed` becomes true.
    value take(step const& s, bool* failed = nullptr) {
        *pending_now_ = s; // written where it stays
        return take_pending(failed);
    }
    value last(location) const; // in modification order
    bool misfortune();
    // A call by the current thread begins, and f(of) is called, when it takes its next step; it has returned: for whoever asks which of two came first.
    void call_begins(void (*f)(void*), void* of);
    void call_returns() noexcept;
    // A call by the current thread, as whoever measures costs wants to know it.
    void begin_call(std::string_view name);
    void end_call();
    [[noreturn]] void fail(std::string_view kind, std::string_view what, std::source_location const&);

    void* allocate(std::size_t bytes, std::size_t alignment, std::source_location const&);
    void deallocate(void*, std::source_location const&);
    // Whether the code that is run is running, not the explorer itself.
    static bool in_program() noexcept {
        return program_.load(std::memory_order::relaxed) == thread_pointer(); // relaxed: whoever is in it has written it
    }

    // A static variable of a function, by its guard. True: the current thread is to initialise it, and to say when it is through; else it has been.
    bool begin_static(void const* guard);
    void end_static(void const* guard, bool initialised);
    // What is to be called at the end of the current thread, and of the execution: the last first.
    struct ending {
        void (*call)(void*);
        void* of;
    };
    void at_thread_end(ending const&);
    void at_end(ending const&);

private:
    struct exceptions;
    struct fiber;
    // While the explorer itself runs.
    class of_explorer {
    public:
        // relaxed: for this thread itself
        of_explorer() noexcept : before_(program_.load(std::memory_order::relaxed)) { program_.store(nullptr, std::memory_order::relaxed); }
        ~of_explorer() { program_.store(before_, std::memory_order::relaxed); }
        of_explorer(of_explorer const&) = delete;
        of_explorer& operator=(of_explorer const&) = delete;

    private:
        void* before_;
    };
    struct static_variable {
        void const* guard;
        location state;
        thread initialiser = 0;
        std::size_t waiting = 0; // threads that sleep, or are about to
    };
    struct lasting_atomic {
        value initial;
        void const* at;
        location* where;
    };

    void call(fiber&, std::function<void()> const&);
    void resume(fiber&);
    void between_threads(program const&);
    fiber* advance();
    value take_pending(bool* failed);
    bool gather();
    void stop(fiber& chosen);
    void has_no_end(char const* what, std::source_location const&);
    static step as_seen(fiber const&);
    void time_passes() noexcept;
    void looked(fiber&, value seen);
    void changed(location);
    void go_on(fiber&) noexcept;
    void check(step const&);
    void goes_wrong(char const* what, std::source_location const&); // the execution is to end, once the explorer runs
    value perform(fiber&, chooser*);
    void const* line_of(void const* variable);
    void measure(step const&);
    value park(fiber&);
    void unpark(fiber&, chooser*);
    void* allocate_now(step const&, chooser*);
    void deallocate_now(step const&);
    void begin_trace(program const&);
    void note(fiber const&, value read = 0, value written = 0, std::uint32_t woken = 0);
    void note_birth(location, std::optional<value> initial);
    void note_impossible(step const&);
    static_variable& static_at(void const*);
    void begin_lasting();
    static void end_all(std::vector<ending>&);

    static inline std::vector<lasting_atomic>* lasting_ = nullptr; // as long as the process; none: there were none
    static inline execution* now_ = nullptr;
    static inline std::atomic<void*> program_ = nullptr; // the pointer of the thread that runs it; none: the explorer runs

    memory memory_;
    std::vector<bool> ended_;            // of each location: the variable is no more
    std::vector<void const*> addresses_; // and where it is
    std::vector<std::unique_ptr<fiber>> fibers_; // the first is who prepares and finishes
    fiber* running_ = nullptr;
    chooser* chooser_ = nullptr;
    std::span<std::unique_ptr<fiber> const> threads_; // the others
    bool all_begun_ = false; // each is about to take its first step
    std::vector<fiber*> able_;
    std::array<step, most_threads> pending_{}; // of each thread
    step* pending_now_ = nullptr;              // of the one that is running
    std::vector<step> changed_;                // of those that are able, when they are not all as they are pending
    std::span<step const> next_;               // of those that are able
    bool systematic_ = false;
    std::size_t went_on_ = 0;    // which of those
    fiber* handed_ = nullptr;    // who is to go on, when a thread stops
    void* exceptions_ = nullptr; // what the C++ runtime keeps of them for the thread that runs all this
    void* pointer_ = nullptr;    // of that thread
    std::vector<static_variable> statics_;
    std::vector<ending> endings_;
    std::array<std::vector<ending>, most_threads> thread_endings_;
    bool others_changed_ = true; // more than the next step of whoever went on
    std::size_t paused_ = 0;
    int expiries_ = 0; // of a systematic search
    int quiet_ = 0; // times that all who pause went on, since something changed
    progress_class claims_ = progress_class::blocking;
    fiber const* standing_still_ = nullptr; // or the only one that goes on
    heap heap_;
    std::size_t steps_ = 0, last_step_ = 0;
    std::size_t accesses_ = 0; // of plain data, since the last step
    std::uint32_t took_steps_ = 0;
    end end_ = end::finished;
    failure failure_;
    trace* trace_ = nullptr;
    meter* meter_ = nullptr;
};

} // namespace tandem::explore
