#include "plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

namespace tandem::bench {
namespace {

struct ends {
    int producers, consumers;
};

// The ways to be n threads: even numbers in two equal halves, odd ones with one more on either side.
std::vector<ends> ends_of_crowd(crowd made_for, int n) {
    switch (made_for) {
    case crowd::one_thread:
        return n == 1 ? std::vector<ends>{{1, 0}} : std::vector<ends>{};
    case crowd::two_threads:
        return n == 2 ? std::vector<ends>{{2, 0}} : std::vector<ends>{};
    case crowd::one_each:
        return n == 2 ? std::vector<ends>{{1, 1}} : std::vector<ends>{};
    case crowd::threads:
        return {{n, 0}};
    case crowd::many_each:
        break;
    }
    if (n < 2) {
        return {};
    }
    if (n % 2 == 0) {
        return {{n / 2, n / 2}};
    }
    return {{n / 2 + 1, n / 2}, {n / 2, n / 2 + 1}};
}

cpu_set_t only(std::vector<int> const& cores) {
    cpu_set_t set;
    CPU_ZERO(&set);
    for (auto const core : cores) {
        CPU_SET(static_cast<std::size_t>(core), &set);
    }
    return set;
}

//   one     all threads on one core
//   split   producers on the first, third, ... core, consumers on the second, fourth, ...; or threads in turn
//   mixed   threads in turn, so that every core has producers and consumers
//   free    where the scheduler likes
std::vector<cpu_set_t> place(std::string const& placement, ends crowd, std::vector<int> const& cores) {
    std::vector<cpu_set_t> set;
    auto const n = cores.size();
    auto const threads = static_cast<std::size_t>(crowd.producers + crowd.consumers);
    auto const producers = static_cast<std::size_t>(crowd.producers);
    for (std::size_t i = 0; i != threads; ++i) {
        if (placement == "free") {
            set.push_back(only(cores));
        } else if (placement == "split" && crowd.consumers != 0) {
            set.push_back(only({cores[(i < producers ? 2 * i : 2 * (i - producers) + 1) % (n + n % 2) % n]}));
        } else {
            set.push_back(only({cores[i % n]}));
        }
    }
    return set;
}

bool is_asked_for(offer const& one, options const& asked) {
    auto const among = [](auto const& list, auto const& word) { return std::ranges::find(list, word) != list.end(); };
    return among(asked.workloads, one.workload) &&
           (std::string("peer") != one.who.half || among(asked.peers, "all") || among(asked.peers, one.who.library));
}

struct place_kind {
    int cores;
    std::string placement;
};

std::vector<int> thread_counts(offer const& one, options const& asked) {
    if (!asked.threads.empty()) {
        return asked.threads;
    }
    auto counts = one.over.threads;
    if (asked.quick) {
        std::erase_if(counts, [](int n) { return n == 3 || n == 16; });
    }
    return counts;
}

// Which of the capacities or batches that a workload is measured with.
std::vector<std::size_t> sizes(std::vector<std::size_t> offered, std::vector<std::size_t> const& asked) {
    if (!asked.empty()) {
        std::erase_if(offered, [&](auto const& one) { return std::ranges::find(asked, one) == asked.end(); });
    }
    return offered;
}

// Everyone that one offer is measured as, but for where the threads run.
std::vector<setup> shapes(offer const& one, options const& asked) {
    std::vector<setup> all;
    auto const capacities = sizes(one.over.capacities, asked.capacities);
    auto batches = sizes(one.over.batches, asked.batches);
    if (asked.quick && asked.batches.empty() && !batches.empty()) {
        batches = {batches.back()};
    }
    for (auto const n : thread_counts(one, asked)) {
        for (auto const& crowd : ends_of_crowd(one.made_for, n)) {
            for (auto const capacity : one.over.capacities.empty() ? std::vector{setup{}.capacity} : capacities) {
                // How capacity matters is seen with few threads.
                bool const is_small = !one.over.capacities.empty() && capacity != one.over.capacities.back();
                if (is_small && asked.capacities.empty() && (asked.quick || n == 3 || n > 4)) {
                    continue;
                }
                for (auto const batch : one.over.batches.empty() ? std::vector{setup{}.batch} : batches) {
                    for (auto const finds : one.over.finds.empty() ? std::vector{setup{}.finds} : one.over.finds) {
                        setup how;
                        how.producers = crowd.producers;
                        how.consumers = crowd.consumers;
                        how.capacity = capacity;
                        how.batch = batch;
                        how.finds = finds;
                        all.push_back(std::move(how));
                    }
                }
            }
        }
    }
    return all;
}

std::string group_of(bench_case const& one) {
    auto const& what = *one.what;
    auto name = fmt::format("{}/{}", what.workload,
                            one.how.consumers == 0 ? fmt::format("{}", one.how.producers)
                                                   : fmt::format("{}p{}c", one.how.producers, one.how.consumers));
    name += fmt::format("/{} of {}", one.placement, one.cores);
    if (what.over.capacities.size() > 1) {
        name += fmt::format("/capacity {}", one.how.capacity);
    }
    if (!what.over.batches.empty()) {
        name += fmt::format("/batches of {}", one.how.batch);
    }
    if (!what.over.finds.empty()) {
        name += fmt::format("/{} % finds", one.how.finds);
    }
    if (!what.wait_loop.empty()) {
        name += "/" + what.wait_loop;
    }
    return name;
}

} // namespace

std::string bench_case::name() const {
    return fmt::format("{}/{}", group, what->who.name);
}

std::vector<int> allowed_cores() {
    cpu_set_t set;
    CPU_ZERO(&set);
    std::vector<int> cores;
    if (::sched_getaffinity(0, sizeof set, &set) == 0) {
        for (int core = 0; core != CPU_SETSIZE; ++core) {
            if (CPU_ISSET(static_cast<std::size_t>(core), &set)) {
                cores.push_back(core);
            }
        }
    }
    return cores;
}

plan make_plan(options const& asked, catalogue const& all, std::vector<int> const& allowed) {
    plan made;
    for (auto const& one : all.missing) {
        if (std::ranges::find(asked.peers, "none") == asked.peers.end()) {
            made.left_out.push_back(
                {"all", one.library, 0,
                 fmt::format("its headers were not found when this was built (package {})", one.package)});
        }
    }
    std::vector<place_kind> places;
    std::set<int> too_many;
    for (auto const cores : asked.cores) {
        if (static_cast<std::size_t>(cores) > allowed.size()) {
            too_many.insert(cores);
            continue;
        }
        for (auto const& placement : asked.placements) {
            if ((placement == "one") == (cores == 1)) {
                places.push_back({cores, placement});
            }
        }
    }
    for (auto const cores : too_many) {
        for (auto const& workload : asked.workloads) {
            made.left_out.push_back(
                {workload, "all", cores, fmt::format("{} cores asked for, {} allowed", cores, allowed.size())});
        }
    }

    for (auto const& [cores, placement] : places) {
        std::vector<int> const used(allowed.begin(), allowed.begin() + cores);
        for (auto const& one : all.offers) {
            if (!is_asked_for(one, asked)) {
                continue;
            }
            for (auto const& how : shapes(one, asked)) {
                ends const crowd{how.producers, how.consumers};
                auto const n = crowd.producers + crowd.consumers;
                // Alone there is nothing to place, and with one at each end mixed is split.
                bool const same_as_elsewhere = (one.made_for == crowd::one_thread && cores != 1) ||
                                               (placement == "mixed" && (crowd.consumers == 0 || n == 2));
                if (same_as_elsewhere || (n > cores && !one.crowded)) {
                    continue;
                }
                bench_case made_case;
                made_case.what = &one;
                made_case.how = how;
                made_case.how.cores = place(placement, crowd, used);
                made_case.how.one_core = cores == 1;
                made_case.cores = cores;
                made_case.placement = placement;
                made_case.group = group_of(made_case);
                made.cases.push_back(std::move(made_case));
            }
        }
    }
    std::map<std::string, std::size_t> first_seen;
    for (auto const& one : made.cases) {
        first_seen.try_emplace(one.group, first_seen.size());
    }
    std::ranges::stable_sort(made.cases, {}, [&](auto const& one) { return first_seen[one.group]; });
    return made;
}

} // namespace tandem::bench
