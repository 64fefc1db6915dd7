// A channel: its specification, its monitor and its projection. The monitor is the queue's (fifo.cpp), and looks
// beyond it at who sleeps at the end, who was stopped, and what became of the elements.
#include <tandem/stress/channel_spec.hpp>
#include <tandem/stress/fifo.hpp>
#include <tandem/stress/render.hpp>
#include <tandem/stress/search.hpp>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace tandem::stress {

namespace {

using ch = channel_spec;

bool sends(call const& c) {
    return c.operation <= ch::send_many;
}
bool receives(call const& c) {
    return c.operation >= ch::recv && c.operation <= ch::recv_many;
}
bool waits_for_good(std::uint32_t operation) { // until it is woken
    switch (operation) {
    case ch::send:
    case ch::send_unless:
    case ch::send_many:
    case ch::recv:
    case ch::recv_unless:
    case ch::recv_many:
        return true;
    default:
        return false;
    }
}

// The values that a send is about; send_unless also names who may stop it.
std::size_t offered(call const& c) {
    return c.operation == ch::send_many ? c.argument.size() : 1;
}
// How many it put in, or may have put in.
std::size_t sent(call const& c) {
    if (c.pending()) {
        return offered(c);
    }
    if (c.operation == ch::send_many) {
        return static_cast<std::size_t>(std::clamp<std::int64_t>(c.result[0], 0, c.argument.count));
    }
    return c.answer == status::success ? 1 : 0;
}

std::int64_t stop_of(call const& c) {
    return c.operation == ch::send_unless ? c.argument[1] : c.argument[0];
}

bool says_closed(call const& c) {
    if (c.pending()) {
        return false;
    }
    if (c.operation == ch::is_closed) {
        return c.result[0] != 0;
    }
    return c.answer == status::closed || (c.operation == ch::send_many && sent(c) < offered(c));
}

bool contains(std::vector<std::int64_t> const& list, std::int64_t value) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

} // namespace

reply channel_spec::perform(std::uint32_t operation, values const& argument) {
    constexpr auto would_wait = status::busy;
    auto const put = [&](status without_room) -> reply {
        if (closed) {
            return {status::closed, {}};
        }
        if (items.size() >= capacity) {
            return {without_room, {}};
        }
        items.push_back(argument[0]);
        return {};
    };
    auto const take = [&](status with_nothing) -> reply {
        if (items.empty()) {
            return {closed ? status::closed : with_nothing, {}};
        }
        auto const oldest = items.front();
        items.erase(items.begin());
        return {status::success, {oldest}};
    };
    switch (operation) {
    case send:
        return put(would_wait);
    case try_send:
        return put(status::full);
    case send_for:
        return put(status::timeout);
    case send_unless:
        return put(contains(stops, argument[1]) ? status::stopped : would_wait);
    case recv:
        return take(would_wait);
    case try_recv:
        return take(status::empty);
    case recv_for:
        return take(status::timeout);
    case recv_unless:
        return take(contains(stops, argument[0]) ? status::stopped : would_wait);
    case close:
        closed = true;
        return {};
    case is_closed:
        return {status::success, {closed ? 1 : 0}};
    case stop:
        if (!contains(stops, argument[0])) {
            stops.insert(std::upper_bound(stops.begin(), stops.end(), argument[0]), argument[0]);
        }
        return {};
    case copy_sender:
        ++senders;
        return {};
    case copy_receiver:
        ++receivers;
        return {};
    case drop_sender:
        --senders;
        closed = closed || senders == 0;
        return {};
    case drop_receiver:
        if (--receivers == 0) {
            closed = true;
            items.clear();
        }
        return {};
    case account:
        return {status::success, {0, 0, 0}};
    default:
        return {would_wait, {}}; // send_many and recv_many, which take effect in parts; or no such operation
    }
}

