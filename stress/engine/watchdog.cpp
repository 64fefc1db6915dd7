#include <tandem/stress/engine/watchdog.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <ctime>
#include <fstream>
#include <mutex>

namespace tandem::stress {

bool asleep(int kernel_thread) {
    std::ifstream file("/proc/self/task/" + std::to_string(kernel_thread) + "/stat");
    std::string text;
    std::getline(file, text);
    auto const name_end = text.rfind(") ");
    return name_end != std::string::npos && text[name_end + 2] == 'S';
}

namespace {

std::clock_t processor_seconds() {
    return std::clock() / CLOCKS_PER_SEC;
}

} // namespace

watchdog::watchdog(crew& watched, alarm bark, std::chrono::milliseconds between_looks)
    : crew_(watched), bark_(std::move(bark)), between_looks_(between_looks),
      thread_([this](std::stop_token const& stop) { watch(stop); }) {}

void watchdog::watch(std::stop_token const& stop) {
    std::mutex mutex;
    std::condition_variable_any nothing;
    auto last = crew_.positions();
    auto busy_since = processor_seconds();
    int asleep_for = 0;
    std::unique_lock lock(mutex);
    while (!nothing.wait_for(lock, stop, between_looks_, [&] { return stop.stop_requested(); })) {
        auto const now = crew_.positions();
        bool const inside = std::ranges::any_of(now, &crew::position::inside);
        if (!inside || now != last) {
            last = now;
            busy_since = processor_seconds();
            asleep_for = 0;
            continue;
        }
        bool const all_asleep =
            std::ranges::all_of(now, [](auto const& p) { return !p.inside() || asleep(p.kernel_thread); });
        asleep_for = all_asleep ? asleep_for + 1 : 0;
        if (asleep_for == 20) {
            return bark_("deadlock", crew_.pending());
        }
        if (processor_seconds() - busy_since > 60) {
            return bark_("livelock", crew_.pending());
        }
    }
}

} // namespace tandem::stress
