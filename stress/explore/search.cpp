#include "search.hpp"

#include <utility>

namespace tandem::explore {

namespace {

std::uint32_t bit_of(step const& s) {
    return std::uint32_t{1} << s.by;
}

} // namespace

// Goes to the first thread, from the chosen one on, that is awake. False: there is none.
bool exhaustive_search::wake_next(point& p) {
    while (p.chosen != p.next.size() && (p.asleep & bit_of(p.next[p.chosen])) != 0) {
        ++p.chosen;
    }
    return p.chosen != p.next.size();
}

// Those that sleep go on sleeping until a step comes that theirs depends on.
std::size_t exhaustive_search::decide_between_threads(point const& p) {
    asleep_ = 0;
    for (auto const& one : p.next) {
        if ((p.asleep & bit_of(one)) != 0 && independent(one, p.next[p.chosen])) {
            asleep_ |= bit_of(one);
        }
    }
    return p.chosen;
}

std::size_t exhaustive_search::thread(std::span<step const> next) {
    if (depth_ == points_.size()) {
        point p{.next = {next.begin(), next.end()}, .asleep = asleep_};
        if (!wake_next(p)) {
            return none;
        }
        points_.push_back(std::move(p));
    }
    return decide_between_threads(points_[depth_++]);
}

std::size_t exhaustive_search::outcome(std::size_t count) {
    if (depth_ == points_.size()) {
        points_.push_back({.count = count});
    }
    return points_[depth_++].chosen;
}

bool exhaustive_search::another() {
    depth_ = 0;
    asleep_ = 0;
    for (; !points_.empty(); points_.pop_back()) {
        auto& last = points_.back();
        if (last.next.empty()) {
            if (++last.chosen != last.count) {
                return true;
            }
        } else {
            last.asleep |= bit_of(last.next[last.chosen]);
            last.chosen = 0;
            if (wake_next(last)) {
                return true;
            }
        }
    }
    return false;
}

} // namespace tandem::explore
