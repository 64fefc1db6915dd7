#include "peer/tandem.hpp"

namespace tandem::bench {

void offer_tandem_queues(catalogue& all) {
    offer_queue<lockfree_queue>(all);
    offer_customary<lockfree_queue>(all);
    offer_queue<locked_queue>(all);
    offer_customary<locked_queue>(all);
    offer_queue<lockfree_spsc_queue>(all);
    offer_customary<lockfree_spsc_queue>(all);
    offer_queue<locked_spsc_queue>(all);
    offer_customary<locked_spsc_queue>(all);
}

} // namespace tandem::bench
