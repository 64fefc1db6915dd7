#include <tandem/stress/engine/campaign.hpp>
#include <tandem/stress/engine/rerun.hpp>

#include <algorithm>

namespace tandem::stress {

namespace {

std::uint64_t count_overlapping(history calls) {
    std::ranges::sort(calls, {}, &call::invoked);
    std::uint64_t overlapping = 0, latest = 0;
    for (std::size_t i = 0; i != calls.size(); ++i) {
        bool const before = i != 0 && latest >= calls[i].invoked;
        bool const after = i + 1 != calls.size() && calls[i].returned >= calls[i + 1].invoked;
        overlapping += before || after ? 1 : 0;
        latest = std::max(latest, calls[i].returned);
    }
    return overlapping;
}

} // namespace

bool campaign::run(std::uint64_t seed) {
    auto const begin = std::chrono::steady_clock::now();
    seed_ = seed;
    dice d(seed * 0x10000 + fingerprint(what_));
    auto threads = threads_ != 0 ? threads_ : d.one_in(3) ? d.between(3, 4) : 2;
    threads = std::min(threads, what_.most_threads());
    auto const how = random_conditions(d, what_.by_monitor());
    std::vector<program> programs(what_.kind == length::brief ? 128 : 1);
    std::vector<trial> trials;
    for (auto& p : programs) {
        p = what_.random_program(d, threads);
        trials.emplace_back(p, what_.make(p));
    }
    crew_.run(trials, how);
    bool const failed = judge(trials, how, seed);
    ++sum_.seeds;
    sum_.seconds += std::chrono::steady_clock::now() - begin;
    return failed;
}

std::optional<failure> campaign::halted() const {
    auto const [p, calls] = crew_.halted();
    if (p == nullptr || what_.check(*p, calls).is != verdict::violation) {
        return std::nullopt;
    }
    token const again{fingerprint(what_), threads_, seed_};
    auto const command = again_ ? again_(again) : std::string();
    return failure{seed_, what_.explain(*p, calls, calls.size(), command, false), again.text()};
}

bool campaign::judge(std::span<trial> trials, conditions const& how, std::uint64_t seed) {
    for (auto& t : trials) {
        what_.finish(t);
        auto calls = t.recorded(how);
        ++sum_.histories;
        sum_.operations += calls.size();
        sum_.overlapping += count_overlapping(calls);
        auto const found = what_.check(t.what(), calls);
        if (found.is == verdict::unknown) {
            ++sum_.undecided;
        }
        if (found.is == verdict::violation) {
            auto const recorded = calls.size();
            token const again{fingerprint(what_), threads_, seed};
            auto const least = shrink_program(what_, crew_, how, {t.what(), std::move(calls)});
            auto const command = again_ ? again_(again) : std::string();
            sum_.failed = failure{seed, what_.explain(least.what, least.calls, recorded, command, false), again.text()};
            return true;
        }
    }
    return false;
}

} // namespace tandem::stress
