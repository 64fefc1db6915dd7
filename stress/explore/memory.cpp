#include <tandem/stress/explore/memory.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace tandem::explore {

namespace {

constexpr stamp gap = stamp{1} << 32; // between two messages when the later one came later

bool is_acquire(std::memory_order o) {
    return o == std::memory_order::acquire || o == std::memory_order::acq_rel || o == std::memory_order::consume;
}
bool is_release(std::memory_order o) {
    return o == std::memory_order::release || o == std::memory_order::acq_rel;
}
bool is_sc(std::memory_order o) {
    return o == std::memory_order::seq_cst;
}

// Of every release that a thread comes to know of it knows all that was released: so steps say whether there is anything new.
bool knows(view const& mine, snapshot const& other) {
    bool all = true;
    for (thread t = 0; t != most_threads; ++t) {
        all &= other.steps[t] <= mine.steps[t];
    }
    return all;
}
void learn(view& mine, snapshot const& other) {
    if (!knows(mine, other)) {
        mine.join(other);
    }
}

constexpr std::size_t board_bytes = std::size_t{64} * 1024;

} // namespace

void memory::shelf::clear() noexcept {
    board_ = used_ = 0;
}
snapshot& memory::shelf::add(std::size_t locations) {
    auto const bytes = sizeof(snapshot) + locations * sizeof(stamp);
    if (bytes > board_bytes) {
        throw std::length_error("too many variables");
    }
    if (used_ + bytes > board_bytes) {
        ++board_;
        used_ = 0;
    }
    if (board_ == boards_.size()) {
        boards_.push_back(std::make_unique<std::byte[]>(board_bytes));
    }
    auto* const at = boards_[board_].get() + used_;
    used_ += bytes;
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
    if (a == nullptr || b == nullptr || a == b) {
        return a == nullptr ? b : a;
    }
    view both;
    both.join(*a);
    if (knows(both, *b)) {
        return a;
    }
    both.join(*b);
    return snapshot_of(both);
}

void memory::clear() {
    count_ = 0;
    for (auto& one : threads_) {
        one.knows.clear();
        one.kept.clear();
        one.noted = nullptr;
    }
    threads_[0].knows.steps[0] = 1;
    fences_.clear();
    for (auto& one : lights_) {
        one.clear();
    }
    heavies_.clear();
    shelf_.clear();
}

