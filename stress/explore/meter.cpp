#include <tandem/stress/explore/meter.hpp>

#include <algorithm>

namespace tandem::explore {

void meter::begin_execution() {
    lines_.clear();
    under_way_.fill({});
}

void meter::begin_call(thread t, std::string_view name) {
    auto& c = under_way_.at(t);
    if (c.depth++ == 0) {
        auto at = costs_.find(name);
        if (at == costs_.end()) {
            at = costs_.emplace(std::string(name), cost()).first;
        }
        c.of = &at->second;
        c.now = {};
    }
}
void meter::end_call(thread t) {
    auto& c = under_way_.at(t);
    if (--c.depth != 0) {
        return;
    }
    auto& all = *c.of;
    ++all.calls;
    all.steps += c.now.steps;
    all.locked += c.now.locked;
    all.misses += c.now.misses;
    all.allocations += c.now.allocations;
    all.sleeps += c.now.sleeps;
    all.most_steps = std::max(all.most_steps, c.now.steps);
}

void meter::own(thread t, void const* address) {
    lines_[reinterpret_cast<std::uintptr_t>(address) / line_bytes] = {std::uint32_t{1} << t, true};
}
void meter::access(thread t, void const* address, bool writes) {
    auto& l = lines_[reinterpret_cast<std::uintptr_t>(address) / line_bytes];
    auto const mine = std::uint32_t{1} << t;
    bool const had = (l.shared_by & mine) != 0;
    if (writes) {
        under_way_[t].now.misses += had && (l.changed || l.shared_by == mine) ? 0 : 1;
        l = {mine, true};
    } else if (!had) {
        ++under_way_[t].now.misses;
        l = {l.shared_by | mine, false};
    }
}
void meter::step(thread t, bool locked) {
    ++under_way_[t].now.steps;
    under_way_[t].now.locked += locked ? 1 : 0;
}
void meter::allocation(thread t) {
    ++under_way_[t].now.allocations;
}
void meter::sleep(thread t) {
    ++under_way_[t].now.sleeps;
}

} // namespace tandem::explore
