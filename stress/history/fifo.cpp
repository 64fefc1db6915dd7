#include <tandem/stress/fifo.hpp>
#include <tandem/stress/render.hpp>
#include <tandem/stress/search.hpp>

#include <algorithm>
#include <bit>
#include <optional>
#include <stdexcept>

namespace tandem::stress {

namespace {

using std::size_t, std::uint32_t, std::uint64_t, std::int64_t;

constexpr uint32_t nobody = std::numeric_limits<uint32_t>::max();

// A value that was put in, or may have been by a pending push, with the intervals in which it came and went. One that
// was never taken goes at `never`.
struct element {
    uint64_t push_invoked, push_returned;
    uint64_t pop_invoked = never, pop_returned = never;
    uint32_t push;
    uint32_t pop = nobody;
};

struct moment {
    uint64_t time;
    uint32_t element;
};

// Merges the ascending runs that a recording thread by thread leaves; anything more shuffled is simply sorted.
void sort_by_time(std::vector<moment>& moments) {
    auto const earlier = [](moment const& a, moment const& b) { return a.time < b.time; };
    std::vector<size_t> ends;
    for (size_t i = 1; i <= moments.size(); ++i) {
        if (i == moments.size() || moments[i].time < moments[i - 1].time) {
            ends.push_back(i);
        }
        if (ends.size() > 64) {
            return std::sort(moments.begin(), moments.end(), earlier);
        }
    }
    std::vector<moment> merged(moments.size());
    while (ends.size() > 1) {
        std::vector<size_t> longer;
        size_t begin = 0;
        for (size_t i = 0; i < ends.size(); i += 2) {
            auto const middle = ends[i], end = i + 1 < ends.size() ? ends[i + 1] : middle;
            auto const at = [&](size_t offset) { return moments.begin() + static_cast<std::ptrdiff_t>(offset); };
            std::merge(at(begin), at(middle), at(middle), at(end), merged.begin() + static_cast<std::ptrdiff_t>(begin),
                       earlier);
            longer.push_back(begin = end);
        }
        moments.swap(merged);
        ends.swap(longer);
    }
}

// value -> element, open addressing. Values that follow one another share a neighbourhood, since threads number theirs
// in sequence.
class element_index {
public:
    explicit element_index(std::vector<int64_t> const& values)
        : values_(values), slots_(std::bit_ceil(std::max<size_t>(16, 2 * values.size())), nobody) {}

    // No value may be there twice.
    void fill() {
        for (uint32_t i = 0; i < values_.size(); ++i) {
            auto& found = slots_[find_slot(values_[i])];
            if (found != nobody) {
                TANDEM_THROW(std::invalid_argument("the FIFO monitor needs every pushed value to be unique"));
            }
            found = i;
        }
    }
    uint32_t find(int64_t value) const { return slots_[find_slot(value)]; }

private:
    size_t find_slot(int64_t value) const {
        auto const bits = static_cast<uint64_t>(value);
        auto const neighbourhood = ((bits >> 4) * 0x9e3779b97f4a7c15u) >> 20;
        auto at = (neighbourhood << 4 | (bits & 15)) & (slots_.size() - 1);
        while (slots_[at] != nobody && values_[slots_[at]] != value) {
            at = (at + 1) & (slots_.size() - 1);
        }
        return at;
    }

    std::vector<int64_t> const& values_;
    std::vector<uint32_t> slots_;
};

class fifo_monitor {
public:
    fifo_monitor(queue_spec const& promise, history const& calls, std::span<std::string_view const> names)
        : promise_(promise), calls_(calls), names_(names) {}

    finding run() {
        if (!promise_.items.empty() || promise_.closed) {
            return {};
        }
        collect();
        bool const accused = match_pops() || check_close() || check_order() || check_batches() || check_empty() ||
                             check_overflow() || check_full() || check_busy();
        if (!accused && classic_) {
            found_.is = verdict::linearizable;
        }
        return std::move(found_);
    }

private:
    // ---- what happened ----

