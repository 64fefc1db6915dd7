// Is this list of a map's calls possible? Key by key, by search; counts over many keys by bounds.
//
// The history of a key holds the calls that name it, and a part of each that goes over all keys:
//   for_each     a find; seen more than once: there, then away, then a find
//   erase_each   an erase_if, or as many as it counted; where it counted several keys, as clear
//   clear        an erase that tells nothing, and one more for every call that may have inserted the key meanwhile
// Calls of one thread stand in their order even where the clock's uncertainty makes them overlap.
#include <tandem/stress/map_spec.hpp>

#include <tandem/stress/render.hpp>
#include <tandem/stress/search.hpp>

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

namespace tandem::stress {

namespace {

using spec = map_spec;

constexpr std::int64_t any_value = 2; // of the remainders

bool matches(std::int64_t value, std::int64_t remainder) {
    return remainder == any_value || (value & 1) == remainder;
}

bool names_one_key(call const& c) {
    return c.operation < spec::for_each;
}
bool is_insertion(call const& c) {
    return c.operation <= spec::insert_or_assign;
}

reply yes_or_no(bool yes) {
    return {status::success, {yes ? 1 : 0}};
}
reply value_or_empty(std::optional<std::int64_t> const& value) {
    return value ? reply{status::success, {*value}} : reply{status::empty};
}

// An operation that names one key, on what is at that key.
reply act(std::optional<std::int64_t>& at, std::uint32_t operation, values const& argument) {
    bool const there = at.has_value();
    switch (operation) {
    case spec::insert:
    case spec::try_emplace:
        at = there ? *at : argument[1];
        return yes_or_no(!there);
    case spec::insert_or_assign:
        at = argument[1];
        return yes_or_no(!there);
    case spec::update:
        if (there) {
            *at += argument[1];
        }
        return yes_or_no(there);
    case spec::erase:
        return value_or_empty(std::exchange(at, std::nullopt));
    case spec::erase_if:
        if (!there || !matches(*at, argument[1])) {
            return yes_or_no(false);
        }
        at.reset();
        return yes_or_no(true);
    case spec::contains:
        return yes_or_no(there);
    case spec::find:
    case spec::visit:
        return value_or_empty(at);
    default:
        return {status::stopped}; // no such operation
    }
}

// The sequential object that one key is. Its clear(k r) stands for what may have erased it.
struct one_key {
    static constexpr auto const& operations = spec::operations;

    std::optional<std::int64_t> at{};

    reply perform(std::uint32_t operation, values const& argument) {
        if (operation == spec::clear) {
            act(at, spec::erase_if, argument);
            return {};
        }
        return act(at, operation, argument);
    }
    std::size_t hash() const { return at ? static_cast<std::size_t>(*at) * 2 + 1 : 0; }
    bool operator==(one_key const&) const = default;
};

// Erases of one key, from a whole-map call: what it asked of the value, and how many it counted, where that is known.
struct sweep {
    std::int64_t remainder = any_value;
    std::optional<std::int64_t> erased{};
};
std::optional<sweep> sweep_of(call const& c, std::int64_t key) {
    if (c.operation == spec::clear) {
        return sweep{};
    }
    if (c.operation != spec::erase_each || key < c.argument[0] || key > c.argument[1]) {
        return std::nullopt;
    }
    sweep s{c.argument[2]};
    if (!c.pending() && (c.argument[0] == c.argument[1] || c.result[0] == 0)) {
        s.erased = c.result[0];
    }
    return s;
}

// What a traversal said of a key.
std::optional<std::int64_t> seen(call const& c, std::int64_t key) {
    if (c.operation != spec::for_each || c.pending()) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i != c.argument.size(); ++i) {
        if (c.argument[i] == key) {
            return c.result[i];
        }
    }
    return std::nullopt;
}

// One key of a history.
class key_history {
public:
    key_history(history const& calls, std::optional<std::int64_t> initial, std::int64_t key)
        : calls_(calls), initial_{initial}, key_(key) {
        for (std::size_t i = 0; i != calls.size(); ++i) {
            auto const& c = calls[i];
            if (names_one_key(c) ? c.argument[0] == key : seen(c, key) || sweep_of(c, key)) {
                mine_.push_back(i);
            }
        }
        std::ranges::sort(mine_, {}, [&](std::size_t i) { return std::tuple(calls[i].thread, calls[i].invoked, i); });
    }

