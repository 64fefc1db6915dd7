// The driver behind ./tools/run: reads the grammar, parses, dispatches.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <array>
#include <cstdlib>

#include "commands.hpp"
#include "grammar.hpp"
#include "process.hpp"

namespace {

using namespace tandem::tools;

struct entry {
    std::string_view name;
    completion (*run)(invocation const&);
};

constexpr std::array<entry, 11> commands{{{"verify", verify},
                                          {"test", test},
                                          {"stress", stress},
                                          {"model", model},
                                          {"mutants", mutants},
                                          {"orders", orders},
                                          {"bench", bench},
                                          {"compare", compare},
                                          {"report", report},
                                          {"replay", replay},
                                          {"doctor", doctor}}};

// Values stay text: the grammar's patterns have checked them.
void add_command(CLI::App& app, grammar const& rules, command_rule const& rule, invocation& parsed) {
    auto* const command = app.add_subcommand(rule.name, rule.about);
    command->callback([&parsed, name = rule.name] { parsed.command = name; });
    if (rule.takes != "-") {
        auto* const names = command->add_option(rule.takes, parsed.names, "");
        names->check([&rules, kind = rule.takes](std::string const& word) { return rules.complaint(kind, word); });
        if (rule.many) {
            names->expected(0, -1);
        } else {
            names->expected(1)->required();
        }
    }
    for (auto const& option : rule.options) {
        if (option.kind == "-") {
            command->add_flag_callback(
                option.name, [&parsed, name = option.name] { parsed.options[name]; }, option.about);
            continue;
        }
        auto const keep = [&parsed, name = option.name](std::string const& value) { parsed.options[name] = value; };
        command->add_option_function<std::string>(option.name, keep, option.about)
            ->check([&rules, kind = option.kind](std::string const& word) { return rules.complaint(kind, word); });
    }
}

} // namespace

int main(int argc, char** argv) {
    char const* const given = std::getenv("TANDEM_ROOT");
    invocation parsed{.root = given != nullptr ? given : TANDEM_SOURCE_ROOT, .command = "verify"};
    try {
        auto const rules = read_grammar(parsed.root / "tools" / "grammar");
        CLI::App app{"two halves of every concurrent structure, and the evidence"};
        app.require_subcommand(0, 1);
        for (auto const& rule : rules.commands) {
            add_command(app, rules, rule, parsed);
        }
        try {
            app.parse(argc, argv);
        } catch (CLI::CallForHelp const&) {
            fmt::print("{}", app.help());
            return 0;
        } catch (CLI::ParseError const& error) {
            fmt::print(stderr, "tandem: {}\n", error.what());
            return 2;
        }
        for (auto const& [name, run] : commands) {
            if (name != parsed.command) {
                continue;
            }
            catch_interrupts();
            auto const code = run(parsed).code;
            return interrupted() ? 130 : code;
        }
        fmt::print(stderr, "tandem: the grammar has a command '{}' that the driver has not\n", parsed.command);
        return 2;
    } catch (bad_input const& error) {
        fmt::print(stderr, "tandem: {}\n", error.what());
        return 2;
    } catch (std::exception const& error) {
        fmt::print(stderr, "tandem: {}\n", error.what());
        return interrupted() ? 130 : 3;
    }
}
