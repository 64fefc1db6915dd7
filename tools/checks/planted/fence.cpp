// A fence, which ThreadSanitizer does not see.
#include <atomic>

void fence() {
    std::atomic_thread_fence(std::memory_order::seq_cst);
}
