#include <tandem/stress/explore/naming.hpp>

#include <tandem/stress/explore/statics.hpp>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <set>

namespace tandem::explore {

namespace {

bool is_of_name(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}
std::string_view last_name(std::string_view text) {
    auto at = text.size();
    while (at != 0 && is_of_name(text[at - 1])) {
        --at;
    }
    return text.substr(at);
}
// Without [...] or (...) at its end.
std::string_view without_brackets(std::string_view text) {
    while (!text.empty() && (text.back() == ']' || text.back() == ')')) {
        auto const close = text.back();
        auto const open = close == ']' ? '[' : '(';
        std::size_t depth = 0;
        do {
            depth += text.back() == close ? 1 : 0;
            depth -= text.back() == open ? 1 : 0;
            text.remove_suffix(1);
        } while (depth != 0 && !text.empty());
    }
    return text;
}

// In `line`, what an operation of that kind is called on.
std::string_view name_in(std::string_view line, operation what) {
    using calls = std::vector<std::string_view>;
    static calls const load{"load", "wait"}, store{"store", "clear"}, exchange{"compare_exchange_weak", "compare_exchange_strong"},
        update{"exchange", "fetch_add", "fetch_sub", "fetch_and", "fetch_or", "fetch_xor", "test_and_set"},
        plain{"read", "write", "construct", "take", "destroy", "get"}, none;
    auto const& known = what == operation::load       ? load
                        : what == operation::store    ? store
                        : what == operation::update   ? update
                        : what == operation::exchange ? exchange
                        : what == operation::read_plain || what == operation::write_plain ? plain
                                                                                          : none;
    for (auto const call : known) {
        for (auto at = line.find(call); at != line.npos; at = line.find(call, at + 1)) {
            auto const before = line.substr(0, at);
            bool const whole = at + call.size() < line.size() && !is_of_name(line[at + call.size()]);
            if (whole && (before.ends_with(".") || before.ends_with("->"))) {
                return last_name(without_brackets(before.substr(0, before.size() - (before.ends_with(".") ? 1 : 2))));
            }
        }
    }
    return {};
}

bool is_of_statics(std::string_view file) {
    return file.ends_with("stress/explore/statics.cpp");
}

std::string letters(std::size_t n) {
    std::string const name(1, static_cast<char>('a' + n % 26));
    return n < 26 ? name : letters(n / 26 - 1) + name;
}

std::string_view last_parts(std::string_view path, int parts) {
    auto at = path.size();
    while (parts-- != 0 && at != path.npos && at != 0) {
        at = path.rfind('/', at - 1);
    }
    return at == path.npos || at == 0 ? path : path.substr(at + 1);
}

} // namespace

naming::naming(trace const& of) {
    std::set<std::string> paths;
    for (auto const& e : of.events()) {
        paths.insert(e.done.site.file_name());
    }
    paths.insert(of.failed().site.file_name());
    for (auto const& path : paths) {
        int parts = 1;
        while (std::ranges::count(paths, last_parts(path, parts), [&](auto const& p) { return last_parts(p, parts); }) > 1 && parts < 9) {
            ++parts;
        }
        files_[path] = last_parts(path, parts);
    }

    std::vector<location> in_order;
    std::map<location, std::string> found;
    for (auto const& e : of.events()) {
        if (!e.of_variable()) {
            continue;
        }
        auto const where = e.done.where;
        if (e.what != event::kind::birth && std::ranges::find(in_order, where) == in_order.end()) {
            in_order.push_back(where);
        }
        if (auto& name = found[where]; name.empty() && e.what != event::kind::birth) {
            auto const of_static = is_of_statics(e.done.site.file_name()) ? name_of_static(e.done.address) : std::string();
            name = of_static.empty() ? std::string(name_in(line_of(e.done.site), e.done.what)) : "guard of " + of_static;
        }
    }
    std::map<std::string, std::size_t> seen;
    std::size_t unnamed = 0;
    for (auto const where : in_order) {
        auto const& name = found[where];
        if (name.empty()) {
            variables_[where] = letters(unnamed++);
            continue;
        }
        bool const alone = std::ranges::count(in_order, name, [&](location l) { return found[l]; }) == 1;
        variables_[where] = alone ? name : name + "." + std::to_string(++seen[name]);
    }
}

std::string naming::line_of(std::source_location const& site) {
    auto const [found, fresh] = text_.try_emplace(site.file_name());
    if (fresh) {
        std::ifstream file(site.file_name());
        for (std::string line; std::getline(file, line);) {
            found->second.push_back(line);
        }
    }
    return site.line() - 1 < found->second.size() ? found->second[site.line() - 1] : std::string();
}

std::string naming::of(location l) const {
    auto const found = variables_.find(l);
    return found == variables_.end() ? std::string("?") : found->second;
}

std::string naming::of(std::source_location const& site) const {
    std::string_view const file = site.file_name();
    auto const found = files_.find(file);
    bool const ours = file.find("tandem/stress/world/") != file.npos || file.ends_with("tandem/stress/std.hpp") || file.ends_with("stress/explore/new.cpp") ||
                      is_of_statics(file);
    if (site.line() == 0 || found == files_.end() || ours) {
        return {};
    }
    return found->second + ":" + std::to_string(site.line());
}

std::string naming::function_of(std::source_location const& site) {
    std::string_view text = site.function_name();
    if (text.find("lambda") != text.npos || text.find("anonymous class") != text.npos || text.find("operator") != text.npos) {
        return {};
    }
    if (auto const parameters = text.find(" ["); parameters != text.npos) {
        text = text.substr(0, parameters); // of a template
    }
    auto const close = text.rfind(')');
    return close == text.npos ? std::string() : std::string(last_name(without_brackets(text.substr(0, close + 1))));
}

} // namespace tandem::explore
