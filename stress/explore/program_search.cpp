#include <tandem/stress/explore/program_search.hpp>

#include <tandem/stress/explore/failures.hpp>
#include <tandem/stress/explore/report.hpp>
#include <tandem/stress/render.hpp>

#include <algorithm>
#include <bit>
#include <cctype>
#include <charconv>
#include <utility>

namespace tandem::stress::detail::explored {

namespace {

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

callers callers_of(execution_name where) {
    bool const apart = where.by == execution_name::search::random ? std::popcount(where.number) % 2 == 0 : where.by == execution_name::search::apart;
    return apart ? callers::apart : callers::in_touch;
}

} // namespace

std::string execution_name::text() const {
    std::string digits(16, '0');
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
    return std::string(1, static_cast<char>(by)).append(digits.data(), end);
}
std::optional<execution_name> execution_name::parse(std::string const& text) {
    execution_name made;
    auto const* const end = text.data() + text.size();
    if (text.size() < 2 || std::string_view("rat").find(text.front()) == std::string_view::npos ||
        std::from_chars(text.data() + 1, end, made.number, 16).ptr != end) {
        return std::nullopt;
    }
    made.by = static_cast<search>(text.front());
    return made;
}

std::optional<went_wrong> program_search::at_random(std::uint64_t first, std::uint64_t last) {
    for (auto number = first; number != last; ++number) {
        execution_name const here{execution_name::search::random, number};
        explore::random_search choose(number);
        auto const end = run(choose, callers_of(here));
        if (end == ending::wrong || end == ending::endless) {
            return found(here);
        }
        if (dice(number).one_in(100)) {
            if (auto two_ways = goes_two_ways(number)) {
                return two_ways;
            }
        }
    }
    return std::nullopt;
}

// One that does not end may be one that reads the same old message for ever: nothing is known then.
std::optional<went_wrong> program_search::all(callers how, std::uint64_t at_most) {
    explore::exhaustive_search choose;
    exhausted_ = false;
    for (std::uint64_t n = 0; n != at_most; ++n) {
        auto const end = run(choose, how);
        if (end == ending::wrong) {
            return found({how == callers::apart ? execution_name::search::apart : execution_name::search::in_touch, n});
        }
        if (end == ending::endless) {
            return std::nullopt;
        }
        if (!choose.another()) {
            exhausted_ = true;
            return std::nullopt;
        }
    }
    return std::nullopt;
}

std::optional<went_wrong> program_search::again(execution_name where) {
    auto const made = choices_of(where);
    if (!made) {
        return std::nullopt;
    }
    explore::replayer same(*made);
    auto const end = run(same, callers_of(where));
    return end == ending::wrong || end == ending::endless ? std::optional(found(where)) : std::nullopt;
}

std::optional<went_wrong> program_search::least(went_wrong const& known) {
    constexpr std::size_t most = 3000;
    auto const made = choices_of(known.where);
    auto const fails = [&](explore::chooser& choose) {
        auto const end = run(choose, callers_of(known.where));
        return (end == ending::wrong || end == ending::endless) && wrong_ == known.what;
    };
    if (!made) {
        return std::nullopt;
    }
    explore::replayer same(explore::least(*made, fails, most));
    auto const end = judged(stage_.traced(same, callers_of(known.where)));
    return (end == ending::wrong || end == ending::endless) && wrong_ == known.what ? std::optional(found(known.where)) : std::nullopt;
}

// The same choices should lead to the same steps.
std::optional<went_wrong> program_search::goes_two_ways(std::uint64_t number) {
    execution_name const where{execution_name::search::random, number};
    explore::random_search one(number), other(number);
    stage_.traced(one, callers_of(where));
    auto const first = stage_.trace();
    stage_.traced(other, callers_of(where));
    auto const at = explore::first_difference(first, stage_.trace());
    if (!at) {
        return std::nullopt;
    }
    return went_wrong{.what = std::string(nondeterminism), .why = explore::report_of_difference(first, stage_.trace(), *at), .where = where};
}

// Nothing: there is no such execution.
std::optional<explore::choices> program_search::choices_of(execution_name where) {
    auto const how = callers_of(where);
    if (where.by == execution_name::search::random) {
        explore::random_search choose(where.number);
        explore::recorder noted(choose);
        run(noted, how);
        return noted.made();
    }
    explore::exhaustive_search choose;
    for (std::uint64_t n = 0; n != where.number; ++n) {
        run(choose, how);
        if (!choose.another()) {
            return std::nullopt;
        }
    }
    explore::recorder noted(choose);
    run(noted, how);
    return noted.made();
}

program_search::ending program_search::run(explore::chooser& choose, callers how) {
    return judged(stage_.run(choose, how));
}

program_search::ending program_search::judged(explore::execution::end end) {
    if (end == explore::execution::end::abandoned) {
        return ending::abandoned;
    }
    ++sum_.executions;
    sum_.saw_a_step = stage_.saw_a_step();
    calls_ = stage_.calls();
    sum_.calls += calls_.size();
    if (end == explore::execution::end::finished || (stage_.halted() && what_.explains_waiting())) {
        return judge();
    }
    auto const& failed = stage_.failed();
    auto const kind = failed.what.substr(0, failed.what.find(':'));
    wrong_ = lower(kind);
    why_ = wrong_ + failed.what.substr(kind.size());
    if (failed.site.line() != 0) {
        std::string_view const file = failed.site.file_name();
        why_ += concat({", at ", file.substr(file.rfind('/') + 1), ":", std::to_string(failed.site.line())});
    }
    return wrong_ == "livelock" ? ending::endless : ending::wrong;
}

program_search::ending program_search::judge() {
    if (!stage_.orders_calls()) {
        return ending::fine;
    }
    words_.clear();
    for (auto const& c : calls_) {
        words_.insert(words_.end(), {c.invoked, c.returned, static_cast<std::uint64_t>(c.answer)});
        for (auto const v : c.result) {
            words_.push_back(static_cast<std::uint64_t>(v));
        }
    }
    if (seen_.contains(words_)) {
        return ending::fine;
    }
    auto const said = what_.check(program_, calls_);
    if (said.is == verdict::violation) {
        wrong_ = said.what;
        why_.clear();
        if (stage_.halted() && wrong_ == finding().what && explained_while_running()) {
            wrong_ = "lost wake-up";
            why_ = "who is asleep need not wait, and nobody is left to wake them";
        }
        return ending::wrong;
    }
    seen_.insert(words_);
    ++sum_.histories;
    sum_.undecided += said.is == verdict::unknown ? 1 : 0;
    if (sum_.noticed.noticed == 0 && said.is == verdict::linearizable) {
        sum_.noticed = what_.discern(program_, calls_);
    }
    return ending::fine;
}

// Whether the answers are right, if it were not for who sleeps.
bool program_search::explained_while_running() const {
    auto awake = calls_;
    for (auto& c : awake) {
        c.asleep = false;
    }
    return what_.check(program_, awake).is == verdict::linearizable;
}

std::optional<went_wrong> program_search::found(execution_name where) const {
    return went_wrong{wrong_, why_, where, calls_, stage_.trace()};
}

} // namespace tandem::stress::detail::explored
