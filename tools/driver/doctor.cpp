#include <fmt/format.h>
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "commands.hpp"
#include "process.hpp"
#include "workspace.hpp"

namespace tandem::tools {
namespace {

std::string first_line_of(std::vector<std::string> command) {
    auto const [output, end] = output_of(std::move(command));
    return end.code == 0 ? output.substr(0, output.find('\n')) : "";
}

bool has_membarrier() {
    auto const offered = syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0);
    return offered > 0 && (offered & MEMBARRIER_CMD_PRIVATE_EXPEDITED) != 0;
}

// ThreadSanitizer's runtime: compiled, linked and run, because that is what fails.
bool thread_sanitizer_works(std::string const& compiler, scratch_folder const& scratch) {
    auto const source = scratch.file("probe.cpp").string();
    auto const program = scratch.file("probe").string();
    std::ofstream(source) << "int main() { return 0; }\n";
    return output_of({compiler, "-fsanitize=thread", source, "-o", program}).second.code == 0 &&
           output_of({program}).second.code == 0;
}

std::vector<std::string> missing_packages(std::filesystem::path const& root) {
    std::ifstream in(root / "tools" / "packages");
    std::vector<std::string> missing;
    for (std::string line; std::getline(in, line);) {
        std::istringstream words(line.substr(0, line.find('#')));
        std::string package;
        if (words >> package &&
            first_line_of({"dpkg-query", "-W", "-f", "${db:Status-Status}\n", package}) != "installed") {
            missing.push_back(package);
        }
    }
    return missing;
}

} // namespace

completion doctor(invocation const& asked) {
    recording record(asked.root, "doctor", "", asked.text());
    auto const machine = describe_machine();
    scratch_folder const scratch(asked.root);
    std::vector<std::vector<std::string>> table{{"what", "here", "so"}};
    auto const finding = [&](std::string const& what, std::string const& here, std::string const& so) {
        table.push_back({what, here, so});
        record.add({{"what", what}, {"here", here}, {"so", so}});
    };

    auto const cores = cores_allowed();
    finding("cores", fmt::format("{} allowed of {}", cores, machine["cores"].dump()),
            cores == 1   ? "no two threads run at once: stress sees only preemption, benchmarks no scaling"
            : cores == 2 ? "nothing here shows scaling beyond two cores"
                         : fmt::format("scaling is shown up to {} cores", cores));
    finding("processor", machine["cpu"],
            machine["architecture"] == "x86_64" ? "strong ordering: stress cannot show a relaxed publish, models can"
                                                : "");
    finding("memory", fmt::format("{} GiB", machine["memory_gib"].dump()),
            machine["memory_gib"].get<double>() < 3.5 ? "parallel builds may run out" : "enough");
    finding("kernel", machine["kernel"], "");
    finding("membarrier", has_membarrier() ? "yes" : "no",
            has_membarrier() ? "" : "the asymmetric barrier falls back to a fence");
    finding("governor", machine["governor"],
            machine["governor"] == "performance" ? ""
                                                 : "clock speed may drift: compare only inside one interleaved run");
    finding("load", machine["load_average"],
            std::stod("0" + machine["load_average"].get<std::string>()) > 0.5
                ? "not quiet: goals should be held on a quiet machine"
                : "quiet");
    auto const perf = first_line_of({"perf", "--version"});
    finding("perf", perf.empty() ? "no" : perf, perf.empty() ? "nothing here needs it" : "");
    for (auto const& compiler : {std::string("g++"), std::string("clang++-19")}) {
        auto const version = first_line_of({compiler, "--version"});
        finding(compiler, version.empty() ? "no" : version, version.empty() ? "its presets do not build" : "");
        if (version.empty()) {
            continue;
        }
        bool const works = thread_sanitizer_works(compiler, scratch);
        finding(compiler + " -fsanitize=thread", works ? "works" : "does not",
                works ? "" : "its ThreadSanitizer preset cannot run here");
    }
    auto const missing = missing_packages(asked.root);
    std::string names;
    for (auto const& package : missing) {
        names += " " + package;
    }
    finding("packages", missing.empty() ? "all there" : fmt::format("{} missing", missing.size()),
            missing.empty() ? "" : "sudo apt-get install -y" + names);

    fmt::print("{}", text_table(table));
    completion done{0, std::move(record).finished()};
    if (asked.has("--json")) {
        save_record(done.record, asked.root, asked.get("--json"));
    }
    return done;
}

} // namespace tandem::tools
