#include "peer/tandem_maps.hpp"

namespace tandem::bench {

void offer_tandem_maps(catalogue&) {}

} // namespace tandem::bench
