#include "subjects.hpp"

namespace tandem::stress {

char const* sanitizer() {
#if defined(__SANITIZE_THREAD__)
    return "thread";
#elif defined(__SANITIZE_ADDRESS__)
    return "address";
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
    return "thread";
#elif __has_feature(address_sanitizer)
    return "address";
#else
    return "none";
#endif
#else
    return "none";
#endif
}

scenarios all_subjects() {
    scenarios all;
    add_own_subjects(all);
    add_foreign_subjects(all);
    return all;
}

std::vector<left_out> subjects_left_out() {
    return {};
}

} // namespace tandem::stress
