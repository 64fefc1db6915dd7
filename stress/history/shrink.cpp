#include <tandem/stress/shrink.hpp>

#include <algorithm>
#include <tuple>

namespace tandem::stress::detail {

bool smaller(history const& a, history const& b) {
    auto const size = [](history const& calls) {
        std::size_t items = 0, complete = 0;
        for (auto const& c : calls) {
            items += c.argument.size() + c.result.size();
            if (!c.pending()) {
                ++complete;
            }
        }
        return std::tuple(calls.size(), items, complete);
    };
    return size(a) < size(b);
}

void sort_by_invocation(history& calls) {
    std::sort(calls.begin(), calls.end(), [](call const& a, call const& b) {
        return std::tie(a.invoked, a.returned, a.thread) < std::tie(b.invoked, b.returned, b.thread);
    });
}

history cut(history const& calls, std::uint64_t time) {
    history shorter;
    for (auto c : calls) {
        if (c.invoked > time) {
            continue;
        }
        c.asleep = false;
        if (c.returned > time) {
            c.returned = never;
            c.answer = status::success;
            c.result = {};
        }
        shorter.push_back(c);
    }
    return shorter;
}

std::vector<std::uint64_t> return_times(history const& calls) {
    std::vector<std::uint64_t> times;
    for (auto const& c : calls) {
        if (!c.pending()) {
            times.push_back(c.returned);
        }
    }
    std::sort(times.begin(), times.end());
    times.erase(std::unique(times.begin(), times.end()), times.end());
    return times;
}

std::vector<std::size_t> quiet_points(history const& calls) {
    std::vector<std::size_t> points;
    std::uint64_t last_return = 0;
    for (std::size_t i = 0; i + 1 < calls.size(); ++i) {
        last_return = std::max(last_return, calls[i].returned);
        if (last_return < calls[i + 1].invoked) {
            points.push_back(i + 1);
        }
    }
    return points;
}

std::vector<std::uint32_t> threads_of(history const& calls) {
    std::vector<std::uint32_t> threads;
    for (auto const& c : calls) {
        threads.push_back(c.thread);
    }
    std::sort(threads.begin(), threads.end());
    threads.erase(std::unique(threads.begin(), threads.end()), threads.end());
    return threads;
}

std::size_t accused(history const& calls, finding const& found) {
    if (!found.calls.empty() && calls[found.calls.back()].asleep) {
        return found.calls.back();
    }
    std::size_t last = 0;
    for (std::size_t i = 0; i < calls.size(); ++i) {
        if (!calls[i].pending() && (calls[last].pending() || calls[i].returned >= calls[last].returned)) {
            last = i;
        }
    }
    return last;
}

} // namespace tandem::stress::detail
