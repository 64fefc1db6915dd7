#include "junit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string_view>

#include "record.hpp"

namespace tandem::tools {
namespace {

std::string unescaped(std::string_view text) {
    static constexpr std::pair<std::string_view, char> entities[] = {
        {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&amp;", '&'}};
    std::string plain;
    for (std::size_t i = 0; i < text.size();) {
        auto const known =
            std::ranges::find_if(entities, [&](auto const& one) { return text.substr(i).starts_with(one.first); });
        plain += known == std::end(entities) ? text[i] : known->second;
        i += known == std::end(entities) ? 1 : known->first.size();
    }
    return plain;
}

// The value of name="..." in a tag.
std::string attribute(std::string_view tag, std::string_view name) {
    auto const mark = fmt::format(" {}=\"", name);
    auto const at = tag.find(mark);
    if (at == std::string_view::npos) {
        return {};
    }
    auto const begin = at + mark.size();
    return unescaped(tag.substr(begin, tag.find('"', begin) - begin));
}

test_case::outcome outcome_of(std::string_view status, std::string_view skip_message) {
    if (status == "run") {
        return test_case::outcome::passed;
    }
    if (status == "disabled") {
        return test_case::outcome::skipped;
    }
    // Not run because the test said so; what could not be started is a failure.
    if (status == "notrun" && skip_message.starts_with("SKIP_")) {
        return test_case::outcome::skipped;
    }
    return test_case::outcome::failed;
}

} // namespace

std::vector<test_case> read_junit(std::filesystem::path const& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        throw bad_input(fmt::format("{}: ctest wrote no such file", file.string()));
    }
    std::string const all{std::istreambuf_iterator<char>(in), {}};
    std::string_view const text = all;
    auto const wrong = [&](std::size_t at, std::string_view why) {
        auto const line = 1 + std::ranges::count(text.substr(0, at), '\n');
        return bad_input(fmt::format("{}:{}: {}", file.string(), line, why));
    };
    auto const suite = text.find("<testsuite");
    if (suite == std::string_view::npos) {
        throw wrong(0, "no <testsuite>");
    }

    std::vector<test_case> cases;
    for (auto at = text.find("<testcase", suite); at != std::string_view::npos; at = text.find("<testcase", at + 1)) {
        auto const end = text.find("</testcase>", at);
        if (end == std::string_view::npos) {
            throw wrong(at, "a <testcase> that does not end");
        }
        auto const body = text.substr(at, end - at);
        auto const tag = body.substr(0, body.find('>'));
        test_case one{.name = attribute(tag, "name"), .output = {}};
        auto const skipped = body.find("<skipped");
        one.result = outcome_of(attribute(tag, "status"),
                                skipped == std::string_view::npos ? "" : attribute(body.substr(skipped), "message"));
        one.seconds = std::strtod(attribute(tag, "time").c_str(), nullptr);
        constexpr std::string_view opening = "<system-out>";
        if (auto const output = body.find(opening); output != std::string_view::npos) {
            auto const begin = output + opening.size();
            one.output = unescaped(body.substr(begin, body.find("</system-out>", begin) - begin));
        }
        cases.push_back(std::move(one));
    }
    auto spaced = std::string(text.substr(suite, text.find('>', suite) - suite));
    std::ranges::replace_if(spaced, [](char c) { return c == '\n' || c == '\t'; }, ' ');
    if (attribute(spaced, "tests") != std::to_string(cases.size())) {
        throw wrong(suite, "the number of tests is not the number of <testcase>s");
    }
    return cases;
}

} // namespace tandem::tools
