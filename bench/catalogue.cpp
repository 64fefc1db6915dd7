#include "catalogue.hpp"

namespace tandem::bench {

catalogue everything() {
    catalogue all;
    offer_limits(all);
    offer_counters(all);
    offer_striped_counters(all);
    offer_tandem_queues(all);
    offer_peer_queues(all);
    offer_tandem_channels(all);
    offer_peer_channels(all);
    offer_tandem_maps(all);
    offer_peer_maps(all);
    return all;
}

} // namespace tandem::bench
