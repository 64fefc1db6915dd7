#include "orders.hpp"

#include "claim.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <regex>
#include <set>

namespace tandem::tools {
namespace {

bool acquires(std::string const& order) {
    return order == "acquire" || order == "acq_rel" || order == "seq_cst";
}
bool releases(std::string const& order) {
    return order == "release" || order == "acq_rel" || order == "seq_cst";
}
bool has_kind(std::string const& order, std::string const& kind) {
    return kind == "acquire" ? acquires(order) : kind == "release" ? releases(order) : order == kind;
}

std::string trimmed(std::string_view text) {
    auto const begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) {
        return {};
    }
    return std::string(text.substr(begin, text.find_last_not_of(" \t") - begin + 1));
}

struct source_line {
    std::string code;    // comments and what stands in quotes made blank
    std::string comment; // without the slashes
};

// Splits code from comments. Lines keep their length in `code`, so that a position in it is one in the file.
std::vector<source_line> lines_of(std::string_view text) {
    std::vector<source_line> lines(1);
    enum class in { code, comment, block, string, character } state = in::code;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char const c = text[i];
        char const next = i + 1 < text.size() ? text[i + 1] : '\0';
        if (c == '\n') {
            if (state != in::block) {
                state = in::code;
            }
            lines.emplace_back();
            continue;
        }
        auto& line = lines.back();
        bool const digit_separator =
            c == '\'' && !line.code.empty() && std::isalnum(static_cast<unsigned char>(line.code.back())) != 0;
        switch (state) {
        case in::code:
            if (c == '/' && next == '/') {
                state = in::comment;
                ++i;
            } else if (c == '/' && next == '*') {
                state = in::block;
                ++i;
                line.code += "  ";
            } else {
                if (c == '"') {
                    state = in::string;
                }
                if (c == '\'' && !digit_separator) {
                    state = in::character;
                }
                line.code += c;
            }
            break;
        case in::comment:
            line.comment += c;
            break;
        case in::block:
            if (c == '*' && next == '/') {
                state = in::code;
                ++i;
                line.code += "  ";
            } else {
                line.code += ' ';
                line.comment += c;
            }
            break;
        case in::string:
        case in::character:
            if (c == '\\') {
                line.code += "  ";
                ++i;
            } else {
                bool const closes = c == (state == in::string ? '"' : '\'');
                line.code += closes ? c : ' ';
                if (closes) {
                    state = in::code;
                }
            }
            break;
        }
    }
    return lines;
}

struct edge {
    int line = 0;
    std::string left, left_kind, right, right_kind;
};

struct header {
    std::vector<edge> edges;
    std::set<std::string> total_orders;
};

header read_header(std::vector<source_line> const& lines) {
    static std::regex const row(
        R"(^\s*([a-z_.]+)\s+(release|acq_rel|seq_cst)\s*=>\s*([a-z_.]+)\s+(acquire|acq_rel|seq_cst)\b.*)");
    static std::regex const total(R"(^\s*seq_cst, ([^:]+):.*)");
    header found;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        std::smatch match;
        if (std::regex_match(lines[i].comment, match, row)) {
            found.edges.push_back({static_cast<int>(i + 1), match[1], match[2], match[3], match[4]});
        } else if (std::regex_match(lines[i].comment, match, total)) {
            found.total_orders.insert(match[1]);
        }
    }
    return found;
}

struct reasons {
    std::vector<std::string> ends;
    std::string total_order, relaxed, survivor, all;
};

reasons read_reasons(std::string const& comment) {
    reasons found;
    std::size_t begin = 0;
    while (begin <= comment.size()) {
        auto const end = std::min(comment.find(';', begin), comment.size());
        auto const clause = trimmed(std::string_view(comment).substr(begin, end - begin));
        begin = end + 1;
        if (clause.starts_with("survivor:")) { // the rest of the comment, semicolons and all
            found.survivor = trimmed(comment.substr(comment.find("survivor:") + 9));
            break;
        }
        if (clause.empty()) {
            continue;
        }
        found.all += (found.all.empty() ? "" : "; ") + clause;
        if (clause.starts_with("seq_cst:")) {
            found.total_order = trimmed(clause.substr(8));
        } else if (clause.starts_with("relaxed:")) {
            found.relaxed = trimmed(clause.substr(8));
        } else {
            found.ends.push_back(clause);
        }
    }
    return found;
}

// The comment that speaks of a line: at its end, or else the comment lines just above it.
std::string comment_for(std::vector<source_line> const& lines, std::size_t at) {
    if (!trimmed(lines[at].comment).empty()) {
        return trimmed(lines[at].comment);
    }
    std::string text;
    for (auto above = at; above > 0; --above) {
        auto const& line = lines[above - 1];
        if (!trimmed(line.code).empty() || trimmed(line.comment).empty()) {
            break;
        }
        text = text.empty() ? trimmed(line.comment) : trimmed(line.comment) + " " + text;
    }
    return text;
}

