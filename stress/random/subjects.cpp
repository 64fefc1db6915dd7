#include "subjects.hpp"

namespace tandem::stress {

scenarios all_subjects() {
    scenarios all;
    add_own_subjects(all);
    add_own_channels(all);
    add_own_maps(all);
    add_foreign_subjects(all);
    return all;
}

} // namespace tandem::stress
