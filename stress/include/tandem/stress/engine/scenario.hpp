// scenario: one structure, driven by one kind of random program, judged by one specification.
#pragma once

#include <tandem/stress/engine/object.hpp>
#include <tandem/stress/engine/program.hpp>
#include <tandem/stress/explain.hpp>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace tandem::stress {

struct explanation {
    std::string text{};
    std::size_t calls = 0;                // in the shrunk history
    std::vector<std::uint32_t> threads{}; // whose lanes are t0, t1 ...
};

// Calls of one thread, alone, when the others are through.
class afterwards {
public:
    virtual ~afterwards() = default;
    virtual program const& what() const = 0;
    virtual reply then(std::uint32_t operation, values const& argument = {}) = 0;
};

class scenario {
public:
    scenario(std::string of, std::string which_half, length l)
        : structure(std::move(of)), half(std::move(which_half)), kind(l) {}
    virtual ~scenario() = default;

    std::string structure, half;
    length kind;
    std::size_t expect_within = 0; // a violation is expected, and shrinks to so many calls at most; 0: none is expected
    std::string note{};            // why

    bool expect_violation() const { return expect_within != 0; }
    std::string name() const; // "brief"
    std::string subject() const { return half.empty() ? structure : half + "." + structure; }
    // What a token stands for: another identity, another token.
    virtual std::string identity() const { return subject() + "." + name(); }
    virtual std::size_t most_threads() const { return 64; }

    virtual program random_program(dice&, std::size_t threads) const = 0;
    virtual std::unique_ptr<object> make(program const&) const = 0;
    // The same program with arguments that are easier to read; tried at the end of shrinking.
    virtual program renumbered(program const& p) const { return p; }
    // Brings to light what is left inside.
    virtual void finish(afterwards&) const = 0;
    virtual std::span<std::string_view const> operations() const = 0;
    virtual finding check(program const&, history const&) const = 0;
    // whole: no call is left out, but those after the impossible one.
    virtual explanation explain(program const&, history const&, std::size_t recorded, std::string const& again,
                                bool whole) const = 0;
    // How many changed answers of a history that it accepts it would notice.
    virtual discernment discern(program const&, history const&) const = 0;
    // Whether it says when a call may wait for ever; otherwise none may.
    virtual bool explains_waiting() const { return false; }
    virtual bool may_be_called(std::uint32_t /* operation */) const { return true; }
    virtual bool by_monitor() const = 0; // alone; otherwise the search has the last word
    virtual std::string method() const = 0;
};

// Judges by a specification.
template <specification S>
class judged_scenario : public scenario {
public:
    using scenario::scenario;

    virtual S initial(program const&) const = 0;

    std::span<std::string_view const> operations() const override {
        if constexpr (std::is_member_object_pointer_v<decltype(&S::operations)>) {
            return initial({}).operations;
        } else {
            return S::operations;
        }
    }

    finding check(program const& p, history const& calls) const override {
        if constexpr (has_monitor) {
            if (by_monitor()) {
                return initial(p).monitor(calls);
            }
        }
        return stress::check(initial(p), calls, search_budget);
    }

    discernment discern(program const& p, history const& calls) const override {
        return stress::discern(initial(p), calls, search_budget);
    }

    bool explains_waiting() const override {
        return requires(S const& s, call const& c) { s.waits(c); };
    }

    explanation explain(program const& p, history const& calls, std::size_t recorded, std::string const& again,
                        bool whole) const override {
        auto example = whole ? cut_short(initial(p), calls, search_budget) : shrink(initial(p), calls, search_budget);
        example.recorded = recorded;
        auto const shrunk = example.calls.size();
        labels const names{.subject = subject(), .twin = twin(), .again = again, .note = remark(example.calls)};
        auto threads = detail::threads_of(example.calls);
        return {stress::explain(std::move(example), names), shrunk, std::move(threads)};
    }

    bool by_monitor() const final { return has_monitor && kind != length::brief; }
    std::string method() const final {
        return by_monitor() ? "monitor" : has_monitor ? "monitor and search" : "search";
    }

private:
    static constexpr bool has_monitor = requires(S const& s, history const& calls) { s.monitor(calls); };
    static constexpr std::size_t search_budget = 100'000;

    virtual std::string twin() const { return {}; }
    virtual std::string remark(history const&) const { return {}; }
};

} // namespace tandem::stress
