// no_memory: a thread for which try_allocate finds none.
#pragma once

// clang's runtime of ThreadSanitizer brings its own operator new, which cannot be replaced.
#if defined(__has_feature)
#define TANDEM_MAY_REFUSE_MEMORY !__has_feature(thread_sanitizer)
#else
#define TANDEM_MAY_REFUSE_MEMORY 1
#endif

#if TANDEM_MAY_REFUSE_MEMORY
namespace tandem::test {

inline thread_local bool no_memory = false;
inline thread_local int refused = 0;

} // namespace tandem::test
#endif
