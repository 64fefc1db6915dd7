// The litmus tests under Relacy: for tandem_litmus to set beside what the explorer finds, and held against what is written down.
#include "litmus.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <exception>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>

namespace {

namespace litmus = tandem::litmus;
using nlohmann::json;
using findings = std::map<std::string, litmus::finding>;

findings find_all() {
    findings all;
    for (auto const& t : litmus::tests()) {
        all[t.name] = litmus::sampled(t, litmus::sample);
    }
    return all;
}

void write(std::string const& file, findings const& all) {
    auto rows = json::array();
    for (auto const& [name, found] : all) {
        rows.push_back({{"scenario", name}, {"executions", found.executions}, {"seen", found.seen}, {"accused", found.accused}});
    }
    std::ofstream out(file);
    out << rows.dump(2) << '\n';
    if (!out.flush()) {
        throw std::runtime_error(fmt::format("cannot write {}", file));
    }
}

// Where Relacy is not right: the tests it misses something of, and those in which it sees what cannot be.
struct differences {
    std::set<std::string> misses, accuses;
};
differences measured(findings const& all) {
    differences are;
    for (auto const& t : litmus::tests()) {
        if (!right(t, all.at(t.name))) {
            (possible(t.expected) ? are.misses : are.accuses).insert(t.name);
        }
    }
    return are;
}
// The same in a text: the names between ` ` in the rows of a table that begin so.
differences recorded(std::string const& text) {
    differences are;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        auto* const into = line.starts_with("| misses") ? &are.misses : line.starts_with("| accuses") ? &are.accuses : nullptr;
        std::istringstream parts(into == nullptr ? "" : line);
        bool between = false;
        for (std::string part; std::getline(parts, part, '`'); between = !between) {
            if (between) {
                into->insert(part);
            }
        }
    }
    return are;
}
bool same(char const* what, std::set<std::string> const& found, std::set<std::string> const& written) {
    auto const missing = [](auto const& in, auto const& of, char const* text) {
        for (auto const& name : of) {
            if (!in.contains(name)) {
                fmt::print("{}: {}\n", name, text);
            }
        }
    };
    missing(written, found, fmt::format("Relacy {} it, which is not written down", what).c_str());
    missing(found, written, fmt::format("is written down as what Relacy {}, and it does not", what).c_str());
    return found == written;
}

int compare(std::string const& file, findings const& all) {
    std::ifstream in(file);
    std::string const text(std::istreambuf_iterator<char>(in), {});
    auto const found = measured(all);
    auto const written = recorded(text);
    bool const misses = same("misses", found.misses, written.misses);
    bool const accuses = same("accuses", found.accuses, written.accuses);
    auto const count = fmt::format("{} of {}", all.size() - found.misses.size() - found.accuses.size(), all.size());
    bool const counted = text.find("Relacy is right in " + count) != text.npos;
    if (!counted) {
        fmt::print("Relacy is right in {}, which is not written down\n", count);
    }
    return misses && accuses && counted ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
    CLI::App app{"The litmus tests under Relacy, so many executions each at random."};
    std::string file, text;
    app.add_option("--json", file, "where the findings go");
    app.add_option("--recorded", text, "a text whose tables are to say where Relacy is not right");
    CLI11_PARSE(app, argc, argv);
    try {
        auto const all = find_all();
        if (!file.empty()) {
            write(file, all);
        }
        return text.empty() ? 0 : compare(text, all);
    } catch (std::exception const& error) {
        fmt::print(stderr, "tandem_litmus_relacy: {}\n", error.what());
        return 2;
    }
}