    static bool is_push(call const& c) {
        return c.operation == queue_spec::try_push || c.operation == queue_spec::try_push_n;
    }
    static bool is_batch(call const& c) {
        return c.operation == queue_spec::try_push_n || c.operation == queue_spec::try_pop_n;
    }

    static size_t pushed(call const& c) {
        if (c.pending()) {
            return c.argument.size();
        }
        if (c.operation == queue_spec::try_push) {
            return c.answer == status::success ? 1 : 0;
        }
        return static_cast<size_t>(std::clamp<int64_t>(c.result[0], 0, c.argument.count));
    }

    static size_t wanted(call const& c) {
        if (c.operation == queue_spec::try_pop) {
            return 1;
        }
        return static_cast<size_t>(std::clamp<int64_t>(c.argument[0], 0, int64_t{max_batch}));
    }

    // The one pass over all calls, which are large; what follows reads only what this keeps.
    void collect() {
        elements_.reserve(calls_.size());
        values_.reserve(calls_.size());
        taken_.reserve(calls_.size());
        for (uint32_t i = 0; i < calls_.size(); ++i) {
            auto const& c = calls_[i];
            switch (c.operation) {
            case queue_spec::try_push:
            case queue_spec::try_push_n:
                collect_push(i, c);
                break;
            case queue_spec::try_pop:
            case queue_spec::try_pop_n:
                collect_pop(i, c);
                break;
            default:
                closes_.push_back(i);
            }
            if (is_batch(c)) {
                batches_.push_back(i);
            }
            if (c.pending()) {
                continue;
            }
            if (c.answer == status::closed) {
                closes_.push_back(i);
            }
            if (c.answer == status::busy) {
                busy_.push_back(i);
            }
        }
        classic_ =
            batches_.empty() && closes_.empty() && pending_pops_.empty() && promise_.capacity == queue_spec::unbounded;
    }

    void collect_push(uint32_t i, call const& c) {
        for (size_t j = 0; j < pushed(c); ++j) {
            elements_.push_back({.push_invoked = c.invoked, .push_returned = c.returned, .push = i});
            values_.push_back(c.argument[j]);
        }
        auto const short_batch = is_batch(c) && !c.pending() && pushed(c) < c.argument.size();
        if (short_batch || (!c.pending() && c.answer == status::full)) {
            short_pushes_.push_back(i);
        }
    }

    void collect_pop(uint32_t i, call const& c) {
        if (c.pending()) {
            return pending_pops_.push_back(i);
        }
        if (c.answer != status::busy && c.result.size() < wanted(c)) {
            nothing_.push_back(i);
        }
        if (c.answer != status::success) {
            return;
        }
        for (auto const value : c.result) {
            taken_.push_back({value, c.invoked, c.returned, i});
        }
    }

    bool match_pops() {
        index_.emplace(values_);
        index_->fill();
        for (auto const& one : taken_) {
            if (take(one)) {
                return true;
            }
        }
        if (!pending_pops_.empty()) {
            settle_pending_pops();
        }
        return false;
    }

    struct taking {
        int64_t value;
        uint64_t invoked, returned;
        uint32_t pop;
    };

    bool take(taking const& t) {
        auto const at = index_->find(t.value);
        if (at == nobody) {
            return accuse(concat({show(t.pop), ": ", std::to_string(t.value), " was never pushed"}), {t.pop});
        }
        auto& e = elements_[at];
        if (e.pop != nobody) {
            auto const first = e.pop_invoked <= t.invoked ? e.pop : t.pop;
            return accuse(std::to_string(t.value) + " was pushed once and popped twice",
                          {e.push, first, first == t.pop ? e.pop : t.pop});
        }
        e.pop = t.pop;
        e.pop_invoked = t.invoked;
        e.pop_returned = t.returned;
        if (e.pop_returned >= e.push_invoked) {
            return false;
        }
        return accuse(
            concat({show(t.pop), " had returned before ", name(e.push), "(", std::to_string(t.value), ") began"}),
            {e.push, t.pop});
    }

