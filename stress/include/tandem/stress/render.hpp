// render: a failure as a table with a lane per thread, at most 25 lines of plain ASCII.
//
// A call is one cell when nothing else happened meanwhile; otherwise it begins with `name |` and ends with `| answer`,
// and what stands between those rows overlaps it. A call still running at the end is `| running`, or `| asleep`.
#pragma once

#include <tandem/stress/call.hpp>
#include <tandem/stress/lanes.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace tandem::stress {

struct failure_text {
    std::string subject{};    // "lockfree.bounded_queue"
    std::string verdict{};    // "not linearizable"
    std::size_t recorded = 0; // calls before shrinking
    std::string before{};     // the state in which the table begins, if it is not the usual one
    std::string why{};
    std::string twin{};  // "locked.bounded_queue answers 1"
    std::string again{}; // the command that shows it again
    std::string note{};
};

std::string signature(std::string_view name, call const& c); // try_push(1)
std::string answer(call const& c);                           // ok, -> 7, full, -> empty
std::string spoken(call const& c);                           // ok, 7, full, empty
std::string text(std::string_view name, call const& c);      // try_push(1) ok

// `impossible` is the index of the call to mark.
std::string render(failure_text const& failure, std::span<std::string_view const> operations, history const& calls,
                   std::size_t impossible);

} // namespace tandem::stress
