#pragma once

// patience: how long a wait may last before the sample is given up. A queue that has stuck, or an
// interrupt, must not hang the run.

#include <atomic>
#include <chrono>

namespace tandem::bench {

// Whether SIGINT or SIGTERM came.
bool interrupted();

// One for all threads of a sample: when one gives up, all do.
class patience {
public:
    explicit patience(std::chrono::milliseconds limit) : limit_(limit) {}

    bool lost() const { return lost_.load(std::memory_order_relaxed); }

    // One wait of one thread. Looks at the clock now and then, so that waiting costs what it cost.
    class wait {
    public:
        explicit wait(patience& all) : all_(all) {}
        bool too_long() {
            if (++looks_ % 256 != 0) {
                return false;
            }
            auto const now = std::chrono::steady_clock::now();
            if (looks_ == 256) {
                begin_ = now;
            }
            if (now - begin_ > all_.limit_ || interrupted()) {
                all_.lost_.store(true, std::memory_order_relaxed);
            }
            return all_.lost();
        }

    private:
        patience& all_;
        unsigned looks_ = 0;
        std::chrono::steady_clock::time_point begin_;
    };

private:
    std::chrono::milliseconds const limit_;
    std::atomic<bool> lost_{false};
};

} // namespace tandem::bench
