#include <tandem/stress/explore/execution.hpp>
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
bool only_reads(operation o) {
    return o == operation::load || o == operation::read_plain;
}
bool is_barrier(operation o) {
    return o == operation::light || o == operation::heavy;
}
// Of a location.
bool is_access(operation o) {
    return o < operation::park && o != operation::fence && !is_barrier(o);
}
bool is_sc(step const& s) {
    return !is_plain(s.what) && (s.order == std::memory_order::seq_cst ||
                                 (s.what == operation::exchange && s.failure == std::memory_order::seq_cst));
}

constexpr std::size_t stack_bytes = std::size_t{256} * 1024;
constexpr std::size_t most_steps = 4000; // an execution that takes more has no end in sight
constexpr int fresh_byte = 0xcd;
constexpr int freed_byte = 0xdd;

// What the C++ runtime keeps of exceptions for each thread, and so for each fiber.
struct exceptions {
    void* caught = nullptr;
    unsigned uncaught = 0;

    void exchange_with_current() noexcept {
        auto* const current = abi::__cxa_get_globals();
        auto const mine = *this;
        std::memcpy(static_cast<void*>(this), static_cast<void const*>(current), sizeof *this);
        std::memcpy(static_cast<void*>(current), static_cast<void const*>(&mine), sizeof mine);
    }
};

} // namespace

// A load raises what its own thread may read, and nothing else; a seq_cst operation speaks to all others.
bool independent(step const& a, step const& b) noexcept {
    if (a.what >= operation::park || b.what >= operation::park || (is_sc(a) && is_sc(b)) || (is_barrier(a.what) && is_barrier(b.what))) {
        return false;
    }
    if (!is_access(a.what) || !is_access(b.what)) {
        return true;
    }
    return a.where != b.where || (only_reads(a.what) && only_reads(b.what));
}

// Its stack lasts; what runs on it begins anew in every execution, and is left where it stands when the execution is.
struct execution::fiber {
    thread number = 0;
    std::function<void()> const* body = nullptr;
    step next{};
    value answer = 0;
    bool failed = false;
    bool over = true;
    bool parked = false;
    bool woken = false;     // it was parked, and goes on
    bool paused = false;    // until another has taken a step
    int newest_only = 0;    // loads: after a pause one looks at what has happened meanwhile
    exceptions thrown{};
    context::fcontext_t at = nullptr;     // where it goes on
    context::fcontext_t caller = nullptr; // and where whoever resumed it does
    std::unique_ptr<std::byte[]> stack{new std::byte[stack_bytes]};

    // Back to the explorer.
    void yield() { caller = context::jump_fcontext(caller, nullptr).fctx; }
};

struct execution::block {
    void* at;
    std::size_t bytes;
    std::source_location site;
    bool freed;
};

class execution::of_explorer {
public:
    of_explorer() noexcept : before_(std::exchange(in_program_, false)) {}
    ~of_explorer() { in_program_ = before_; }
    of_explorer(of_explorer const&) = delete;
    of_explorer& operator=(of_explorer const&) = delete;

private:
    bool before_;
};

thread_local execution* execution::now_ = nullptr;
thread_local bool execution::in_program_ = false;

execution::execution(rules const& r) : memory_(r) {}
execution::~execution() { release_blocks(); }

// Running

