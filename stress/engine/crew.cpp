#include <tandem/stress/engine/clock.hpp>
#include <tandem/stress/engine/crew.hpp>
#include <tandem/stress/engine/processors.hpp>

#include <algorithm>

#include <sys/syscall.h>
#include <unistd.h>

namespace tandem::stress {

using namespace std::chrono_literals;

conditions random_conditions(dice& d, bool may_drain_late) {
    conditions how;
    constexpr placement places[] = {placement::spread, placement::spread, placement::anywhere,
                                    placement::one_processor};
    how.where = places[d.below(4)];
    how.drained = !may_drain_late || d.one_in(2);
    return how;
}

trial::trial(program const& what, std::unique_ptr<object> subject) : what_(&what), subject_(std::move(subject)) {
    for (std::size_t i = 0; i != what.lanes.size(); ++i) {
        auto& calls = record_.emplace_back(what.lanes[i].size());
        for (auto& c : calls) {
            c.thread = static_cast<std::uint32_t>(i);
        }
    }
}

namespace {

void record(call& c, object& subject, bool drained) {
    c.invoked = stamp_before();
    auto const said = subject.perform_by(c.thread, c.operation, c.argument);
    if (drained) {
        drain_stores();
    }
    c.returned = stamp_after();
    c.answer = said.answer;
    c.result = said.result;
}

void take(rest const& r) {
    switch (r.what) {
    case rest::kind::none:
        break;
    case rest::kind::spin:
        for (unsigned i = 0; i != r.amount; ++i) {
            __asm__ __volatile__(""); // a few cycles; a processor's pause can take longer than a call
        }
        break;
    case rest::kind::yield:
        std::this_thread::yield();
        break;
    case rest::kind::move:
        pin_to(allowed_processors()[r.amount]);
        break;
    }
}

} // namespace

reply trial::then(std::uint32_t operation, values const& argument) {
    auto& c = record_.front().emplace_back();
    c.operation = operation;
    c.argument = argument;
    record(c, *subject_, true);
    return {c.answer, c.result};
}

history trial::recorded(conditions const& how) const {
    history all;
    for (std::size_t lane = 0; lane != record_.size(); ++lane) {
        auto const calls = recorded(how, lane, record_[lane].size());
        all.insert(all.end(), calls.begin(), calls.end());
    }
    return all;
}

history trial::recorded(conditions const& how, std::size_t lane, std::size_t n) const {
    auto const uncertain = skew() + (how.drained ? 0 : ticks(5us)); // far more than a store buffer needs
    history calls(record_[lane].begin(), record_[lane].begin() + static_cast<std::ptrdiff_t>(n));
    for (auto& c : calls) {
        c.returned += uncertain;
    }
    return calls;
}

crew::crew(std::size_t threads) : members_(std::make_unique<member[]>(threads)), size_(threads) {
    for (std::size_t i = 0; i != threads; ++i) {
        threads_.emplace_back([this, i] { serve(i); });
    }
}

crew::~crew() {
    {
        std::lock_guard const lock(mutex_);
        over_ = true;
    }
    changed_.notify_all();
    threads_.clear();
}

void crew::run(std::span<trial> trials, conditions const& how) {
    if (trials.empty()) {
        return;
    }
    std::unique_lock lock(mutex_);
    trials_ = trials;
    how_ = how;
    lanes_ = trials.front().what().lanes.size();
    crowded_ = how.where == placement::one_processor || lanes_ > allowed_processors().size();
    arrived_ = 0;
    started_ = 0;
    working_ = lanes_;
    ++batch_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return working_ == 0; });
}

std::vector<crew::position> crew::positions() const {
    std::vector<position> all;
    for (std::size_t i = 0; i != size_; ++i) {
        auto const& m = members_[i];
        auto const at = m.at.load(std::memory_order::acquire); // and with it the calls done before
        all.push_back({m.kernel_thread.load(std::memory_order::relaxed), m.batch.load(std::memory_order::relaxed),
                       m.trial.load(std::memory_order::relaxed), at});
    }
    return all;
}

