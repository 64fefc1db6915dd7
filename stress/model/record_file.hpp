#pragma once

// The file that a worker writes its results to, for the driver's records. Whoever includes it is compiled with TANDEM_COMPILER and TANDEM_FLAGS.

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>

namespace tandem::model {

inline void write_record(std::string const& file, char const* kind, bool complete, nlohmann::json results) {
    std::ofstream out(file);
    out << nlohmann::json{{"schema", 1},           {"kind", kind},         {"compiler", TANDEM_COMPILER},
                          {"flags", TANDEM_FLAGS}, {"complete", complete}, {"results", std::move(results)}}
               .dump(2)
        << '\n';
    if (!out.flush()) {
        throw std::runtime_error(fmt::format("cannot write {}", file));
    }
}

} // namespace tandem::model
