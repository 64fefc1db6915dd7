#include <tandem/stress/explore/faults.hpp>

#include <tandem/stress/explore/execution.hpp>
#include <tandem/stress/explore/heap.hpp>

#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <string_view>

#include <errno.h>
#include <ucontext.h>
#include <unistd.h>

namespace tandem::explore {

namespace {

struct signal_of_fault {
    int number;
    char const* name;
};
constexpr std::array known{signal_of_fault{SIGSEGV, "SIGSEGV"}, signal_of_fault{SIGBUS, "SIGBUS"}, signal_of_fault{SIGFPE, "SIGFPE"},
                           signal_of_fault{SIGILL, "SIGILL"}, signal_of_fault{SIGABRT, "SIGABRT"}};
constexpr std::size_t handlers_bytes = std::size_t{64} * 1024;

// Of the process, as its users found it.
std::mutex installing;
std::size_t users = 0;
std::array<struct sigaction, known.size()> actions_before{};
std::terminate_handler terminate_before = nullptr;

// Of a word that nobody wrote to, or of one a little further.
char const* out_of(std::uintptr_t at) {
    auto const byte = static_cast<unsigned char>(at >> 56U);
    if (at >> 16U != (~std::uintptr_t{0} / 0xff * byte) >> 16U) {
        return nullptr;
    }
    switch (heap::kind_of(byte)) {
    case heap::kind::freed:
        return "an address out of freed memory";
    case heap::kind::fresh:
        return "an address out of uninitialized memory";
    case heap::kind::outside:
        return "an address from beside a block";
    case heap::kind::other:
        break;
    }
    return nullptr;
}

// An address that leads nowhere, in words that are the same in every run.
std::string_view in_words(siginfo_t const& fault, [[maybe_unused]] void const* context) {
    constexpr std::uintptr_t of_null = 65536; // and of its members
    auto const at = reinterpret_cast<std::uintptr_t>(fault.si_addr);
#if defined(__x86_64__)
    if (fault.si_code == SI_KERNEL) { // an address that no memory can have: the processor does not say which
        for (auto const in_register : static_cast<ucontext_t const*>(context)->uc_mcontext.gregs) {
            if (auto const* const found = out_of(static_cast<std::uintptr_t>(in_register))) {
                return found;
            }
        }
        return "a wild address";
    }
#endif
    auto const* const found = out_of(at);
    return found != nullptr               ? found
           : at < of_null                 ? "a null pointer"
           : fault.si_code == SEGV_ACCERR ? "memory that may not be used so"
                                          : "a wild address";
}

[[noreturn]] void crash(signal_of_fault const& which, siginfo_t const& fault, void const* context) {
    auto& run = *execution::now();
    std::string_view why;
    switch (which.number) {
    case SIGABRT:
        run.crash({"ABORTED"});
    case SIGFPE:
        why = fault.si_code == FPE_INTDIV ? "a division by zero, or one that overflows" : "";
        break;
    case SIGILL:
        why = "a trap, or what is no instruction";
        break;
    case SIGSEGV:
        if (run.has_overrun(fault.si_addr)) {
            run.crash({"STACK OVERFLOW"});
        }
        why = in_words(fault, context);
        break;
    default:
        break;
    }
    run.crash({"CRASH: ", which.name, why.empty() ? "" : ", ", why});
}

// Nobody returns from it to a program: the fiber is left, and no signal is blocked meanwhile.
void strikes(int signal, siginfo_t* fault, void* context) {
    std::size_t which = 0;
    while (known[which].number != signal) {
        ++which;
    }
    bool const was_sent = fault->si_code <= 0;
    if (execution::in_program() && (!was_sent || (signal == SIGABRT && fault->si_pid == ::getpid()))) {
        crash(known[which], *fault, context);
    }
    ::sigaction(signal, &actions_before[which], nullptr);
    if (was_sent) {
        ::raise(signal); // what was not comes again by itself
    }
}

[[noreturn]] void terminates() {
    if (execution::in_program()) {
        auto& run = *execution::now();
        try {
            if (auto const thrown = std::current_exception()) {
                std::rethrow_exception(thrown);
            }
        } catch (std::exception const& e) {
            run.crash({"TERMINATED: an exception: ", e.what()});
        } catch (...) {
            run.crash({"TERMINATED: an exception"});
        }
        run.crash({"TERMINATED"});
    }
    terminate_before();
    std::abort();
}

// In place of the C library's, which prints it.
extern "C" [[noreturn, gnu::used]] void tandem_assertion_fails(char const* condition, char const* file, unsigned line, char const* function) noexcept
    __asm__("__assert_fail");
extern "C" void tandem_assertion_fails(char const* condition, char const* file, unsigned line, char const* function) noexcept {
    if (execution::in_program()) {
        std::array<char, 12> digits{};
        auto const* const end = std::to_chars(digits.data(), digits.data() + digits.size(), line).ptr;
        std::string_view const path = file;
        execution::now()->crash({"ASSERTION FAILED: ", condition, ", at ", path.substr(path.rfind('/') + 1), ":", {digits.data(), end}});
    }
    std::fprintf(stderr, "%s: %s:%u: %s: Assertion `%s' failed.\n", ::program_invocation_short_name, file, line, function, condition);
    std::abort();
}
// And of libstdc++'s, for -D_GLIBCXX_ASSERTIONS.
extern "C" [[noreturn, gnu::used]] void tandem_assertion_of_std_fails(char const* file, int line, char const* function, char const* condition) noexcept
    __asm__("_ZSt21__glibcxx_assert_failPKciS0_S0_");
extern "C" void tandem_assertion_of_std_fails(char const* file, int line, char const* function, char const* condition) noexcept {
    tandem_assertion_fails(condition, file, static_cast<unsigned>(line), function);
}

} // namespace

faults::faults() : stack_(new std::byte[handlers_bytes]) {
    stack_t const ours{.ss_sp = stack_.get(), .ss_flags = 0, .ss_size = handlers_bytes};
    ::sigaltstack(&ours, &before_);
    std::scoped_lock const alone(installing);
    if (users++ != 0) {
        return;
    }
    struct sigaction action {};
    action.sa_sigaction = strikes;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    for (std::size_t i = 0; i != known.size(); ++i) {
        ::sigaction(known[i].number, &action, &actions_before[i]);
    }
    terminate_before = std::set_terminate(terminates);
}
faults::~faults() {
    {
        std::scoped_lock const alone(installing);
        if (--users == 0) {
            for (std::size_t i = 0; i != known.size(); ++i) {
                ::sigaction(known[i].number, &actions_before[i], nullptr);
            }
            std::set_terminate(terminate_before);
        }
    }
    ::sigaltstack(&before_, nullptr);
}

} // namespace tandem::explore