history crew::pending() {
    std::lock_guard const lock(mutex_);
    history found;
    auto const all = positions();
    for (std::size_t i = 0; i != lanes_; ++i) {
        if (all[i].batch == batch_ && all[i].inside()) {
            auto const& s = trials_[all[i].trial].what().lanes[i][all[i].at / 2];
            found.push_back(
                {.thread = static_cast<std::uint32_t>(i), .operation = s.operation, .argument = s.argument});
        }
    }
    return found;
}

crew::halted_trial crew::halted() {
    std::lock_guard const lock(mutex_);
    auto all = positions();
    all.resize(lanes_);
    auto const in_a_call = [&](position const& p) { return p.batch == batch_ && p.inside(); };
    auto const one = std::ranges::find_if(all, in_a_call);
    if (one == all.end()) {
        return {};
    }
    auto const& t = trials_[one->trial];
    halted_trial found{&t.what(), {}};
    for (std::size_t i = 0; i != lanes_; ++i) {
        auto const& steps = t.what().lanes[i];
        auto const done = all[i].trial == one->trial ? static_cast<std::size_t>(all[i].at / 2) : steps.size();
        auto const calls = t.recorded(how_, i, done);
        found.calls.insert(found.calls.end(), calls.begin(), calls.end());
        if (in_a_call(all[i])) { // since when is the thread's own; after its last call, at any rate
            found.calls.push_back({.thread = static_cast<std::uint32_t>(i),
                                   .operation = steps[done].operation,
                                   .argument = steps[done].argument,
                                   .invoked = calls.empty() ? 0 : calls.back().returned + 1,
                                   .asleep = true});
        }
    }
    return found;
}

void crew::serve(std::size_t index) {
    members_[index].kernel_thread = static_cast<int>(::syscall(SYS_gettid));
    std::uint64_t served = 0;
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [&] { return over_ || batch_ != served; });
        if (over_) {
            return;
        }
        served = batch_;
        if (index >= lanes_) {
            continue;
        }
        lock.unlock();
        work(index);
        lock.lock();
        if (--working_ == 0) {
            changed_.notify_all();
        }
    }
}

void crew::work(std::size_t index) {
    auto const& processors = allowed_processors();
    auto& self = members_[index];
    auto const place = [&] {
        switch (how_.where) {
        case placement::spread:
            pin_to(processors[index % processors.size()]);
            break;
        case placement::one_processor:
            pin_to(processors.back());
            break;
        case placement::anywhere:
            unpin();
            break;
        }
    };
    place();
    self.at.store(0, std::memory_order::release);
    self.batch.store(batch_, std::memory_order::relaxed);
    for (std::size_t i = 0; i != trials_.size(); ++i) {
        auto& t = trials_[i];
        auto const& steps = t.what().lanes[index];
        auto& calls = t.lane(index);
        self.at.store(0, std::memory_order::release);
        self.trial.store(i, std::memory_order::relaxed);
        meet(i);
        bool moved = false;
        for (std::size_t k = 0; k != steps.size(); ++k) {
            auto& c = calls[k];
            c.operation = steps[k].operation;
            c.argument = steps[k].argument;
            moved |= steps[k].before.what == rest::kind::move;
            take(steps[k].before);
            self.at.store(2 * k + 1, std::memory_order::release);
            record(c, t.subject(), how_.drained);
            self.at.store(2 * k + 2, std::memory_order::release);
        }
        if (moved) {
            place();
        }
    }
}

namespace {
void relax() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ __volatile__("isb" ::: "memory");
#endif
}
} // namespace

// Waits for everybody, then for the same moment.
void crew::meet(std::uint64_t trial) {
    if (arrived_.fetch_add(1, std::memory_order::acq_rel) + 1 == (trial + 1) * lanes_) {
        start_.store(stamp_after() + (crowded_ ? 0 : ticks(200ns)), std::memory_order::relaxed);
        started_.store(trial + 1, std::memory_order::release);
    } else {
        for (int spins = 0; started_.load(std::memory_order::acquire) <= trial; ++spins) {
            if (crowded_ || spins > 2000) {
                std::this_thread::yield();
            } else {
                relax();
            }
        }
    }
    auto const start = start_.load(std::memory_order::relaxed);
    while (static_cast<std::int64_t>(stamp_after() - start) < 0) {
    }
}

} // namespace tandem::stress
