// results: what a worker program writes for the driver.
#pragma once

#include <nlohmann/json.hpp>

#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>

namespace tandem::stress {

class results {
public:
    results(std::string file, std::string kind) : file_(std::move(file)), kind_(std::move(kind)) {}

    static char const* compiler() { return TANDEM_COMPILER; }

    void add(nlohmann::json row) { rows_.push_back(std::move(row)); }

    // Nothing without a file name.
    void write(bool complete) const {
        if (file_.empty()) {
            return;
        }
        nlohmann::json const all{{"schema", 1},           {"kind", kind_},        {"compiler", compiler()},
                                 {"flags", TANDEM_FLAGS}, {"complete", complete}, {"results", rows_}};
        std::ofstream out(file_);
        out << all.dump(1) << '\n';
        if (!out.flush()) {
            throw std::runtime_error("cannot write " + file_);
        }
    }

private:
    std::string file_, kind_;
    nlohmann::json rows_ = nlohmann::json::array();
};

} // namespace tandem::stress