    // Any pending pop may have taken any one value that is missing.
    void settle_pending_pops() {
        auto earliest = never;
        for (auto const i : pending_pops_) {
            earliest = std::min(earliest, calls_[i].invoked);
        }
        for (auto& e : elements_) {
            if (e.pop == nobody) {
                e.pop_invoked = earliest;
            }
        }
    }

    // ---- close: one moment, not before `not_before` and not after `not_after` ----

    struct bound {
        uint64_t time;
        uint32_t call = nobody;
    };

    bool check_close() {
        if (closes_.empty()) {
            return false;
        }
        bound first_close{never};
        for (auto const i : closes_) {
            auto const& c = calls_[i];
            if (c.operation == queue_spec::close && c.invoked < first_close.time) {
                first_close = {c.invoked, i};
            }
        }
        bound open{0};
        for (uint32_t i = 0; i < calls_.size(); ++i) {
            auto const& c = calls_[i];
            if (c.pending() || c.answer == status::busy) {
                continue;
            }
            if (says_closed(c)) {
                if (c.returned < first_close.time) {
                    return accuse(show(i) + " had returned before any close began", {i});
                }
                if (c.returned < not_after_.time) {
                    not_after_ = {c.returned, i};
                }
            } else if (says_open(c) && c.invoked >= open.time) {
                open = {c.invoked, i};
            }
        }
        not_before_ = std::max(first_close.time, open.time);
        no_close_before_ = first_close.time;
        if (open.call == nobody || open.time <= not_after_.time) {
            return false;
        }
        return accuse(
            concat({show(not_after_.call), " had returned before ", signature(name(open.call), calls_[open.call]),
                    " began, so `", spoken(calls_[open.call]), "` cannot be explained"}),
            {not_after_.call, open.call});
    }

    static bool says_closed(call const& c) {
        if (c.operation == queue_spec::is_closed) {
            return c.result[0] != 0;
        }
        return c.operation == queue_spec::close || c.answer == status::closed;
    }
    static bool says_open(call const& c) {
        if (c.operation == queue_spec::is_closed) {
            return c.result[0] == 0;
        }
        if (is_push(c)) {
            return pushed(c) > 0 || c.answer == status::full;
        }
        return c.operation == queue_spec::try_pop && c.answer == status::empty;
    }

    // ---- order ----

    bool check_order() {
        by_push_invoked_ = moments([](element const& e) { return e.push_invoked; });
        by_push_returned_ = moments([](element const& e) { return e.push_returned; });
        uint32_t last_gone = nobody; // of those pushed before the push at hand, the one popped last
        auto before = by_push_returned_.begin();
        for (auto const& [invoked, later] : by_push_invoked_) {
            for (; before != by_push_returned_.end() && before->time < invoked; ++before) {
                if (last_gone == nobody || elements_[before->element].pop_invoked > elements_[last_gone].pop_invoked) {
                    last_gone = before->element;
                }
            }
            if (last_gone == nobody || elements_[later].pop == nobody) {
                continue;
            }
            if (elements_[later].pop_returned < elements_[last_gone].pop_invoked) {
                return accuse_inversion(last_gone, later);
            }
        }
        return false;
    }

    // Within a batch the values have an order too.
    bool check_batches() {
        for (auto const i : batches_) {
            auto const& c = calls_[i];
            if (c.pending() && !is_push(c)) {
                continue;
            }
            auto const& items = is_push(c) ? c.argument : c.result;
            auto const count = is_push(c) ? pushed(c) : items.size();
            for (size_t a = 0; a < count; ++a) {
                for (size_t b = a + 1; b < count; ++b) {
                    auto const first = index_->find(items[a]), second = index_->find(items[b]);
                    auto const &x = elements_[first], &y = elements_[second];
                    if (is_push(c) && y.pop != nobody && y.pop_returned < x.pop_invoked) {
                        return accuse_inversion(first, second);
                    }
                    if (!is_push(c) && y.push_returned < x.push_invoked) {
                        return accuse_inversion(second, first);
                    }
                    if (is_push(c) && y.pop != nobody && x.pop == y.pop && popped_before(y, items[b], items[a])) {
                        return accuse_inversion(first, second);
                    }
                }
            }
        }
        return false;
    }