    std::vector<std::size_t> const& calls() const { return mine_; }

    verdict judge() const {
        return search<one_key>(initial_, parts_of_all(), budget).run().is;
    }

    // Which call it is that cannot be, and why; no words for what no single rule says.
    finding accuse() const {
        finding found{verdict::violation, {}, mine_};
        if (!possible(calls_.size(), {})) {
            return found;
        }
        auto order = mine_;
        std::ranges::sort(order, {}, [&](std::size_t i) { return calls_[i].returned; });
        for (auto const i : order) {
            auto const& c = calls_[i];
            if (!exact(c) || possible(i, parts_of(c))) {
                continue;
            }
            std::erase_if(found.calls, [&](std::size_t other) { return other == i || exact(calls_[other]); });
            found.calls.push_back(i);
            found.why = c.operation == spec::for_each ? why_not_seen_so(i) : why_not_erased_so(c);
            found.what = c.operation == spec::for_each ? "not what it can have seen" : "not what it can have erased";
            return found;
        }
        return found;
    }

private:
    static constexpr std::size_t budget = 200'000;

    bool exact(call const& c) const {
        if (names_one_key(c)) {
            return false;
        }
        auto const s = sweep_of(c, key_);
        return !s || s->erased;
    }

    call part(call const& of, std::uint32_t operation, values argument, reply const& said) const {
        return {of.thread, operation, argument, said.result, said.answer, of.invoked, of.returned};
    }
    call there(call const& c, bool yes) const { return part(c, spec::contains, {key_}, yes_or_no(yes)); }

    history parts_of(call const& c) const {
        if (names_one_key(c)) {
            auto one = c;
            one.asleep = false;
            return {one};
        }
        if (auto const v = seen(c, key_)) {
            auto const find = part(c, spec::find, {key_}, *v == 0 ? reply{status::empty} : reply{status::success, {*v < 0 ? -*v : *v}});
            return *v < 0 ? history{there(c, true), there(c, false), find} : history{find};
        }
        auto const s = *sweep_of(c, key_);
        if (!s.erased) {
            return possible_erases(c, s.remainder);
        }
        history all;
        for (std::int64_t n = 0; n < std::max<std::int64_t>(*s.erased, 1); ++n) {
            all.push_back(part(c, spec::erase_if, {key_, s.remainder}, yes_or_no(*s.erased != 0)));
        }
        return all;
    }

    history possible_erases(call const& c, std::int64_t remainder) const {
        auto const insertions = std::ranges::count_if(mine_, [&](std::size_t i) {
            auto const& other = calls_[i];
            return is_insertion(other) && overlap(other, c) && (other.pending() || other.result[0] == 1);
        });
        return history(static_cast<std::size_t>(insertions) + 1, part(c, spec::clear, {key_, remainder}, {}));
    }

    history parts_of_all() const {
        history all;
        for (auto const i : mine_) {
            append(all, parts_of(calls_[i]));
        }
        return all;
    }
    // Of whole-map calls only what they may have erased; and of one of them, these parts.
    bool possible(std::size_t one, history const& parts) const {
        history all;
        for (auto const i : mine_) {
            auto const& c = calls_[i];
            if (i == one) {
                append(all, parts);
            } else if (!exact(c)) {
                append(all, parts_of(c));
            } else if (auto const s = sweep_of(c, key_); s && *s->erased != 0) {
                append(all, possible_erases(c, s->remainder));
            }
        }
        return search<one_key>(initial_, all, budget).run().is != verdict::violation;
    }

    // Each after what its thread did before.
    static void append(history& all, history const& parts) {
        for (auto const& p : parts) {
            bool const first = all.empty() || all.back().thread != p.thread;
            all.push_back(p);
            all.back().part = first ? 0 : 1;
        }
    }

    std::string key_in_words() const { return concat({"key ", std::to_string(key_)}); }

    std::string why_not_seen_so(std::size_t which) const {
        auto const& c = calls_[which];
        auto const v = *seen(c, key_);
        if (v == 0) {
            return concat({key_in_words(), " was there during the whole of for_each, which did not see it"});
        }
        if (!possible(which, {there(c, true)})) {
            return concat({key_in_words(), " was not there at any instant of for_each, which saw it"});
        }
        if (v < 0 && !possible(which, {there(c, true), there(c, false), there(c, true)})) {
            return concat({"for_each saw ", key_in_words(), " more than once, and it was not away meanwhile"});
        }
        return concat({key_in_words(), " did not have the value ", std::to_string(v < 0 ? -v : v),
                       " at any instant of for_each, which saw it so"});
    }
    std::string why_not_erased_so(call const& c) const {
        if (c.result[0] == 0) {
            return concat({key_in_words(), " was there to be erased during the whole of erase_each, which left it"});
        }
        return concat({key_in_words(), " was not there to be erased so often during erase_each"});
    }

