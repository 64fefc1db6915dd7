// What lasts longer than a call, as compilers ask for it (the C++ ABI of Itanium): in an execution it is the execution's own.
//
// The guard of a static variable is left as it is: so every use asks here, in every execution anew. What is known of it is an atomic of the modelled memory.
//
//   0 untouched    1 begun: whoever else needs it waits    2 done
//
// Edges:
//   static.done  release => static.use  acquire   it is initialised before it is used

#include <tandem/stress/explore/statics.hpp>

#include <tandem/stress/explore/execution.hpp>
#include <tandem/stress/explore/segments.hpp>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <thread>
#include <vector>

#include <cxxabi.h>
#include <dlfcn.h>

namespace tandem::explore {

namespace {

enum : value { untouched, begun, done };

// Used as programs use atomics, as reports tell it.
class state {
public:
    state(execution& of, void const* guard, location where) : of_(of), guard_(guard), where_(where) {}

    bool compare_exchange_strong(value& expected, value desired, std::memory_order order,
                                 std::source_location at = std::source_location::current()) {
        bool failed = false;
        expected = of_.take({.what = operation::exchange,
                             .where = where_,
                             .address = guard_,
                             .newest = true,
                             .order = order,
                             .failure = order,
                             .operand = desired,
                             .expected = expected,
                             .site = at},
                            &failed);
        return !failed;
    }
    void store(value v, std::memory_order order, std::source_location at = std::source_location::current()) {
        of_.take({.what = operation::store, .where = where_, .address = guard_, .order = order, .operand = v, .site = at});
    }
    void sleep_while(value expected, std::source_location at = std::source_location::current()) {
        of_.take({.what = operation::park, .where = where_, .address = guard_, .expected = expected, .site = at});
    }

private:
    execution& of_;
    void const* guard_;
    location where_;
};

} // namespace

// Whoever asks first makes what is known of it, and all know of that.
execution::static_variable& execution::static_at(void const* guard) {
    auto const known = std::ranges::find(statics_, guard, &static_variable::guard);
    if (known != statics_.end()) {
        return *known;
    }
    ended_.push_back(0);
    addresses_.push_back(guard);
    return statics_.emplace_back(static_variable{.guard = guard, .state = memory_.add_known_atomic(untouched)});
}

// Once it is done it stays so, and using it is no step; before that the step decides, whatever was seen.
bool execution::begin_static(void const* guard) {
    auto const where = [&] {
        of_explorer const here;
        return static_at(guard).state;
    }();
    state initialised(*this, guard, where);
    for (;;) {
        value is = last(where);
        switch (is) {
        case done: {
            *pending_now_ = {.by = current(),
                             .what = operation::load,
                             .where = where,
                             .address = guard,
                             .newest = true,
                             .order = std::memory_order::acquire,
                             .site = std::source_location::current()};
            of_explorer const here;
            note(*running_, memory_.load(current(), where, std::memory_order::acquire, memory::newest)); // static.use
            return false;
        }
        case begun:
            if (static_at(guard).initialiser == current()) {
                fail("RECURSION: ", "a static variable is used by what initialises it", {});
            }
            ++static_at(guard).waiting;
            initialised.sleep_while(begun);
            --static_at(guard).waiting;
            break;
        default:
            if (initialised.compare_exchange_strong(is, begun, std::memory_order::acquire)) { // static.use, after one that has failed
                static_at(guard).initialiser = current();
                return true;
            }
            if (is == done) {
                return false;
            }
        }
    }
}
void execution::end_static(void const* guard, bool is_initialised) {
    state(*this, guard, static_at(guard).state).store(is_initialised ? done : untouched, std::memory_order::release); // static.done
    if (static_at(guard).waiting != 0) {
        *pending_now_ = {.by = current(), .what = operation::unpark, .address = guard, .some = true, .site = std::source_location::current()};
        of_explorer const here;
        unpark(*running_, nullptr);
    }
}

void execution::at_end(ending const& what) {
    of_explorer const here;
    endings_.push_back(what);
}
void execution::at_thread_end(ending const& what) {
    of_explorer const here;
    thread_endings_[current()].push_back(what);
}
// What ends may begin something else.
void execution::end_all(std::vector<ending>& what) {
    while (!what.empty()) {
        auto const last = what.back();
        what.pop_back();
        last.call(last.of);
    }
}

// Variables that are made outside executions

void execution::add_lasting(value initial, void const* at, location& where) {
    if (lasting_ == nullptr) {
        lasting_ = new std::vector<lasting_atomic>;
    }
    lasting_->push_back({initial, at, &where});
}
void execution::end_lasting(location const& where) noexcept {
    std::erase_if(*lasting_, [&](lasting_atomic const& one) { return one.where == &where; });
}
void execution::begin_lasting() {
    if (lasting_ != nullptr) {
        for (auto const& one : *lasting_) {
            *one.where = add_atomic(one.initial, one.at);
        }
    }
}
void execution::refuse() noexcept {
    std::fputs("tandem: a variable of the explorer is used outside executions, or plain data is made there; of what lasts longer than an execution only\n"
               "atomics, and what consists of them, can be explored\n",
               stderr);
    std::abort();
}

std::span<std::span<std::byte const> const> memory_of_statics() {
    static auto const found = [] {
        std::vector<std::span<std::byte const>> all;
        for_each_segment([&](auto const& module, auto const& segment) {
            if (segment.p_type == PT_LOAD && (segment.p_flags & PF_W) != 0 && std::string_view(module.dlpi_name).empty()) {
                all.emplace_back(reinterpret_cast<std::byte const*>(module.dlpi_addr + segment.p_vaddr), segment.p_memsz);
            }
        });
        return all;
    }();
    return found;
}

namespace {

// Outside executions: the first byte, at which compilers look, says that it is done; the second, that somebody has begun.
//
// Edges:
//   guard.done  release => guard.use    acquire   it is initialised before it is used
//   guard.free  release => guard.begin  acquire   who failed is through before another begins; who succeeded has said so
class guard {
public:
    explicit guard(abi::__guard* at) : done_(bytes(at)[0]), begun_(bytes(at)[1]) {}

