// What comes of a step: in the modelled memory, on the heap, among those that sleep; and how it is noted.

#include <tandem/stress/explore/execution.hpp>
#include <tandem/stress/explore/fiber.hpp>
#include <tandem/stress/explore/statics.hpp>
#include <tandem/stress/explore/trace.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

namespace tandem::explore {

// The address of the next variable; of one on a stack, another that nothing else has.
void const* execution::line_of(void const* at) {
    auto const on_stack = [&](auto const& f) { return f->stack.holds(at); };
    if (std::ranges::none_of(fibers_, on_stack)) {
        return at;
    }
    auto const* const own = reinterpret_cast<void const*>((ended_.size() + 1) * meter::line_bytes); // no memory is there
    meter_->own(current(), own);
    return own;
}

void execution::measure(step const& s) {
    using enum operation;
    bool const end_of_variable = s.what == write_plain && s.some;
    if (is_access(s.what) && !end_of_variable) {
        meter_->access(s.by, addresses_[s.where], s.what != load && s.what != read_plain);
    }
    if (is_own_step(s.what)) {
        bool const sc = s.order == std::memory_order::seq_cst;
        meter_->step(s.by, s.what == update || s.what == exchange || (sc && (s.what == store || s.what == fence)));
    }
}

value execution::perform(fiber& f, chooser* choose) {
    auto const& s = f.next;
    auto const one_of = [&](std::size_t count) -> std::size_t { return count > 1 && choose != nullptr ? choose->outcome(count) : 0; };
    auto const saw_old = [&](bool old) {
        if (systematic_) {
            f.looked_at(s.where, old);
        }
    };
    f.failed = false;
    took_steps_ |= std::uint32_t{1} << f.number;
    if (meter_ != nullptr) {
        measure(s);
    }
    if (f.may_take != fiber::any_number && (s.what == operation::park || (is_own_step(s.what) && f.may_take-- == 0))) {
        goes_wrong(s.what == operation::park ? "NOT WAIT-FREE: the call sleeps" : "NOT WAIT-FREE: this is one step more than the call may take", s.site);
        return 0;
    }
    if (is_access(s.what) && !is_plain(s.what) && !memory_.read_plain(f.number, s.where)) {
        note_impossible(s);
        goes_wrong("DATA RACE with the birth or the end of an atomic", s.site);
        return 0;
    }
    switch (s.what) {
    case operation::load: {
        f.newest_only -= f.newest_only != 0 ? 1 : 0;
        auto const v = memory_.load(f.number, s.where, s.order, [&](std::size_t count) {
            auto const which = s.newest ? 0 : one_of(count);
            saw_old(which != 0);
            return which;
        });
        note(f, v);
        looked(f, v);
        return v;
    }
    case operation::store:
        memory_.store(f.number, s.where, s.operand, s.order, one_of);
        note(f, 0, s.operand);
        f.changes();
        changed(s.where);
        return 0;
    case operation::update: {
        auto const [old, made] = memory_.update(f.number, s.where, s.order, one_of, [&](value v) { return s.compute(v, s.operand); });
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
            memory_.update(f.number, s.where, s.order, [&](std::size_t) { return all.successes[which]; }, [&](value) { return s.operand; });
            note(f, s.expected, s.operand);
            f.changes();
            changed(s.where);
            return s.expected;
        }
        f.failed = true;
        auto const old = all.failures[which - all.successes.size()];
        saw_old(old != 0);
        auto const seen = memory_.load(f.number, s.where, s.failure, [&](std::size_t) { return old; });
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
        others_changed_ = true;
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
    auto const seen = memory_.load(f.number, f.next.where, std::memory_order::relaxed, memory::newest);
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

// A fresh block, or one that was freed.
void* execution::allocate_now(step const& s, chooser* choose) {
    auto const alignment = std::max<std::size_t>(s.expected, meter::line_bytes); // no two blocks share a line
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

// For traces

void execution::begin_trace(program const& p) {
    if (trace_ != nullptr) {
        trace_->clear();
        trace_->add_memory(p.storage.data(), p.storage.size());
        for (auto const& variables : memory_of_statics()) {
            trace_->add_memory(variables.data(), variables.size());
        }
        for (auto const& one : fibers_) {
            trace_->add_memory(one->stack.begin(), fiber_stack::bytes);
            for (auto const& variables : one->locals.memory()) {
                trace_->add_memory(variables.data(), variables.size());
            }
        }
    }
}
void execution::add_to_trace(fiber const& f, value read, value written, std::uint32_t woken) {
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

} // namespace tandem::explore