    bool popped_before(element const& e, int64_t a, int64_t b) const {
        auto const& taken = calls_[e.pop].result;
        return std::find(taken.begin(), taken.end(), a) < std::find(taken.begin(), taken.end(), b);
    }

    bool accuse_inversion(uint32_t first, uint32_t second) {
        auto const &a = elements_[first], &b = elements_[second];
        auto const x = std::to_string(values_[first]), y = std::to_string(values_[second]);
        std::vector<size_t> calls{a.push};
        if (b.push != a.push) {
            calls.push_back(b.push);
        }
        if (a.pop != nobody && a.pop != b.pop) {
            calls.push_back(a.pop);
        }
        calls.push_back(b.pop);
        auto const pushes =
            a.push == b.push
                ? concat({x, " was pushed ahead of ", y})
                : concat({show(a.push), " had returned before ", signature(name(b.push), calls_[b.push]), " began"});
        return accuse(concat({pushes, ", so ", y, " cannot leave while ", x, " is still there"}), std::move(calls));
    }

    // ---- nothing there ----

    // A stretch of time at every moment of which some value was surely there.
    struct stretch {
        uint64_t after, before;
    };

    bool check_empty() {
        if (nothing_.empty()) {
            return false;
        }
        std::vector<stretch> occupied;
        for (auto const& [returned, at] : by_push_returned_) {
            auto const gone = elements_[at].pop_invoked;
            if (gone <= returned) {
                continue;
            }
            if (occupied.empty() || returned >= occupied.back().before) {
                occupied.push_back({returned, gone});
            } else {
                occupied.back().before = std::max(occupied.back().before, gone);
            }
        }
        for (auto const i : nothing_) {
            auto const& c = calls_[i];
            if (is_batch(c) && promise_.promise == queue_spec::strength::weak && overlapped(i)) {
                continue;
            }
            auto const begin = c.answer == status::closed ? std::max(c.invoked, not_before_) : c.invoked;
            auto const end =
                c.answer == status::empty && !is_batch(c) ? std::min(c.returned, not_after_.time) : c.returned;
            auto const next = std::partition_point(occupied.begin(), occupied.end(),
                                                   [&](stretch const& s) { return s.after < begin; });
            if (next != occupied.begin() && std::prev(next)->before > end) {
                return accuse_empty(i, begin, end);
            }
        }
        return false;
    }

    // The fewest values that were there one after the other, from `begin` to `end`.
    bool accuse_empty(uint32_t pop, uint64_t begin, uint64_t end) {
        std::vector<uint32_t> cover;
        auto at = by_push_returned_.begin();
        for (auto until = begin; until <= end;) {
            auto longest = nobody;
            for (; at != by_push_returned_.end() && at->time < until; ++at) {
                if (longest == nobody || elements_[at->element].pop_invoked > elements_[longest].pop_invoked) {
                    longest = at->element;
                }
            }
            cover.push_back(longest);
            until = elements_[longest].pop_invoked;
        }
        std::vector<size_t> calls;
        for (auto const e : cover) {
            calls.push_back(elements_[e].push);
        }
        for (auto const e : cover) {
            if (elements_[e].pop != nobody) {
                calls.push_back(elements_[e].pop);
            }
        }
        calls.push_back(pop);
        std::string const answered = calls_[pop].answer == status::success ? "so few" : to_string(calls_[pop].answer);
        auto const& first = elements_[cover[0]];
        auto why = concat({show(first.push), " had returned before ", signature(name(pop), calls_[pop]), " began"});
        if (begin != calls_[pop].invoked) {
            why = show(first.push) + " had returned before the queue can have been closed";
        }
        if (cover.size() > 1) {
            why = concat({"at every moment of ", signature(name(pop), calls_[pop]), " one of the values ", list(cover),
                          " was there"});
        } else if (first.pop != nobody) {
            why += concat({", and ", std::to_string(values_[cover[0]]), " was still there"});
        }
        return accuse(concat({why, ", so `", answered, "` cannot be explained"}), std::move(calls));
    }

