#include "peer/tandem_maps.hpp"

namespace tandem::bench {

void offer_tandem_maps(catalogue& all) {
    offer_map<locked_map>(all);
    offer_map<lockfree_map>(all);
}

} // namespace tandem::bench
