// Making the choices of a failing execution fewer.

#include <tandem/stress/explore/choices.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace tandem::explore {

namespace {

// Decides as is written, and notes what else could have been decided.
class curious : public replayer {
public:
    explicit curious(choices const& written) : replayer(written) {}

    std::size_t thread(std::span<step const> next) override {
        auto const where = at_.next(choice::kind::switching);
        auto const chosen = replayer::thread(next);
        for (std::size_t i = 0; i != next.size(); ++i) {
            if (i != chosen) {
                others_.push_back({where, next[i].by});
            }
        }
        at_.went_on(next[chosen].by);
        return chosen;
    }
    std::size_t outcome(std::size_t count) override {
        auto const where = at_.next(choice::kind::outcome);
        auto const chosen = replayer::outcome(count);
        for (std::size_t i = 0; i != count; ++i) {
            if (i != chosen) {
                others_.push_back({where, static_cast<std::uint32_t>(i)});
            }
        }
        return chosen;
    }
    bool misfortune() override {
        auto const where = at_.next(choice::kind::misfortune);
        bool const comes = replayer::misfortune();
        if (!comes) {
            others_.push_back({where, 1});
        }
        return comes;
    }
    // In the order in which they came up.
    std::vector<choice> const& others() const noexcept { return others_; }

private:
    standing at_;
    std::vector<choice> others_;
};

constexpr std::size_t steps_a_try = 500; // on average

class search_for_less {
public:
    search_for_less(choices const& found, std::function<bool(chooser&)> const& fails, std::size_t most) : fails_(fails), most_(most) {
        replayer with(found);
        recorder noted(with);
        try_one(noted);
        best_.made = noted.made();
        best_.effort = noted.effort();
    }

    minimum result() && {
        descend();
        try_few();
        return std::move(best_);
    }

private:
    std::vector<choice> const& list() const { return best_.made.made; }
    bool exhausted() const { return best_.tried >= most_ || steps_ >= steps_a_try * most_; }
    bool try_one(recorder& with) {
        bool const failed = fails_(with);
        ++best_.tried;
        steps_ += with.effort().steps;
        return failed;
    }

    // True: it fails as well, for less, and is the best now.
    bool attempt(std::vector<choice> const& some) {
        if (exhausted()) {
            return false;
        }
        replayer with({some, best_.made.systematic});
        recorder noted(with);
        return try_one(noted) && improve(noted);
    }
    bool improve(recorder const& noted) {
        bool const less = std::pair(noted.effort(), noted.made().made.size()) < std::pair(best_.effort, list().size());
        if (less) {
            best_.made = noted.made();
            best_.effort = noted.effort();
        }
        return less;
    }

    void descend() {
        while (leave_out_some() || leave_out_two() || move_one() || change_one()) {
        }
    }

    // Whether there is a way that has nothing to do with this one: all executions with one choice, and with two, as far as tries last.
    void try_few() {
        for (std::size_t depth = 1; depth <= 2 && depth < list().size(); ++depth) {
            try_with({}, depth);
        }
        descend();
    }
    void try_with(std::vector<choice> const& some, std::size_t more) {
        curious with({some, best_.made.systematic});
        recorder noted(with);
        if (try_one(noted)) {
            improve(noted);
            return;
        }
        if (more == 0) {
            return;
        }
        // Those that came up before the last of them are tried without it.
        auto from = with.others().begin();
        if (!some.empty()) {
            auto const last = std::ranges::find(with.others(), some.back().where, &choice::where);
            from = std::ranges::find_if(last, with.others().end(), [&](choice const& c) { return c.where != some.back().where; });
        }
        for (; from != with.others().end() && !exhausted(); ++from) {
            auto with_it = some;
            with_it.push_back(*from);
            try_with(with_it, more - 1);
        }
    }

    // Delta debugging (after Zeller and Hildebrandt, 2002): large pieces first.
    bool leave_out_some() {
        bool any = false;
        for (auto piece = list().size(); piece != 0; piece /= 2) {
            for (std::size_t at = 0; at < list().size() && !exhausted();) {
                auto fewer = list();
                auto const begin = fewer.begin() + static_cast<std::ptrdiff_t>(at);
                fewer.erase(begin, begin + static_cast<std::ptrdiff_t>(std::min(piece, fewer.size() - at)));
                if (attempt(fewer)) {
                    any = true;
                } else {
                    at += piece;
                }
            }
        }
        return any;
    }
    // What makes up for each other.
    bool leave_out_two() {
        for (std::size_t i = 0; i < list().size(); ++i) {
            for (std::size_t j = i + 1; j < list().size() && !exhausted(); ++j) {
                auto fewer = list();
                fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(j));
                fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
                if (attempt(fewer)) {
                    return true;
                }
            }
        }
        return false;
    }
    // A switch earlier or later, alone or instead of another one.
    bool move_one() {
        constexpr std::uint32_t furthest = 12;
        for (std::size_t i = 0; i < list().size(); ++i) {
            if (list()[i].where.what != choice::kind::switching) {
                continue;
            }
            for (std::uint32_t by = 1; by <= furthest && !exhausted(); ++by) {
                for (bool const earlier : {true, false}) {
                    auto other = list();
                    auto& steps = other[i].where.steps;
                    if (earlier && steps < by) {
                        continue;
                    }
                    steps = earlier ? steps - by : steps + by;
                    if (attempt(other)) {
                        return true;
                    }
                    for (std::size_t j = 0; j < list().size(); ++j) {
                        if (j != i) {
                            auto fewer = other;
                            fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(j));
                            if (attempt(fewer)) {
                                return true;
                            }
                        }
                    }
                }
            }
        }
        return false;
    }
    // To another thread; a newer message.
    bool change_one() {
        for (std::size_t i = 0; i < list().size(); ++i) {
            bool const to_thread = list()[i].where.what == choice::kind::switching;
            auto const chosen = list()[i].chosen;
            for (std::uint32_t to = 1; to < (to_thread ? most_threads : chosen) && !exhausted(); ++to) {
                auto other = list();
                other[i].chosen = to;
                if (to != chosen && attempt(other)) {
                    return true;
                }
            }
        }
        return false;
    }

    std::function<bool(chooser&)> const& fails_;
    std::size_t most_;
    std::size_t steps_ = 0;
    minimum best_;
};

} // namespace

minimum minimise(choices const& found, std::function<bool(chooser&)> const& fails, std::size_t most) {
    return search_for_less(found, fails, most).result();
}

} // namespace tandem::explore
