#pragma once

// failures: what is done with an execution that ended as it should not. It is run again, twice, to see that it depends on nothing but the choices;
// others that end in the same way are tried until none is easier to read; and that one is told.

#include <tandem/stress/explore/choices.hpp>
#include <tandem/stress/explore/execution.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

namespace tandem::explore {

struct finding {
    std::string what;   // "DATA RACE", or "NONDETERMINISM"
    std::string report; // with a lane for each thread
    choices made{};     // they lead there
    explore::effort effort{};
};

// Choices of an execution that fails: those with the least effort that minimise() finds, if it is to try any. It runs in a process of its own, since what fails
// may end the process, or never end, with other choices; then it is these.
choices least(choices const& found, std::function<bool(chooser&)> const& fails, std::size_t most_tried);

// What an execution is of.
struct subject {
    execution& run;
    execution::program const& program;
};

// The last execution failed. `same` decides as its chooser did.
finding investigate(subject, chooser& same, std::size_t most_tried);

// The execution with these choices; nothing: it ends as it should.
std::optional<finding> replay(subject, choices const&);

// Whether two executions are the same, with choosers that decide the same, of one program in two places, so that nothing has the same address; if
// not, how they part.
std::optional<finding> difference(subject, chooser&, subject, chooser&);

} // namespace tandem::explore
