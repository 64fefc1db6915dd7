#pragma once

// naming: what the places and the variables of a trace are called: what the source calls them where it can be read, else letters.

#include <tandem/stress/explore/trace.hpp>

#include <map>
#include <source_location>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::explore {

class naming {
public:
    explicit naming(trace const&);

    std::string of(location) const;
    // queue.hpp:41; with folders in front, as many as it takes to tell files of the same name apart. Nothing: the site is not known, or the explorer's own.
    std::string of(std::source_location const&) const;
    // The function's, without what the two compilers spell differently; may be nothing.
    static std::string function_of(std::source_location const&);

private:
    std::string line_of(std::source_location const&);

    std::map<location, std::string> variables_;
    std::map<std::string, std::string, std::less<>> files_;              // short names
    std::map<std::string, std::vector<std::string>, std::less<>> text_; // lines
};

} // namespace tandem::explore
