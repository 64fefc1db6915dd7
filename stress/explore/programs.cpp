#include <tandem/stress/explore/programs.hpp>

#include <tandem/stress/engine/token.hpp>
#include <tandem/stress/render.hpp>

#include <algorithm>
#include <tuple>
#include <utility>

namespace tandem::stress::detail::explored {

namespace {

using lane = std::vector<action>;

std::size_t calls_at_most(std::uint64_t seed) {
    return seed <= 16 ? 1 : seed <= 64 ? 2 : 3;
}

void without_rests(program& p) {
    for (auto& calls : p.lanes) {
        for (auto& a : calls) {
            a.before = {};
        }
    }
}

} // namespace

// What a lane has too many of may run before the threads instead: no two calls of it take the same value either.
program small_program(scenario const& what, std::uint64_t seed, std::size_t threads) {
    dice d(seed * 0x10000 + fingerprint(what));
    auto const most = calls_at_most(seed);
    if (threads == 0) {
        threads = most != 1 && d.one_in(3) ? 3 : 2;
    }
    auto made = what.random_program(d, std::min(threads, what.most_threads()));
    without_rests(made);
    lane alone;
    auto room = d.below(most + 1);
    for (auto& calls : made.lanes) {
        auto const kept = std::min<std::size_t>(calls.size(), d.between(1, most));
        auto const more = std::min<std::size_t>(calls.size() - kept, room);
        auto const end = calls.begin() + static_cast<std::ptrdiff_t>(kept);
        alone.insert(alone.end(), end, end + static_cast<std::ptrdiff_t>(more));
        room -= more;
        calls.resize(kept);
    }
    made.lanes.insert(made.lanes.begin(), std::move(alone));
    return what.renumbered(made);
}

std::string shape(scenario const& what, program const& p) {
    auto sorted = p;
    std::sort(sorted.lanes.begin() + 1, sorted.lanes.end(), [](lane const& a, lane const& b) {
        return std::ranges::lexicographical_compare(a, b, {}, &action::operation, &action::operation);
    });
    sorted = what.renumbered(sorted);
    auto words = std::to_string(p.capacity);
    for (auto const& calls : sorted.lanes) {
        words += "|";
        for (auto const& a : calls) {
            words += concat({" ", std::to_string(a.operation)});
            for (auto const v : a.argument) {
                words += concat({",", std::to_string(v)});
            }
        }
    }
    return words;
}

std::vector<program> smaller(program const& p) {
    std::vector<program> all;
    for (std::size_t i = p.lanes.size(); i-- != 1;) {
        if (p.lanes.size() > 2) {
            auto& fewer = all.emplace_back(p).lanes;
            fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
        }
    }
    for (std::size_t i = p.lanes.size(); i-- != 0;) {
        for (std::size_t k = p.lanes[i].size(); k-- != 0;) {
            if (i == 0 || p.lanes[i].size() > 1) {
                auto& calls = all.emplace_back(p).lanes[i];
                calls.erase(calls.begin() + static_cast<std::ptrdiff_t>(k));
            }
        }
    }
    return all;
}

} // namespace tandem::stress::detail::explored
