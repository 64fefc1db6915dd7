#include "claim.hpp"

#include <regex>

namespace tandem::tools {

claim claim_in(std::string const& argument) {
    static std::regex const mutant(R"(\bthe mutant (\w+\.\w+))");
    static std::regex const proved(R"(\bproved in (\w+\.\w+\.\w+(?:, \w+\.\w+\.\w+)*))");
    static std::regex const name(R"([\w.]+)");
    claim found;
    if (std::smatch match; std::regex_search(argument, match, mutant)) {
        found.mutant = match[1];
    }
    if (std::smatch match; std::regex_search(argument, match, proved)) {
        std::string const names = match[1];
        for (std::sregex_iterator at(names.begin(), names.end(), name), none; at != none; ++at) {
            found.scenarios.push_back(at->str());
        }
    }
    return found;
}

} // namespace tandem::tools
