// token: what a report prints, so that a failure can be shown again.
#pragma once

#include <tandem/stress/engine/scenario.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace tandem::stress {

// S-scenario-threads-seed: the programs of a seed, on real threads. E-scenario-threads-seed-execution: of the explorer, one execution of one
// program.
struct token {
    std::uint32_t scenario = 0;
    std::size_t threads = 0; // 0: chosen by the seed
    std::uint64_t seed = 0;
    std::string execution{}; // none: on real threads

    std::string text() const;
    static std::optional<token> parse(std::string const&);
};
std::uint32_t fingerprint(scenario const&);

// The command that shows a failure again.
using replayer = std::function<std::string(token const&)>;

} // namespace tandem::stress
