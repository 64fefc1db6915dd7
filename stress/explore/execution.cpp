#include <tandem/stress/explore/execution.hpp>
#include <tandem/stress/explore/fiber.hpp>

#include <boost/context/detail/fcontext.hpp>

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <utility>

#include <cxxabi.h>

namespace tandem::explore {

namespace context = boost::context::detail;

namespace {

constexpr std::size_t most_steps = 4000;       // an execution that takes more has no end in sight
constexpr std::size_t most_steps_alone = 1000; // of those that go on when others stand still
// In a systematic search:
constexpr int most_same_looks = 3; // of a thread that changes nothing: then it is taken for a loop
constexpr int quiet_rounds = 50;   // of loops that see nothing new: then they have no end
constexpr int most_expiries = 2;   // an execution, of waits while another thread could go on

} // namespace

void execution::fiber::yield() {
    caller = context::jump_fcontext(caller, nullptr).fctx;
}

execution::execution(rules const& r) : memory_(r) {}
execution::~execution() = default;

void execution::call(fiber& f, std::function<void()> const& body) {
    f.body = &body;
    f.over = f.parked = f.woken = f.paused = f.stopped = f.failed = false;
    f.begins = nullptr;
    f.returned = false;
    f.calls = 0;
    f.may_take = fiber::any_number;
    f.newest_only = 0;
    f.changes();
    f.old_looks.clear();
    f.thrown = {};
    f.at = context::make_fcontext(f.stack.end(), fiber_stack::bytes, [](context::transfer_t from) {
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
    auto const take_variables_of = [&](void* pointer) {
        if (own != nullptr) {
            thread_locals::take(pointer);
        } else {
            f.thrown.exchange_with(exceptions_);
        }
    };
    take_variables_of(own);
    used_up_ = f.stack.used_up();
    program_.store(own != nullptr ? own : pointer_, std::memory_order::relaxed); // relaxed: for itself
    f.at = context::jump_fcontext(f.at, &f).fctx;
    program_.store(nullptr, std::memory_order::relaxed); // relaxed: for itself
    used_up_ = nullptr;
    take_variables_of(pointer_);
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
    most_steps_ = p.most_steps;
    may_stand_still_ = p.may_stand_still;
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
        others_changed_ |= f->over;
        f = f->over ? advance() : handed_;
    }
}

// Decides who goes on, and takes the step that it is about to take. None: the threads are through, or the execution is.
execution::fiber* execution::advance() {
    if (!others_changed_ && !changed_.empty()) {
        changed_[went_on_] = able_[went_on_]->next;
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
        if (steps_ + 1 >= last_step_) {
            has_no_end("LIVELOCK", next_.front().site);
            return nullptr;
        }
        if (claims_ != progress_class::blocking && standing_still_ == nullptr) {
            auto const chosen = chooser_->stops(next_);
            if (chosen != chooser::none && (may_stand_still_ == nullptr || may_stand_still_(next_[chosen]))) {
                stop(*able_.at(chosen));
                continue;
            }
        }
        went_on_ = chooser_->thread(next_);
        if (went_on_ == chooser::none) {
            end_ = end::abandoned;
            return nullptr;
        }
        if (auto* const f = go_on_with(*able_[went_on_]); f != nullptr || end_ != end::finished) {
            return f;
        }
    }
}
// Takes the step that it is about to take. None: it sleeps now, or the execution is over.
execution::fiber* execution::go_on_with(fiber& f) {
    accesses_ = 0;
    steps_ += does_not_count(f.next.what) ? 0U : 1U;
    if (f.parked) {
        f.parked = false;
        f.failed = true;
        f.next.what = operation::expire;
        expiries_ += systematic_ && able_.size() > 1 ? 1 : 0;
        others_changed_ = true;
        note(f);
        time_passes();
    } else if (!std::exchange(f.woken, false) && !take_step(f)) {
        return nullptr;
    }
    if (paused_ != 0 && !f.paused) {
        for (auto const& other : threads_) {
            if (!other->wants_news) {
                go_on(*other);
            }
        }
    }
    if (f.parked) {
        others_changed_ = true;
        return nullptr;
    }
    return &f;
}
// False: the execution is over.
bool execution::take_step(fiber& f) {
    if (f.begins != nullptr) {
        std::exchange(f.begins, nullptr)(f.what_begins);
    }
    f.answer = perform(f, chooser_);
    return end_ == end::finished;
}
// It is settled that the same thread goes on.
bool execution::goes_on_unasked(step const& s) {
    return !others_changed_ && !each_is_asked_for_ && s.what < operation::park && steps_ + 1 < last_step_ && chooser_->stays();
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
void execution::looked_at(fiber& f, value seen) {
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
void execution::wake_who_looked_at(location l) {
    for (auto const& f : fibers_) {
        if (f->paused && std::ranges::find(f->looks, l, &fiber::look::where) != f->looks.end()) {
            go_on(*f);
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
    each_is_asked_for_ = paused_ != 0 || claims_ != progress_class::blocking || std::ranges::any_of(able_, &fiber::parked);
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
        f->stopped = (f.get() == &chosen) == (claims_ >= progress_class::lock_free);
        if (f->stopped) {
            go_on(*f); // it does not count as paused
        }
    }
    others_changed_ = true;
}
void execution::has_no_end(char const* what, std::source_location const& site) {
    bool const go_on = standing_still_ == nullptr && !able_.empty();
    if (go_on && claims_ == progress_class::obstruction_free) {
        end_ = end::abandoned; // none was alone
    } else if (go_on && claims_ >= progress_class::lock_free) {
        goes_wrong("NOT LOCK-FREE: the threads go on, and do not finish", site);
    } else if (standing_still_ == nullptr) {
        goes_wrong(what, site);
    } else {
        goes_wrong(claims_ >= progress_class::lock_free ? "NOT LOCK-FREE: a thread stands still here, and the others do not finish"
                                                        : "NOT OBSTRUCTION-FREE: a thread goes on alone from here, and does not finish",
                   standing_still_->next.site);
    }
}

} // namespace tandem::explore
