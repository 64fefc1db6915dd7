#include "catalogue.hpp"

#include "peer/moodycamel.hpp"
#include "peer/onetbb.hpp"
#include "peer/readerwriterqueue.hpp"
#include "peer/standard.hpp"

namespace tandem::bench {

void offer_peer_channels(catalogue& all) {
    offer_moodycamel_channels(all);
    offer_onetbb_channels(all);
    offer_readerwriterqueue_channels(all);
    offer_standard_channels(all);
}

} // namespace tandem::bench
