// Who wins where, in words: the two halves against each other, and the lock-free one against the fastest of the others.
#pragma once

#include <string>
#include <vector>

#include "bench_rows.hpp"
#include "comparison.hpp"

namespace tandem::tools {

// What one structure's halves show at one position.
struct duel {
    position where;
    std::string against; // the opponent's name
    standing found;      // the lock-free half over it
};

[[nodiscard]] std::vector<std::string> structures_of(panel const&); // those of which both halves were measured
[[nodiscard]] std::vector<duel> halves_in(panel const&, std::string const& structure);
[[nodiscard]] std::vector<duel> best_others_in(panel const&, std::string const& structure);

// "lock-free is faster up to 4 threads (1.2 to 1.5 times), and locked is faster from 8 threads on (1.3 times); they cross between 4 and
// 8". Positions next to one another with the same verdict are said together. Against others than the twin they are named, in backquotes.
[[nodiscard]] std::string in_words(std::vector<duel> const&, workload const& of, bool twins);

// On one structure in all placements of a group, as Markdown without the structure's name: the twins, and the lock-free half against the
// fastest of the others.
struct sentences {
    std::string twins, others; // nothing where nothing was measured
};
[[nodiscard]] sentences who_wins(workload const&, group const&, std::string const& structure);

// "2 threads", "2p1c", "capacity 64".
[[nodiscard]] std::string in_words(position const&, workload const& of);

// A ratio as people say it: "6.1", "1.08", "12".
[[nodiscard]] std::string times(double ratio);

} // namespace tandem::tools
