// The commands of ./tools/run, one file each.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "record.hpp"

namespace tandem::tools {

struct invocation {
    std::filesystem::path root; // of the tree
    std::string command;
    std::vector<std::string> names{};
    std::map<std::string, std::string> options{}; // a flag's value is empty

    [[nodiscard]] bool has(std::string const& option) const { return options.contains(option); }
    [[nodiscard]] std::string get(std::string const& option, std::string const& otherwise = {}) const;
    // The line that does this again.
    [[nodiscard]] std::string text() const;
};

struct completion {
    int code = 0;
    json record{}; // null when the command writes none
};

completion verify(invocation const&);
completion test(invocation const&);
completion stress(invocation const&);
completion model(invocation const&);
completion museum(invocation const&); // of model --museum
completion mutants(invocation const&);
completion orders(invocation const&);
completion bench(invocation const&);
completion compare(invocation const&);
completion report(invocation const&);
completion replay(invocation const&);
completion doctor(invocation const&);

} // namespace tandem::tools
