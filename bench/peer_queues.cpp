#include "catalogue.hpp"

#include "peer/boost.hpp"
#include "peer/moodycamel.hpp"
#include "peer/onetbb.hpp"
#include "peer/readerwriterqueue.hpp"
#include "peer/standard.hpp"
#include "peer/xenium.hpp"

namespace tandem::bench {

void offer_peer_queues(catalogue& all) {
    offer_xenium(all);
    offer_moodycamel(all);
    offer_boost(all);
    offer_onetbb(all);
    offer_readerwriterqueue(all);
    offer_standard(all);
}

} // namespace tandem::bench
