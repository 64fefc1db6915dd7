#include <tandem/stress/engine/processors.hpp>

#include <sched.h>

namespace tandem::stress {

std::vector<int> const& allowed_processors() {
    static std::vector<int> const allowed = [] {
        std::vector<int> found;
        cpu_set_t set;
        CPU_ZERO(&set);
        if (::sched_getaffinity(0, sizeof set, &set) == 0) {
            for (int i = 0; i != CPU_SETSIZE; ++i) {
                if (CPU_ISSET(static_cast<unsigned>(i), &set)) {
                    found.push_back(i);
                }
            }
        }
        return found.empty() ? std::vector<int>{0} : found;
    }();
    return allowed;
}

namespace {
void restrict_to(std::vector<int> const& processors) {
    cpu_set_t set;
    CPU_ZERO(&set);
    for (auto const i : processors) {
        CPU_SET(static_cast<unsigned>(i), &set);
    }
    ::sched_setaffinity(0, sizeof set, &set);
}
} // namespace

void pin_to(int processor) {
    restrict_to({processor});
}
void unpin() {
    restrict_to(allowed_processors());
}

} // namespace tandem::stress
