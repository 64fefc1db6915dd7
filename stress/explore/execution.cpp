#include <tandem/stress/explore/execution.hpp>
#include <tandem/stress/explore/statics.hpp>
#include <tandem/stress/explore/trace.hpp>

#include <boost/context/detail/fcontext.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>
#include <stdexcept>
#include <utility>

#include <cxxabi.h>

namespace tandem::explore {

namespace context = boost::context::detail;

namespace {

bool is_plain(operation o) {
    return o == operation::read_plain || o == operation::write_plain;
}
bool is_barrier(operation o) {
    return o == operation::light || o == operation::heavy;
}
// Of a location.
bool is_access(operation o) {
    return o < operation::park && o != operation::fence && !is_barrier(o);
}
bool is_time(operation o) {
    return o == operation::time || o == operation::expire;
}
// There may be many, and no end to none.
bool does_not_count(operation o) {
    return o == operation::allocate || o == operation::deallocate;
}
bool lets_time_pass(step const& s) {
    return s.what == operation::expire || (s.what == operation::time && s.some);
}
bool is_sc(step const& s) {
    return !is_plain(s.what) && (s.order == std::memory_order::seq_cst ||
                                 (s.what == operation::exchange && s.failure == std::memory_order::seq_cst));
}

constexpr std::size_t cache_line_bytes = 64;
constexpr std::size_t stack_bytes = std::size_t{256} * 1024;
constexpr std::size_t most_steps = 4000;       // an execution that takes more has no end in sight
constexpr std::size_t most_accesses = 100'000; // of plain data, between two steps
constexpr std::size_t most_steps_alone = 1000; // of those that go on when others stand still
// In a systematic search:
constexpr int most_same_looks = 3; // of a thread that changes nothing: then it is taken for a loop
constexpr int most_old_looks = 4;  // in a row, of a thread at a variable: then it sees the newest
constexpr int quiet_rounds = 50;   // of loops that see nothing new: then they have no end
constexpr int most_expiries = 2;   // an execution, of waits while another thread could go on

} // namespace

// A load changes nothing for others, and may read an old message: so what others do comes to the same before it. A store may come before messages
// that its thread does not know: so a store or an update of another comes to the same after it. What is seq_cst is ordered as it is done.
bool disturbs(step const& done, step const& other) noexcept {
    using enum operation;
    auto const either = [&](operation o) { return done.what == o || other.what == o; };
    if (either(pause)) {
        return true;
    }
    if (is_time(done.what) && is_time(other.what)) {
        return lets_time_pass(done) || lets_time_pass(other);
    }
    if ((done.what == unpark || other.what == unpark) && done.address == other.address) {
        return true; // whom it finds
    }
    if (either(park)) {
        return (is_access(done.what) || is_access(other.what)) && done.where == other.where && !either(load);
    }
    if (done.what >= park || other.what >= park) {
        return other.what == allocate && (done.what == allocate || done.what == deallocate);
    }
    if (is_barrier(done.what) && is_barrier(other.what)) {
        return true;
    }
    bool const both_sc = is_sc(done) && is_sc(other);
    if (!is_access(done.what) || !is_access(other.what)) {
        return both_sc;
    }
    if (done.where != other.where) {
        return false;
    }
    return both_sc || done.newest || (done.what != load && other.what != store);
}

// What the C++ runtime keeps of exceptions for each thread, and so for each fiber.
struct execution::exceptions {
    void* caught = nullptr;
    unsigned uncaught = 0;

    void exchange_with(void* current) noexcept {
        auto const mine = *this;
        std::memcpy(static_cast<void*>(this), current, sizeof *this);
        std::memcpy(current, static_cast<void const*>(&mine), sizeof mine);
    }
};

// Its stack lasts; what runs on it begins anew in every execution, and is left where it stands when the execution is.
struct execution::fiber {
    fiber(thread n, step& pending) : number(n), next(pending) {}

