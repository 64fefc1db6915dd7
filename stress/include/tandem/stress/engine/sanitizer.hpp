// sanitizer: which one this executable was compiled with.
#pragma once

namespace tandem::stress {

char const* sanitizer(); // "thread", "address" or "none"

} // namespace tandem::stress
