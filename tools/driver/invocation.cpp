#include "commands.hpp"

namespace tandem::tools {

std::string invocation::get(std::string const& option, std::string const& otherwise) const {
    auto const found = options.find(option);
    return found == options.end() ? otherwise : found->second;
}

std::string invocation::text() const {
    auto const quoted = [](std::string const& word) {
        return word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./@%") ==
                       std::string::npos
                   ? word
                   : "'" + word + "'";
    };
    std::string line = "./tools/run " + command;
    for (auto const& name : names) {
        line += " " + quoted(name);
    }
    for (auto const& [option, value] : options) {
        if (option == "--json") {
            continue; // where the record went is not part of what was done
        }
        line += " " + option;
        if (!value.empty()) {
            line += " " + quoted(value);
        }
    }
    return line;
}

} // namespace tandem::tools