bool channel_spec::step(call const& c, bool overlapped) {
    bool const by_sender = sends(c) || c.operation == copy_sender || c.operation == drop_sender;
    bool const by_receiver = receives(c) || c.operation == copy_receiver || c.operation == drop_receiver;
    if ((by_sender && senders <= 0) || (by_receiver && receivers <= 0)) {
        return false; // with what handle?
    }
    if (c.pending()) {
        return perform(c.operation, c.argument).answer != status::busy;
    }
    switch (c.answer) {
    case status::busy:
        return false;
    case status::stopped:
        return (c.operation == send_unless || c.operation == recv_unless) && contains(stops, stop_of(c));
    case status::timeout:
        if (overlapped && (c.operation == send_for || c.operation == recv_for)) {
            return true;
        }
        [[fallthrough]];
    default:
        return perform(c.operation, c.argument) == reply{c.answer, c.result};
    }
}

std::vector<call> channel_spec::parts(call const& c) const {
    std::vector<call> all;
    auto const add = [&](std::uint32_t operation, values argument, status answer, values result) {
        auto part = c;
        part.operation = operation;
        part.argument = argument;
        part.answer = answer;
        part.result = result;
        all.push_back(part);
    };
    if (c.operation == send_many) {
        for (std::size_t i = 0; i != sent(c); ++i) {
            add(send, {c.argument[i]}, status::success, {});
        }
        if (!c.pending() && sent(c) != offered(c)) {
            add(send, {c.argument[sent(c)]}, status::closed, {});
        }
    } else if (c.operation == recv_many) {
        auto const most = static_cast<std::size_t>(std::clamp<std::int64_t>(c.argument[0], 0, max_batch));
        if (c.pending()) {
            for (std::size_t i = 0; i != (c.asleep ? 1 : most); ++i) { // asleep: it waits for the first only
                add(recv, {}, status::success, {});
            }
        } else if (c.answer == status::success && c.result.size() <= most) {
            for (auto const value : c.result) {
                add(recv, {}, status::success, {value});
            }
        } else if (c.answer == status::closed) {
            add(recv, {}, status::closed, {});
        }
    }
    return all.empty() ? std::vector<call>{c} : all;
}

bool channel_spec::waits(call const& c) const {
    auto state = *this;
    return state.perform(c.operation, c.argument).answer == status::busy;
}

std::size_t channel_spec::hash() const {
    auto const mix = [](std::size_t hash, std::int64_t value) {
        return (hash ^ static_cast<std::size_t>(value)) * 0x9e3779b97f4a7c15u;
    };
    std::size_t hash = closed ? 1 : 2;
    for (auto const item : items) {
        hash = mix(hash, item);
    }
    for (auto const s : stops) {
        hash = mix(hash, s);
    }
    return mix(mix(hash, senders), receivers);
}

// ---- monitor ----

namespace {

class channel_monitor {
public:
    channel_monitor(channel_spec const& promise, history const& calls) : promise_(promise), calls_(calls) {}

    finding run() {
        if (!promise_.items.empty() || promise_.closed) {
            return {};
        }
        if (check_account() || check_stops()) {
            return found_;
        }
        translate();
        found_ = monitor_fifo({.capacity = promise_.capacity}, as_queue_, names_);
        for (auto& i : found_.calls) {
            i = original_[i];
        }
        if (found_.is == verdict::violation || !asleep_) {
            return found_;
        }
        found_.is = verdict::unknown;
        check_sleepers();
        return found_;
    }

private:
    // ---- the same as calls of a queue ----

    void translate() {
        for (std::size_t i = 0; i != calls_.size(); ++i) {
            auto const& c = calls_[i];
            asleep_ = asleep_ || c.asleep;
            if (c.answer == status::timeout || c.answer == status::stopped) {
                if (!c.pending()) {
                    continue;
                }
            }
            switch (c.operation) {
            case ch::send:
            case ch::try_send:
            case ch::send_for:
            case ch::send_unless:
                if (!c.asleep) {
                    add(i, queue_spec::try_push, {c.argument[0]}, c.result);
                }
                break;
            case ch::send_many:
                translate_sends(i);
                break;
            case ch::recv:
            case ch::try_recv:
            case ch::recv_for:
            case ch::recv_unless:
                if (!c.asleep) {
                    add(i, queue_spec::try_pop, {}, c.result);
                }
                break;
            case ch::recv_many:
                if (c.pending() && !c.asleep) {
                    add(i, queue_spec::try_pop_n, c.argument, {});
                } else if (!c.pending()) {
                    c.answer == status::success ? add(i, queue_spec::try_pop_n, {c.result.count}, c.result)
                                                : add(i, queue_spec::try_pop, {}, c.result);
                }
                break;
            case ch::close:
                add(i, queue_spec::close, {}, {});
                break;
            case ch::is_closed:
                add(i, queue_spec::is_closed, {}, c.result);
                break;
            default:
                break;
            }
        }
        last_handle(ch::copy_sender, ch::drop_sender, promise_.senders);
        last_handle(ch::copy_receiver, ch::drop_receiver, promise_.receivers);
    }

