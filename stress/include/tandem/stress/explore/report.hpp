#pragma once

// report: an execution that ended as it should not, as a table with a lane for each thread: what led to the failure, and what is missing.

#include <tandem/stress/explore/trace.hpp>

#include <cstddef>
#include <string>

namespace tandem::explore {

// `remark` stands in the first line, beside what happened.
std::string report(trace const&, std::string const& remark);

// Two executions that should have been the same, and part at that event.
std::string report_of_difference(trace const& one, trace const& other, std::size_t at);

} // namespace tandem::explore
