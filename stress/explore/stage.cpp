#include <tandem/stress/explore/stage.hpp>

#include <tandem/stress/world/explore.hpp>

#include <algorithm>
#include <utility>

namespace tandem::stress::detail::explored {

using explore::execution;
using explore::operation;

// Chooses as another does, and notes whether there was anything to choose.
class stage::watching final : public explore::chooser {
public:
    watching(explore::chooser& by, stage& of) : by_(by), of_(of) {}

    std::size_t thread(std::span<explore::step const> next) override {
        auto const chosen = by_.thread(next);
        of_.saw_a_step_ |= chosen != none && next[chosen].address != &of_;
        return chosen;
    }
    std::size_t outcome(std::size_t count) override { return by_.outcome(count); }
    bool misfortune() override { return by_.misfortune(); }
    bool systematic() const override { return by_.systematic(); }
    std::size_t stops(std::span<explore::step const> next) override { return by_.stops(next); }

private:
    explore::chooser& by_;
    stage& of_;
};

stage::stage(scenario const& s, program const& p) : scenario_(s), what_(p), begun_(p.lanes.size()) {
    for (std::uint32_t lane = 0; lane != p.lanes.size(); ++lane) {
        auto& calls = lanes_.emplace_back();
        for (auto const& a : p.lanes[lane]) {
            calls.push_back({.thread = lane, .operation = a.operation, .argument = a.argument});
        }
        if (lane != 0) {
            bodies_.bodies.emplace_back([this, lane] {
                for (auto& c : lanes_[lane]) {
                    ++begun_[lane];
                    perform(c);
                }
            });
        }
    }
    last_.resize(64 + s.operations().size() * (4 * p.calls() + 1));
    bodies_.prepare = [this] { prepare(); };
    bodies_.finish = [this] {
        scenario_.finish(*this);
        delete std::exchange(object_, nullptr);
    };
}

execution::end stage::run(explore::chooser& by, callers how) {
    how_ = how;
    clock_ = 0;
    std::ranges::fill(begun_, 0);
    last_begun_ = 0;
    watching choose(by, *this);
    return engine_.run(bodies_, choose);
}

execution::end stage::traced(explore::chooser& by, callers how) {
    engine_.record(&trace_);
    auto const end = run(by, how);
    engine_.record(nullptr);
    return end;
}

void stage::prepare() {
    world::begin_execution();
    returned_ = execution::now()->add_atomic(0);
    object_ = scenario_.make(what_).release();
    for (auto& c : lanes_[0]) {
        ++begun_[0];
        perform(c);
    }
}

reply stage::then(std::uint32_t operation, values const& argument) {
    if (last_begun_ == last_.size()) {
        execution::now()->fail("", "more calls at the end than anything can be left for", {});
    }
    auto& c = last_[last_begun_++];
    c = {.operation = operation, .argument = argument};
    perform(c);
    return {c.answer, c.result};
}

void stage::perform(call& c) {
    c.returned = never;
    c.invoked = 2 * seen_returns() + 1;
    auto const said = object_->perform_by(c.thread == 0 ? 0 : c.thread - 1, c.operation, c.argument);
    c.answer = said.answer;
    c.result = said.result;
    c.returned = 2 * say_returned();
}

// So many calls have returned, as far as can be seen.
std::uint64_t stage::seen_returns() {
    if (how_ == callers::apart) {
        return clock_;
    }
    return execution::now()->take({.what = operation::load, .where = returned_, .address = this, .order = std::memory_order::acquire});
}
// The number of this one.
std::uint64_t stage::say_returned() {
    if (how_ == callers::apart) {
        return ++clock_;
    }
    return 1 + execution::now()->take({.what = operation::update,
                                       .where = returned_,
                                       .address = this,
                                       .order = std::memory_order::release,
                                       .operand = 1,
                                       .compute = [](explore::value old, explore::value more) { return old + more; }});
}

history stage::calls() const {
    history all;
    for (std::size_t lane = 0; lane != lanes_.size(); ++lane) {
        auto const first = all.size();
        all.insert(all.end(), lanes_[lane].begin(), lanes_[lane].begin() + static_cast<std::ptrdiff_t>(begun_[lane]));
        if (how_ == callers::apart && lane != 0 && first != all.size()) {
            all[first].invoked = 2 * lanes_[0].size() + 1; // with the threads, which begin at once
        }
    }
    all.insert(all.end(), last_.begin(), last_.begin() + static_cast<std::ptrdiff_t>(last_begun_));
    for (auto& c : all) {
        c.asleep = c.pending() && halted();
    }
    return all;
}

bool stage::orders_calls() const {
    return how_ == callers::in_touch || std::ranges::all_of(std::span(lanes_).subspan(1), [](auto const& lane) { return lane.size() <= 1; });
}

} // namespace tandem::stress::detail::explored
