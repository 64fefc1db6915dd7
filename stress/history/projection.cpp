// Which smaller histories a history stands for; shrink.hpp says what must hold of them.
//
// A queue. Take away a value from a legal run, its push and its pop, and what is left is legal: the others keep their
// order, an empty queue is still empty. So a value may go, with all that mentions it. Three answers are about more than
// that, and hold back what they rest on:
//   full      the values that may have been there; one that was surely absent, gone before or come after, may go
//   closed    the closes; they stay as long as any call says closed
//   busy      the calls it overlaps; at least one stays
// An answer that changes nothing (empty, full, closed, busy, is_closed) may go. A pending pop may have taken any value
// that is missing, so it stays while one is.
//
// A batch loses single values, for the same reason. One that stopped short saw a queue full or empty; it first loses
// that, by asking for no more than it got.
#include <tandem/stress/search.hpp>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace tandem::stress {

namespace {

bool is_push(call const& c) {
    return c.operation == queue_spec::try_push || c.operation == queue_spec::try_push_n;
}
bool is_pop(call const& c) {
    return c.operation == queue_spec::try_pop || c.operation == queue_spec::try_pop_n;
}

// How many values a push put in, or may have put in.
std::size_t pushed(call const& c) {
    if (c.pending()) {
        return c.argument.size();
    }
    if (c.operation == queue_spec::try_push) {
        return c.answer == status::success ? 1 : 0;
    }
    return static_cast<std::size_t>(std::clamp<std::int64_t>(c.result[0], 0, c.argument.count));
}

bool stopped_short(call const& c) {
    return is_push(c) && !c.pending() && pushed(c) < c.argument.size() && c.answer != status::busy;
}

bool says_full(call const& c) {
    return stopped_short(c) && c.answer != status::closed;
}

bool says_closed(call const& c) {
    if (c.pending()) {
        return false;
    }
    if (c.operation == queue_spec::is_closed) {
        return c.result[0] != 0;
    }
    return c.answer == status::closed || (c.operation == queue_spec::try_push_n && stopped_short(c));
}

// A batch that did something, though less than it was asked to.
bool is_short_batch(call const& c) {
    if (c.pending()) {
        return false;
    }
    if (c.operation == queue_spec::try_push_n) {
        return pushed(c) > 0 && stopped_short(c);
    }
    return c.operation == queue_spec::try_pop_n && !c.result.empty() && c.argument[0] > c.result.count;
}

// May go without a trace: it has no value, and changes nothing.
bool is_observation(call const& c) {
    if (c.pending()) {
        return is_push(c) ? false : !is_pop(c) && c.operation != queue_spec::close;
    }
    if (is_push(c)) {
        return pushed(c) == 0;
    }
    if (is_pop(c)) {
        return c.result.empty();
    }
    return c.operation == queue_spec::is_closed;
}

struct lifetime {
    std::uint64_t pushed = 0;     // invoked
    std::uint64_t popped = never; // returned
    bool missing = true;          // nobody said it was popped
};

// Takes those that are gone from the first `count` of the list, and says how many.
std::int64_t take_out(values& list, std::size_t count, std::unordered_set<std::int64_t> const& gone) {
    values kept;
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (i >= count || !gone.contains(list[i])) {
            kept.push_back(list[i]);
        }
    }
    auto const lost = list.count - kept.count;
    list = kept;
    return lost;
}

// Every call that rests on an overlap and had one still has one.
bool overlaps_kept(history const& before, std::vector<std::size_t> const& kept, history const& after) {
    auto const had = detail::overlapped(before), has = detail::overlapped(after);
    for (std::size_t i = 0; i < after.size(); ++i) {
        auto const& c = after[i];
        auto const excusable =
            c.answer == status::busy || c.operation == queue_spec::try_push_n || c.operation == queue_spec::try_pop_n;
        if (excusable && !c.pending() && had[kept[i]] && !has[i]) {
            return false;
        }
    }
    return true;
}

} // namespace

