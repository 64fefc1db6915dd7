#include <tandem/stress/explore/search.hpp>

#include <algorithm>
#include <array>
#include <iterator>
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

// Those that sleep go on sleeping until a step comes that disturbs theirs; or a call returns before theirs begins, which is not so when theirs comes first.
std::uint32_t exhaustive_search::still_asleep(std::span<step const> next) const {
    if (last_ == none) {
        return 0;
    }
    auto const& p = points_[last_];
    auto const& done = p.next[p.chosen];
    auto const now = std::ranges::find(next, done.by, &step::by);
    bool const returned = now == next.end() || now->after_return;
    std::uint32_t asleep = 0;
    for (auto const& one : p.next) {
        if ((p.asleep & bit_of(one)) != 0 && !disturbs(done, one) && !(returned && one.begins_call)) {
            asleep |= bit_of(one);
        }
    }
    return asleep;
}

// Those that write come first: then there is less that disturbs.
std::size_t exhaustive_search::thread(std::span<step const> next) {
    if (depth_ == points_.size()) {
        point p{.asleep = still_asleep(next)};
        for (bool const loads : {false, true}) {
            std::ranges::copy_if(next, std::back_inserter(p.next), [loads](step const& s) { return (s.what == operation::load) == loads; });
        }
        if (!wake_next(p)) {
            return none;
        }
        points_.push_back(std::move(p));
    }
    last_ = depth_++;
    auto const& p = points_[last_];
    return static_cast<std::size_t>(std::ranges::find(next, p.next[p.chosen].by, &step::by) - next.begin());
}

std::size_t exhaustive_search::outcome(std::size_t count) {
    if (depth_ == points_.size()) {
        points_.push_back({.count = count});
    }
    return points_[depth_++].chosen;
}

bool exhaustive_search::misfortune() {
    if (struck_ == misfortunes_ || outcome(2) == 0) {
        return false;
    }
    ++struck_;
    return true;
}

void exhaustive_search::repeat() noexcept {
    depth_ = 0;
    last_ = none;
    struck_ = 0;
}

bool exhaustive_search::another() {
    repeat();
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

random_search::random_search(std::uint64_t number)
    : dice_(number), switch_one_in_(std::array{1U, 2U, 4U, 16U}[number % 4]), old_one_in_(number / 4 % 2 == 0 ? 2 : 8),
      expire_one_in_(number / 8 % 2 == 0 ? 8 : 64), by_priority_(number / 16 % 4 == 0) {
    if (by_priority_) {
        for (auto& one : priority_) {
            one = dice_.below_small(1U << 20);
        }
        stays_ = dice_.below_small(32);
    }
    stops_in_ = number % 3 == 0 ? none : dice_.below_small(1U << (2 + number / 3 % 5));
    turn_ = number % 12 == 0 ? 1 + number / 12 % 6 : none;
    left_of_turn_ = turn_ == none ? 0 : 1 + number / 72 % turn_;
}
// Once, or not at all.
std::size_t random_search::stops(std::span<step const> next) {
    progress_is_claimed_ = true;
    return stops_in_ == none || stops_in_-- != 0 ? none : dice_.below(next.size());
}

// Each in its turn so many steps, which keeps apart those that must be alone to finish.
std::size_t random_search::in_turns(std::span<step const> next) {
    auto chosen = std::ranges::find(next, last_, &step::by);
    if (chosen == next.end() || left_of_turn_ == 0) {
        chosen = std::ranges::find_if(next, [this](step const& s) { return s.by > last_; });
        chosen = chosen == next.end() ? next.begin() : chosen;
        left_of_turn_ = last_ == 0 ? left_of_turn_ : turn_; // the first is a shorter one
        last_ = chosen->by;
    }
    --left_of_turn_;
    return static_cast<std::size_t>(chosen - next.begin());
}

std::size_t random_search::thread(std::span<step const> next) {
    if (progress_is_claimed_ && turn_ != none) {
        return in_turns(next);
    }
    if (next.size() == 1) {
        stays_ -= stays_ != 0 ? 1 : 0;
        last_ = next[0].by;
        return 0;
    }
    auto const able = [&](std::size_t i) { return next[i].what != operation::expire; };
    std::uint32_t count = 0;
    std::size_t same = none;
    for (std::size_t i = 0; i != next.size(); ++i) {
        count += able(i) ? 1 : 0;
        same = next[i].by == last_ && able(i) ? i : same;
    }
    auto const others = static_cast<std::uint32_t>(next.size()) - count;
    std::size_t chosen = 0;
    if (others != 0 && (count == 0 || one_in(expire_one_in_))) {
        auto skip = dice_.below_small(others);
        while (able(chosen) || skip-- != 0) {
            ++chosen;
        }
    } else if (by_priority_) {
        if (stays_ != 0) {
            --stays_;
        } else {
            priority_[last_] = dice_.below_small(1U << 10); // behind all that were not changed
            stays_ = dice_.below_small(32);
        }
        std::uint32_t most = 0;
        for (std::size_t i = 0; i != next.size(); ++i) {
            if (able(i) && priority_[next[i].by] >= most) {
                most = priority_[next[i].by];
                chosen = i;
            }
        }
    } else if (stays_ != 0 && same != none) {
        --stays_;
        chosen = same;
    } else {
        stays_ = dice_.below_small(2 * switch_one_in_ - 1);
        auto skip = dice_.below_small(count);
        while (!able(chosen) || skip-- != 0) {
            ++chosen;
        }
    }
    last_ = next[chosen].by;
    return chosen;
}
std::size_t random_search::outcome(std::size_t count) {
    bool const in_turns = progress_is_claimed_ && turn_ != none; // then all see the newest
    return !in_turns && one_in(old_one_in_) ? dice_.below_small(static_cast<std::uint32_t>(count)) : 0;
}
bool random_search::misfortune() {
    if (misfortunes_ == 0 || !one_in(8)) {
        return false;
    }
    --misfortunes_;
    return true;
}

} // namespace tandem::explore
