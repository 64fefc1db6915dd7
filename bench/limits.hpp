#pragma once

// What the machine allows: the times that no structure on it can beat.

namespace tandem::bench {

// How many pauses take about a microsecond here. Measured once.
int pauses_per_microsecond();

// A cache line sent from one core to another and back, in nanoseconds: the best of a few short batches, so that
// what else runs there does not count.
double round_trip_ns(int one_core, int other_core);

} // namespace tandem::bench