    call& add(std::size_t i, std::uint32_t operation, values argument, values result) {
        auto& c = as_queue_.emplace_back(calls_[i]);
        original_.push_back(i);
        names_.push_back(ch::operations[c.operation]);
        c.operation = operation;
        c.argument = argument;
        c.result = result;
        return c;
    }

    // Asleep: the last of them is what it waits with.
    void translate_sends(std::size_t i) {
        auto const& c = calls_[i];
        auto done = c.argument;
        done.count = static_cast<std::uint8_t>(c.asleep ? offered(c) - 1 : sent(c));
        if (!done.empty()) {
            add(i, queue_spec::try_push_n, done, {done.count}).answer = status::success;
        }
        if (!c.pending() && sent(c) != offered(c)) {
            add(i, queue_spec::try_push, {c.argument[sent(c)]}, {}).answer = status::closed;
        }
    }

    // Closes the channel at an instant when all drops have begun and not all have ended.
    void last_handle(std::uint32_t copy, std::uint32_t drop, std::int64_t handles) {
        std::size_t last = calls_.size();
        std::uint64_t begun = 0, ended = 0;
        for (std::size_t i = 0; i != calls_.size(); ++i) {
            auto const& c = calls_[i];
            handles += c.operation == copy ? 1 : 0;
            if (c.operation != drop) {
                continue;
            }
            --handles;
            if (last == calls_.size() || c.invoked >= begun) {
                last = i;
                begun = c.invoked;
            }
            ended = std::max(ended, c.returned);
        }
        if (handles <= 0 && last != calls_.size()) {
            auto& closing = add(last, queue_spec::close, {}, {});
            closing.returned = ended;
            dropped_ = last;
        }
    }

    // ---- what became of the elements ----

    bool check_account() {
        for (std::size_t i = 0; i != calls_.size(); ++i) {
            auto const& c = calls_[i];
            if (c.operation != ch::account || c.pending()) {
                continue;
            }
            auto const complain = [&](std::size_t which, std::string_view what) {
                auto const n = c.result[which];
                return n != 0 &&
                       accuse(concat({std::to_string(n), n == 1 ? " element was " : " elements were ", what}), {i},
                              which == 0   ? "elements lost"
                              : which == 1 ? "elements doubled"
                                           : "arguments spoiled");
            };
            if (complain(0, "sent, and neither received, returned nor destroyed") ||
                complain(1, "received, returned or destroyed more than once") ||
                complain(2, "changed by a send that failed")) {
                return true;
            }
        }
        return false;
    }

    // ---- stopped, and nobody asked for it ----

    bool check_stops() {
        std::unordered_map<std::int64_t, std::uint64_t> requested;
        for (auto const& c : calls_) {
            if (c.operation == ch::stop) {
                auto const known = requested.emplace(c.argument[0], c.invoked).first;
                known->second = std::min(known->second, c.invoked);
            }
        }
        for (std::size_t i = 0; i != calls_.size(); ++i) {
            auto const& c = calls_[i];
            if (c.pending() || c.answer != status::stopped) {
                continue;
            }
            auto const known = requested.find(stop_of(c));
            if (known == requested.end() || known->second > c.returned) {
                return accuse(concat({show(i), ", before anyone asked for that"}), {i});
            }
        }
        return false;
    }

    // ---- who sleeps at the end ----

    void check_sleepers() {
        if (std::any_of(calls_.begin(), calls_.end(), [](call const& c) { return c.pending() && !c.asleep; })) {
            return; // not the end yet
        }
        count_what_is_left();
        for (std::size_t i = 0; i != calls_.size(); ++i) {
            auto const& c = calls_[i];
            if (c.asleep && check_sleeper(i)) {
                return;
            }
        }
    }

