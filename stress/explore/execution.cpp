#include "execution.hpp"

#include <boost/context/detail/fcontext.hpp>

#include <array>
#include <cstddef>
#include <new>
#include <stdexcept>
#include <utility>

namespace tandem::explore {

namespace {

bool is_plain(operation o) {
    return o == operation::read_plain || o == operation::write_plain;
}
bool only_reads(operation o) {
    return o == operation::load || o == operation::read_plain;
}
bool is_sc(step const& s) {
    return !is_plain(s.what) && (s.order == std::memory_order::seq_cst ||
                                 (s.what == operation::exchange && s.failure == std::memory_order::seq_cst));
}

constexpr std::size_t stack_bytes = std::size_t{64} * 1024;

} // namespace

// A load raises what its own thread may read, and nothing else; a seq_cst operation speaks to all others.
bool independent(step const& a, step const& b) noexcept {
    if (is_sc(a) && is_sc(b)) {
        return false;
    }
    if (a.what == operation::fence || b.what == operation::fence) {
        return true;
    }
    return a.where != b.where || (only_reads(a.what) && only_reads(b.what));
}

namespace context = boost::context::detail;

// Its stack lasts; what runs on it begins anew in every execution, and is left where it stands when the execution is.
struct execution::fiber {
    thread number = 0;
    std::function<void()> const* body = nullptr;
    step next{};
    value answer = 0;
    bool failed = false;
    bool over = false;
    context::fcontext_t at = nullptr;     // where it goes on
    context::fcontext_t caller = nullptr; // and where whoever resumed it does
    std::unique_ptr<std::byte[]> stack{new std::byte[stack_bytes]};
};

thread_local execution* execution::now_ = nullptr;

execution::execution(rules const& r) : memory_(r) {}
execution::~execution() = default;

void execution::begin_fiber(void* self) {
    auto& mine = *static_cast<fiber*>(self);
    (*mine.body)();
    mine.over = true;
    context::jump_fcontext(mine.caller, nullptr);
}

void execution::resume(fiber& f) {
    running_ = &f;
    f.at = context::jump_fcontext(f.at, &f).fctx;
    running_ = nullptr;
}

execution::end execution::run(std::function<void()> const& prepare, std::span<std::function<void()> const> bodies, chooser& choose) {
    now_ = this;
    memory_.clear();
    raced_ = false;
    prepare();
    while (fibers_.size() < bodies.size()) {
        fibers_.push_back(std::make_unique<fiber>());
    }
    auto const all = std::span(fibers_).first(bodies.size());
    for (std::size_t i = 0; i != bodies.size(); ++i) {
        auto& f = *all[i];
        f.number = static_cast<thread>(i + 1);
        f.body = &bodies[i];
        f.over = false;
        memory_.start(0, f.number);
        f.at = context::make_fcontext(f.stack.get() + stack_bytes, stack_bytes, [](context::transfer_t from) {
            static_cast<fiber*>(from.data)->caller = from.fctx;
            begin_fiber(from.data);
        });
        resume(f);
    }
    auto result = end::finished;
    std::vector<fiber*> alive;
    std::vector<step> next;
    for (;;) {
        alive.clear();
        next.clear();
        for (auto const& f : all) {
            if (!f->over) {
                alive.push_back(f.get());
                next.push_back(f->next);
            }
        }
        if (alive.empty()) {
            break;
        }
        auto const chosen = choose.thread(next);
        if (chosen == chooser::none) {
            result = end::abandoned;
            break;
        }
        auto& f = *alive.at(chosen);
        f.answer = perform(f, choose);
        if (raced_) {
            result = end::raced;
            break;
        }
        resume(f);
    }
    return result;
}

location execution::add_atomic(value initial) {
    return memory_.add_atomic(running_ == nullptr ? 0 : running_->number, initial);
}
location execution::add_plain() {
    return memory_.add_plain(running_ == nullptr ? 0 : running_->number);
}

value execution::take(step const& s, bool* failed) {
    if (running_ == nullptr) {
        throw std::logic_error("an operation outside of the threads");
    }
    auto& mine = *running_;
    mine.next = s;
    mine.next.by = mine.number;
    mine.caller = context::jump_fcontext(mine.caller, nullptr).fctx;
    if (failed != nullptr) {
        *failed = mine.failed;
    }
    return mine.answer;
}

value execution::perform(fiber& f, chooser& choose) {
    auto const& s = f.next;
    auto const one_of = [&](std::size_t count) { return count > 1 ? choose.outcome(count) : 0; };
    f.failed = false;
    switch (s.what) {
    case operation::load:
        return memory_.load(f.number, s.where, s.order, one_of(memory_.readable(f.number, s.where, s.order)));
    case operation::store:
        memory_.store(f.number, s.where, s.operand, s.order, one_of(memory_.places(f.number, s.where, s.order)));
        return 0;
    case operation::update: {
        auto const which = one_of(memory_.updatable(f.number, s.where, s.order));
        auto const old = memory_.old_of_update(f.number, s.where, s.order, which);
        memory_.update(f.number, s.where, s.compute(old, s.operand), s.order, which);
        return old;
    }
    case operation::exchange: {
        auto const all = memory_.exchangeable(f.number, s.where, s.expected, s.order, s.failure);
        auto const which = one_of(all.successes.size() + all.failures.size());
        if (which < all.successes.size()) {
            memory_.update(f.number, s.where, s.operand, s.order, all.successes[which]);
            return s.expected;
        }
        f.failed = true;
        return memory_.load(f.number, s.where, s.failure, all.failures[which - all.successes.size()]);
    }
    case operation::fence:
        memory_.fence(f.number, s.order);
        return 0;
    case operation::read_plain:
        raced_ = !memory_.read_plain(f.number, s.where);
        return 0;
    case operation::write_plain:
        raced_ = !memory_.write_plain(f.number, s.where);
        return 0;
    }
    throw std::logic_error("no such operation");
}

} // namespace tandem::explore