    history const& calls_;
    one_key initial_;
    std::int64_t key_;
    std::vector<std::size_t> mine_{};
};

std::set<std::int64_t> keys_of(spec const& initial, history const& calls) {
    std::set<std::int64_t> keys;
    for (auto const& [key, value] : initial.entries) {
        keys.insert(key);
    }
    for (auto const& c : calls) {
        if (names_one_key(c)) {
            keys.insert(c.argument[0]);
        } else if (c.operation == spec::for_each) {
            keys.insert(c.argument.begin(), c.argument.end());
        }
    }
    return keys;
}

std::optional<std::int64_t> value_at(spec const& map, std::int64_t key) {
    auto const at = map.entries.find(key);
    return at == map.entries.end() ? std::nullopt : std::optional(at->second);
}

// The keys that a count is about.
struct range {
    std::int64_t first = std::numeric_limits<std::int64_t>::min(), last = std::numeric_limits<std::int64_t>::max();

    bool contains(std::int64_t key) const { return first <= key && key <= last; }
};

bool counts(call const& c) {
    bool const several = c.operation == spec::erase_each && c.argument[0] != c.argument[1];
    return !c.pending() && (several || c.operation == spec::approx_size);
}
range counted_by(call const& c) {
    return c.operation == spec::erase_each ? range{c.argument[0], c.argument[1]} : range{};
}

bool adds_key(call const& c) { // or may have
    return is_insertion(c) && (c.pending() || c.result[0] == 1);
}
// How many keys in the range a call took out at most, and at least.
std::int64_t most_lost(call const& c, range const& in) {
    if (c.operation == spec::erase_each) {
        bool const apart = c.argument[1] < in.first || in.last < c.argument[0];
        return apart ? 0 : c.result[0];
    }
    if ((c.operation != spec::erase && c.operation != spec::erase_if) || !in.contains(c.argument[0])) {
        return 0;
    }
    bool const erased = c.operation == spec::erase ? c.answer == status::success : c.result[0] == 1;
    return c.pending() || erased ? 1 : 0;
}
std::int64_t least_lost(call const& c, range const& in) {
    bool const within = c.operation != spec::erase_each || (in.contains(c.argument[0]) && in.contains(c.argument[1]));
    return !c.pending() && within ? most_lost(c, in) : 0;
}
bool may_erase_all(call const& c) {
    return c.operation == spec::clear || (c.operation == spec::erase_each && c.pending());
}

struct bounds {
    std::int64_t least, most;
};

// How many keys in its range were surely there for a call to count, and how many can have been.
bounds bounds_of(spec const& initial, history const& calls, std::size_t which) {
    auto const& counting = calls[which];
    auto const in = counted_by(counting);
    auto const at_first = std::ranges::count_if(initial.entries, [&](auto const& e) { return in.contains(e.first); });
    std::optional<std::uint64_t> all_erased_until; // possibly
    call const* last_clear = nullptr;              // that had returned
    for (std::size_t i = 0; i != calls.size(); ++i) {
        auto const& c = calls[i];
        if (i == which || !may_erase_all(c) || precedes(counting, c)) {
            continue;
        }
        all_erased_until = std::max(all_erased_until.value_or(0), c.returned);
        if (c.operation == spec::clear && precedes(c, counting) && (last_clear == nullptr || last_clear->invoked < c.invoked)) {
            last_clear = &c;
        }
    }
    std::int64_t least = all_erased_until ? 0 : at_first, most = at_first, most_since_clear = 0;
    for (std::size_t i = 0; i != calls.size(); ++i) {
        auto const& c = calls[i];
        if (i == which || precedes(counting, c) || may_erase_all(c)) {
            continue;
        }
        if (adds_key(c) && in.contains(c.argument[0])) {
            least += precedes(c, counting) && (!all_erased_until || *all_erased_until < c.invoked) ? 1 : 0;
            most += 1;
            most_since_clear += last_clear != nullptr && !precedes(c, *last_clear) ? 1 : 0;
        }
        least -= !all_erased_until || *all_erased_until < c.returned ? most_lost(c, in) : 0;
        auto const lost = precedes(c, counting) ? least_lost(c, in) : 0;
        most -= lost;
        most_since_clear -= last_clear != nullptr && precedes(*last_clear, c) ? lost : 0;
    }
    if (counting.operation == spec::erase_each && counting.argument[2] != any_value) {
        least = 0;
    }
    return {std::max<std::int64_t>(least, 0), last_clear != nullptr ? std::min(most, most_since_clear) : most};
}

std::string keys_in_words(std::int64_t n) {
    return concat({std::to_string(n), n == 1 ? " key" : " keys"});
}

finding judge_count(spec const& initial, history const& calls, std::size_t which) {
    auto const n = calls[which].result[0];
    auto const [least, most] = bounds_of(initial, calls, which);
    auto const name = spec::operations[calls[which].operation];
    if (least <= n && n <= most) {
        return {verdict::linearizable};
    }
    return {verdict::violation,
            n < least ? concat({keys_in_words(least), " at least ", least == 1 ? "was" : "were", " there during the whole of ", name})
                      : concat({keys_in_words(most), " at most can have been there during ", name}),
            {which},
            "outside its bounds"};
}

bool well_formed(call const& c) {
    switch (c.operation) {
    case spec::erase:
    case spec::find:
    case spec::visit:
        return c.answer == status::success ? c.result.size() == 1 : c.answer == status::empty;
    case spec::for_each:
        return c.answer == status::success && c.result.size() == c.argument.size();
    case spec::clear:
        return c.answer == status::success;
    case spec::erase_each:
    case spec::approx_size:
        return c.answer == status::success && c.result.size() == 1 && c.result[0] >= 0;
    default:
        return c.answer == status::success && c.result.size() == 1 && (c.result[0] == 0 || c.result[0] == 1);
    }
}

// Changes nothing, so that it may go.
bool only_looks(call const& c) {
    switch (c.operation) {
    case spec::find:
    case spec::visit:
    case spec::contains:
    case spec::for_each:
    case spec::approx_size:
        return true;
    case spec::erase:
        return !c.pending() && c.answer == status::empty;
    case spec::clear:
    case spec::insert_or_assign:
        return false;
    default:
        return !c.pending() && c.result[0] == 0;
    }
}

// The first key whose history cannot be.
std::optional<std::int64_t> guilty_key(spec const& initial, history const& calls) {
    for (auto const key : keys_of(initial, calls)) {
        if (key_history(calls, value_at(initial, key), key).judge() == verdict::violation) {
            return key;
        }
    }
    return std::nullopt;
}

// A key that nobody changes while it is counted: whether it is there then. Nothing where that is open.
std::optional<bool> counted(spec const& initial, history const& calls, call const& counting, std::int64_t key) {
    auto there = static_cast<std::int64_t>(initial.entries.count(key));
    for (auto const& c : calls) {
        if (!names_one_key(c) || c.argument[0] != key) {
            continue;
        }
        range const only{key, key};
        bool const changes = adds_key(c) || most_lost(c, only) != 0;
        if (changes && !precedes(c, counting)) {
            return std::nullopt;
        }
        there += adds_key(c) ? 1 : 0;
        there -= most_lost(c, only);
    }
    return there != 0;
}

} // namespace