    void count_what_is_left() {
        std::unordered_set<std::int64_t> taken;
        for (auto const& c : calls_) {
            if (receives(c) && !c.pending()) {
                taken.insert(c.result.begin(), c.result.end());
            }
        }
        for (std::size_t i = 0; i != calls_.size(); ++i) {
            auto const& c = calls_[i];
            if (c.operation == ch::close) {
                closer_ = i;
            }
            for (std::size_t j = 0; sends(c) && !c.asleep && j != sent(c); ++j) {
                if (!taken.contains(c.argument[j])) {
                    left_.push_back({c.argument[j], i});
                }
            }
            if (!c.asleep || c.operation != ch::send_many) {
                continue;
            }
            for (std::size_t j = 0; j + 1 != offered(c); ++j) { // the rest of these may be there or not yet sent
                perhaps_ += taken.contains(c.argument[j]) ? 0 : 1;
            }
        }
        if (closer_ == nothing) {
            closer_ = dropped_;
        }
    }

    bool check_sleeper(std::size_t i) {
        auto const& c = calls_[i];
        auto const words = concat({signature(ch::operations[c.operation], c), " was never woken"});
        if (!waits_for_good(c.operation)) {
            return accuse(concat({signature(ch::operations[c.operation], c), " does not wait, and sleeps"}), {i},
                          "deadlock");
        }
        if (closer_ != nothing) {
            auto const how = calls_[closer_].operation == ch::close         ? "the channel was closed"
                             : calls_[closer_].operation == ch::drop_sender ? "the last sender was dropped"
                                                                            : "the last receiver was dropped";
            return lost(concat({how, ", but ", words}), {closer_, i});
        }
        auto const stopper = std::find_if(calls_.begin(), calls_.end(), [&](call const& s) {
            bool const stoppable = c.operation == ch::send_unless || c.operation == ch::recv_unless;
            return stoppable && s.operation == ch::stop && s.argument[0] == stop_of(c);
        });
        if (stopper != calls_.end()) {
            return lost(concat({"a stop was requested, but ", words}),
                        {static_cast<std::size_t>(stopper - calls_.begin()), i});
        }
        if (receives(c) && !left_.empty()) {
            return lost(concat({std::to_string(left_.front().value), " is there, but ", words}),
                        {left_.front().send, i});
        }
        if (sends(c) && left_.size() + perhaps_ < promise_.capacity) {
            return lost(concat({"there is room, but ", words}), {i});
        }
        auto const other = std::find_if(calls_.begin(), calls_.end(),
                                        [&](call const& o) { return o.asleep && sends(c) && receives(o); });
        if (other != calls_.end()) {
            return lost(concat({"one waits for an element and the other for room, but ", words}),
                        {static_cast<std::size_t>(other - calls_.begin()), i});
        }
        return false;
    }

    bool lost(std::string why, std::vector<std::size_t> calls) {
        return accuse(std::move(why), std::move(calls), "lost wake-up");
    }

    bool accuse(std::string why, std::vector<std::size_t> calls, std::string_view what = "not linearizable") {
        found_ = {verdict::violation, std::move(why), std::move(calls), what};
        return true;
    }
    std::string show(std::size_t i) const { return text(ch::operations[calls_[i].operation], calls_[i]); }

    static constexpr auto nothing = static_cast<std::size_t>(-1);

    channel_spec const& promise_;
    history const& calls_;
    finding found_{};
    history as_queue_{};
    std::vector<std::size_t> original_{}; // which call each of those was
    std::vector<std::string_view> names_{};
    bool asleep_ = false;
    std::size_t dropped_ = nothing, closer_ = nothing;
    struct left_over {
        std::int64_t value;
        std::size_t send;
    };
    std::vector<left_over> left_{}; // what is there at the end
    std::size_t perhaps_ = 0;
};

} // namespace

finding channel_spec::monitor(history const& calls) const {
    return channel_monitor(*this, calls).run();
}

// ---- projection: shrink.hpp says what must hold, projection.cpp why it does for a queue ----
//
// A send that failed for want of room rests on the values that may have been there, and so does one that is asleep at the
// end; an answer that says closed on every close and every handle. A copy may go together with the next drop of its
// thread: the count is then lower only while that thread holds another handle. When an account complains, nothing may go.