void memory::start(thread maker, thread begun) {
    auto& made = threads_.at(begun);
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

// Bounds and choices

stamp memory::bound_of_sc(location l, std::memory_order o) const {
    stamp bound = 0;
    if (is_sc(o) && holds_(rule::sc_access_is_ordered)) {
        bound = places_[l].sc;
    }
    if (is_sc(o) && holds_(rule::sc_access_sees_fences)) {
        bound = std::max(bound, fences_[l]);
    }
    return bound;
}
stamp memory::bound_of_load(thread t, location l, std::memory_order o) const {
    return std::max(threads_[t].knows[l], bound_of_sc(l, o));
}
stamp memory::bound_of_store(thread t, location l, std::memory_order o) const {
    return std::max(holds_(rule::write_after_known) ? threads_[t].knows[l] : 0, bound_of_sc(l, o));
}

bool memory::can_be_read(place const& p, std::size_t i) const {
    return holds_(rule::old_reads) || i + 1 == p.messages.size();
}
bool memory::can_be_followed(place const& p, std::size_t i) const {
    if (i + 1 == p.messages.size()) {
        return true;
    }
    return holds_(rule::write_before_unknown) && p.messages[i + 1].at - p.messages[i].at > 1 &&
           !(holds_(rule::nothing_between_update) && p.messages[i].read_by_update);
}

template <class Suits>
std::size_t memory::count(place const& p, stamp bound, Suits suits) {
    std::size_t n = 0;
    for (auto i = p.messages.size(); i-- != 0 && p.messages[i].at >= bound;) {
        n += suits(i) ? 1U : 0U;
    }
    return n;
}
template <class Suits>
std::size_t memory::find(place const& p, stamp bound, std::size_t n, Suits suits) {
    for (auto i = p.messages.size(); i-- != 0 && p.messages[i].at >= bound;) {
        if (suits(i) && n-- == 0) {
            return i;
        }
    }
    throw std::logic_error("no such message");
}

// What an operation does

void memory::take(thread t, location l, message const& m, bool acquire) {
    auto& mine = threads_[t];
    last_.read = m.at;
    if (holds_(rule::read_after_read)) {
        mine.knows.raise(l, m.at);
    }
    if (m.carries == nullptr || knows(mine.knows, *m.carries)) {
        return;
    }
    if (acquire) {
        mine.knows.join(*m.carries);
    } else if (holds_(rule::load_keeps_for_fence)) {
        learn(mine.kept, *m.carries);
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

void memory::put(thread t, location l, std::size_t after, value v, std::memory_order o, snapshot const* carries) {
    auto& p = places_[l];
    auto const before = p.messages[after].at;
    auto const at = after + 1 == p.messages.size() ? before + gap : before + (p.messages[after + 1].at - before) / 2;
    last_.written = at;
    p.messages.insert(p.messages.begin() + static_cast<std::ptrdiff_t>(after) + 1, {at, v, carries, t, false});
    if (holds_(rule::read_after_write)) {
        threads_[t].knows.raise(l, at);
    }
    if (is_sc(o) && holds_(rule::sc_access_orders)) {
        p.sc = std::max(p.sc, at);
    }
}

std::size_t memory::readable(thread t, location l, std::memory_order o) const {
    auto const& p = places_[l];
    return count(p, bound_of_load(t, l, o), [&](std::size_t i) { return can_be_read(p, i); });
}
value memory::load(thread t, location l, std::memory_order o, std::size_t which) {
    auto& p = places_[l];
    auto const& m = p.messages[find(p, bound_of_load(t, l, o), which, [&](std::size_t i) { return can_be_read(p, i); })];
    take(t, l, m, is_sc(o) ? holds_(rule::sc_load_acquires) : is_acquire(o) && holds_(rule::load_acquires));
    if (is_sc(o) && holds_(rule::sc_access_orders)) {
        p.sc = std::max(p.sc, m.at);
    }
    return m.held;
}

std::size_t memory::places(thread t, location l, std::memory_order o) const {
    auto const& p = places_[l];
    return count(p, bound_of_store(t, l, o), [&](std::size_t i) { return can_be_followed(p, i); });
}
void memory::store(thread t, location l, value v, std::memory_order o, std::size_t which) {
    auto& p = places_[l];
    auto const after = find(p, bound_of_store(t, l, o), which, [&](std::size_t i) { return can_be_followed(p, i); });
    auto const* carries = carried_by(t, is_sc(o) ? holds_(rule::sc_store_releases) : is_release(o) && holds_(rule::store_releases));
    if (!holds_(rule::only_updates_carry) && p.messages[after].by == t) {
        carries = joined(carries, p.messages[after].carries);
    }
    put(t, l, after, v, o, carries);
}

std::size_t memory::updatable(thread t, location l, std::memory_order o) const {
    auto const& p = places_[l];
    return count(p, bound_of_load(t, l, o), [&](std::size_t i) { return can_be_followed(p, i); });
}
value memory::old_of_update(thread t, location l, std::memory_order o, std::size_t which) const {
    auto const& p = places_[l];
    return p.messages[find(p, bound_of_load(t, l, o), which, [&](std::size_t i) { return can_be_followed(p, i); })].held;
}
void memory::update(thread t, location l, value v, std::memory_order o, std::size_t which) {
    auto& p = places_[l];
    auto const read = find(p, bound_of_load(t, l, o), which, [&](std::size_t i) { return can_be_followed(p, i); });
    p.messages[read].read_by_update = true;
    take(t, l, p.messages[read], (is_acquire(o) || is_sc(o)) && holds_(rule::update_acquires));
    auto const* carries = carried_by(t, (is_release(o) || is_sc(o)) && holds_(rule::update_releases));
    if (holds_(rule::update_carries)) {
        carries = joined(carries, p.messages[read].carries);
    }
    put(t, l, read, v, o, carries);
}

memory::exchange const& memory::exchangeable(thread t, location l, value expected, std::memory_order success,
                                             std::memory_order failure, bool fails) {
    auto const& p = places_[l];
    auto& all = exchange_;
    all.successes.clear();
    all.failures.clear();
    for (std::size_t n = 0, end = fails ? 0 : updatable(t, l, success); n != end; ++n) {
        if (old_of_update(t, l, success, n) == expected) {
            all.successes.push_back(n);
        }
    }
    auto const bound = bound_of_load(t, l, failure);
    auto const newest_only = !holds_(rule::failed_exchange_is_load);
    for (std::size_t n = 0, end = readable(t, l, failure); n != (newest_only ? std::min<std::size_t>(end, 1) : end); ++n) {
        if (p.messages[find(p, bound, n, [&](std::size_t i) { return can_be_read(p, i); })].held != expected || fails) {
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
    auto& mine = threads_[t].knows;
    if (holds_(rule::light_sees_heavy)) {
        mine.join(heavies_);
    }
    lights_[t] = mine;
    ++mine.steps[t];
}
void memory::heavy(thread t) {
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
