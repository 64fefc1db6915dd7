// What the code that is run asks the execution for.

#include <tandem/stress/explore/execution.hpp>
#include <tandem/stress/explore/fiber.hpp>
#include <tandem/stress/explore/trace.hpp>
#include <tandem/stress/lanes.hpp>

#include <cstdlib>
#include <utility>

namespace tandem::explore {

namespace {

constexpr std::size_t most_accesses = 100'000; // of plain data, between two steps
constexpr int most_old_looks = 4;              // in a systematic search, in a row, of a thread at a variable: then it sees the newest

} // namespace

thread execution::current() const noexcept {
    return running_ == nullptr ? 0 : running_->number;
}
location execution::add_atomic(value initial, void const* at) {
    of_explorer const here;
    return add(memory_.add_atomic(current(), initial), at, initial);
}
location execution::add_plain(void const* at) {
    of_explorer const here;
    return add(memory_.add_plain(current()), at, {});
}
location execution::add(location l, void const* at, std::optional<value> initial) {
    ended_.push_back(0);
    addresses_.push_back(meter_ == nullptr ? at : line_of(at));
    if (trace_ != nullptr) {
        note_birth(l, initial);
    }
    return l;
}
void execution::end_of(location l, std::source_location const& site) {
    take({.what = operation::write_plain, .where = l, .some = true, .site = site});
    ended_[l] = 1;
}
value execution::last(location l) const {
    return memory_.last(l);
}

// Plain accesses are no steps: they are in the same order to each other, or in none, whenever they are done between two steps.
value execution::take_pending(bool* failed) {
    auto& mine = *running_;
    auto& s = mine.next;
    s.by = mine.number;
    if (systematic_) {
        look_no_further(mine);
    }
    s.newest |= s.what == operation::load && mine.newest_only != 0;
    if (is_access(s.what) || s.what == operation::park) {
        check(s);
    }
    if (is_plain(s.what) || mine.number == 0) {
        of_explorer const here;
        if (++accesses_ == most_accesses) {
            goes_wrong("LIVELOCK", s.site);
        } else {
            mine.answer = perform(mine, nullptr);
        }
        if (end_ != end::finished) {
            mine.yield();
        }
    } else {
        s.begins_call = mine.begins != nullptr;
        s.after_return = std::exchange(mine.returned, false);
        fiber* next = nullptr;
        if (all_begun_) {
            of_explorer const here;
            if (goes_on_unasked(s)) {
                ++steps_;
                accesses_ = 0;
                next = take_step(mine) ? &mine : nullptr;
            } else {
                next = advance();
            }
        }
        if (next != &mine) {
            handed_ = next;
            mine.yield();
        }
    }
    if (failed != nullptr) {
        *failed = mine.failed;
    }
    return mine.answer;
}
// In a systematic search: one that has seen the same too often waits for something new, and one that has seen too much that is old sees the newest.
void execution::look_no_further(fiber& mine) {
    auto& s = mine.next;
    if (mine.looped && is_access(s.what) && mine.number != 0) {
        mine.looped = false;
        auto const put_off = s;
        take({.what = operation::pause, .some = true, .site = s.site});
        s = put_off;
    }
    s.newest |= (s.what == operation::load || s.what == operation::exchange) && mine.times_old(s.where) >= most_old_looks;
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
    if (most_steps_ != nullptr && running_->calls++ == 0) {
        running_->may_take = most_steps_(name);
    }
    if (meter_ != nullptr) {
        of_explorer const here;
        meter_->begin_call(current(), name);
    }
}
void execution::end_call() {
    if (most_steps_ != nullptr && --running_->calls == 0) {
        running_->may_take = fiber::any_number;
    }
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
    end_here({kind, what}, site);
}
void execution::crash(std::initializer_list<std::string_view> what) {
    end_here(what, {});
}
bool execution::has_overrun(void const* at) const noexcept {
    return running_->stack.is_overrun_by(at);
}
void execution::end_here(std::initializer_list<std::string_view> what, std::source_location const& site) {
    program_.store(nullptr, std::memory_order::relaxed); // relaxed: for itself
    failure_ = {stress::concat(what), site};
    if (trace_ != nullptr) {
        trace_->add({.what = event::kind::fails, .done = {.by = running_->number, .site = site}});
        trace_->ends(failure_);
    }
    end_ = end::failed;
    running_->yield();
    std::abort(); // nobody goes on with it
}

void execution::not_a_variable(step const& s) {
    note_impossible(s);
    if (s.where < ended_.size()) {
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
        break;
    }
    fail("", "ACCESS TO WHAT IS NOT A VARIABLE", s.site);
}

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

} // namespace tandem::explore