void execution::call(fiber& f, std::function<void()> const& body) {
    f.body = &body;
    f.over = f.parked = f.woken = f.paused = f.failed = false;
    f.newest_only = 0;
    f.thrown = {};
    f.at = context::make_fcontext(f.stack.get() + stack_bytes, stack_bytes, [](context::transfer_t from) {
        auto& mine = *static_cast<fiber*>(from.data);
        mine.caller = from.fctx;
        try {
            (*mine.body)();
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
    f.thrown.exchange_with_current();
    in_program_ = true;
    f.at = context::jump_fcontext(f.at, &f).fctx;
    in_program_ = false;
    f.thrown.exchange_with_current();
    running_ = nullptr;
}

execution::end execution::run(program const& p, chooser& choose) {
    now_ = this;
    chooser_ = &choose;
    release_blocks();
    memory_.clear();
    ended_.clear();
    steps_ = 0;
    end_ = end::finished;
    failure_ = {};
    while (fibers_.size() <= p.bodies.size()) {
        fibers_.push_back(std::make_unique<fiber>());
        fibers_.back()->number = static_cast<thread>(fibers_.size() - 1);
    }
    begin_trace(p);
    call(*fibers_[0], p.prepare);
    if (end_ == end::finished) {
        between_threads(p, choose);
    }
    if (end_ == end::finished && p.finish) {
        for (thread t = 1; t <= p.bodies.size(); ++t) {
            memory_.join(0, t);
        }
        call(*fibers_[0], p.finish);
        if (end_ == end::finished) {
            check_for_leaks();
        }
    }
    now_ = nullptr;
    return end_;
}

void execution::between_threads(program const& p, chooser& choose) {
    auto const all = std::span(fibers_).subspan(1, p.bodies.size());
    for (std::size_t i = 0; i != all.size(); ++i) {
        memory_.start(0, all[i]->number);
        call(*all[i], p.bodies[i]);
        if (end_ != end::finished) {
            return;
        }
    }
    std::vector<fiber*> able;
    std::vector<step> next;
    auto const gather = [&] {
        able.clear();
        next.clear();
        bool alive = false;
        for (auto const& f : all) {
            alive |= !f->over;
            if (f->over || f->paused || (f->parked && !f->next.some)) {
                continue;
            }
            able.push_back(f.get());
            next.push_back(f->next);
            next.back().what = f->parked ? operation::expire : f->woken ? operation::pause : f->next.what;
        }
        return alive;
    };
    while (gather()) {
        if (able.empty()) {
            bool any_paused = false;
            for (auto const& f : all) {
                any_paused |= std::exchange(f->paused, false);
            }
            if (!any_paused) {
                goes_wrong("DEADLOCK", {});
                return;
            }
            continue;
        }
        if (++steps_ == most_steps) {
            goes_wrong("LIVELOCK", next.front().site);
            return;
        }
        auto const chosen = choose.thread(next);
        if (chosen == chooser::none) {
            end_ = end::abandoned;
            return;
        }
        auto& f = *able.at(chosen);
        if (f.parked) {
            f.parked = false;
            f.failed = true;
            f.next.what = operation::expire;
            note(f);
        } else if (!std::exchange(f.woken, false)) {
            f.answer = perform(f, &choose);
            if (end_ != end::finished) {
                return;
            }
        }
        if (!f.paused) {
            for (auto const& other : all) {
                other->paused = false;
            }
        }
        if (!f.parked) {
            resume(f);
            if (end_ != end::finished) {
                return;
            }
        }
    }
}

// For the code that is run

thread execution::current() const noexcept {
    return running_ == nullptr ? 0 : running_->number;
}
location execution::add_atomic(value initial) {
    of_explorer const here;
    auto const l = memory_.add_atomic(current(), initial);
    ended_.push_back(false);
    note_birth(l, initial);
    return l;
}
location execution::add_plain() {
    of_explorer const here;
    auto const l = memory_.add_plain(current());
    ended_.push_back(false);
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

value execution::take(step const& s, bool* failed) {
    auto& mine = *running_;
    mine.next = s;
    mine.next.by = mine.number;
    if (is_access(s.what) || s.what == operation::park) {
        check(mine.next);
    }
    if (mine.number != 0) {
        mine.yield();
    } else {
        of_explorer const alone;
        mine.answer = perform(mine, nullptr);
        if (end_ != end::finished) {
            mine.yield();
        }
    }
    if (failed != nullptr) {
        *failed = mine.failed;
    }
    return mine.answer;
}

bool execution::misfortune() {
    of_explorer const here;
    return chooser_->misfortune();
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
    auto const byte = static_cast<int>(s.where & 0xff);
    fail("",
         known                 ? "ACCESS TO FREED MEMORY: its end has come"
         : byte == freed_byte  ? "ACCESS TO FREED MEMORY"
         : byte == fresh_byte ? "ACCESS TO UNINITIALIZED VARIABLE"
                               : "ACCESS TO WHAT IS NOT A VARIABLE",
         s.site);
}

// Steps

value execution::perform(fiber& f, chooser* choose) {
    auto const& s = f.next;
    auto const one_of = [&](std::size_t count) { return count > 1 && choose != nullptr ? choose->outcome(count) : 0; };
    f.failed = false;
    if (is_access(s.what) && !is_plain(s.what) && !memory_.read_plain(f.number, s.where)) {
        note_impossible(s);
        goes_wrong("DATA RACE with the birth or the end of an atomic", s.site);
        return 0;
    }
    switch (s.what) {
    case operation::load: {
        bool const newest = f.newest_only != 0;
        f.newest_only -= newest ? 1 : 0;
        auto const which = newest ? 0 : one_of(memory_.readable(f.number, s.where, s.order));
        auto const v = memory_.load(f.number, s.where, s.order, which);
        note(f, v);
        return v;
    }
    case operation::store:
        memory_.store(f.number, s.where, s.operand, s.order, one_of(memory_.places(f.number, s.where, s.order)));
        note(f, 0, s.operand);
        return 0;
    case operation::update: {
        auto const which = one_of(memory_.updatable(f.number, s.where, s.order));
        auto const old = memory_.old_of_update(f.number, s.where, s.order, which);
        auto const made = s.compute(old, s.operand);
        memory_.update(f.number, s.where, made, s.order, which);
        note(f, old, made);
        return old;
    }
    case operation::exchange: {
        auto const all = memory_.exchangeable(f.number, s.where, s.expected, s.order, s.failure, s.some);
        auto const which = one_of(all.successes.size() + all.failures.size());
        if (which < all.successes.size()) {
            memory_.update(f.number, s.where, s.operand, s.order, all.successes[which]);
            note(f, s.expected, s.operand);
            return s.expected;
        }
        f.failed = true;
        auto const seen = memory_.load(f.number, s.where, s.failure, all.failures[which - all.successes.size()]);
        note(f, seen);
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
        f.newest_only = 2;
        note(f);
        return 0;
    case operation::time:
        note(f);
        return 0;
    case operation::expire:
        break;
    }
    throw std::logic_error("no such step");
}

value execution::park(fiber& f) {
    f.parked = memory_.last(f.next.where) == f.next.expected;
    note(f);
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
        woken |= std::uint32_t{1} << one->number;
    }
    note(f, 0, 0, woken);
}

// What happened

void execution::begin_trace(program const& p) {
    if (trace_ != nullptr) {
        trace_->clear();
        trace_->add_memory(p.storage.data(), p.storage.size());
        for (auto const& one : fibers_) {
            trace_->add_memory(one->stack.get(), stack_bytes);
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
    if (s.what == operation::load || updates) {
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
    of_explorer const here;
    auto const to = std::max(alignment, alignof(std::max_align_t));
    auto* const at = std::aligned_alloc(to, (std::max<std::size_t>(bytes, 1) + to - 1) / to * to);
    if (at == nullptr) {
        throw std::bad_alloc();
    }
    blocks_.push_back({at, bytes, site, false});
    if (trace_ != nullptr) {
        trace_->add_memory(at, bytes);
        trace_->add({.what = event::kind::allocates, .done = {.by = current(), .site = site}, .block = blocks_.size()});
    }
    return std::memset(at, fresh_byte, bytes);
}
// It is kept until the execution ends: whoever uses it then finds what says so.
void execution::deallocate(void* at, std::source_location const& site) {
    if (at == nullptr) {
        return;
    }
    auto const found = std::find_if(blocks_.rbegin(), blocks_.rend(), [at](block const& b) { return b.at == at; });
    if (found == blocks_.rend()) {
        fail("DOUBLE FREE", ", or of what was never allocated", site);
    }
    if (std::exchange(found->freed, true)) {
        fail("DOUBLE FREE", "", site);
    }
    if (trace_ != nullptr) {
        of_explorer const here;
        trace_->add({.what = event::kind::frees,
                     .done = {.by = current(), .site = site},
                     .block = static_cast<std::size_t>(blocks_.rend() - found)});
    }
    std::memset(at, freed_byte, found->bytes);
}
void execution::check_for_leaks() {
    for (auto const& one : blocks_) {
        if (!one.freed) {
            goes_wrong("MEMORY LEAK", one.site);
            return;
        }
    }
}
void execution::release_blocks() {
    for (auto const& one : blocks_) {
        std::free(one.at);
    }
    blocks_.clear();
}

} // namespace tandem::explore
