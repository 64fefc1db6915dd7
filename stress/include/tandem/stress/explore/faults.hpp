// faults: what a program does that would end the process (a wild address, an abort) ends its execution instead.
#pragma once

#include <array>

#include <signal.h>

namespace tandem::stress::detail::explored {

// As long as it is there.
class faults {
public:
    faults();
    ~faults();
    faults(faults const&) = delete;
    faults& operator=(faults const&) = delete;

private:
    static constexpr std::array signals{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    static void strikes(int signal);

    std::array<struct sigaction, signals.size()> before_{};
};

} // namespace tandem::stress::detail::explored
