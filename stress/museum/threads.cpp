// Running a scenario on real threads: one execution after the other, each from a start together, for a second or until one goes wrong. Of threads
// that do not come back it is a deadlock when all of them sleep, and a livelock when the process has worked for long since one did.

#include "../model/report.hpp"
#include "../model/scenario.hpp"

#include <tandem/stress/engine/dice.hpp>
#include <tandem/stress/engine/watchdog.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <ctime>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

namespace tandem::model {
namespace {

using namespace std::chrono_literals;

constexpr auto time_for_a_run = 1s;
constexpr auto between_looks = 25ms;
constexpr int looks_asleep = 20;
constexpr std::clock_t work_in_vain = 2 * CLOCKS_PER_SEC;

std::atomic<bool> sanitizer_reported{false};

// What a process writes to its standard error: the reports of sanitizers, and last words of the C library.
class last_words {
public:
    last_words() : file_(::memfd_create("stderr", 0)) { ::dup2(file_, STDERR_FILENO); }
    std::string text() const {
        std::string all;
        std::array<char, 4096> some;
        for (ssize_t n; (n = ::pread(file_, some.data(), some.size(), static_cast<off_t>(all.size()))) > 0;) {
            all.append(some.data(), static_cast<std::size_t>(n));
        }
        return all;
    }

private:
    int file_;
};

// The threads of one run. Never destroyed: some may not come back.
class team {
public:
    team(maker const& m, request const& asked) : maker_(m), asked_(asked), size_(static_cast<unsigned>(m.threads)) {}

    outcome run() {
        now_ = this;
        for (unsigned t = 0; t != size_; ++t) {
            std::thread([this, t] { work(t); }).detach();
        }
        std::unique_lock lock(mutex_);
        watch(lock);
        if (what_.empty() && sanitizer_reported.load(std::memory_order::relaxed)) {
            history_ = words_.text();
            auto const begins = history_.find("ThreadSanitizer: ");
            what_ = begins == history_.npos ? "a sanitizer's report" : history_.substr(begins, history_.find(" (pid", begins) - begins);
        }
        return what_.empty() ? outcome{}
                             : outcome{.violation = true, .what = what_, .history = readable(history_, TANDEM_SOURCE_ROOT)};
    }

    static team& now() noexcept { return *now_; }
    void tell(std::string what, std::string how) {
        std::scoped_lock const lock(mutex_);
        if (what_.empty()) {
            what_ = std::move(what);
            history_ = std::move(how);
        }
        changed_.notify_all();
    }

private:
    struct alignas(128) member {
        std::atomic<pid_t> kernel_thread{0};
        std::atomic<std::uint64_t> executions{0}; // that it has come back from
    };

    // Until something is found, or all is over.
    void watch(std::unique_lock<std::mutex>& lock) {
        std::uint64_t last = 0;
        int asleep_for = 0;
        auto working_since = std::clock();
        while (!changed_.wait_for(lock, between_looks, [this] { return over_ || !what_.empty(); })) {
            std::uint64_t returned = 0;
            bool any_inside = false;
            bool all_asleep = true;
            for (unsigned t = 0; t != size_; ++t) {
                auto const mine = members_[t].executions.load(std::memory_order::relaxed);
                returned += mine;
                bool const inside = mine != round_.load(std::memory_order::relaxed);
                any_inside = any_inside || inside;
                all_asleep = all_asleep && (!inside || stress::asleep(members_[t].kernel_thread.load(std::memory_order::relaxed)));
            }
            if (returned != last || !any_inside) {
                last = returned;
                asleep_for = 0;
                working_since = std::clock();
                continue;
            }
            asleep_for = all_asleep ? asleep_for + 1 : 0;
            if (asleep_for == looks_asleep) {
                what_ = "DEADLOCK";
            } else if (std::clock() - working_since > work_in_vain) {
                what_ = "LIVELOCK";
            }
        }
    }

    void work(unsigned t) {
        world::number_of_this_thread = t;
        members_[t].kernel_thread.store(::gettid(), std::memory_order::relaxed);
        stress::dice dice(asked_.first + t);
        for (std::uint64_t n = 1; meet(n); ++n) {
            if (dice.one_in(2)) {
                pause_for(std::chrono::nanoseconds(dice.below(300)));
            }
            scenario_->thread(t);
            members_[t].executions.store(n, std::memory_order::relaxed);
        }
    }
    // The last one to come ends the execution before, and begins the next. False: there is none.
    bool meet(std::uint64_t n) {
        if (arrived_.fetch_add(1, std::memory_order::acq_rel) + 1 == n * size_) {
            bool const more = begin_another();
            round_.store(n, std::memory_order::release);
            return more;
        }
        for (int look = 0; round_.load(std::memory_order::acquire) != n; ++look) {
            look < 1000 ? pause_for(20ns) : yield();
        }
        return scenario_ != nullptr;
    }
    bool begin_another() {
        if (scenario_ != nullptr) {
            scenario_->together = false;
            scenario_->after();
            std::destroy_at(std::exchange(scenario_, nullptr));
        }
        if (executions_ == asked_.executions || std::chrono::steady_clock::now() > end_ || sanitizer_reported.load(std::memory_order::relaxed)) {
            std::scoped_lock const lock(mutex_);
            over_ = true;
            changed_.notify_all();
            return false;
        }
        ++*executions_begun;
        ++executions_;
        scenario_ = maker_.make(storage_);
        scenario_->before();
        scenario_->together = true;
        return true;
    }

    inline static team* now_ = nullptr;

    last_words words_;
    maker maker_;
    request asked_;
    unsigned size_;
    std::array<member, 4> members_;
    std::chrono::steady_clock::time_point end_ = std::chrono::steady_clock::now() + time_for_a_run;

    alignas(128) std::atomic<std::uint64_t> arrived_{0};
    alignas(128) std::atomic<std::uint64_t> round_{0};
    // Whoever comes last has these.
    alignas(128) scenario* scenario_ = nullptr;
    std::uint64_t executions_ = 0;
    alignas(scenario_alignment) std::byte storage_[scenario_size];

    std::mutex mutex_;
    std::condition_variable changed_;
    bool over_ = false;
    std::string what_, history_;
};

} // namespace

outcome explore(maker const& scenario, request const& asked) {
    return (new team(scenario, asked))->run();
}

// No token names what the machine did.
std::string again_of(std::uint64_t) {
    return {};
}

} // namespace tandem::model

namespace tandem::inline TANDEM_ABI::world {

void fail(char const* what, wrong how, std::source_location const& where) {
    auto const* const kind = how == wrong::leak        ? "MEMORY LEAK: "
                             : how == wrong::assertion ? "USER ASSERT FAILED: "
                                                       : "ACCESS TO UNINITIALIZED VARIABLE: ";
    model::team::now().tell(std::string(kind) + what, std::string(kind) + what + "   " + where.file_name() + ":" + std::to_string(where.line()) + "\n");
    for (;;) {
        ::pause();
    }
}

} // namespace tandem::inline TANDEM_ABI::world

// A report is told of like everything else, not by the exit code; and nothing waits for more of them at the end.
extern "C" char const* __tsan_default_options() {
    return "exitcode=0:atexit_sleep_ms=0";
}
// Called by ThreadSanitizer, which holds its locks.
extern "C" __attribute__((no_sanitize("thread"))) void __tsan_on_report(void*) {
    tandem::model::sanitizer_reported.store(true, std::memory_order::relaxed);
}