reply map_spec::perform(std::uint32_t operation, values const& argument) {
    auto const in_range = [&](auto const& entry) {
        return argument[0] <= entry.first && entry.first <= argument[1] && matches(entry.second, argument[2]);
    };
    switch (operation) {
    case for_each: {
        reply said;
        for (auto const key : argument) {
            said.result.push_back(value_at(*this, key).value_or(0));
        }
        return said;
    }
    case erase_each:
        return {status::success, {static_cast<std::int64_t>(std::erase_if(entries, in_range))}};
    case clear:
        entries.clear();
        return {};
    case approx_size:
        return {status::success, {static_cast<std::int64_t>(entries.size())}};
    default:
        break;
    }
    auto const key = argument[0];
    auto at = value_at(*this, key);
    auto const said = act(at, operation, argument);
    if (at) {
        entries[key] = *at;
    } else {
        entries.erase(key);
    }
    return said;
}

std::size_t map_spec::hash() const {
    std::size_t hash = 0;
    for (auto const& [key, value] : entries) {
        hash = (hash ^ static_cast<std::size_t>(key)) * 0x9e3779b97f4a7c15u;
        hash = (hash ^ static_cast<std::size_t>(value)) * 0xff51afd7ed558ccdu;
    }
    return hash;
}

std::string map_spec::describe() const {
    std::string words;
    for (auto at = entries.begin(); at != entries.end();) {
        auto const first = *at;
        auto last = first.first;
        while (++at != entries.end() && first.first == first.second && *at == std::pair<std::int64_t const, std::int64_t>(last + 1, last + 1)) {
            ++last;
        }
        words += concat({words.empty() ? "the map holds " : ", ", std::to_string(first.first)});
        words += last != first.first ? concat({"..", std::to_string(last)}) : concat({": ", std::to_string(first.second)});
    }
    return words.empty() ? "the map is empty" : words;
}

