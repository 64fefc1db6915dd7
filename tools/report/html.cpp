#include "html.hpp"

#include <fmt/format.h>

namespace tandem::tools {

std::string escaped(std::string_view text) {
    std::string safe;
    for (char c : text) {
        switch (c) {
        case '&':
            safe += "&amp;";
            break;
        case '<':
            safe += "&lt;";
            break;
        case '>':
            safe += "&gt;";
            break;
        case '"':
            safe += "&quot;";
            break;
        case '\'':
            safe += "&#39;";
            break;
        default:
            safe += c;
        }
    }
    return safe;
}

std::string quantity(double value) {
    for (auto const& [size, letter] :
         {std::pair{1e9, "\u00a0G"}, std::pair{1e6, "\u00a0M"}, std::pair{1e3, "\u00a0k"}}) {
        if (value >= size) {
            return fmt::format("{:.3g}{}", value / size, letter);
        }
    }
    return fmt::format("{:.3g}", value);
}

html_table::html_table(std::string caption, std::vector<std::string> const& head) : caption_(std::move(caption)) {
    for (auto const& name : head) {
        head_ += fmt::format("<th scope='col'>{}</th>", escaped(name));
    }
}

void html_table::row(std::vector<std::string> const& cells) {
    rows_ += "<tr>";
    for (std::size_t i = 0; i < cells.size(); ++i) {
        rows_ += (i == 0 ? "<th scope='row'>" : "<td>") + cells[i] + (i == 0 ? "</th>" : "</td>");
    }
    rows_ += "</tr>\n";
}

std::string html_table::html() const {
    return fmt::format("<div class='scroll' tabindex='0' role='region' aria-label='{0}'><table><caption>{0}</caption>"
                       "<thead><tr>{1}</tr></thead><tbody>\n{2}</tbody></table></div>\n",
                       escaped(caption_), head_, rows_);
}

std::string section(std::string_view id, std::string_view title, std::string_view content) {
    return content.empty() ? "" : fmt::format("<section id='{}'><h2>{}</h2>\n{}</section>\n", id, title, content);
}

} // namespace tandem::tools
