#include <tandem/stress/explore/causes.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <set>
#include <utility>

namespace tandem::explore {

namespace {

bool releases(std::memory_order o) {
    return o == std::memory_order::release || o == std::memory_order::acq_rel || o == std::memory_order::seq_cst;
}
bool acquires(std::memory_order o) {
    return o == std::memory_order::acquire || o == std::memory_order::consume || o == std::memory_order::acq_rel ||
           o == std::memory_order::seq_cst;
}
std::memory_order order_of(event const& e) {
    return e.done.what == operation::exchange && e.failed ? e.done.failure : e.done.order;
}
} // namespace

causes::causes(trace const& t) : of_(t), sources_(t.events().size()), into_(t.events().size()), others_into_(t.events().size()) {
    find_sources(t.events());
    add_threads(t.events());
    add_reads(t.events());
    add_barriers(t.events());
}

void causes::find_sources(std::span<event const> all) {
    std::map<std::pair<location, stamp>, std::size_t> writers;
    for (std::size_t i = 0; i != all.size(); ++i) {
        if (all[i].reads()) {
            if (auto const found = writers.find({all[i].done.where, all[i].read_at}); found != writers.end()) {
                sources_[i] = found->second;
            }
        }
        if (all[i].writes()) {
            writers[{all[i].done.where, all[i].written_at}] = i;
            writes_[all[i].done.where].push_back(i);
        }
    }
}

// Thread 0 is alone before the others begin, and after they end.
void causes::add_threads(std::span<event const> all) {
    std::array<std::optional<std::size_t>, most_threads> last{};
    std::uint32_t woken = 0;
    std::array<std::size_t, most_threads> woken_by{};
    for (std::size_t i = 0; i != all.size(); ++i) {
        auto const by = all[i].done.by;
        if (last[by]) {
            into_[i].push_back({*last[by]});
        }
        for (thread t = 0; t != most_threads; ++t) {
            if (last[t] && (by == 0 ? t != 0 : t == 0 && !last[by])) {
                into_[i].push_back({*last[t]});
            }
        }
        last[by] = i;
        if ((woken >> by & 1U) != 0) {
            others_into_[i].push_back(woken_by[by]);
            woken &= ~(1U << by);
        }
        for (thread t = 0; t != most_threads; ++t) {
            if ((all[i].woken >> t & 1U) != 0) {
                woken |= 1U << t;
                woken_by[t] = i;
            }
        }
    }
}

// A message is released by whoever wrote it, or by the last release fence before that, or by what an update read that wrote it; it is acquired by
// whoever reads it, or by the next acquire fence after that.
void causes::add_reads(std::span<event const> all) {
    struct end {
        std::size_t at;
        bool orders;
    };
    using one_a_thread = std::array<std::optional<std::size_t>, most_threads>;
    auto const is_fence = [&](std::size_t i, bool (*suits)(std::memory_order)) { return all[i].is(operation::fence) && suits(all[i].done.order); };
    std::vector<std::optional<std::size_t>> fence_before(all.size()), fence_after(all.size()); // of its thread: a release, an acquire
    one_a_thread last{}, next{};
    for (std::size_t i = 0; i != all.size(); ++i) {
        fence_before[i] = last[all[i].done.by];
        last[all[i].done.by] = is_fence(i, releases) ? i : fence_before[i];
    }
    for (std::size_t i = all.size(); i-- != 0;) {
        fence_after[i] = next[all[i].done.by];
        next[all[i].done.by] = is_fence(i, acquires) ? i : fence_after[i];
    }
    std::vector<end> read, written;
    for (std::size_t i = 0; i != all.size(); ++i) {
        if (!sources_[i]) {
            continue;
        }
        read = {{i, acquires(order_of(all[i]))}};
        if (fence_after[i]) {
            read.push_back({*fence_after[i], true});
        }
        for (auto from = sources_[i]; from; from = sources_[*from]) {
            auto const& writer = all[*from];
            written = {{*from, writer.what == event::kind::step && releases(order_of(writer))}};
            if (fence_before[*from]) {
                written.push_back({*fence_before[*from], true});
            }
            for (auto const& w : written) {
                for (auto const& r : read) {
                    into_[r.at].push_back({w.at, link{*from, i, w.orders, r.orders, w.at != *from}});
                }
            }
        }
    }
}

void causes::add_barriers(std::span<event const> all) {
    std::array<std::optional<std::size_t>, most_threads> light{}, heavy{};
    for (std::size_t i = 0; i != all.size(); ++i) {
        bool const is_light = all[i].is(operation::light);
        if (!is_light && !all[i].is(operation::heavy)) {
            continue;
        }
        for (auto const& other : is_light ? heavy : light) {
            if (other) {
                into_[i].push_back({*other});
            }
        }
        (is_light ? light : heavy)[all[i].done.by] = i;
    }
}

causes::places causes::places_of(std::size_t read) const {
    auto const all = of_.events();
    auto const& mine = all[read];
    places found;
    stamp next = std::numeric_limits<stamp>::max();
    for (auto const i : writes_.at(mine.done.where)) {
        auto const at = all[i].written_at;
        found.read += at < mine.read_at ? 1 : 0;
        if (i < read && at > mine.read_at) {
            ++found.newest;
            if (at < next) {
                next = at;
                found.newer = i;
            }
        }
    }
    found.newest += found.read;
    return found;
}

std::vector<bool> causes::before(std::span<std::size_t const> these) const {
    std::vector<bool> seen(into_.size());
    std::vector<std::size_t> open(these.begin(), these.end());
    while (!open.empty()) {
        auto const at = open.back();
        open.pop_back();
        if (seen[at]) {
            continue;
        }
        seen[at] = true;
        for (auto const& one : into_[at]) {
            open.push_back(one.from);
            if (one.by) {
                open.push_back(one.by->written);
                open.push_back(one.by->read);
            }
        }
        open.insert(open.end(), others_into_[at].begin(), others_into_[at].end());
    }
    return seen;
}

// From the later one back, those first on whose way least is missing.
std::optional<std::vector<causes::link>> causes::broken_between(std::size_t earlier, std::size_t later) const {
    struct reached {
        std::size_t at = 0;
        std::size_t lacks = 0;
        std::size_t before = 0; // who it was reached from, in `all`
        std::optional<link> by{};
    };
    std::vector<reached> all{{.at = later}};
    std::vector<bool> done(into_.size());
    std::set<std::pair<std::size_t, std::size_t>> open{{0, 0}}; // what is missing, and where in `all`
    while (!open.empty()) {
        auto const i = open.begin()->second;
        open.erase(open.begin());
        auto const here = all[i];
        if (done[here.at]) {
            continue;
        }
        done[here.at] = true;
        if (here.at == earlier) {
            std::vector<link> broken;
            for (auto j = i; j != 0; j = all[j].before) {
                if (all[j].by && !all[j].by->orders()) {
                    broken.push_back(*all[j].by);
                }
            }
            return broken;
        }
        for (auto const& one : into_[here.at]) {
            auto const lacks = one.by ? (one.by->releases ? 0U : 1U) + (one.by->acquires ? 0U : 1U) : 0U;
            open.insert({here.lacks + lacks, all.size()});
            all.push_back({one.from, here.lacks + lacks, i, one.by});
        }
    }
    return std::nullopt;
}

} // namespace tandem::explore
