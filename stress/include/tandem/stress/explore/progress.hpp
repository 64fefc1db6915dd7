#pragma once

namespace tandem::explore {

struct step;

// What the threads of a program claim, or an operation.
enum class progress_class : unsigned char {
    blocking,         // nothing
    obstruction_free, // a thread that goes on alone finishes
    lock_free,        // when a thread stands still, the others finish
    wait_free,        // each call finishes after so many steps of its own, whatever the others do
};

} // namespace tandem::explore
