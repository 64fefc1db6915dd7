#include "peer/tandem_channels.hpp"
#include "peer/tandem.hpp"

namespace tandem::bench {
namespace {

template <class Channel>
void offer_all(catalogue& all) {
    offer_channel<Channel>(all);
    offer_channel_batch<Channel>(all);
}

} // namespace

void offer_tandem_channels(catalogue& all) {
    offer_all<lockfree_channel>(all);
    offer_all<locked_channel>(all);
    offer_all<lockfree_spsc_channel>(all);
    offer_all<locked_spsc_channel>(all);
    offer_spinning<lockfree_queue>(all);
    offer_spinning<lockfree_spsc_queue>(all);
}

} // namespace tandem::bench
