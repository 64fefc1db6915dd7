#pragma once

namespace tandem::explore {

// What the threads of a program claim.
enum class progress_class : unsigned char {
    blocking,         // nothing
    obstruction_free, // a thread that goes on alone finishes
    lock_free,        // when a thread stands still, the others finish
};

} // namespace tandem::explore
