#include <tandem/stress/explore/choices.hpp>

#include <algorithm>
#include <utility>

namespace tandem::explore {

namespace {

constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
constexpr std::uint64_t goes_on = 32; // the number has more digits

// Five bits a digit, the low ones first.
void put(std::string& text, std::uint64_t n) {
    for (; n >= goes_on; n /= goes_on) {
        text += digits[n % goes_on + goes_on];
    }
    text += digits[n];
}
std::optional<std::uint64_t> get(std::string_view& text) {
    std::uint64_t n = 0;
    for (unsigned shift = 0; !text.empty() && shift < 60; shift += 5) {
        auto const digit = digits.find(text.front());
        text.remove_prefix(1);
        if (digit == digits.npos) {
            return std::nullopt;
        }
        n |= (digit % goes_on) << shift;
        if (digit < goes_on) {
            return n;
        }
    }
    return std::nullopt;
}

} // namespace

std::string to_text(choices const& all) {
    std::string text(1, all.systematic ? 's' : 'r');
    for (auto const& one : all.made) {
        put(text, static_cast<std::uint64_t>(one.where.what) + 4 * std::uint64_t{one.where.after});
        put(text, one.where.steps);
        put(text, one.where.since);
        put(text, one.chosen);
    }
    return text;
}
std::optional<choices> choices_of(std::string_view text) {
    if (text.empty() || (text.front() != 's' && text.front() != 'r')) {
        return std::nullopt;
    }
    choices all{.systematic = text.front() == 's'};
    text.remove_prefix(1);
    while (!text.empty()) {
        std::array<std::uint64_t, 4> numbers{};
        for (auto& n : numbers) {
            auto const got = get(text);
            if (!got) {
                return std::nullopt;
            }
            n = *got;
        }
        if (numbers[0] / 4 >= most_threads) {
            return std::nullopt;
        }
        all.made.push_back({{static_cast<choice::kind>(numbers[0] % 4), static_cast<thread>(numbers[0] / 4),
                             static_cast<std::uint32_t>(numbers[1]), static_cast<std::uint32_t>(numbers[2])},
                            static_cast<std::uint32_t>(numbers[3])});
    }
    return all;
}

// The thread that went on last; else the next one, all around; else one whose wait runs out.
std::size_t standing::usual(std::span<step const> next) const {
    auto const turn = [&](step const& s) {
        return (s.what == operation::expire ? most_threads : 0) + (s.by + most_threads - last_) % most_threads;
    };
    return static_cast<std::size_t>(std::ranges::min_element(next, {}, turn) - next.begin());
}

void recorder::note(choice::place const& where, std::size_t chosen) {
    made_.made.push_back({where, static_cast<std::uint32_t>(chosen)});
}
std::size_t recorder::thread(std::span<step const> next) {
    auto const chosen = of_.thread(next);
    if (chosen == none) {
        return none;
    }
    auto const& taken = next[chosen];
    auto const where = at_.next(choice::kind::switching);
    if (chosen != at_.usual(next)) {
        note(where, taken.by);
    }
    auto const last = at_.last();
    bool const could_go_on =
        std::ranges::any_of(next, [&](step const& s) { return s.by == last && s.what != operation::expire; });
    effort_.switches += last != 0 && taken.by != last ? 1 : 0;
    effort_.preemptions += taken.by != last && could_go_on ? 1 : 0;
    effort_.oddities += taken.what == operation::expire ? 1 : 0;
    effort_.threads += (seen_ >> taken.by & 1U) == 0 ? 1 : 0;
    seen_ |= 1U << taken.by;
    ++effort_.steps;
    at_.went_on(taken.by);
    return chosen;
}
std::size_t recorder::outcome(std::size_t count) {
    auto const chosen = of_.outcome(count);
    auto const where = at_.next(choice::kind::outcome);
    if (chosen != 0) {
        note(where, chosen);
        ++effort_.oddities;
    }
    return chosen;
}
bool recorder::misfortune() {
    bool const comes = of_.misfortune();
    auto const where = at_.next(choice::kind::misfortune);
    if (comes) {
        note(where, 1);
        ++effort_.oddities;
    }
    return comes;
}
std::size_t recorder::stops(std::span<step const> next) {
    auto const chosen = of_.stops(next);
    auto const where = at_.next(choice::kind::stop);
    if (chosen != none) {
        note(where, next[chosen].by);
    }
    return chosen;
}

replayer::replayer(choices const& written) : written_(written) {
    std::ranges::sort(written_.made, {}, &choice::where);
}
std::uint32_t const* replayer::written(choice::place const& where) const {
    auto const found = std::ranges::lower_bound(written_.made, where, {}, &choice::where);
    return found != written_.made.end() && found->where == where ? &found->chosen : nullptr;
}
std::size_t replayer::thread(std::span<step const> next) {
    auto chosen = at_.usual(next);
    if (auto const* const other = written(at_.next(choice::kind::switching))) {
        auto const found = std::ranges::find(next, *other, &step::by);
        chosen = found != next.end() ? static_cast<std::size_t>(found - next.begin()) : chosen;
    }
    at_.went_on(next[chosen].by);
    return chosen;
}
std::size_t replayer::outcome(std::size_t count) {
    auto const* const other = written(at_.next(choice::kind::outcome));
    return other == nullptr ? 0 : std::min<std::size_t>(*other, count - 1);
}
bool replayer::misfortune() {
    return written(at_.next(choice::kind::misfortune)) != nullptr;
}
std::size_t replayer::stops(std::span<step const> next) {
    auto const* const who = written(at_.next(choice::kind::stop));
    auto const found = who == nullptr ? next.end() : std::ranges::find(next, *who, &step::by);
    return found == next.end() ? none : static_cast<std::size_t>(found - next.begin());
}

} // namespace tandem::explore