namespace {

struct lifetime {
    std::uint64_t sent = 0;         // invoked
    std::uint64_t received = never; // returned
    bool missing = true;            // nobody said it was received
};

using value_set = std::unordered_set<std::int64_t>;

// Takes those that are gone from the first `count` of the list, and says how many.
std::int64_t take_out(values& list, std::size_t count, value_set const& gone) {
    values kept;
    for (std::size_t i = 0; i != list.size(); ++i) {
        if (i >= count || !gone.contains(list[i])) {
            kept.push_back(list[i]);
        }
    }
    auto const lost = list.count - kept.count;
    list = kept;
    return lost;
}

bool rests_on_room(call const& c) {
    return sends(c) && (c.asleep || (!c.pending() && (c.answer == status::full || c.answer == status::timeout)));
}

// Without its values, or without an effect to begin with.
bool is_observation(call const& c) {
    if (c.asleep) {
        return c.operation != ch::send_many;
    }
    if (sends(c) || receives(c)) {
        return !c.pending() && (sends(c) ? sent(c) == 0 : c.result.empty());
    }
    return c.operation == ch::is_closed || c.operation == ch::account;
}

class channel_projection {
public:
    channel_projection(history const& calls, std::vector<bool> const& drop) : calls_(calls), drop_(drop) {}

    history run() {
        for (auto const& c : calls_) {
            if (c.operation == ch::account && !c.pending() && !(c.result == values{0, 0, 0})) {
                return calls_;
            }
        }
        find_lifetimes();
        find_what_is_needed();
        find_what_goes();
        pair_handles();
        history left;
        std::vector<std::size_t> kept;
        for (std::size_t i = 0; i != calls_.size(); ++i) {
            if (auto c = calls_[i]; !leaves(i, c)) {
                left.push_back(c);
                kept.push_back(i);
            }
        }
        return overlaps_kept(left, kept) ? left : calls_;
    }

private:
    void find_lifetimes() {
        for (auto const& c : calls_) {
            for (std::size_t i = 0; sends(c) && i != sent(c); ++i) {
                lives_[c.argument[i]].sent = c.invoked;
            }
        }
        for (auto const& c : calls_) {
            for (std::size_t i = 0; receives(c) && !c.pending() && i != c.result.size(); ++i) {
                auto& life = lives_[c.result[i]];
                life.received = life.missing ? c.returned : std::max(life.received, c.returned);
                life.missing = false;
            }
        }
    }

    void find_what_is_needed() {
        for (std::size_t i = 0; i != calls_.size(); ++i) {
            if (drop_[i]) {
                continue;
            }
            auto const& c = calls_[i];
            if (rests_on_room(c)) {
                full_.push_back(&c);
            }
            closed_somewhere_ = closed_somewhere_ || says_closed(c);
            if (!c.pending() && c.answer == status::stopped) {
                stopped_.insert(stop_of(c));
            }
        }
    }

    void find_what_goes() {
        for (std::size_t i = 0; i != calls_.size(); ++i) {
            auto const& c = calls_[i];
            if (!drop_[i] || is_observation(c)) {
                continue;
            }
            for (std::size_t j = 0; sends(c) && j != sent(c); ++j) {
                gone_.insert(c.argument[j]);
            }
            if (receives(c) && !c.pending()) {
                gone_.insert(c.result.begin(), c.result.end());
            }
        }
        std::erase_if(gone_, [&](std::int64_t value) {
            auto const& life = lives_[value];
            return std::any_of(full_.begin(), full_.end(), [&](call const* full) {
                auto const since = full->asleep ? never : full->invoked;
                return life.sent <= full->returned && (life.missing || life.received >= since);
            });
        });
        some_missing_ = std::any_of(lives_.begin(), lives_.end(), [&](auto const& life) {
            return life.second.missing && !gone_.contains(life.first);
        });
    }