    bool begin() {
        while (done_.load(std::memory_order::acquire) == 0) {          // guard.use
            if (begun_.exchange(1, std::memory_order::acquire) != 0) { // guard.begin
                std::this_thread::yield();
            } else if (done_.load(std::memory_order::relaxed) == 0) { // relaxed: whoever was at it came before
                return true;
            } else {
                end(false);
            }
        }
        return false;
    }
    void end(bool initialised) {
        if (initialised) {
            done_.store(1, std::memory_order::release); // guard.done
        }
        begun_.store(0, std::memory_order::release); // guard.free
    }

private:
    static unsigned char* bytes(abi::__guard* at) { return reinterpret_cast<unsigned char*>(at); }

    std::atomic_ref<unsigned char> done_, begun_;
};

} // namespace

} // namespace tandem::explore

namespace __cxxabiv1 {

using tandem::explore::execution;
using tandem::explore::guard;

extern "C" {

int __cxa_guard_acquire(__guard* at) {
    return (execution::in_program() ? execution::now()->begin_static(at) : guard(at).begin()) ? 1 : 0;
}
void __cxa_guard_release(__guard* at) noexcept {
    execution::in_program() ? execution::now()->end_static(at, true) : guard(at).end(true);
}
void __cxa_guard_abort(__guard* at) noexcept {
    execution::in_program() ? execution::now()->end_static(at, false) : guard(at).end(false);
}

int __cxa_atexit(void (*f)(void*), void* of, void* module) noexcept {
    if (execution::in_program()) {
        execution::now()->at_end({f, of});
        return 0;
    }
    return reinterpret_cast<decltype(&__cxa_atexit)>(::dlsym(RTLD_NEXT, "__cxa_atexit"))(f, of, module);
}

int __cxa_thread_atexit_impl(void (*f)(void*), void* of, void* module);
int __cxa_thread_atexit(void (*f)(void*), void* of, void* module) noexcept {
    if (execution::in_program()) {
        execution::now()->at_thread_end({f, of});
        return 0;
    }
    return __cxa_thread_atexit_impl(f, of, module);
}

} // extern "C"

} // namespace __cxxabiv1
