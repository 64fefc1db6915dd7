// What the sections of the page are made of.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tandem::tools {

[[nodiscard]] std::string escaped(std::string_view text);
[[nodiscard]] std::string quantity(double value); // "193 M", "4.8"; the space does not break

// A table that a keyboard can scroll; the first cell of a row is its head.
class html_table {
public:
    html_table(std::string caption, std::vector<std::string> const& head);
    void row(std::vector<std::string> const& cells); // HTML already
    [[nodiscard]] bool empty() const { return rows_.empty(); }
    [[nodiscard]] std::string html() const;

private:
    std::string caption_, head_, rows_;
};

// Nothing when there is no content.
[[nodiscard]] std::string section(std::string_view id, std::string_view title, std::string_view content);

} // namespace tandem::tools
