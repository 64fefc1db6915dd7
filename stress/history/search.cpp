#include <tandem/stress/search.hpp>

#include <numeric>
#include <tuple>

namespace tandem::stress::detail {

event_list::event_list(history const& calls) : invocation_(calls.size()), return_(calls.size()) {
    struct endpoint {
        std::uint64_t time;
        bool is_return; // at the same tick, invocations come first: those calls overlap
        std::uint32_t call;
    };
    std::vector<endpoint> ends;
    for (std::uint32_t i = 0; i < calls.size(); ++i) {
        ends.push_back({calls[i].invoked, false, i});
        ends.push_back({calls[i].returned, true, i});
    }
    std::sort(ends.begin(), ends.end(), [](endpoint const& a, endpoint const& b) {
        return std::tie(a.time, a.is_return, a.call) < std::tie(b.time, b.is_return, b.call);
    });
    auto const size = static_cast<std::uint32_t>(ends.size());
    events_.push_back({none, size == 0 ? head : 1, size, false});
    for (std::uint32_t i = 0; i < size; ++i) {
        auto const& end = ends[i];
        events_.push_back({end.call, i + 1 == size ? head : i + 2, i, !end.is_return});
        (end.is_return ? return_ : invocation_)[end.call] = i + 1;
    }
}

void event_list::unlink(std::uint32_t at) {
    events_[events_[at].previous].next = events_[at].next;
    events_[events_[at].next].previous = events_[at].previous;
}

void event_list::link(std::uint32_t at) {
    events_[events_[at].previous].next = at;
    events_[events_[at].next].previous = at;
}

void event_list::lift(std::uint32_t call) {
    unlink(invocation_[call]);
    unlink(return_[call]);
}

void event_list::put_back(std::uint32_t call) {
    link(return_[call]);
    link(invocation_[call]);
}

void call_set::insert(std::uint32_t call) {
    words_[call / 64] |= std::uint64_t{1} << call % 64;
    while (full_ < words_.size() && ~words_[full_] == 0) {
        ++full_;
    }
}

void call_set::erase(std::uint32_t call) {
    words_[call / 64] &= ~(std::uint64_t{1} << call % 64);
    full_ = std::min<std::size_t>(full_, call / 64);
}

std::vector<std::uint64_t> call_set::key() const {
    auto end = words_.size();
    while (end > full_ && words_[end - 1] == 0) {
        --end;
    }
    std::vector<std::uint64_t> key{full_};
    key.insert(key.end(), words_.begin() + static_cast<std::ptrdiff_t>(full_),
               words_.begin() + static_cast<std::ptrdiff_t>(end));
    return key;
}

std::vector<std::uint32_t> ranks(history const& calls) {
    std::vector<std::uint32_t> order(calls.size()), rank(calls.size());
    std::iota(order.begin(), order.end(), 0u);
    std::sort(order.begin(), order.end(),
              [&](auto a, auto b) { return std::pair(calls[a].invoked, a) < std::pair(calls[b].invoked, b); });
    for (std::uint32_t i = 0; i < order.size(); ++i) {
        rank[order[i]] = i;
    }
    return rank;
}

std::vector<bool> overlapped(history const& calls) {
    std::vector<std::uint64_t> invoked, returned;
    for (auto const& c : calls) {
        invoked.push_back(c.invoked), returned.push_back(c.returned);
    }
    std::sort(invoked.begin(), invoked.end());
    std::sort(returned.begin(), returned.end());
    std::vector<bool> result;
    for (auto const& c : calls) { // not all others had returned before it, or began after it
        auto const begun = std::upper_bound(invoked.begin(), invoked.end(), c.returned) - invoked.begin();
        auto const ended = std::lower_bound(returned.begin(), returned.end(), c.invoked) - returned.begin();
        result.push_back(begun - ended > 1);
    }
    return result;
}

std::size_t hash_words(std::vector<std::uint64_t> const& words) {
    std::uint64_t hash = 0;
    for (auto const word : words) {
        hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 32;
    }
    return static_cast<std::size_t>(hash);
}

} // namespace tandem::stress::detail
