#include "trial.hpp"

#include <tandem/world.hpp>

#include <nlohmann/json.hpp>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include <poll.h>
#include <sys/mman.h>
#include <sys/single_threaded.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tandem::model {
namespace {

using nlohmann::json;

std::string_view const source_root = TANDEM_SOURCE_ROOT;

std::string relative(std::string_view file) {
    if (file.starts_with(source_root)) {
        file.remove_prefix(source_root.size() + 1);
    }
    return std::string(file);
}

void weaken(mutant const& m) {
    auto const roles = {world::role::order, world::role::success, world::role::failure};
    auto const orders = {std::memory_order::relaxed, std::memory_order::acquire, std::memory_order::release,
                         std::memory_order::acq_rel};
    std::optional<std::memory_order> to;
    for (auto const order : orders) {
        if (m.to == world::to_string(order)) {
            to = order;
        }
    }
    static std::string file; // the registry keeps the pointer
    file = std::string(source_root) + "/" + m.file;
    for (auto const role : roles) {
        if (m.role == world::to_string(role)) {
            world::sites.mutate(file.c_str(), m.line, role, to);
        }
    }
}

json sites_reached() {
    auto rows = json::array();
    for (auto const& site : world::sites.reached()) {
        auto steps = json::array();
        for (auto const order : world::weaker(site.kind, site.order)) {
            steps.push_back(world::to_string(order));
        }
        rows.push_back({{"file", relative(site.file)},
                        {"line", site.line},
                        {"role", world::to_string(site.role)},
                        {"operation", site.operation},
                        {"order", world::to_string(site.order)},
                        {"weaker", steps}});
    }
    return rows;
}

[[noreturn]] void be_the_child(scenario_entry const& scenario, trial_options const& options, int out) {
    std::signal(SIGINT, SIG_IGN); // the parent decides
    std::signal(SIGTERM, SIG_DFL);
    __libc_single_threaded = 0; // fibers are threads to the code under test
    if (options.sites) {
        world::sites.record();
    }
    if (options.weakened) {
        weaken(*options.weakened);
    }
    outcome found;
    std::string refusal;
    try {
        auto search = options.search;
        search.minimise = !options.weakened; // it is enough that it is noticed
        found = scenario.explore(search);
    } catch (refused const& reason) {
        refusal = reason.what();
    }
    auto const mutated = world::sites.mutated();
    auto const text = json{
        {"violation", found.violation},
        {"what", found.what},
        {"history", found.history},
        {"again", found.again},
        {"refused", refusal},
        {"exhaustive", found.exhaustive},
        {"mutated", mutated ? world::to_string(*mutated) : ""},
        {"sites",
         sites_reached()}}.dump();
    for (std::size_t done = 0; done != text.size();) {
        auto const n = ::write(out, text.data() + done, text.size() - done);
        if (n < 0 && errno != EINTR) {
            ::_exit(1);
        }
        done += n < 0 ? 0 : static_cast<std::size_t>(n);
    }
    ::_exit(0);
}

int ended(pid_t child) {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

trial read_answer(json const& answer) {
    trial result;
    result.violation = answer.at("violation");
    result.what = answer.at("what");
    result.history = answer.at("history");
    result.again = answer.at("again");
    result.refused = answer.at("refused");
    result.exhaustive = answer.at("exhaustive");
    result.mutated = answer.at("mutated");
    for (auto const& row : answer.at("sites")) {
        result.sites.push_back(
            {row.at("file"), row.at("line"), row.at("role"), row.at("operation"), row.at("order"), row.at("weaker")});
    }
    return result;
}

class shared_count {
public:
    shared_count()
        : at_(::mmap(nullptr, sizeof(std::uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
        if (at_ == MAP_FAILED) {
            throw std::system_error(errno, std::generic_category(), "mmap");
        }
    }
    ~shared_count() { ::munmap(at_, sizeof(std::uint64_t)); }
    shared_count(shared_count const&) = delete;
    shared_count& operator=(shared_count const&) = delete;

    std::uint64_t* get() const { return static_cast<std::uint64_t*>(at_); }
    std::uint64_t value() const { return __atomic_load_n(get(), __ATOMIC_RELAXED); }

private:
    void* at_;
};

} // namespace

trial run_alone(scenario_entry const& scenario, trial_options const& options) {
    shared_count const count;
    int ends[2];
    if (::pipe(ends) != 0) {
        throw std::system_error(errno, std::generic_category(), "pipe");
    }
    auto const child = ::fork();
    if (child < 0) {
        throw std::system_error(errno, std::generic_category(), "fork");
    }
    if (child == 0) {
        ::close(ends[0]);
        executions_begun = count.get();
        be_the_child(scenario, options, ends[1]);
    }
    ::close(ends[1]);

    std::string answer;
    bool stopped = false;
    for (;;) {
        if (options.go_on && !options.go_on(count.value())) {
            ::kill(child, SIGKILL);
            stopped = true;
            break;
        }
        pollfd ready{ends[0], POLLIN, 0};
        if (::poll(&ready, 1, 100) <= 0) {
            continue;
        }
        char buffer[4096];
        auto const n = ::read(ends[0], buffer, sizeof buffer);
        if (n == 0) {
            break;
        }
        if (n > 0) {
            answer.append(buffer, static_cast<std::size_t>(n));
        }
    }
    ::close(ends[0]);
    int const status = ended(child);

    trial result;
    if (stopped) {
        result.interrupted = true;
    } else if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        result = read_answer(json::parse(answer));
    } else {
        result.violation = true;
        result.again = again_of(options.search.first + (count.value() == 0 ? 0 : count.value() - 1));
        result.what =
            WIFSIGNALED(status) ? std::string("CRASHED (") + ::sigdescr_np(WTERMSIG(status)) + ")" : "CRASHED";
    }
    result.executions = count.value();
    return result;
}

} // namespace tandem::model