    void pair_handles() {
        paired_.resize(calls_.size());
        for (auto const& c : calls_) {
            if (c.operation == ch::drop_sender || c.operation == ch::drop_receiver) {
                drops_.insert(c.operation);
            }
        }
        for (std::size_t i = 0; i != calls_.size(); ++i) {
            auto const& c = calls_[i];
            bool const copies = c.operation == ch::copy_sender || c.operation == ch::copy_receiver;
            if (!copies || !drop_[i] || c.pending()) {
                continue;
            }
            auto const drop = c.operation == ch::copy_sender ? ch::drop_sender : ch::drop_receiver;
            std::size_t next = calls_.size();
            for (std::size_t j = 0; j != calls_.size(); ++j) {
                auto const& d = calls_[j];
                if (d.operation == drop && d.thread == c.thread && !d.pending() && !paired_[j] && precedes(c, d) &&
                    (next == calls_.size() || d.invoked < calls_[next].invoked)) {
                    next = j;
                }
            }
            if (next != calls_.size()) {
                paired_[i] = paired_[next] = true;
            }
        }
    }

    // Or loses what is gone.
    bool leaves(std::size_t i, call& c) const {
        if (drop_[i]) {
            switch (c.operation) {
            case ch::close:
            case ch::drop_sender:
            case ch::drop_receiver:
                return !closed_somewhere_ || paired_[i];
            case ch::copy_sender:
            case ch::copy_receiver:
                return paired_[i] ||
                       !drops_.contains(c.operation == ch::copy_sender ? ch::drop_sender : ch::drop_receiver);
            case ch::stop:
                return !stopped_.contains(c.argument[0]);
            default:
                break;
            }
            if (is_observation(c) || (receives(c) && c.pending() && !some_missing_)) {
                return true;
            }
            if (c.operation == ch::send_many && !c.pending()) {
                c.argument.count = static_cast<std::uint8_t>(sent(c)); // it no longer says closed
            }
        }
        if (paired_[i]) {
            return true;
        }
        if (sends(c) && sent(c) != 0) {
            if (c.operation != ch::send_many) {
                return gone_.contains(c.argument[0]);
            }
            auto const lost = take_out(c.argument, sent(c) - (c.asleep ? 1 : 0), gone_);
            if (!c.pending()) {
                c.result.item[0] -= lost;
            }
            return c.argument.empty();
        }
        if (receives(c) && !c.pending() && !c.result.empty()) {
            take_out(c.result, c.result.size(), gone_);
            return c.result.empty();
        }
        return false;
    }

    // Every timeout that may rest on an overlap still can.
    bool overlaps_kept(history const& left, std::vector<std::size_t> const& kept) const {
        auto const had = detail::overlapped(calls_), has = detail::overlapped(left);
        for (std::size_t i = 0; i != left.size(); ++i) {
            if (!left[i].pending() && left[i].answer == status::timeout && had[kept[i]] && !has[i]) {
                return false;
            }
        }
        return true;
    }

    history const& calls_;
    std::vector<bool> const& drop_;
    std::unordered_map<std::int64_t, lifetime> lives_{};
    std::vector<call const*> full_{};
    bool closed_somewhere_ = false, some_missing_ = false;
    std::unordered_set<std::int64_t> stopped_{};
    value_set gone_{};
    std::unordered_set<std::uint32_t> drops_{};
    std::vector<bool> paired_{}; // a copy and a drop that go together
};

} // namespace

history channel_spec::without(history const& calls, std::vector<bool> const& drop) const {
    return items.empty() ? channel_projection(calls, drop).run() : calls;
}

history channel_spec::renumber(history calls) const {
    std::vector<call*> order;
    for (auto& c : calls) {
        order.push_back(&c);
    }
    std::sort(order.begin(), order.end(),
              [](call const* a, call const* b) { return std::pair(a->invoked, a) < std::pair(b->invoked, b); });
    std::unordered_map<std::int64_t, std::int64_t> names;
    auto const rename = [&](values& list, std::size_t n) {
        for (std::size_t i = 0; i != n; ++i) {
            list.item[i] = names.emplace(list[i], static_cast<std::int64_t>(names.size()) + 1).first->second;
        }
    };
    for (auto* c : order) {
        if (sends(*c)) {
            rename(c->argument, offered(*c));
        }
    }
    for (auto* c : order) {
        if (receives(*c) && !c->pending()) {
            rename(c->result, c->result.size()); // the values that nobody sent come last
        }
    }
    return calls;
}

} // namespace tandem::stress
