#include "headers.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <optional>
#include <regex>
#include <set>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace tandem::model {

namespace {

namespace fs = std::filesystem;
using explore::progress_class;

bool is_of_a_name(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// Without comments, and without what stands in quotes and on lines of the preprocessor.
std::string code_of(std::string_view text) {
    static std::regex const no_code(R"re(//[^\n]*|"(\\.|[^"\\\n])*"|\n#[^\n]*)re");
    return std::regex_replace(std::string(text), no_code, " ");
}

// Where what opens at `at` is closed.
std::size_t end_of(std::string_view code, std::size_t at, char open, char close) {
    int depth = 0;
    for (; at != code.size(); ++at) {
        depth += code[at] == open ? 1 : code[at] == close ? -1 : 0;
        if (depth == 0) {
            return at;
        }
    }
    throw std::runtime_error(std::string("no ") + close);
}

// Where the body of the class begins; npos: it is not defined here.
std::size_t body_of(std::string_view class_name, std::string const& code) {
    std::regex const definition("class " + std::string(class_name) + R"((?: : [^;{]*)? \{)");
    std::smatch found;
    return std::regex_search(code, found, definition) ? static_cast<std::size_t>(found.position() + found.length()) : code.npos;
}

// The name of the function that a declaration in a class declares; nothing: it declares something else.
std::string function_in(std::string declaration) {
    static std::regex const before(R"(\[\[[^\]]*\]\]|alignas\([^)]*\))");
    declaration = std::regex_replace(declaration, before, " ");
    std::string_view rest = declaration;
    auto const skip_spaces = [&] { rest.remove_prefix(std::min(rest.find_first_not_of(" \n"), rest.size())); };
    skip_spaces();
    while (rest.starts_with("template <")) {
        rest.remove_prefix(end_of(rest, rest.find('<'), '<', '>') + 1);
        skip_spaces();
    }
    for (auto const* const other : {"using ", "friend ", "static_assert", "struct ", "class ", "enum "}) {
        if (rest.starts_with(other)) {
            return {};
        }
    }
    auto const parenthesis = rest.find('(');
    if (parenthesis == rest.npos || rest.find("operator") < parenthesis) {
        return {};
    }
    auto begin = parenthesis;
    while (begin != 0 && is_of_a_name(rest[begin - 1])) {
        --begin;
    }
    bool const destructor = begin != 0 && rest[begin - 1] == '~';
    return destructor ? std::string() : std::string(rest.substr(begin, parenthesis - begin));
}

std::string read(fs::path const& file) {
    std::ifstream in(file);
    if (!in) {
        throw std::runtime_error("cannot read " + file.string());
    }
    return {std::istreambuf_iterator<char>(in), {}};
}

// As far as it is said in the class's words.
std::optional<claim> claim_in(std::string const& text) {
    static std::regex const classes(R"((wait-free|lock-free|obstruction-free|waits?)\b)"
                                    R"((?:, ([0-9]+) steps?(?: and ([0-9]+) an? (?:thread|element|shard))?)?.*)");
    std::smatch said;
    if (!std::regex_match(text, said, classes)) {
        return std::nullopt;
    }
    auto const number = [&](std::size_t i) -> std::uint64_t { return said[i].matched ? std::stoull(said[i]) : 0; };
    if ((said[1] == "wait-free") != said[2].matched) {
        return std::nullopt; // of what is wait-free it is to be said in how many steps, and of nothing else
    }
    return claim{said[1] == "wait-free"          ? progress_class::wait_free
                 : said[1] == "lock-free"        ? progress_class::lock_free
                 : said[1] == "obstruction-free" ? progress_class::obstruction_free
                                                 : progress_class::blocking,
                 number(2), number(3)};
}

// A header of a half, at either place.
fs::path header_of(fs::path const& root, std::string const& half, std::string const& name) {
    auto const folder = root / half / "include" / "tandem" / half;
    auto const there = folder / (name + ".hpp");
    return fs::exists(there) ? there : folder / "reclaim" / (name + ".hpp");
}
std::set<std::string> headers_of(fs::path const& root, std::string const& half) {
    std::set<std::string> names;
    for (auto const& one : fs::recursive_directory_iterator(root / half / "include" / "tandem" / half)) {
        if (one.path().extension() == ".hpp") {
            names.insert(one.path().stem().string());
        }
    }
    return names;
}

// `using name = other<...>`: other.
std::string other_name(std::string const& name, std::string const& code) {
    std::regex const alias("using " + name + " = ([a-z_]+)<");
    std::smatch found;
    return std::regex_search(code, found, alias) ? found[1].str() : name;
}

void read_structure(claims_report& all, fs::path const& root, std::string const& name, std::string const& half) {
    auto const said_in = other_name(name, code_of(read(header_of(root, half, name))));
    auto const file = header_of(root, half, said_in);
    auto const header = read(file);
    std::vector<std::string> operations;
    if (body_of(said_in + "_core", code_of(header)) != std::string::npos) {
        auto const ends = read(root / "locked" / "include" / "tandem" / "channel.hpp");
        for (auto const* const part : {"channel_handle", "basic_sender", "basic_receiver"}) {
            std::ranges::copy(operations_of(part, ends), std::back_inserter(operations));
        }
    } else {
        operations = operations_of(said_in, header);
    }
    read_claims(all, file.lexically_relative(root).string(), header, {name, half}, operations);
}

} // namespace

claimed_structure const& claims_report::of(std::string_view structure, std::string_view half) const {
    auto const found = std::ranges::find_if(structures, [&](auto const& one) { return one.name == structure && one.half == half; });
    if (found == structures.end()) {
        throw std::out_of_range("there is no " + std::string(half) + "::" + std::string(structure));
    }
    return *found;
}

std::vector<std::string> operations_of(std::string_view class_name, std::string_view header) {
    auto const code = code_of(header);
    auto const begin = body_of(class_name, code);
    if (begin == code.npos) {
        throw std::runtime_error("no class " + std::string(class_name));
    }
    std::string_view const body(code.data() + begin, end_of(code, begin - 1, '{', '}') - begin);
    std::set<std::string> found;
    bool is_public = false;
    std::string declaration;
    for (std::size_t at = 0; at != body.size(); ++at) {
        char const c = body[at];
        if (c == '(') { // as a whole: there may be anything in it
            auto const end = end_of(body, at, '(', ')');
            declaration += body.substr(at, end + 1 - at);
            at = end;
        } else if (c == ':' && (declaration.ends_with("public") || declaration.ends_with("private") || declaration.ends_with("protected"))) {
            is_public = declaration.ends_with("public");
            declaration.clear();
        } else if (c == ';' || c == '{') {
            auto const name = function_in(declaration);
            if (is_public && !name.empty() && name != class_name) {
                found.insert(name);
            }
            declaration.clear();
            at = c == '{' ? end_of(body, at, '{', '}') : at;
        } else {
            declaration += c;
        }
    }
    return {found.begin(), found.end()};
}

void read_claims(claims_report& all, std::string const& file, std::string_view header, claimed_structure of, std::vector<std::string> const& operations) {
    static std::regex const line_of_claims(R"(^ *// ([a-z_]+(?:, [a-z_]+)*) {3,}(\S.*)$)");
    auto const problem = [&](std::string const& what) { all.problems.push_back(file + ": " + what); };
    auto const add = [&](std::string const& name, claim const& now) {
        auto const [at, added] = of.operations.emplace(name, now);
        if (!added && at->second != now) {
            problem("two claims of " + name);
        }
    };
    std::istringstream lines{std::string(header)};
    for (std::string line; std::getline(lines, line);) {
        std::smatch said;
        if (!std::regex_match(line, said, line_of_claims)) {
            continue;
        }
        auto const text = said[2].str();
        auto now = claim_in(text);
        if (text.starts_with("as ")) {
            auto const end = std::ranges::find_if_not(text.begin() + 3, text.end(), is_of_a_name);
            auto const other = of.operations.find(std::string(text.begin() + 3, end));
            if (other != of.operations.end()) {
                now = other->second;
            }
        }
        std::istringstream names(std::regex_replace(said[1].str(), std::regex(","), " "));
        for (std::string name; names >> name;) {
            if (std::ranges::find(operations, name) == operations.end()) {
                problem(name + " is no operation of " + of.name);
            } else if (!now) {
                problem(name + " has no class of progress, or is wait-free in nobody knows how many steps");
                of.operations.emplace(name, claim());
            } else {
                add(name, *now);
            }
        }
    }
    for (auto const& name : operations) {
        if (!of.operations.contains(name)) {
            problem("nothing is claimed of " + name);
        }
    }
    all.structures.push_back(std::move(of));
}

void read_class(claims_report& all, std::string const& file, std::string_view header, std::string const& class_name, std::string const& half) {
    auto const begin = header.find("class " + class_name + " ");
    if (begin == header.npos) {
        throw std::runtime_error("no class " + class_name);
    }
    auto const text = header.substr(begin, header.find("\n};", begin) + 3 - begin);
    read_claims(all, file, text, {class_name, half}, operations_of(class_name, text));
}

claims_report read_claims(fs::path const& root) {
    claims_report all;
    auto const locked = headers_of(root, "locked");
    for (auto const& name : headers_of(root, "lockfree")) {
        if (locked.contains(name)) {
            for (auto const* const half : {"locked", "lockfree"}) {
                read_structure(all, root, name, half);
            }
        }
    }
    return all;
}

} // namespace tandem::model
