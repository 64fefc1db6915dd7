#pragma once

// report: an execution that ended as it should not, as a table with a lane for each thread: what led to the failure, and what is missing.

#include <tandem/stress/explore/trace.hpp>

#include <cstddef>
#include <functional>
#include <string>

namespace tandem::explore {

// How whoever asks sees an execution.
struct aspect {
    std::function<bool(event const&)> hidden{};  // what is no step of the program
    std::function<std::string(thread)> name{};   // of a thread
};

// `remark` stands in the first line, beside what happened.
std::string report(trace const&, std::string const& remark);
// Without a first line.
std::string in_lanes(trace const&, aspect const&);

// Two executions that should have been the same, and part at that event.
std::string report_of_difference(trace const& one, trace const& other, std::size_t at);

} // namespace tandem::explore
