#include <tandem/stress/explore/memory.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace tandem::explore {

namespace {

constexpr stamp gap = stamp{1} << 32; // between two messages when the later one came later

bool is_release(std::memory_order o) {
    return o == std::memory_order::release || o == std::memory_order::acq_rel;
}
bool is_sc(std::memory_order o) {
    return o == std::memory_order::seq_cst;
}

constexpr std::size_t board_bytes = std::size_t{64} * 1024;

} // namespace

void memory::shelf::clear() noexcept {
    board_ = 0;
    free_ = boards_.empty() ? std::span<std::byte>() : std::span(boards_[0].get(), board_bytes);
}
void memory::shelf::go_to_next_board() {
    if (!boards_.empty()) {
        ++board_;
    }
    if (board_ == boards_.size()) {
        boards_.push_back(std::make_unique<std::byte[]>(board_bytes));
    }
    free_ = std::span(boards_[board_].get(), board_bytes);
}
snapshot& memory::shelf::add(std::size_t locations) {
    auto const bytes = sizeof(snapshot) + locations * sizeof(stamp);
    if (bytes > free_.size()) {
        if (bytes > board_bytes) {
            throw std::length_error("too many variables");
        }
        go_to_next_board();
    }
    auto* const at = free_.data();
    free_ = free_.subspan(bytes);
    auto* const made = std::construct_at(reinterpret_cast<snapshot*>(at));
    made->oldest = reinterpret_cast<stamp*>(at + sizeof(snapshot));
    made->locations = static_cast<std::uint32_t>(locations);
    return *made;
}

snapshot const* memory::snapshot_of(view const& v) {
    auto& made = shelf_.add(v.oldest.size());
    made.steps = v.steps;
    std::ranges::copy(v.oldest, const_cast<stamp*>(made.oldest));
    return &made;
}
snapshot const* memory::joined(snapshot const* a, snapshot const* b) {
    if (a == nullptr || (b != nullptr && knows(b->steps, a->steps))) {
        return b;
    }
    if (b == nullptr || knows(a->steps, b->steps)) {
        return a;
    }
    view both;
    both.join(*a);
    both.join(*b);
    return snapshot_of(both);
}

void memory::clear() {
    count_ = 0;
    threads_[0].clear();
    threads_[0].knows.steps[0] = 1;
    fences_.clear();
    if (std::exchange(any_sides_, false)) {
        for (auto& one : lights_) {
            one.clear();
        }
        heavies_.clear();
    }
    shelf_.clear();
}

void memory::start(thread maker, thread begun) {
    auto& made = threads_.at(begun);
    made.clear();
    if (holds_(rule::start_is_known)) {
        made.knows = threads_[maker].knows;
    }
    made.knows.steps[begun] = 1;
    ++threads_[maker].knows.steps[maker];
}
void memory::join(thread joined, thread ended) {
    threads_[joined].knows.join(threads_[ended].knows);
}

memory::place& memory::add(thread t) {
    if (count_ == places_.size()) {
        places_.emplace_back();
    }
    auto& p = places_[count_++];
    p.messages.clear();
    p.sc = 0;
    p.writer = t;
    p.written = threads_[t].knows.steps[t];
    p.read.fill(0);
    return p;
}
// Whoever uses it must know of its birth.
location memory::add_atomic(thread t, value initial) {
    auto& p = add(t);
    auto const l = static_cast<location>(count_ - 1);
    p.messages.push_back({gap, initial, nullptr, t, false});
    threads_[t].knows.raise(l, gap);
    last_.written = gap;
    return l;
}
location memory::add_plain(thread t) {
    add(t);
    return static_cast<location>(count_ - 1);
}
location memory::add_known_atomic(value initial) {
    auto const l = add_atomic(0, initial);
    places_[l].written = 0;
    return l;
}

// Choices

bool memory::can_be_followed(place const& p, std::size_t i) const {
    if (i + 1 == p.messages.size()) {
        return true;
    }
    return holds_(rule::write_before_unknown) && p.messages[i + 1].at - p.messages[i].at > 1 &&
           !(holds_(rule::nothing_between_update) && p.messages[i].read_by_update);
}

std::size_t memory::followed_of_several(place const& p, stamp bound) const {
    std::size_t n = 0;
    for (auto i = p.messages.size(); i-- != 0 && p.messages[i].at >= bound;) {
        n += can_be_followed(p, i) ? 1U : 0U;
    }
    return n;
}
std::size_t memory::nth_followed_of_several(place const& p, std::size_t n) const {
    auto i = p.messages.size() - 1;
    while (!can_be_followed(p, i) || n-- != 0) {
        --i;
    }
    return i;
}

// What an operation does

void memory::learn(state& mine, snapshot const& news, bool acquire) {
    if (acquire) {
        mine.knows.join(news);
    } else if (holds_(rule::load_keeps_for_fence) && !knows(mine.kept.steps, news.steps)) {
        mine.kept.join(news);
    }
}

snapshot const* memory::carried_by(thread t, bool release) {
    auto& mine = threads_[t];
    if (!release) {
        return holds_(rule::store_carries_fence) ? mine.noted : nullptr;
    }
    auto const* const carried = snapshot_of(mine.knows);
    if (holds_(rule::steps_after_release)) {
        ++mine.knows.steps[t];
    }
    return carried;
}