    thread number;
    step& next;
    std::function<void()> const* body = nullptr;
    value answer = 0;
    bool failed = false;
    bool over = true;
    bool parked = false;
    bool woken = false;     // it was parked, and goes on
    bool paused = false;    // until another has taken a step
    bool stopped = false;   // for good
    int newest_only = 0;    // loads: after a pause one looks at what has happened meanwhile
    struct look {
        location where;
        unsigned line;
        value seen;
        int times;
    };
    std::vector<look> looks{}; // since it last changed anything
    struct old_look {
        location where;
        int times;
    };
    std::vector<old_look> old_looks{}; // in a row, at each variable
    bool looped = false;       // it has seen the same too often
    bool saw_more = false;     // than before its last pause
    bool wants_news = false;   // while it is paused
    void (*begins)(void*) = nullptr; // a call, with its next step; none: none does
    void* what_begins = nullptr;
    bool returned = false; // from a call, since its last step
    exceptions thrown{}; // unless its thread has its own
    thread_locals locals{};
    context::fcontext_t at = nullptr;     // where it goes on
    context::fcontext_t caller = nullptr; // and where whoever resumed it does
    std::unique_ptr<std::byte[]> stack{new std::byte[stack_bytes]};

    int times_old(location l) const noexcept {
        auto const known = std::ranges::find(old_looks, l, &old_look::where);
        return known == old_looks.end() ? 0 : known->times;
    }
    void looked_at(location l, bool old) {
        auto const known = std::ranges::find(old_looks, l, &old_look::where);
        if (known != old_looks.end()) {
            known->times = old ? known->times + 1 : 0;
        } else if (old) {
            old_looks.push_back({l, 1});
        }
    }
    void changes() noexcept {
        looks.clear();
        looped = false;
        saw_more = true;
    }
    // Back to the explorer.
    void yield() { caller = context::jump_fcontext(caller, nullptr).fctx; }
};

execution::execution(rules const& r) : memory_(r) {}
execution::~execution() = default;

// Running

void execution::call(fiber& f, std::function<void()> const& body) {
    f.body = &body;
    f.over = f.parked = f.woken = f.paused = f.stopped = f.failed = false;
    f.begins = nullptr;
    f.returned = false;
    f.newest_only = 0;
    f.changes();
    f.old_looks.clear();
    f.thrown = {};
    f.at = context::make_fcontext(f.stack.get() + stack_bytes, stack_bytes, [](context::transfer_t from) {
        auto& mine = *static_cast<fiber*>(from.data);
        mine.caller = from.fctx;
        try {
            (*mine.body)();
            if (mine.number != 0) {
                end_all(now_->thread_endings_[mine.number]);
            }
        } catch (std::exception const& e) {
            now_->fail("USER ASSERT FAILED: an exception: ", e.what(), {});
        } catch (...) {
            now_->fail("USER ASSERT FAILED: an exception", "", {});
        }
        mine.over = true;
        mine.yield();
    });
    resume(f);
}

void execution::resume(fiber& f) {
    running_ = &f;
    pending_now_ = &f.next;
    auto* const own = f.locals.pointer();
    if (own != nullptr) {
        thread_locals::take(own);
    } else {
        f.thrown.exchange_with(exceptions_);
    }
    program_.store(own != nullptr ? own : pointer_, std::memory_order::relaxed); // relaxed: for itself
    f.at = context::jump_fcontext(f.at, &f).fctx;
    program_.store(nullptr, std::memory_order::relaxed); // relaxed: for itself
    if (own != nullptr) {
        thread_locals::take(pointer_);
    } else {
        f.thrown.exchange_with(exceptions_);
    }
    running_ = nullptr;
}

execution::end execution::run(program const& p, chooser& choose) {
    if (now_ != nullptr) {
        throw std::logic_error("executions of a process run one after the other");
    }
    now_ = this;
    chooser_ = &choose;
    systematic_ = choose.systematic();
    claims_ = p.claims;
    exceptions_ = abi::__cxa_get_globals();
    pointer_ = thread_pointer();
    if (meter_ != nullptr) {
        meter_->begin_execution();
    }
    heap_.clear();
    memory_.clear();
    ended_.clear();
    addresses_.clear();
    statics_.clear();
    endings_.clear();
    steps_ = 0;
    accesses_ = 0;
    took_steps_ = 0;
    end_ = end::finished;
    failure_ = {};
    while (fibers_.size() <= p.bodies.size()) {
        auto const number = static_cast<thread>(fibers_.size());
        fibers_.push_back(std::make_unique<fiber>(number, pending_.at(number)));
    }
    for (thread t = 0; t <= p.bodies.size(); ++t) {
        fibers_[t]->locals.begin();
        thread_endings_[t].clear();
    }
    begin_trace(p);
    begin_lasting();
    call(*fibers_[0], p.prepare);
    if (end_ == end::finished) {
        between_threads(p);
    }
    if (end_ == end::finished && p.finish) {
        for (thread t = 1; t <= p.bodies.size(); ++t) {
            memory_.join(0, t);
        }
        call(*fibers_[0], p.finish);
        if (end_ == end::finished && !(thread_endings_[0].empty() && endings_.empty())) {
            call(*fibers_[0], [this] {
                end_all(thread_endings_[0]);
                end_all(endings_);
            });
        }
        if (end_ == end::finished) {
            if (auto const* const found = heap_.check()) {
                goes_wrong(found->what, found->site);
            }
        }
    }
    now_ = nullptr;
    return end_;
}

void execution::between_threads(program const& p) {
    threads_ = std::span(fibers_).subspan(1, p.bodies.size());
    all_begun_ = false;
    for (std::size_t i = 0; i != threads_.size(); ++i) {
        memory_.start(0, threads_[i]->number);
        call(*threads_[i], p.bodies[i]);
        if (end_ != end::finished) {
            return;
        }
    }
    standing_still_ = nullptr;
    paused_ = 0;
    quiet_ = 0;
    expiries_ = 0;
    last_step_ = most_steps;
    others_changed_ = true;
    all_begun_ = true;
    for (auto* f = advance(); f != nullptr;) {
        resume(*f);
        if (end_ == end::failed) {
            return;
        }
        f = f->over ? advance() : handed_;
    }
}

// Decides who goes on, and takes the step that it is about to take. None: the threads are through, or the execution is.
execution::fiber* execution::advance() {
    if (!others_changed_) {
        auto const& f = *able_[went_on_];
        if (f.over || f.parked || f.paused) {
            others_changed_ = true;
        } else if (!changed_.empty()) {
            changed_[went_on_] = f.next;
        }
    }
    for (;;) {
        if (others_changed_ && !gather()) {
            // When somebody stands still there is no end to look at.
            end_ = standing_still_ == nullptr ? end::finished : end::abandoned;
            return nullptr;
        }
        if (able_.empty()) {
            if (paused_ == 0) {
                has_no_end("DEADLOCK", {});
                return nullptr;
            }
            if (++quiet_ > quiet_rounds && systematic_) {
                has_no_end("LIVELOCK", (*std::ranges::find_if(threads_, [](auto const& f) { return f->paused; }))->next.site);
                return nullptr;
            }
            for (auto const& f : threads_) {
                f->changes(); // it may be a loop that ends
                go_on(*f);
            }
            continue;
        }
        accesses_ = 0;
        if (++steps_ >= last_step_) {
            has_no_end("LIVELOCK", next_.front().site);
            return nullptr;
        }
        if (claims_ != progress_class::blocking && standing_still_ == nullptr) {
            if (auto const chosen = chooser_->stops(next_); chosen != chooser::none) {
                stop(*able_.at(chosen));
                continue;
            }
        }
        went_on_ = chooser_->thread(next_);
        if (went_on_ == chooser::none) {
            end_ = end::abandoned;
            return nullptr;
        }
        auto& f = *able_.at(went_on_);
        steps_ -= does_not_count(f.next.what) ? 1 : 0;
        if (f.parked) {
            f.parked = false;
            f.failed = true;
            f.next.what = operation::expire;
            expiries_ += systematic_ && able_.size() > 1 ? 1 : 0;
            others_changed_ = true;
            note(f);
            time_passes();
        } else if (!std::exchange(f.woken, false)) {
            if (f.begins != nullptr) {
                std::exchange(f.begins, nullptr)(f.what_begins);
            }
            f.answer = perform(f, chooser_);
            if (end_ != end::finished) {
                return nullptr;
            }
        }
        if (paused_ != 0 && !f.paused) {
            for (auto const& other : threads_) {
                if (!other->wants_news) {
                    go_on(*other);
                }
            }
        }
        if (!f.parked) {
            return &f;
        }
        others_changed_ = true;
    }
}

void execution::go_on(fiber& f) noexcept {
    if (f.paused) {
        f.paused = false;
        --paused_;
        others_changed_ = true;
    }
}
// Whoever looks at it sees something new.
void execution::time_passes() noexcept {
    quiet_ = 0;
    for (auto const& f : threads_) {
        f->changes();
    }
}
// It has changed nothing.
void execution::looked(fiber& f, value seen) {
    if (!systematic_) {
        return;
    }
    auto const& s = f.next;
    auto const same = std::ranges::find_if(
        f.looks, [&](fiber::look const& l) { return l.where == s.where && l.line == s.site.line() && l.seen == seen; });
    if (same == f.looks.end()) {
        f.looks.push_back({s.where, s.site.line(), seen, 1});
        f.saw_more = true;
    } else {
        f.looped |= ++same->times > most_same_looks;
    }
}
// There is something new to see for whoever looked at this.
void execution::changed(location l) {
    quiet_ = 0;
    if (paused_ != 0) {
        for (auto const& f : fibers_) {
            if (f->paused && std::ranges::find(f->looks, l, &fiber::look::where) != f->looks.end()) {
                go_on(*f);
            }
        }
    }
}

step execution::as_seen(fiber const& f) {
    auto s = f.next;
    s.what = f.parked ? operation::expire : f.woken ? operation::wake : s.what;
    return s;
}

// Who can go on. False: nobody is left.
bool execution::gather() {
    able_.clear();
    changed_.clear();
    bool alive = false;
    bool as_pending = true;
    auto const add = [&](fiber& f) {
        able_.push_back(&f);
        as_pending &= !f.parked && !f.woken;
    };
    for (auto const& f : threads_) {
        bool const there = !f->over && !f->stopped;
        alive |= there;
        if (there && !f->paused && (!f->parked || (f->next.some && expiries_ != most_expiries))) {
            add(*f);
        }
    }
    if (able_.empty()) { // then time passes
        for (auto const& f : threads_) {
            if (!f->over && !f->stopped && f->parked && f->next.some) {
                add(*f);
            }
        }
    }
    if (as_pending && able_.size() == threads_.size()) {
        next_ = std::span(pending_).subspan(1, threads_.size());
    } else {
        for (auto const* const f : able_) {
            changed_.push_back(as_seen(*f));
        }
        next_ = changed_;
    }
    others_changed_ = false;
    return alive;
}

void execution::stop(fiber& chosen) {
    standing_still_ = &chosen;
    last_step_ = std::min(last_step_, steps_ + most_steps_alone);
    for (auto const& f : threads_) {
        f->stopped = (f.get() == &chosen) == (claims_ == progress_class::lock_free);
        if (f->stopped) {
            go_on(*f); // it does not count as paused
        }
    }
    others_changed_ = true;
}
void execution::has_no_end(char const* what, std::source_location const& site) {
    if (standing_still_ == nullptr) {
        goes_wrong(what, site);
    } else {
        goes_wrong(claims_ == progress_class::lock_free ? "NOT LOCK-FREE: a thread stands still here, and the others do not finish"
                                                  : "NOT OBSTRUCTION-FREE: a thread goes on alone from here, and does not finish",
                   standing_still_->next.site);
    }
}

// For the code that is run

thread execution::current() const noexcept {
    return running_ == nullptr ? 0 : running_->number;
}
location execution::add_atomic(value initial, void const* at) {
    of_explorer const here;
    auto const l = memory_.add_atomic(current(), initial);
    ended_.push_back(false);
    addresses_.push_back(line_of(at));
    note_birth(l, initial);
    return l;
}
location execution::add_plain(void const* at) {
    of_explorer const here;
    auto const l = memory_.add_plain(current());
    ended_.push_back(false);
    addresses_.push_back(line_of(at));
    note_birth(l, {});
    return l;
}
void execution::end_of(location l, std::source_location const& site) {
    take({.what = operation::write_plain, .where = l, .some = true, .site = site});
    ended_[l] = true;
}
value execution::last(location l) const {
    return memory_.last(l);
}

// Plain accesses are no steps: they are in the same order to each other, or in none, whenever they are done between two steps.
value execution::take_pending(bool* failed) {
    auto& mine = *running_;
    auto& s = mine.next;
    if (mine.looped && is_access(s.what) && mine.number != 0) {
        mine.looped = false;
        auto const put_off = s;
        take({.what = operation::pause, .some = true, .site = s.site});
        s = put_off;
    }
    s.by = mine.number;
    bool const has_seen_enough = systematic_ && mine.times_old(s.where) >= most_old_looks;
    s.newest = s.newest || (s.what == operation::load && (mine.newest_only != 0 || has_seen_enough)) || (s.what == operation::exchange && has_seen_enough);
    if (is_access(s.what) || s.what == operation::park) {
        check(s);
    }
    if (mine.number != 0 && !is_plain(s.what)) {
        s.begins_call = mine.begins != nullptr;
        s.after_return = std::exchange(mine.returned, false);
        fiber* next = nullptr;
        if (all_begun_) {
            of_explorer const here;
            next = advance();
        }
        if (next != &mine) {
            handed_ = next;
            mine.yield();
        }
    } else {
        of_explorer const here;
        if (++accesses_ == most_accesses) {
            goes_wrong("LIVELOCK", s.site);
        } else {
            mine.answer = perform(mine, nullptr);
        }
        if (end_ != end::finished) {
            mine.yield();
        }
    }
    if (failed != nullptr) {
        *failed = mine.failed;
    }
    return mine.answer;
}

void execution::call_begins(void (*f)(void*), void* of) {
    if (current() == 0) {
        f(of);
    } else {
        running_->begins = f;
        running_->what_begins = of;
    }
}
void execution::call_returns() noexcept {
    running_->begins = nullptr;
    running_->returned = true;
}
void execution::begin_call(std::string_view name) {
    if (meter_ != nullptr) {
        of_explorer const here;
        meter_->begin_call(current(), name);
    }
}
void execution::end_call() {
    if (meter_ != nullptr) {
        of_explorer const here;
        meter_->end_call(current());
    }
}

// Where progress is claimed, it is claimed of threads that are given the memory they ask for.
bool execution::misfortune() {
    of_explorer const here;
    return claims_ == progress_class::blocking && chooser_->misfortune();
}

void execution::goes_wrong(char const* what, std::source_location const& site) {
    failure_ = {what, site};
    end_ = end::failed;
    if (trace_ != nullptr) {
        trace_->ends(failure_);
    }
}
void execution::fail(std::string_view kind, std::string_view what, std::source_location const& site) {
    {
        of_explorer const here;
        failure_ = {std::string(kind) + std::string(what), site};
        if (trace_ != nullptr) {
            trace_->add({.what = event::kind::fails, .done = {.by = running_->number, .site = site}});
            trace_->ends(failure_);
        }
    }
    end_ = end::failed;
    running_->yield();
    std::abort(); // nobody goes on with it
}

void execution::check(step const& s) {
    bool const known = s.where < ended_.size();
    if (known && !ended_[s.where]) {
        return;
    }
    note_impossible(s);
    if (known) {
        fail("", "ACCESS TO FREED MEMORY: its end has come", s.site);
    }
    switch (heap::kind_of(static_cast<unsigned char>(s.where))) {
    case heap::kind::freed:
        fail("", "ACCESS TO FREED MEMORY", s.site);
    case heap::kind::fresh:
        fail("", "ACCESS TO UNINITIALIZED VARIABLE", s.site);
    case heap::kind::outside:
        fail("", "ACCESS OUT OF BOUNDS", s.site);
    case heap::kind::other:
        fail("", "ACCESS TO WHAT IS NOT A VARIABLE", s.site);
    }
}

// Steps

// The address of the next variable; of one on a stack, another that nothing else has.
void const* execution::line_of(void const* at) {
    auto const on_stack = [&](auto const& f) { return std::greater_equal<>()(at, f->stack.get()) && std::less<>()(at, f->stack.get() + stack_bytes); };
    if (meter_ == nullptr || std::ranges::none_of(fibers_, on_stack)) {
        return at;
    }
    auto const* const own = reinterpret_cast<void const*>((ended_.size() + 1) * cache_line_bytes); // no memory is there
    meter_->own(current(), own);
    return own;
}

void execution::measure(step const& s) {
    using enum operation;
    bool const end_of_variable = s.what == write_plain && s.some;
    if (is_access(s.what) && !end_of_variable) {
        meter_->access(s.by, addresses_[s.where], s.what != load && s.what != read_plain);
    }
    if (s.what < park && !is_plain(s.what)) {
        bool const sc = s.order == std::memory_order::seq_cst;
        meter_->step(s.by, s.what == update || s.what == exchange || (sc && (s.what == store || s.what == fence)));
    }
}

value execution::perform(fiber& f, chooser* choose) {
    auto const& s = f.next;
    auto const one_of = [&](std::size_t count) { return count > 1 && choose != nullptr ? choose->outcome(count) : 0; };
    f.failed = false;
    took_steps_ |= std::uint32_t{1} << f.number;
    if (meter_ != nullptr) {
        measure(s);
    }
    if (is_access(s.what) && !is_plain(s.what) && !memory_.read_plain(f.number, s.where)) {
        note_impossible(s);
        goes_wrong("DATA RACE with the birth or the end of an atomic", s.site);
        return 0;
    }
    switch (s.what) {
    case operation::load: {
        f.newest_only -= f.newest_only != 0 ? 1 : 0;
        auto const which = s.newest ? 0 : one_of(memory_.readable(f.number, s.where, s.order));
        if (systematic_) {
            f.looked_at(s.where, which != 0);
        }
        auto const v = memory_.load(f.number, s.where, s.order, which);
        note(f, v);
        looked(f, v);
        return v;
    }
    case operation::store:
        memory_.store(f.number, s.where, s.operand, s.order, one_of(memory_.places(f.number, s.where, s.order)));
        note(f, 0, s.operand);
        f.changes();
        changed(s.where);
        return 0;
    case operation::update: {
        auto const which = one_of(memory_.updatable(f.number, s.where, s.order));
        auto const old = memory_.old_of_update(f.number, s.where, s.order, which);
        auto const made = s.compute(old, s.operand);
        memory_.update(f.number, s.where, made, s.order, which);
        note(f, old, made);
        if (made == old) {
            looked(f, old);
        } else {
            f.changes();
        }
        changed(s.where);
        return old;
    }
    case operation::exchange: {
        auto const& all = memory_.exchangeable(f.number, s.where, s.expected, s.order, s.failure, s.some);
        auto const failures = s.newest ? (all.successes.empty() ? 1 : 0) : all.failures.size();
        auto const which = one_of(all.successes.size() + failures);
        if (which < all.successes.size()) {
            memory_.update(f.number, s.where, s.operand, s.order, all.successes[which]);
            note(f, s.expected, s.operand);
            f.changes();
            changed(s.where);
            return s.expected;
        }
        f.failed = true;
        if (systematic_) {
            f.looked_at(s.where, all.failures[which - all.successes.size()] != 0);
        }
        auto const seen = memory_.load(f.number, s.where, s.failure, all.failures[which - all.successes.size()]);
        note(f, seen);
        looked(f, seen);
        return seen;
    }
    case operation::fence:
        memory_.fence(f.number, s.order);
        note(f);
        return 0;
    case operation::light:
        memory_.light(f.number);
        note(f);
        return 0;
    case operation::heavy:
        memory_.heavy(f.number);
        note(f);
        return 0;
    case operation::read_plain:
    case operation::write_plain:
        note(f);
        if (!(s.what == operation::read_plain ? memory_.read_plain(f.number, s.where) : memory_.write_plain(f.number, s.where))) {
            goes_wrong("DATA RACE", s.site);
        }
        return 0;
    case operation::park:
        return park(f);
    case operation::unpark:
        unpark(f, choose);
        return 0;
    case operation::pause:
        f.paused = true;
        f.newest_only = std::max(2, static_cast<int>(f.looks.size()));
        f.wants_news = s.some || (systematic_ && !std::exchange(f.saw_more, false));
        ++paused_;
        note(f);
        return 0;
    case operation::time:
        note(f);
        if (s.some) {
            time_passes();
        }
        return 0;
    case operation::allocate:
        f.changes();
        return reinterpret_cast<value>(allocate_now(s, choose));
    case operation::deallocate:
        deallocate_now(s);
        return 0;
    case operation::expire:
    case operation::wake:
        break;
    }
    throw std::logic_error("no such step");
}

value execution::park(fiber& f) {
    auto const seen = memory_.load(f.number, f.next.where, std::memory_order::relaxed, 0);
    f.parked = seen == f.next.expected;
    note(f, seen);
    looked(f, f.parked ? 1 : 0);
    if (f.parked && meter_ != nullptr) {
        meter_->sleep(f.number);
    }
    if (f.parked && f.number == 0) {
        goes_wrong("DEADLOCK: nobody else is there", f.next.site);
    }
    return 0;
}
void execution::unpark(fiber& f, chooser* choose) {
    std::vector<fiber*> here;
    for (auto const& one : fibers_) {
        if (!one->over && one->parked && one->next.address == f.next.address) {
            here.push_back(one.get());
        }
    }
    if (!here.empty() && !f.next.some) {
        here = {here[here.size() > 1 && choose != nullptr ? choose->outcome(here.size()) : 0]};
    }
    std::uint32_t woken = 0;
    for (auto* const one : here) {
        one->parked = false;
        one->woken = true;
        one->changes();
        others_changed_ = true;
        quiet_ = 0;
        woken |= std::uint32_t{1} << one->number;
    }
    note(f, 0, 0, woken);
}

// What happened

void execution::begin_trace(program const& p) {
    if (trace_ != nullptr) {
        trace_->clear();
        trace_->add_memory(p.storage.data(), p.storage.size());
        for (auto const& variables : memory_of_statics()) {
            trace_->add_memory(variables.data(), variables.size());
        }
        for (auto const& one : fibers_) {
            trace_->add_memory(one->stack.get(), stack_bytes);
            for (auto const& variables : one->locals.memory()) {
                trace_->add_memory(variables.data(), variables.size());
            }
        }
    }
}
void execution::note(fiber const& f, value read, value written, std::uint32_t woken) {
    if (trace_ == nullptr) {
        return;
    }
    auto const& s = f.next;
    event e{.done = s, .failed = s.what == operation::park ? !f.parked : f.failed, .woken = woken};
    bool const updates = s.what == operation::update || s.what == operation::exchange;
    if (s.what == operation::load || s.what == operation::park || updates) {
        e.read = trace_->named(read);
        e.read_at = memory_.last_messages().read;
    }
    if (s.what == operation::store || (updates && !f.failed)) {
        e.written = trace_->named(written);
        e.written_at = memory_.last_messages().written;
    }
    trace_->add(e);
}
void execution::note_birth(location l, std::optional<value> initial) {
    if (trace_ == nullptr) {
        return;
    }
    event e{.what = event::kind::birth, .done = {.by = current(), .where = l}};
    if (initial) {
        e.written = trace_->named(*initial);
        e.written_at = memory_.last_messages().written;
    }
    trace_->add(e);
}
void execution::note_impossible(step const& s) {
    if (trace_ != nullptr) {
        of_explorer const here;
        trace_->add({.what = event::kind::impossible, .done = s});
    }
}

// Memory

void* execution::allocate(std::size_t bytes, std::size_t alignment, std::source_location const& site) {
    step const s{.by = current(), .what = operation::allocate, .operand = bytes, .expected = alignment, .site = site};
    if (current() != 0 && systematic_) {
        return reinterpret_cast<void*>(take(s));
    }
    of_explorer const here;
    return allocate_now(s, current() == 0 ? nullptr : chooser_);
}
void execution::deallocate(void* at, std::source_location const& site) {
    if (at == nullptr) {
        return;
    }
    step const s{.by = current(), .what = operation::deallocate, .address = at, .site = site};
    if (current() != 0 && systematic_) {
        take(s);
        return;
    }
    {
        of_explorer const here;
        deallocate_now(s);
    }
    if (end_ != end::finished) {
        running_->yield();
    }
}

// A fresh block, or one that was freed.
void* execution::allocate_now(step const& s, chooser* choose) {
    auto const alignment = std::max<std::size_t>(s.expected, cache_line_bytes); // no two blocks share a line
    auto const freed = choose == nullptr ? 0 : heap_.suitable(s.operand, alignment);
    auto const which = freed == 0 ? 0 : choose->outcome(freed + 1);
    if (meter_ != nullptr) {
        meter_->allocation(s.by);
    }
    auto* const at = heap_.allocate(s.operand, alignment, which == 0 ? freed : freed - which, s.site);
    if (trace_ != nullptr) {
        trace_->add_memory(at, s.operand);
        trace_->add({.what = event::kind::allocates, .done = {.by = s.by, .site = s.site}, .block = heap_.number(at)});
    }
    return at;
}
void execution::deallocate_now(step const& s) {
    if (trace_ != nullptr) {
        trace_->add({.what = event::kind::frees, .done = {.by = s.by, .site = s.site}, .block = heap_.number(s.address)});
    }
    switch (heap_.deallocate(const_cast<void*>(s.address))) {
    case heap::fault::none:
        return;
    case heap::fault::never_allocated:
        return goes_wrong("DOUBLE FREE, or of what was never allocated", s.site);
    case heap::fault::freed_twice:
        return goes_wrong("DOUBLE FREE", s.site);
    case heap::fault::written_outside:
        return goes_wrong("ACCESS OUT OF BOUNDS: something was written around this block", s.site);
    }
}

} // namespace tandem::explore
