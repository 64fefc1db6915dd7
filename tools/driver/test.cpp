// Every test of the project: each preset built, ctest run in it, and the results counted.
#include <fmt/format.h>

#include <cstdio>

#include "commands.hpp"
#include "junit.hpp"
#include "workspace.hpp"

namespace tandem::tools {
namespace {

struct tally {
    std::size_t passed = 0;
    std::size_t failed = 0;
    std::size_t skipped = 0;
};

std::vector<std::string> presets_of(std::filesystem::path const& root) {
    std::vector<std::string> names;
    auto const presets = read_json(root / "CMakePresets.json");
    for (auto const& preset : presets.at("configurePresets")) {
        if (!preset.value("hidden", false)) {
            names.push_back(preset.at("name"));
        }
    }
    return names;
}

// A failure of the harness itself counts as one failed test.
void fail(tally& count, recording& record, std::string const& preset, std::string const& what) {
    ++count.failed;
    record.add({{"preset", preset}, {"name", what}, {"result", "failed"}});
    fmt::print("{}  {}: {}\n", coloured("FAIL", colour::bad), preset, what);
}

void add_case(tally& count, recording& record, std::string const& preset, test_case const& one) {
    char const* result = "passed";
    switch (one.result) {
    case test_case::outcome::passed:
        ++count.passed;
        break;
    case test_case::outcome::skipped:
        ++count.skipped;
        result = "skipped";
        break;
    case test_case::outcome::failed:
        ++count.failed;
        result = "failed";
        fmt::print("{}  {}: {}\n{}\n", coloured("FAIL", colour::bad), preset, one.name, one.output);
        break;
    }
    record.add({{"preset", preset}, {"name", one.name}, {"result", result}, {"seconds", one.seconds}});
}

tally run_tests(std::filesystem::path const& root, std::string const& preset, recording& record) {
    tally count;
    if (!try_build(root, preset)) {
        if (!interrupted()) {
            fail(count, record, preset, "does not build");
        }
        return count;
    }
    auto const folder = root / "build" / preset;
    auto const junit = folder / "junit.xml";
    std::filesystem::remove(junit);
    {
        progress shown("test " + preset, 1);
        auto const draw = [&](std::string_view line) {
            int done = 0;
            int total = 0;
            char name[128] = "";
            // " 3/20 Test  #7: name ....   Passed    0.01 sec"
            if (std::sscanf(std::string(line).c_str(), " %d/%d Test #%*d: %127s", &done, &total, name) == 3) {
                shown.set(0, done, total, "tests", name);
            }
        };
        run_job({{"ctest", "--test-dir", folder.string(), "--output-junit", junit.string(), "--timeout", "300", "-j",
                  std::to_string(cores_allowed())},
                 {{"GTEST_COLOR", "no"}},
                 draw,
                 {}},
                [&] { shown.tick(); });
    }
    if (interrupted() && !std::filesystem::exists(junit)) {
        return count;
    }
    try {
        auto const cases = read_junit(junit);
        for (auto const& one : cases) {
            add_case(count, record, preset, one);
        }
        if (cases.empty()) {
            fail(count, record, preset, "has no tests");
        }
    } catch (bad_input const& error) {
        fail(count, record, preset, error.what());
    }
    return count;
}

} // namespace

completion test(invocation const& asked) {
    auto const presets = asked.has("--preset") ? std::vector{asked.get("--preset")} : presets_of(asked.root);
    recording record(asked.root, "test", "", asked.text());
    tally all;
    for (auto const& preset : presets) {
        auto const count = run_tests(asked.root, preset, record);
        if (interrupted()) {
            fmt::print("interrupted in preset {}\n", preset);
            record.incomplete();
        } else {
            fmt::print("{:<12} {} passed, {} failed{}\n", preset, count.passed, count.failed,
                       count.skipped == 0 ? "" : fmt::format(", {} skipped", count.skipped));
        }
        std::fflush(stdout);
        all.passed += count.passed;
        all.failed += count.failed;
        all.skipped += count.skipped;
        if (interrupted()) {
            break;
        }
    }
    completion done{interrupted() ? 130 : all.failed > 0 ? 1 : 0, std::move(record).finished()};
    save_record(done.record, asked.root, asked.get("--json"));
    fmt::print("{} passed, {} failed\n", all.passed, all.failed);
    return done;
}

} // namespace tandem::tools