struct operation {
    std::size_t line = 0; // from 0
    std::string name;
    std::vector<std::string> orders;
    bool split = false; // an order stands on another line than the name
};

struct position {
    std::size_t line = 0;
    std::size_t column = 0;
};

// The call whose parentheses enclose `at`: where its name stands.
std::optional<std::pair<position, std::string>> enclosing_call(std::vector<source_line> const& lines, position at) {
    int open = 0;
    for (std::size_t line = at.line + 1; line-- > 0;) {
        auto const& code = lines[line].code;
        for (auto column = line == at.line ? at.column : code.size(); column-- > 0;) {
            if (code[column] == ';' || code[column] == '{') {
                return std::nullopt;
            }
            if (code[column] == ')') {
                ++open;
            }
            if (code[column] != '(' || open-- > 0) {
                continue;
            }
            auto end = column;
            while (end > 0 && code[end - 1] == ' ') {
                --end;
            }
            auto begin = end;
            while (begin > 0 &&
                   (std::isalnum(static_cast<unsigned char>(code[begin - 1])) != 0 || code[begin - 1] == '_')) {
                --begin;
            }
            return std::pair{position{line, begin}, code.substr(begin, end - begin)};
        }
    }
    return std::nullopt;
}

std::vector<operation> operations_of(std::vector<source_line> const& lines) {
    static std::regex const spelling(
        R"((?:\border::|\bmemory_order(?:::|_))(relaxed|consume|acquire|release|acq_rel|seq_cst)\b)");
    std::map<std::pair<std::size_t, std::size_t>, operation> found;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        auto const& code = lines[i].code;
        for (std::sregex_iterator match(code.begin(), code.end(), spelling), none; match != none; ++match) {
            auto const call = enclosing_call(lines, {i, static_cast<std::size_t>(match->position())});
            if (!call) {
                continue; // a declaration, not a call
            }
            auto& one = found[{call->first.line, call->first.column}];
            one.line = call->first.line;
            one.name = call->second;
            one.orders.push_back((*match)[1]);
            one.split = one.split || i != one.line;
        }
    }
    std::vector<operation> in_order;
    for (auto& [where, one] : found) {
        in_order.push_back(std::move(one));
    }
    return in_order;
}

bool world_header(std::string const& file) {
    auto const at = file.rfind("tandem/world");
    return at != std::string::npos && file.find_first_of("./", at + std::string_view("tandem/world").size()) ==
                                          at + std::string_view("tandem/world").size();
}

class checker {
public:
    checker(std::string file, std::string_view text)
        : file_(std::move(file)), lines_(lines_of(text)), header_(read_header(lines_)) {}

    order_report run() && {
        check_seam();
        for (auto const& one : operations_of(lines_)) {
            check(one);
        }
        check_edges();
        return std::move(report_);
    }

private:
    void problem(std::size_t line, std::string what) {
        report_.problems.push_back({file_, static_cast<int>(line), std::move(what)});
    }

