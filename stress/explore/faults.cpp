#include <tandem/stress/explore/faults.hpp>

#include <tandem/stress/explore/execution.hpp>

#include <cstddef>

#include <string.h>

namespace tandem::stress::detail::explored {

faults::faults() {
    struct sigaction ours {};
    ours.sa_handler = strikes;
    ours.sa_flags = SA_NODEFER; // nobody returns from it
    for (std::size_t i = 0; i != signals.size(); ++i) {
        ::sigaction(signals[i], &ours, &before_[i]);
    }
}
faults::~faults() {
    for (std::size_t i = 0; i != signals.size(); ++i) {
        ::sigaction(signals[i], &before_[i], nullptr);
    }
}

void faults::strikes(int signal) {
    if (explore::execution::in_program()) {
        explore::execution::now()->fail("CRASH: ", ::strsignal(signal), {});
    }
    ::signal(signal, SIG_DFL);
    ::raise(signal);
}

} // namespace tandem::stress::detail::explored
