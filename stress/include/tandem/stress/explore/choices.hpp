#pragma once

// choices: the decisions of an execution, as where they differ from those of a chooser that stays with a thread while it can go on, goes on
// to the next one else, and shows it the newest message. Each says where it belongs: after so many steps of a thread. A list from which some are
// taken is one too: the others still mean what they did, as far as it comes to that.

#include <tandem/stress/explore/execution.hpp>

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::explore {

struct choice {
    enum class kind : unsigned char { switching, outcome, misfortune, stop };
    // Where: the last step was the `steps`th of thread `after` (none yet: 0 and 0), and so many of the same kind have come since then.
    struct place {
        kind what = kind::switching;
        explore::thread after = 0;
        std::uint32_t steps = 0;
        std::uint32_t since = 0;

        friend auto operator<=>(place const&, place const&) = default;
    };
    place where{};
    std::uint32_t chosen = 0; // the thread that goes on; which outcome; 1: it comes; the thread that stops

    friend bool operator==(choice const&, choice const&) = default;
};
struct choices {
    std::vector<choice> made{};
    bool systematic = false; // as the chooser was
};

// Short: letters, digits, '-' and '_'.
std::string to_text(choices const&);
std::optional<choices> choices_of(std::string_view text);

// What an execution asks of whoever reads it; of two the smaller one is easier to understand.
struct effort {
    std::size_t threads = 0;     // that take a step
    std::size_t preemptions = 0; // switches away from a thread that could go on
    std::size_t switches = 0;
    std::size_t oddities = 0; // outcomes other than the newest, misfortunes, waits that run out
    std::size_t steps = 0;

    friend auto operator<=>(effort const&, effort const&) = default;
};

// Where an execution stands, as its chooser sees it.
class standing {
public:
    void went_on(thread t) noexcept {
        last_ = t;
        ++steps_.at(t);
        since_.fill(0);
    }
    choice::place next(choice::kind k) noexcept { return {k, last_, steps_[last_], since_[static_cast<std::size_t>(k)]++}; }
    thread last() const noexcept { return last_; }
    std::size_t usual(std::span<step const> next) const;

private:
    thread last_ = 0;
    std::array<std::uint32_t, most_threads> steps_{};
    std::array<std::uint32_t, 4> since_{};
};

// Decides as another does, and notes it.
class recorder : public chooser {
public:
    explicit recorder(chooser& of) : of_(of), made_{.systematic = of.systematic()} {}
    std::size_t thread(std::span<step const> next) override;
    std::size_t outcome(std::size_t count) override;
    bool misfortune() override;
    bool systematic() const override { return made_.systematic; }
    std::size_t stops(std::span<step const> next) override;

    choices const& made() const noexcept { return made_; }
    explore::effort const& effort() const noexcept { return effort_; }

private:
    void note(choice::place const&, std::size_t chosen);

    chooser& of_;
    standing at_;
    choices made_;
    explore::effort effort_;
    std::uint32_t seen_ = 0; // threads, a bit each
};

// Decides as is written.
class replayer : public chooser {
public:
    explicit replayer(choices const& written);
    std::size_t thread(std::span<step const> next) override;
    std::size_t outcome(std::size_t count) override;
    bool misfortune() override;
    bool systematic() const override { return written_.systematic; }
    std::size_t stops(std::span<step const> next) override;

private:
    std::uint32_t const* written(choice::place const&) const;

    choices written_; // in the order of places
    standing at_;
};

// Choices that `fails` says true of, with little effort: no one of them can be left out, moved, or changed in a way that is tried, and there are no
// better ones that are two at most, as far as tries last. `fails` runs an execution with the chooser; it is asked no more often than `most`.
struct minimum {
    choices made;
    explore::effort effort;
    std::size_t tried = 0;
};
minimum minimise(choices const& found, std::function<bool(chooser&)> const& fails, std::size_t most);

} // namespace tandem::explore
