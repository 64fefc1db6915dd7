#include "catalogue.hpp"

#include "peer/boost_map.hpp"
#include "peer/libcuckoo.hpp"
#include "peer/onetbb_map.hpp"
#include "peer/standard_map.hpp"
#include "peer/xenium_map.hpp"

namespace tandem::bench {

void offer_peer_maps(catalogue& all) {
    offer_xenium_map(all);
    offer_libcuckoo(all);
    offer_onetbb_map(all);
    offer_boost_map(all);
    offer_standard_map(all);
}

} // namespace tandem::bench