finding map_spec::monitor(history const& calls) const {
    for (std::size_t i = 0; i != calls.size(); ++i) {
        if (!calls[i].pending() && !well_formed(calls[i])) {
            return {verdict::violation, concat({std::string(operations[calls[i].operation]), " does not answer so"}), {i}};
        }
    }
    bool open = false;
    for (auto const key : keys_of(*this, calls)) {
        key_history const one(calls, value_at(*this, key), key);
        auto const is = one.judge();
        if (is == verdict::violation) {
            return one.accuse();
        }
        open = open || is == verdict::unknown;
    }
    for (std::size_t i = 0; i != calls.size(); ++i) {
        if (!counts(calls[i])) {
            continue;
        }
        if (auto found = judge_count(*this, calls, i); found.is == verdict::violation) {
            return found;
        }
    }
    return {open ? verdict::unknown : verdict::linearizable};
}

// The history of one impossible key stands for all, and in it what only looks may go: the map without the other keys would
// have been as right. An impossible count stands for itself, with all that changes anything; a key may go that nobody
// changes meanwhile, when the count no longer counts it.
history map_spec::without(history const& calls, std::vector<bool> const& drop) const {
    history left;
    if (auto const key = guilty_key(*this, calls)) {
        auto mine = key_history(calls, value_at(*this, *key), *key).calls();
        std::ranges::sort(mine);
        for (auto const i : mine) {
            auto c = calls[i];
            if (drop[i] && only_looks(c)) {
                continue;
            }
            if (c.operation == for_each) {
                c.result = {*seen(c, *key)};
                c.argument = {*key};
            }
            left.push_back(c);
        }
        return left;
    }
    auto const counting = std::ranges::find_if(
        calls, [&](call const& c) { return counts(c) && judge_count(*this, calls, static_cast<std::size_t>(&c - calls.data())).is == verdict::violation; });
    if (counting == calls.end()) {
        return calls;
    }
    auto count = *counting;
    bool const by_key = std::ranges::none_of(
        calls, [&](call const& c) { return &c != &*counting && (c.operation == clear || c.operation == erase_each); });
    std::set<std::int64_t> gone;
    for (std::size_t i = 0; by_key && i != calls.size(); ++i) {
        auto const key = calls[i].argument[0];
        if (!drop[i] || !names_one_key(calls[i]) || gone.contains(key) || entries.contains(key)) {
            continue;
        }
        auto const there = counted(*this, calls, count, key);
        bool const one_more = there.value_or(false) && counted_by(count).contains(key);
        if (there && (!one_more || count.result[0] > 0)) {
            gone.insert(key);
            count.result.item[0] -= one_more ? 1 : 0;
        }
    }
    for (std::size_t i = 0; i != calls.size(); ++i) {
        auto const& c = calls[i];
        if (&c == &*counting) {
            left.push_back(count);
        } else if (!(drop[i] && only_looks(c)) && !(names_one_key(c) && gone.contains(c.argument[0]))) {
            left.push_back(c);
        }
    }
    return left;
}

std::size_t map_spec::begins_by(history const& calls, std::size_t impossible) const {
    if (!names_one_key(calls[impossible])) {
        return calls.size(); // the reason says it all
    }
    std::size_t begin = calls.size();
    auto changes = only_looks(calls[impossible]) ? 2 : 1;
    for (auto i = calls.size(); i-- != 0 && changes != 0;) {
        if (i != impossible && !only_looks(calls[i])) {
            begin = i;
            --changes;
        }
    }
    return begin;
}

} // namespace tandem::stress