void memory::put(thread t, place& p, location l, std::size_t after, value v, std::memory_order o, snapshot const* carries) {
    auto at = p.messages[after].at + gap;
    if (after + 1 == p.messages.size()) {
        p.messages.push_back({at, v, carries, t, false});
    } else {
        at = put_between(p, after, {0, v, carries, t, false});
    }
    last_.written = at;
    if (holds_(rule::read_after_write)) {
        threads_[t].knows.raise(l, at);
    }
    if (is_sc(o) && holds_(rule::sc_access_orders)) {
        p.sc = std::max(p.sc, at);
    }
}
stamp memory::put_between(place& p, std::size_t after, message m) {
    auto const before = p.messages[after].at;
    m.at = before + (p.messages[after + 1].at - before) / 2;
    p.messages.insert(p.messages.begin() + static_cast<std::ptrdiff_t>(after) + 1, m);
    return m.at;
}

void memory::write(thread t, place& p, location l, std::size_t after, value v, std::memory_order o) {
    auto const* carries = carried_by(t, is_sc(o) ? holds_(rule::sc_store_releases) : is_release(o) && holds_(rule::store_releases));
    if (!holds_(rule::only_updates_carry) && p.messages[after].by == t) {
        carries = joined(carries, p.messages[after].carries);
    }
    put(t, p, l, after, v, o, carries);
}
void memory::write_update(thread t, place& p, location l, std::size_t read, value v, std::memory_order o) {
    auto& m = p.messages[read];
    m.read_by_update = true;
    take(t, l, m, (is_acquire(o) || is_sc(o)) && holds_(rule::update_acquires));
    auto const* carries = carried_by(t, (is_release(o) || is_sc(o)) && holds_(rule::update_releases));
    if (holds_(rule::update_carries)) {
        carries = joined(carries, m.carries);
    }
    put(t, p, l, read, v, o, carries);
}

memory::exchange const& memory::exchangeable(thread t, location l, value expected, std::memory_order success,
                                             std::memory_order failure, bool fails) {
    auto const& p = places_[l];
    auto& all = exchange_;
    all.successes.clear();
    all.failures.clear();
    for (std::size_t n = 0, end = fails ? 0 : followed(p, bound_of_load(t, p, l, success)); n != end; ++n) {
        if (p.messages[nth_followed(p, n)].held == expected) {
            all.successes.push_back(n);
        }
    }
    auto const end = holds_(rule::failed_exchange_is_load) ? readable(p, bound_of_load(t, p, l, failure)) : 1;
    for (std::size_t n = 0; n != end; ++n) {
        if (p.messages[p.messages.size() - 1 - n].held != expected || fails) {
            all.failures.push_back(n);
        }
    }
    return all;
}

void memory::fence(thread t, std::memory_order o) {
    auto& mine = threads_[t];
    bool const both = is_sc(o) && holds_(rule::sc_fence_is_both);
    if ((is_acquire(o) && holds_(rule::fence_acquires)) || both) {
        mine.knows.join(mine.kept);
    }
    if (is_sc(o)) {
        for (location l = 0; l != count_; ++l) {
            if (holds_(rule::sc_fence_sees_accesses)) {
                mine.knows.raise(l, places_[l].sc);
            }
            if (holds_(rule::sc_fence_sees_fences)) {
                mine.knows.raise(l, fences_[l]);
            }
            if (holds_(rule::sc_fence_is_seen)) {
                fences_.raise(l, mine.knows[l]);
            }
        }
    }
    if ((is_release(o) && holds_(rule::fence_releases)) || both) {
        mine.noted = snapshot_of(mine.knows);
        if (holds_(rule::steps_after_fence)) {
            ++mine.knows.steps[t];
        }
    }
}

void memory::light(thread t) {
    any_sides_ = true;
    auto& mine = threads_[t].knows;
    if (holds_(rule::light_sees_heavy)) {
        mine.join(heavies_);
    }
    lights_[t] = mine;
    ++mine.steps[t];
}
void memory::heavy(thread t) {
    any_sides_ = true;
    auto& mine = threads_[t].knows;
    for (auto const& one : lights_) {
        if (holds_(rule::heavy_sees_light)) {
            mine.join(one);
        }
    }
    heavies_.join(mine);
    ++mine.steps[t];
}

// Plain variables

bool memory::read_plain(thread t, location l) {
    auto& p = places_[l];
    auto const& known = threads_[t].knows.steps;
    if (p.written > known[p.writer] && holds_(rule::race_of_write_and_read)) {
        return false;
    }
    p.read[t] = known[t];
    return true;
}
bool memory::write_plain(thread t, location l) {
    auto& p = places_[l];
    auto const& known = threads_[t].knows.steps;
    if (p.written > known[p.writer] && holds_(rule::race_of_writes)) {
        return false;
    }
    for (thread u = 0; u != most_threads; ++u) {
        if (p.read[u] > known[u] && holds_(rule::race_of_read_and_write)) {
            return false;
        }
    }
    p.writer = t;
    p.written = known[t];
    return true;
}

} // namespace tandem::explore
