// watchdog: notices that a crew will never finish.
//
// Deadlock: no call has returned since the last look, and every thread that is inside one sleeps; so for twenty looks.
// Nobody is left who could wake them: whoever is runnable, however slow the machine, is not asleep. Livelock: no call has
// returned while the process used a minute of processor time.
#pragma once

#include <tandem/stress/engine/crew.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <thread>

namespace tandem::stress {

// Whether that thread of this process waits for something.
bool asleep(int kernel_thread);

class watchdog {
public:
    // `bark` gets the verdict and the calls that do not return, once; nothing is watched after that.
    using alarm = std::function<void(std::string const& verdict, history const& pending)>;

    watchdog(crew& watched, alarm bark, std::chrono::milliseconds between_looks = std::chrono::milliseconds(200));

private:
    void watch(std::stop_token const&);

    crew& crew_;
    alarm bark_;
    std::chrono::milliseconds between_looks_;
    std::jthread thread_;
};

} // namespace tandem::stress
