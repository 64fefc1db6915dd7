#include "progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

namespace tandem::tools {
namespace {

std::string short_number(double value) {
    if (value >= 1e9) {
        return fmt::format("{:.1f}G", value / 1e9);
    }
    if (value >= 1e6) {
        return fmt::format("{:.1f}M", value / 1e6);
    }
    if (value >= 1e4) {
        return fmt::format("{:.0f}k", value / 1e3);
    }
    return fmt::format("{:.0f}", value);
}

std::string clock_time(double seconds) {
    auto const whole = static_cast<long>(seconds + 0.5);
    return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

std::size_t terminal_width() {
    winsize size{};
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

} // namespace

bool on_terminal() {
    static bool const terminal = [] {
        char const* const kind = std::getenv("TERM");
        return isatty(STDOUT_FILENO) == 1 && kind != nullptr && std::string_view(kind) != "dumb";
    }();
    return terminal;
}

std::string coloured(std::string_view text, colour as) {
    char const* const refused = std::getenv("NO_COLOR");
    if (!on_terminal() || (refused != nullptr && *refused != '\0')) {
        return std::string(text);
    }
    char const* const code = as == colour::good ? "32" : as == colour::bad ? "31;1" : "2";
    return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

progress::progress(std::string title, std::size_t jobs)
    : title_(std::move(title)), jobs_(std::max<std::size_t>(jobs, 1)), started_(std::chrono::steady_clock::now()),
      drawn_(started_) {}

progress::~progress() {
    clear();
}

bool progress::take(std::size_t which, std::string_view line) {
    constexpr std::string_view mark = "@progress ";
    if (!line.starts_with(mark)) {
        return false;
    }
    std::istringstream words{std::string(line.substr(mark.size()))};
    double done = 0;
    double total = 0;
    std::string unit, text;
    if (!(words >> done >> total >> unit)) {
        return true;
    }
    std::getline(words >> std::ws, text);
    set(which, done, total, unit, text);
    return true;
}

void progress::set(std::size_t which, double done, double total, std::string unit, std::string text) {
    parts_[which] = {total > 0 ? std::clamp(done / total, 0.0, 1.0) : 0.0, done};
    unit_ = std::move(unit);
    text_ = std::move(text);
}

void progress::finish(std::size_t which) {
    parts_[which].fraction = 1;
}

std::string progress::drawn(double elapsed) const {
    double fraction = 0;
    double done = 0;
    for (auto const& [which, one] : parts_) {
        fraction += one.fraction;
        done += one.done;
    }
    fraction = std::min(1.0, fraction / static_cast<double>(jobs_));
    // What matters most comes first: a narrow terminal shows the beginning.
    constexpr std::size_t width = 20;
    auto const filled = static_cast<std::size_t>(fraction * width);
    auto line = fmt::format("{} [{}{}] {:.0f} %", title_, std::string(filled, '#'), std::string(width - filled, '.'),
                            fraction * 100);
    line += fraction > 0.01 ? fmt::format("  {} left", clock_time(elapsed / fraction * (1 - fraction)))
                            : fmt::format("  {} so far", clock_time(elapsed));
    if (!unit_.empty() && elapsed > 0) {
        line += fmt::format("  {} {}, {}/s", short_number(done), unit_, short_number(done / elapsed));
    }
    if (!text_.empty()) {
        line += "  " + text_;
    }
    return line;
}

void progress::tick() {
    using namespace std::chrono;
    auto const now = steady_clock::now();
    if (now - drawn_ < (on_terminal() ? seconds(1) : seconds(15))) {
        return;
    }
    drawn_ = now;
    auto const line = drawn(duration<double>(now - started_).count());
    if (on_terminal()) {
        clear();
        fmt::print("{}", line.substr(0, terminal_width() - 1));
        bar_shown_ = true;
    } else {
        fmt::print("{}\n", line);
    }
    std::fflush(stdout);
}

void progress::say(std::string_view line) {
    clear();
    fmt::print("{}\n", line);
    std::fflush(stdout);
}

void progress::clear() {
    if (bar_shown_) {
        fmt::print("\r\x1b[K");
    }
    bar_shown_ = false;
}

} // namespace tandem::tools
