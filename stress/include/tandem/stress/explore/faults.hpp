#pragma once

// faults: what a program does that would end the process (a wild address, a failed assertion, an abort, a stack that is too small) ends its execution
// instead, as a failure of it. What happens while no program runs, in the explorer itself, ends the process as it would have without us.

#include <cstddef>
#include <memory>

#include <signal.h>

namespace tandem::explore {

// As long as one is there: for executions of the thread that made it.
class faults {
public:
    faults();
    ~faults();
    faults(faults const&) = delete;
    faults& operator=(faults const&) = delete;

private:
    std::unique_ptr<std::byte[]> stack_; // for handlers: the program's may be full
    stack_t before_{};
};

} // namespace tandem::explore