history queue_spec::without(history const& calls, std::vector<bool> const& drop) const {
    std::unordered_map<std::int64_t, lifetime> lives;
    for (auto const& c : calls) {
        if (!is_push(c)) {
            continue;
        }
        for (std::size_t i = 0; i < pushed(c); ++i) {
            lives[c.argument[i]].pushed = c.invoked;
        }
    }
    for (auto const& c : calls) {
        if (!is_pop(c) || c.pending()) {
            continue;
        }
        for (auto const value : c.result) {
            auto& life = lives[value];
            life.popped = life.missing ? c.returned : std::max(life.popped, c.returned);
            life.missing = false;
        }
    }

    std::unordered_set<std::int64_t> gone;
    std::vector<call const*> fulls;
    bool closed_somewhere = false;
    for (std::size_t i = 0; i < calls.size(); ++i) {
        auto const& c = calls[i];
        if (!drop[i] && says_full(c)) {
            fulls.push_back(&c);
        }
        if (!drop[i] && says_closed(c)) {
            closed_somewhere = true;
        }
        if (!drop[i] || is_short_batch(c)) {
            continue;
        }
        for (std::size_t j = 0; is_push(c) && j < pushed(c); ++j) {
            gone.insert(c.argument[j]);
        }
        if (is_pop(c) && !c.pending()) {
            gone.insert(c.result.begin(), c.result.end());
        }
    }
    std::erase_if(gone, [&](std::int64_t value) {
        if (std::find(items.begin(), items.end(), value) != items.end()) {
            return true; // there from the beginning
        }
        auto const& life = lives[value];
        return std::any_of(fulls.begin(), fulls.end(), [&](call const* full) {
            return life.pushed <= full->returned && (life.missing || life.popped >= full->invoked);
        });
    });
    bool const some_missing = !items.empty() || std::any_of(lives.begin(), lives.end(), [&](auto const& life) {
        return life.second.missing && !gone.contains(life.first);
    });

    history left;
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < calls.size(); ++i) {
        auto c = calls[i];
        if (drop[i]) {
            if (is_observation(c)) {
                continue;
            }
            if (c.operation == close && !closed_somewhere) {
                continue;
            }
            if (is_pop(c) && c.pending() && !some_missing) {
                continue;
            }
            if (is_short_batch(c) && is_push(c)) {
                c.argument.count = static_cast<std::uint8_t>(pushed(c));
            }
            if (is_short_batch(c) && is_pop(c)) {
                c.argument = {c.result.count};
            }
        }
        if (is_push(c) && pushed(c) > 0) {
            auto const lost = take_out(c.argument, pushed(c), gone);
            if (c.argument.empty()) {
                continue;
            }
            if (c.operation == try_push_n && !c.pending()) {
                c.result.item[0] -= lost;
            }
        } else if (is_pop(c) && !c.pending() && !c.result.empty()) {
            auto const lost = take_out(c.result, c.result.size(), gone);
            if (c.operation == try_pop && lost > 0) {
                continue;
            }
            if (c.operation == try_pop_n) {
                c.argument.item[0] -= lost;
                if (c.argument[0] <= 0) {
                    continue;
                }
                if (c.result.empty()) {
                    c.answer = status::empty;
                }
            }
        }
        left.push_back(c);
        kept.push_back(i);
    }
    return promise == strength::weak && !overlaps_kept(calls, kept, left) ? calls : left;
}

history queue_spec::renumber(history calls) const {
    std::vector<call*> order;
    for (auto& c : calls) {
        order.push_back(&c);
    }
    std::sort(order.begin(), order.end(),
              [](call const* a, call const* b) { return std::pair(a->invoked, a) < std::pair(b->invoked, b); });
    std::unordered_map<std::int64_t, std::int64_t> names;
    auto const rename = [&](values& list) {
        for (std::size_t i = 0; i < list.size(); ++i) {
            list.item[i] = names.emplace(list[i], static_cast<std::int64_t>(names.size()) + 1).first->second;
        }
    };
    for (auto* c : order) {
        if (is_push(*c)) {
            rename(c->argument);
        }
    }
    for (auto* c : order) {
        if (is_pop(*c) && !c->pending()) {
            rename(c->result); // the values that nobody pushed come last
        }
    }
    return calls;
}

// A counter. A load may go, and an add of nothing. So may an add of n, when no result overlaps it: every other result
// is then surely before it, and stays as it is, or surely after it, and becomes n less, as it would in a legal run
// without that add. An exchange forgets what was added before it, so none may overlap an add that goes or come after
// it.
history counter_spec::without(history const& calls, std::vector<bool> const& drop) const {
    auto const adds = [](call const& c) {
        return c.operation == add || c.operation == sub || c.operation == fetch_add;
    };
    auto const observes = [&](call const& c) { return c.operation == load || (adds(c) && c.argument[0] == 0); };
    history left;
    std::vector<bool> leaving;
    for (std::size_t i = 0; i < calls.size(); ++i) {
        if (drop[i] && observes(calls[i])) {
            continue;
        }
        left.push_back(calls[i]);
        leaving.push_back(drop[i] && adds(calls[i]));
    }
    constexpr std::size_t small_enough = 2000; // what follows takes quadratic time
    if (left.size() > small_enough) {
        return left;
    }
    for (std::size_t i = 0; i < left.size();) {
        auto const gone = left[i];
        auto const depends = [&](call const& c) {
            if (precedes(c, gone)) {
                return false;
            }
            return c.operation == exchange || (overlap(c, gone) && (c.operation == load || c.operation == fetch_add));
        };
        auto const here = left.begin() + static_cast<std::ptrdiff_t>(i);
        if (!leaving[i] || std::any_of(left.begin(), here, depends) || std::any_of(here + 1, left.end(), depends)) {
            ++i;
            continue;
        }
        left.erase(here);
        leaving.erase(leaving.begin() + static_cast<std::ptrdiff_t>(i));
        for (auto& c : left) {
            if (c.result.empty() || !precedes(gone, c)) {
                continue;
            }
            counter_spec later{c.result[0]};
            later.perform(gone.operation == sub ? add : sub, gone.argument);
            c.result.item[0] = later.value;
        }
    }
    return left;
}

std::string counter_spec::describe() const {
    return std::string("the counter holds ").append(std::to_string(value));
}

} // namespace tandem::stress
