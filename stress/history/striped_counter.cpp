// Bounds of a striped counter's sums, and smaller histories that break them in the same way.
#include <tandem/stress/striped_counter_spec.hpp>

#include <tandem/stress/render.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace tandem::stress {

namespace {

using spec = striped_counter_spec;

std::int64_t wrapped(std::uint64_t v) {
    return static_cast<std::int64_t>(v);
}
std::int64_t plus(std::int64_t a, std::int64_t b) {
    return wrapped(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
std::int64_t minus(std::int64_t a, std::int64_t b) {
    return wrapped(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

bool answers(call const& c) {
    return !c.pending() && (c.operation == spec::sum || c.operation == spec::drain);
}

// What a call changes the number by.
std::int64_t change(call const& c) {
    switch (c.operation) {
    case spec::add:
        return c.argument[0];
    case spec::sub:
        return minus(0, c.argument[0]);
    case spec::drain:
        return c.pending() ? 0 : minus(0, c.result[0]);
    default:
        return 0;
    }
}

// Sums over calls in the order of one of their times.
class sums {
public:
    template <class Value>
    sums(history const& calls, std::uint64_t call::*time, Value value) {
        std::vector<std::pair<std::uint64_t, std::int64_t>> all;
        for (auto const& c : calls) {
            if (auto const v = value(c); v != 0) {
                all.emplace_back(c.*time, v);
            }
        }
        std::sort(all.begin(), all.end());
        std::int64_t total = 0;
        for (auto const& [at, v] : all) {
            times_.push_back(at);
            totals_.push_back(total = plus(total, v));
        }
    }

    std::int64_t before(std::uint64_t time) const { return first(std::lower_bound(times_.begin(), times_.end(), time)); }
    std::int64_t up_to(std::uint64_t time) const { return first(std::upper_bound(times_.begin(), times_.end(), time)); }

private:
    std::int64_t first(std::vector<std::uint64_t>::const_iterator end) const {
        return end == times_.begin() ? 0 : totals_[static_cast<std::size_t>(end - times_.begin() - 1)];
    }

    std::vector<std::uint64_t> times_{};
    std::vector<std::int64_t> totals_{};
};

std::int64_t gain(call const& c) {
    return std::max<std::int64_t>(change(c), 0);
}
std::int64_t loss(call const& c) {
    return std::min<std::int64_t>(change(c), 0);
}

struct bounds {
    std::int64_t surely;      // what had returned before
    std::int64_t least, most; // what others may add to that, at most 0 and at least 0

    bool below(std::int64_t result) const { return minus(result, surely) < least; }
    bool above(std::int64_t result) const { return minus(result, surely) > most; }
};

class judge {
public:
    judge(std::int64_t initial, history const& calls)
        : initial_(initial), gains_begun_(calls, &call::invoked, gain), gains_ended_(calls, &call::returned, gain),
          losses_begun_(calls, &call::invoked, loss), losses_ended_(calls, &call::returned, loss),
          open_drains_(calls, &call::invoked,
                       [](call const& c) { return std::int64_t{c.pending() && c.operation == spec::drain ? 1 : 0}; }) {}

    // Nothing where anything may be.
    std::optional<bounds> of(call const& c) const {
        if (open_drains_.up_to(c.returned) != 0) {
            return std::nullopt;
        }
        auto const gained = gains_ended_.before(c.invoked);
        auto const lost = losses_ended_.before(c.invoked);
        return bounds{plus(initial_, plus(gained, lost)),
                      minus(minus(losses_begun_.up_to(c.returned), lost), loss(c)), // without itself
                      minus(minus(gains_begun_.up_to(c.returned), gained), gain(c))};
    }
    // Whether nothing was taken away from the beginning of one call to the end of another.
    bool only_grew(call const& from, call const& to) const {
        return open_drains_.up_to(to.returned) == 0 &&
               losses_begun_.up_to(to.returned) == losses_ended_.before(from.invoked);
    }

private:
    std::int64_t initial_;
    sums gains_begun_, gains_ended_, losses_begun_, losses_ended_, open_drains_;
};

std::string in_words(std::int64_t n) {
    return std::to_string(n);
}

} // namespace

reply striped_counter_spec::perform(std::uint32_t operation, values const& argument) {
    switch (operation) {
    case add:
        value = plus(value, argument[0]);
        return {};
    case sub:
        value = minus(value, argument[0]);
        return {};
    case sum:
        return {status::success, {value}};
    case drain:
        return {status::success, {std::exchange(value, 0)}};
    default:
        return {status::stopped, {}}; // no such operation
    }
}

std::size_t striped_counter_spec::hash() const {
    return static_cast<std::size_t>(static_cast<std::uint64_t>(value) * 0x9e3779b97f4a7c15u);
}

std::string striped_counter_spec::describe() const {
    return concat({"the counter holds ", in_words(value)});
}

finding striped_counter_spec::monitor(history const& calls) const {
    judge const all(value, calls);
    auto const found = [](std::string why, std::vector<std::size_t> which) {
        return finding{verdict::violation, std::move(why), std::move(which), "outside its bounds"};
    };
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i != calls.size(); ++i) {
        bool const right = calls[i].answer == status::success && calls[i].result.size() == (answers(calls[i]) ? 1 : 0);
        if (!calls[i].pending() && !right) {
            return found(concat({std::string(operations[calls[i].operation]), " does not answer so"}), {i});
        }
        if (answers(calls[i])) {
            order.push_back(i);
        }
    }
    std::sort(order.begin(), order.end(), [&](auto a, auto b) { return calls[a].returned < calls[b].returned; });
    std::map<std::uint32_t, std::size_t> last_sum;
    for (auto const i : order) {
        auto const& c = calls[i];
        auto const result = c.result[0];
        auto const bound = all.of(c);
        if (bound && bound->below(result)) {
            return found(concat({"what had returned before it began comes to ", in_words(bound->surely),
                                 bound->least == 0
                                     ? std::string(", and nothing was taken away meanwhile")
                                     : concat({", and ", in_words(-bound->least), " at most was taken away meanwhile"})}),
                         {i});
        }
        if (bound && bound->above(result)) {
            return found(concat({"what had returned before it began comes to ", in_words(bound->surely),
                                 bound->most == 0
                                     ? std::string(", and nothing was added meanwhile")
                                     : concat({", and ", in_words(bound->most), " at most was added meanwhile"})}),
                         {i});
        }
        if (c.operation != sum) {
            continue;
        }
        if (auto const [last, is_first] = last_sum.try_emplace(c.thread, i); !is_first) {
            auto const& before = calls[std::exchange(last->second, i)];
            if (precedes(before, c) && all.only_grew(before, c) && minus(result, before.result[0]) < 0) {
                return found("nothing was taken away between two sums of one thread, and the second is smaller",
                             {static_cast<std::size_t>(&before - calls.data()), i});
            }
        }
    }
    return {verdict::linearizable};
}

// One sum or drain stands for all of it, with what decides its bound: everything that had returned before it began
// becomes one call before all others; what overlaps it stays, as long as it counts on the side of the bound that is broken,
// and a drain there is a sub. Two sums of one thread stand for themselves in the same way, with all that changes
// anything and does not come before the first.
history striped_counter_spec::without(history const& calls, std::vector<bool> const& drop) const {
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i != calls.size(); ++i) {
        if (!drop[i] && answers(calls[i])) {
            kept.push_back(i);
        }
    }
    if (kept.empty() || kept.size() > 2) {
        return calls;
    }
    auto const& first = calls[kept.front()];
    auto const& last = calls[kept.back()];
    auto const bound = judge(value, calls).of(last);
    bool const one = kept.size() == 1;
    bool const below = one && bound && bound->below(last.result[0]);
    bool const above = one && bound && bound->above(last.result[0]);
    history left;
    call before{first.thread, add, {0}, {}, status::success, first.invoked, first.invoked};
    for (std::size_t i = 0; i != calls.size(); ++i) {
        auto c = calls[i];
        before.invoked = std::min(before.invoked, c.invoked);
        if (i == kept.front() || i == kept.back()) {
            left.push_back(c);
            continue;
        }
        if (c.operation == sum || last.returned < c.invoked) {
            continue;
        }
        if (precedes(c, first)) {
            before.argument.item[0] = plus(before.argument[0], change(c));
            continue;
        }
        if (drop[i] && ((below && change(c) >= 0) || (above && change(c) <= 0))) {
            continue;
        }
        if (c.operation == drain && !c.pending()) {
            c.operation = sub;
            c.argument = c.result;
            c.result = {};
        }
        left.push_back(c);
    }
    if (before.argument[0] != 0) {
        before.invoked -= before.invoked == 0 ? 0 : 1;
        before.returned = before.invoked;
        left.insert(left.begin(), before);
    }
    return left;
}

} // namespace tandem::stress