    // What shipped headers leave to the world.
    void check_seam() {
        static std::regex const fence(R"(\batomic_(thread|signal)_fence\b|\b__sync_synchronize\b)");
        static std::regex const named(
            R"(\bstd::(atomic(_\w+)?|(recursive_|shared_|timed_|recursive_timed_|shared_timed_)?mutex|condition_variable(_any)?)\b)");
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            std::smatch match;
            if (std::regex_search(lines_[i].code, match, fence)) {
                problem(i + 1, fmt::format("{} outside the world headers", match.str()));
            } else if (std::regex_search(lines_[i].code, match, named)) {
                problem(i + 1, fmt::format("{} outside the world headers", match.str()));
            }
        }
    }

    void check(operation const& one) {
        auto const ordinal = ++ordinals_[one.line];
        if (ordinal == 2) {
            problem(one.line + 1, "more than one atomic operation on a line");
        }
        if (one.split) {
            problem(one.line + 1, fmt::format("the orders of {} stand on another line than its name", one.name));
        }
        auto const why = read_reasons(comment_for(lines_, one.line));
        if (!why.survivor.empty() && !claim_in(why.survivor).complete()) {
            problem(one.line + 1, "a survivor without proof; write `as in the mutant STRUCTURE.NAME` and `proved in STRUCTURE.HALF.RACE`");
        }
        bool const exchange = one.name.starts_with("compare_exchange");
        if (exchange && one.orders.size() != 2) {
            problem(one.line + 1, fmt::format("{} does not write out both its orders", one.name));
        }
        for (std::size_t i = 0; i < one.orders.size(); ++i) {
            order_site site{.file = file_,
                            .line = static_cast<int>(one.line + 1),
                            .ordinal = ordinal,
                            .role = !exchange ? "order"
                                    : i == 0  ? "success"
                                              : "failure",
                            .operation = one.name,
                            .order = one.orders[i],
                            .why = why.all,
                            .argument = why.survivor};
            site.problem = complaint(site.order, why);
            if (!site.problem.empty()) {
                problem(one.line + 1,
                        fmt::format("{} ({} of {}): {}", site.order, site.role, site.operation, site.problem));
            }
            report_.sites.push_back(std::move(site));
        }
        for (auto const& end : why.ends) {
            use_end(one, end);
        }
    }

    std::string complaint(std::string const& order, reasons const& why) const {
        if (order == "relaxed") {
            return why.relaxed.empty() ? "no reason; write `relaxed: why`" : "";
        }
        if (order == "seq_cst") {
            if (why.total_order.empty()) {
                return "does not say which total order it needs; write `seq_cst: name`";
            }
            if (!header_.total_orders.contains(why.total_order)) {
                return fmt::format("the header comment describes no `seq_cst, {}: ...`", why.total_order);
            }
            return "";
        }
        if (why.ends.empty()) {
            return "names no edge";
        }
        auto const named = [&](auto edge::* side) {
            return std::ranges::any_of(why.ends, [&](auto const& end) {
                return std::ranges::find(header_.edges, end, side) != header_.edges.end();
            });
        };
        if (acquires(order) && !named(&edge::right)) {
            return "names no edge that ends in an acquire";
        }
        if (releases(order) && !named(&edge::left)) {
            return "names no edge that begins with a release";
        }
        return "";
    }

    // Notes that an operation claims to be this end of an edge, and holds it to the table.
    void use_end(operation const& one, std::string const& end) {
        bool listed = false;
        for (auto const& row : header_.edges) {
            for (auto const& [name, kind] :
                 {std::pair{row.left, row.left_kind}, std::pair{row.right, row.right_kind}}) {
                if (name != end) {
                    continue;
                }
                listed = true;
                if (std::ranges::any_of(one.orders, [&](auto const& order) { return has_kind(order, kind); })) {
                    used_.insert(end);
                } else {
                    problem(
                        one.line + 1,
                        fmt::format("{} is {} in the table of edges, but no order of this operation is", end, kind));
                }
            }
        }
        if (!listed) {
            problem(one.line + 1, fmt::format("'{}' is in no row of the table of edges", end));
        }
    }

    void check_edges() {
        for (auto const& row : header_.edges) {
            bool const left = used_.contains(row.left);
            bool const right = used_.contains(row.right);
            auto const line = static_cast<std::size_t>(row.line);
            if (left && !right) {
                problem(line, fmt::format("{} has no partner: nothing is {}", row.left, row.right));
            }
            if (right && !left) {
                problem(line, fmt::format("{} faces no release: nothing is {}", row.right, row.left));
            }
            if (!left && !right) {
                problem(line, fmt::format("no operation is an end of {} => {}", row.left, row.right));
            }
        }
    }

    std::string file_;
    std::vector<source_line> lines_;
    header header_;
    std::map<std::size_t, int> ordinals_;
    std::set<std::string> used_;
    order_report report_;
};

} // namespace

std::string order_site::name() const {
    return fmt::format("{}:{}:{}:{}", file, line, ordinal, role);
}

order_report check_orders(std::string const& file, std::string_view text) {
    if (world_header(file)) {
        return {};
    }
    auto report = checker(file, text).run();
    std::ranges::stable_sort(report.problems, {}, &order_problem::line);
    return report;
}

order_report check_orders(std::filesystem::path const& root) {
    std::vector<std::filesystem::path> headers;
    for (char const* const half : {"locked", "lockfree"}) {
        auto const folder = root / half / "include";
        if (!std::filesystem::is_directory(folder)) {
            continue;
        }
        for (auto const& entry : std::filesystem::recursive_directory_iterator(folder)) {
            if (entry.path().extension() == ".hpp") {
                headers.push_back(entry.path());
            }
        }
    }
    std::ranges::sort(headers);
    order_report all;
    for (auto const& header : headers) {
        std::ifstream in(header);
        std::string const text{std::istreambuf_iterator<char>(in), {}};
        auto one = check_orders(header.lexically_relative(root).generic_string(), text);
        std::ranges::move(one.sites, std::back_inserter(all.sites));
        std::ranges::move(one.problems, std::back_inserter(all.problems));
    }
    return all;
}

} // namespace tandem::tools
