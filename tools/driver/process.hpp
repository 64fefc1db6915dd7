// Child processes: as many at once as there are places, their output line by line, and Ctrl-C passed on.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tandem::tools {

struct ending {
    int code = 0; // the exit status, or 128 + the signal
    double seconds = 0;
};

struct job {
    std::vector<std::string> command;
    std::vector<std::pair<std::string, std::string>> environment;
    std::function<void(std::string_view line)> on_line; // stdout and stderr together
    std::function<void(ending const&)> on_end;
};

// Asked whenever a place is free; nothing means "nothing now": it is asked again when a running job has ended.
using job_source = std::function<std::optional<job>()>;

// Runs jobs until the source has none and all have ended. `on_tick` is called about five times a second. After Ctrl-C the jobs get the
// signal, the source is asked no more, and what does not stop within ten seconds (or at a second Ctrl-C) is killed.
void run_jobs(job_source const& source, std::size_t at_once, std::function<void()> const& on_tick);

// One job: its ending.
ending run_job(job one, std::function<void()> const& on_tick = [] {});

// One job: its whole output and its ending.
std::pair<std::string, ending> output_of(std::vector<std::string> command);

// SIGINT and SIGTERM are caught from here on; `interrupted` says whether one came.
void catch_interrupts();
[[nodiscard]] bool interrupted();

} // namespace tandem::tools