    // ---- room ----

    bool check_overflow() {
        if (promise_.capacity == queue_spec::unbounded) {
            return false;
        }
        auto leaving = moments([](element const& e) { return e.pop == nobody ? never : e.pop_invoked; });
        size_t gone = 0, perhaps = 0, next_pending = 0;
        std::sort(pending_pops_.begin(), pending_pops_.end(),
                  [&](size_t a, size_t b) { return calls_[a].invoked < calls_[b].invoked; });
        for (size_t n = 0; n < by_push_returned_.size() && by_push_returned_[n].time != never; ++n) {
            auto const now = by_push_returned_[n].time;
            while (gone < leaving.size() && leaving[gone].time <= now) {
                ++gone;
            }
            for (; next_pending < pending_pops_.size() && calls_[pending_pops_[next_pending]].invoked <= now;
                 ++next_pending) {
                perhaps += wanted(calls_[pending_pops_[next_pending]]);
            }
            if (n + 1 <= promise_.capacity + gone + perhaps) {
                continue;
            }
            std::vector<size_t> there;
            for (size_t i = 0; i <= n; ++i) {
                auto const& e = elements_[by_push_returned_[i].element];
                if (e.pop == nobody || e.pop_invoked > now) {
                    there.push_back(e.push);
                }
            }
            auto const last = elements_[by_push_returned_[n].element].push;
            std::erase(there, last);
            there.erase(std::unique(there.begin(), there.end()), there.end());
            there.push_back(last);
            return accuse(concat({"when ", show(last), " returned, more values were there than the capacity of ",
                                  std::to_string(promise_.capacity)}),
                          std::move(there));
        }
        return false;
    }

    // At no moment of a push refused for want of room can `capacity` values have been there. Counts, at each push in
    // order, the most that can be there, and keeps those counts that no later one exceeds: the largest since any moment
    // is then the first kept since that moment.
    bool check_full() {
        if (short_pushes_.empty()) {
            return false;
        }
        auto const gone = moments([](element const& e) { return e.pop_returned; });
        auto const most_at = [&](uint64_t time) {
            auto const in = std::upper_bound(by_push_invoked_.begin(), by_push_invoked_.end(), time,
                                             [](uint64_t t, moment const& m) { return t < m.time; });
            auto const out =
                std::partition_point(gone.begin(), gone.end(), [&](moment const& m) { return m.time < time; });
            return static_cast<size_t>(in - by_push_invoked_.begin()) - static_cast<size_t>(out - gone.begin());
        };
        auto const until = [&](uint32_t i) {
            return calls_[i].answer == status::full ? std::min(calls_[i].returned, not_after_.time)
                                                    : calls_[i].returned;
        };
        std::sort(short_pushes_.begin(), short_pushes_.end(),
                  [&](uint32_t a, uint32_t b) { return until(a) < until(b); });
        std::vector<std::pair<uint64_t, size_t>> kept;
        size_t pushes = 0, pops = 0;
        for (auto const i : short_pushes_) {
            auto const& c = calls_[i];
            for (; pushes < by_push_invoked_.size() && by_push_invoked_[pushes].time <= until(i); ++pushes) {
                auto const now = by_push_invoked_[pushes].time;
                while (pops < gone.size() && gone[pops].time < now) {
                    ++pops;
                }
                auto const most = pushes + 1 - pops;
                while (!kept.empty() && kept.back().second <= most) {
                    kept.pop_back();
                }
                kept.emplace_back(now, most);
            }
            if (is_batch(c) &&
                (no_close_before_ <= c.returned || (promise_.promise == queue_spec::strength::weak && overlapped(i)))) {
                continue;
            }
            auto const since =
                std::partition_point(kept.begin(), kept.end(), [&](auto const& k) { return k.first < c.invoked; });
            auto const most = std::max(most_at(c.invoked), since == kept.end() ? 0 : since->second);
            if (most < promise_.capacity) {
                return accuse_full(i, most);
            }
        }
        return false;
    }

