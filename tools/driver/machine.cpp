#include <fmt/format.h>
#include <hwloc.h>
#include <sched.h>
#include <sys/utsname.h>

#include <cctype>
#include <cmath>
#include <fstream>
#include <memory>

#include "process.hpp"
#include "record.hpp"

namespace tandem::tools {
namespace {

std::string first_line(std::filesystem::path const& file) {
    std::ifstream in(file);
    std::string line;
    std::getline(in, line);
    return line;
}

std::string processor_name() {
    std::ifstream in("/proc/cpuinfo");
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("model name") || line.starts_with("CPU implementer")) {
            if (auto const colon = line.find(": "); colon != std::string::npos) {
                return line.substr(colon + 2);
            }
        }
    }
    return "unknown";
}

std::string governor() {
    auto name = first_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
    return name.empty() ? "unknown" : name;
}

// A name made of what matters for a measurement, not of what the machine is called.
std::string short_name(std::string const& processor, std::size_t cores) {
    std::string name;
    for (char c : processor) {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
            name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        } else if (!name.empty() && name.back() != '-') {
            name += '-';
        }
    }
    while (name.ends_with('-')) {
        name.pop_back();
    }
    return fmt::format("{}-{}-cores", name, cores);
}

struct topology {
    topology() {
        hwloc_topology_init(&tree);
        hwloc_topology_set_flags(tree, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED);
        hwloc_topology_load(tree);
    }
    topology(topology const&) = delete;
    topology& operator=(topology const&) = delete;
    ~topology() { hwloc_topology_destroy(tree); }

    [[nodiscard]] int count(hwloc_obj_type_t type) const { return hwloc_get_nbobjs_by_type(tree, type); }
    [[nodiscard]] std::string cache(hwloc_obj_type_t type, char const* name) const {
        if (count(type) <= 0) {
            return {};
        }
        auto const* const one = hwloc_get_obj_by_type(tree, type, 0);
        return fmt::format("{} {} x {} KiB", name, count(type), one->attr->cache.size / 1024);
    }

    hwloc_topology_t tree = nullptr;
};

} // namespace

std::size_t cores_allowed() {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) != 0) {
        return 1;
    }
    return static_cast<std::size_t>(std::max(1, CPU_COUNT(&set)));
}

std::string commit_of(std::filesystem::path const& root) {
    auto [commit, found] = output_of({"git", "-C", root.string(), "rev-parse", "--short=12", "HEAD"});
    if (found.code != 0) {
        return "unknown";
    }
    while (!commit.empty() && commit.back() == '\n') {
        commit.pop_back();
    }
    auto const [changes, asked] = output_of({"git", "-C", root.string(), "status", "--porcelain"});
    return asked.code == 0 && changes.empty() ? commit : commit + "-dirty";
}

json describe_machine() {
    topology const found;
    auto const processor = processor_name();
    auto const cores = static_cast<std::size_t>(std::max(1, found.count(HWLOC_OBJ_PU)));
    json caches = json::array();
    for (auto const& text : {found.cache(HWLOC_OBJ_L1CACHE, "L1d"), found.cache(HWLOC_OBJ_L2CACHE, "L2"),
                             found.cache(HWLOC_OBJ_L3CACHE, "L3")}) {
        if (!text.empty()) {
            caches.push_back(text);
        }
    }
    utsname kernel{};
    uname(&kernel);
    auto const memory = static_cast<double>(hwloc_get_root_obj(found.tree)->total_memory) / (1024.0 * 1024 * 1024);
    auto const load = first_line("/proc/loadavg");
    return {{"name", short_name(processor, cores)},
            {"cpu", processor},
            {"architecture", kernel.machine},
            {"cores", cores},
            {"cores_allowed", cores_allowed()},
            {"memory_gib", std::round(memory * 10) / 10},
            {"kernel", kernel.release},
            {"governor", governor()},
            {"caches", caches},
            {"topology", fmt::format("{} package(s), {} core(s), {} hardware thread(s)", found.count(HWLOC_OBJ_PACKAGE),
                                     found.count(HWLOC_OBJ_CORE), cores)},
            {"load_average", load.substr(0, load.find(' '))},
            {"debian", first_line("/etc/debian_version")}};
}

} // namespace tandem::tools
