#pragma once

// failures: what is done with an execution that ended as it should not. It is run again, twice, to see that it depends on nothing but the choices;
// others that end in the same way are tried until none is easier to read; and that one is told.

#include <tandem/stress/explore/choices.hpp>
#include <tandem/stress/explore/execution.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace tandem::explore {

struct finding {
    std::string what;   // "DATA RACE", or "NONDETERMINISM"
    std::string report; // with a lane for each thread
    choices made{};     // they lead there
    explore::effort effort{};
};

// The last execution failed. `same` decides as its chooser did.
finding investigate(execution&, execution::program const&, chooser& same, std::size_t most_tried = 3000);

// The execution with these choices; nothing: it ends as it should.
std::optional<finding> replay(execution&, execution::program const&, choices const&);

// Whether two executions with choosers that decide the same are the same; if not, how they part.
std::optional<finding> difference(execution&, execution::program const&, chooser& one, chooser& other);

} // namespace tandem::explore