    bool accuse_full(uint32_t push, size_t most) {
        auto const& c = calls_[push];
        std::vector<size_t> calls;
        for (auto const& e : elements_) {
            if (e.push_invoked <= c.returned && e.pop_returned >= c.invoked && e.push != push) {
                calls.push_back(e.push);
            }
        }
        calls.erase(std::unique(calls.begin(), calls.end()), calls.end());
        calls.push_back(push);
        auto const room = promise_.capacity == queue_spec::unbounded
                              ? std::string("and the queue is unbounded")
                              : concat({"and the capacity is ", std::to_string(promise_.capacity)});
        return accuse(concat({"at most ", std::to_string(most), most == 1 ? " value" : " values",
                              " can have been there during ", signature(name(push), c), ", ", room}),
                      std::move(calls));
    }

    // ---- busy ----

    bool check_busy() {
        for (auto const i : busy_) {
            if (promise_.promise == queue_spec::strength::strong) {
                return accuse("this queue promises never to answer `busy`", {i});
            }
            if (!overlapped(i)) {
                return accuse("no other call was in progress, so `busy` cannot be explained", {i});
            }
        }
        return false;
    }

    bool overlapped(uint32_t i) {
        if (overlapped_.empty()) {
            overlapped_ = detail::overlapped(calls_);
        }
        return overlapped_[i];
    }

    // ---- words ----

    template <class Time>
    std::vector<moment> moments(Time time) const {
        std::vector<moment> all;
        all.reserve(elements_.size());
        for (uint32_t i = 0; i < elements_.size(); ++i) {
            all.push_back({time(elements_[i]), i});
        }
        sort_by_time(all);
        return all;
    }

    bool accuse(std::string why, std::vector<size_t> calls) {
        found_ = {verdict::violation, std::move(why), std::move(calls)};
        return true;
    }
    std::string name(uint32_t i) const {
        return std::string(names_.empty() ? queue_spec::operations[calls_[i].operation] : names_[i]);
    }
    std::string show(uint32_t i) const {
        auto const& c = calls_[i];
        if (c.answer == status::success && c.result.empty()) {
            return signature(name(i), c);
        }
        return text(name(i), c);
    }
    std::string list(std::vector<uint32_t> const& elements) const {
        std::string words;
        for (auto const e : elements) {
            words += concat({words.empty() ? "" : ", ", std::to_string(values_[e])});
        }
        return words;
    }

    queue_spec const& promise_;
    history const& calls_;
    std::span<std::string_view const> names_;
    finding found_{};
    bool classic_ = false; // there is nothing in it that the patterns do not decide

    std::vector<element> elements_{};
    std::vector<int64_t> values_{};
    std::vector<taking> taken_{};
    std::optional<element_index> index_{};
    std::vector<moment> by_push_invoked_{}, by_push_returned_{};
    std::vector<uint32_t> short_pushes_{}, nothing_{}, busy_{}, pending_pops_{}, batches_{};
    std::vector<uint32_t> closes_{}; // every close, every question whether it is closed, every answer that it is
    bound not_after_{never};
    uint64_t not_before_ = 0, no_close_before_ = never;
    std::vector<bool> overlapped_{};
};

} // namespace

finding monitor_fifo(queue_spec const& promise, history const& calls, std::span<std::string_view const> names) {
    return fifo_monitor(promise, calls, names).run();
}

finding queue_spec::monitor(history const& calls) const {
    return monitor_fifo(*this, calls);
}

} // namespace tandem::stress
