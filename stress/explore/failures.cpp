#include <tandem/stress/explore/failures.hpp>
#include <tandem/stress/explore/report.hpp>
#include <tandem/stress/explore/trace.hpp>

#include <tandem/stress/lanes.hpp>

#include <array>
#include <cerrno>
#include <cstddef>
#include <utility>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tandem::explore {

namespace {

using stress::concat;

constexpr char const* differs = "NONDETERMINISM";

trace traced(subject of, chooser& with) {
    trace seen;
    of.run.record(&seen);
    of.run.run(of.program, with);
    of.run.record(nullptr);
    return seen;
}

std::optional<finding> difference_of(trace const& one, trace const& other, choices made) {
    auto const at = first_difference(one, other);
    if (!at && one.failed().what == other.failed().what) {
        return std::nullopt;
    }
    return finding{differs, report_of_difference(one, other, at.value_or(one.events().size())), std::move(made)};
}

} // namespace

choices least(choices const& found, std::function<bool(chooser&)> const& fails, std::size_t most_tried) {
    constexpr unsigned most_seconds = 60;
    std::array<int, 2> ends{};
    if (most_tried == 0 || ::pipe(ends.data()) != 0) {
        return found;
    }
    auto const child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        ::dup2(::open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO); // what is said of a failure is said once
        ::alarm(most_seconds);
        auto const text = to_text(minimise(found, fails, most_tried).made) + ".";
        bool const written = ::write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size());
        ::_exit(written ? 0 : 1);
    }
    ::close(ends[1]);
    std::string text;
    std::array<char, 4096> buffer{};
    for (ssize_t n = 1; child > 0 && n != 0;) {
        n = ::read(ends[0], buffer.data(), buffer.size());
        text.append(buffer.data(), static_cast<std::size_t>(n > 0 ? n : 0));
        n = n < 0 && errno != EINTR ? 0 : n;
    }
    ::close(ends[0]);
    while (child > 0 && ::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
    }
    auto const made = text.ends_with('.') ? choices_of(std::string_view(text).substr(0, text.size() - 1)) : std::nullopt;
    return made.value_or(found);
}

std::optional<finding> difference(subject one, chooser& for_one, subject other, chooser& for_other) {
    auto const first = traced(one, for_one); // which may have settled who goes on, and not be asked
    recorder noted(for_other);
    auto const second = traced(other, noted);
    return difference_of(first, second, noted.made());
}

std::optional<finding> replay(subject of, choices const& made) {
    replayer with(made);
    recorder noted(with);
    auto const seen = traced(of, noted);
    replayer again(made);
    if (auto found = difference_of(seen, traced(of, again), made)) {
        return found;
    }
    if (seen.failed().what.empty()) {
        return std::nullopt;
    }
    return finding{seen.failed().what, report(seen, concat({std::to_string(noted.effort().preemptions), noted.effort().preemptions == 1 ? " preemption" : " preemptions"})), made, noted.effort()};
}

finding investigate(subject of, chooser& same, std::size_t most_tried) {
    auto& run = of.run;
    auto const what = run.failed().what;
    recorder noted(same);
    run.run(of.program, noted);
    auto const fails = [&](chooser& with) { return run.run(of.program, with) == execution::end::failed && run.failed().what == what; };
    if (run.failed().what == what) {
        auto found = replay(of, least(noted.made(), fails, most_tried));
        if (found && (found->what == what || found->what == differs)) {
            return *std::move(found);
        }
    }
    auto const again = run.failed().what;
    return {differs, concat({"NONDETERMINISM: once, these choices ended with\n  ", what, "\nand then with\n  ", again.empty() ? "nothing wrong" : again, "\n"}),
            noted.made(), noted.effort()};
}

} // namespace tandem::explore
