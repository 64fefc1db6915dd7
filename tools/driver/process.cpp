#include "process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <list>
#include <system_error>

namespace tandem::tools {
namespace {

using steady = std::chrono::steady_clock;

std::sig_atomic_t volatile interrupts = 0;

// A byte in this pipe ends the poll below, so that a signal between a check and the poll is not missed.
int wake_pipe[2] = {-1, -1};

void on_signal(int signal_number) {
    if (signal_number != SIGCHLD) {
        interrupts = interrupts + 1;
    }
    auto const saved = errno;
    [[maybe_unused]] auto const written = write(wake_pipe[1], "", 1);
    errno = saved;
}

void prepare_signals() {
    if (wake_pipe[0] != -1) {
        return;
    }
    if (pipe2(wake_pipe, O_CLOEXEC | O_NONBLOCK) != 0) {
        throw std::system_error(errno, std::generic_category(), "pipe");
    }
    struct sigaction action = {};
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    sigaction(SIGCHLD, &action, nullptr);
}

class child {
public:
    explicit child(job work) : work_(std::move(work)) {
        int ends[2];
        if (pipe2(ends, O_CLOEXEC) != 0) {
            throw std::system_error(errno, std::generic_category(), "pipe");
        }
        auto const parent = getpid();
        pid_ = fork();
        if (pid_ < 0) {
            throw std::system_error(errno, std::generic_category(), "fork");
        }
        if (pid_ == 0) {
            become(ends[1], parent);
        }
        setpgid(pid_, pid_); // here and in the child: whichever comes first
        close(ends[1]);
        output_ = ends[0];
        fcntl(output_, F_SETFL, O_NONBLOCK);
    }
    child(child const&) = delete;
    child& operator=(child const&) = delete;
    ~child() {
        close(output_);
        if (!reaped_) { // somebody threw
            signal(SIGKILL);
            waitpid(pid_, nullptr, 0);
        }
    }

    [[nodiscard]] int output() const { return output_; }
    void signal(int signal_number) const { kill(-pid_, signal_number); }

    void read_output() {
        char bytes[16384];
        for (;;) {
            auto const count = read(output_, bytes, sizeof bytes);
            if (count <= 0) {
                at_end_ = count == 0 || (errno != EAGAIN && errno != EINTR);
                return;
            }
            pending_.append(bytes, static_cast<std::size_t>(count));
            std::size_t begin = 0;
            for (auto end = pending_.find('\n'); end != std::string::npos; end = pending_.find('\n', begin)) {
                if (work_.on_line) {
                    work_.on_line(std::string_view(pending_).substr(begin, end - begin));
                }
                begin = end + 1;
            }
            pending_.erase(0, begin);
        }
    }
    [[nodiscard]] bool at_end() const { return at_end_; }

    [[nodiscard]] bool ended() {
        int status = 0;
        if (waitpid(pid_, &status, WNOHANG) != pid_) {
            return false;
        }
        reaped_ = true;
        read_output();
        if (!pending_.empty() && work_.on_line) {
            work_.on_line(pending_);
        }
        code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        return true;
    }
    void report() {
        auto const seconds = std::chrono::duration<double>(steady::now() - started_).count();
        if (work_.on_end) {
            work_.on_end({code_, seconds});
        }
    }

private:
    [[noreturn]] void become(int output, pid_t parent) const {
        setpgid(0, 0); // Ctrl-C reaches us alone; we pass it on once
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (getppid() != parent) {
            _exit(127);
        }
        struct sigaction action = {};
        action.sa_handler = SIG_DFL;
        for (int number : {SIGINT, SIGTERM, SIGCHLD}) {
            sigaction(number, &action, nullptr);
        }
        dup2(output, STDOUT_FILENO);
        dup2(output, STDERR_FILENO);
        if (int const nothing = open("/dev/null", O_RDONLY); nothing >= 0) {
            dup2(nothing, STDIN_FILENO);
        }
        for (auto const& [name, value] : work_.environment) {
            setenv(name.c_str(), value.c_str(), 1);
        }
        std::vector<char*> words;
        for (auto const& word : work_.command) {
            words.push_back(const_cast<char*>(word.c_str()));
        }
        words.push_back(nullptr);
        execvp(words[0], words.data());
        dprintf(STDERR_FILENO, "tandem: cannot run %s: %s\n", words[0], std::generic_category().message(errno).c_str());
        _exit(127);
    }

    job work_;
    pid_t pid_ = -1;
    int output_ = -1;
    bool at_end_ = false;
    bool reaped_ = false;
    std::string pending_;
    int code_ = 0;
    steady::time_point started_ = steady::now();
};

void wait_for_news(std::list<child> const& running) {
    std::vector<pollfd> watched{{wake_pipe[0], POLLIN, 0}};
    for (auto const& one : running) {
        if (!one.at_end()) {
            watched.push_back({one.output(), POLLIN, 0});
        }
    }
    poll(watched.data(), watched.size(), 200);
    char drained[256];
    while (read(wake_pipe[0], drained, sizeof drained) > 0) {
    }
}

} // namespace

void catch_interrupts() {
    prepare_signals();
    struct sigaction action = {};
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() {
    return interrupts > 0;
}

void run_jobs(job_source const& source, std::size_t at_once, std::function<void()> const& on_tick) {
    prepare_signals();
    std::list<child> running;
    int passed_on = 0;
    steady::time_point deadline{};
    for (;;) {
        while (!interrupted() && running.size() < at_once) {
            auto next = source();
            if (!next) {
                break;
            }
            running.emplace_back(std::move(*next));
        }
        if (running.empty()) {
            return;
        }
        wait_for_news(running);
        on_tick();
        if (int const seen = interrupts; seen > passed_on) {
            if (passed_on == 0) {
                deadline = steady::now() + std::chrono::seconds(10);
            }
            for (auto const& one : running) {
                one.signal(passed_on == 0 ? SIGINT : SIGKILL);
            }
            passed_on = seen;
        }
        if (passed_on > 0 && steady::now() > deadline) {
            for (auto const& one : running) {
                one.signal(SIGKILL);
            }
        }
        for (auto one = running.begin(); one != running.end();) {
            one->read_output();
            if (!one->ended()) {
                ++one;
                continue;
            }
            one->report();
            one = running.erase(one);
        }
    }
}

ending run_job(job one, std::function<void()> const& on_tick) {
    ending result{130, 0};
    auto const user = std::move(one.on_end);
    one.on_end = [&](ending const& end) {
        result = end;
        if (user) {
            user(end);
        }
    };
    std::optional<job> waiting = std::move(one);
    run_jobs([&] { return std::exchange(waiting, std::nullopt); }, 1, on_tick);
    return result;
}

std::pair<std::string, ending> output_of(std::vector<std::string> command) {
    std::string output;
    auto const end =
        run_job({std::move(command), {}, [&](std::string_view line) { output.append(line).push_back('\n'); }, {}});
    return {output, end};
}

} // namespace tandem::tools
