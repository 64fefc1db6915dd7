// processors: which ones this process may use, and moving a thread among them.
#pragma once

#include <vector>

namespace tandem::stress {

std::vector<int> const& allowed_processors(); // when the process started
void pin_to(int processor);                   // the calling thread; does nothing where that is not allowed
void unpin();

} // namespace tandem::stress
