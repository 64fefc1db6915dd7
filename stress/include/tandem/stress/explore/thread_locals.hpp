#pragma once

// thread_locals: the thread_local variables of one thread of an execution, at addresses of their own.
//
// They are those of a thread of the system that never runs: whoever is to have them takes its thread pointer. What the system and the C++ runtime keep for
// each thread (errno, exceptions that are being handled) comes along.
//
// On x86-64 under Linux, in a program that has a thread_local variable. Elsewhere nothing is taken, and all share those of whoever runs them.

#include <cstddef>
#include <span>

#if defined(__x86_64__) && defined(__linux__)
#include <asm/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace tandem::explore {

// What tells threads of the system apart, and those of an execution that have variables of their own.
inline void* thread_pointer() noexcept {
    return __builtin_thread_pointer();
}

#if defined(__x86_64__) && defined(__linux__)

class thread_locals {
public:
    thread_locals();
    ~thread_locals();
    thread_locals(thread_locals const&) = delete;
    thread_locals& operator=(thread_locals const&) = delete;

    // As if the thread had just begun.
    void begin() noexcept;
    // None: they are those of whoever runs it.
    void* pointer() const noexcept { return pointer_; }
    std::span<std::span<std::byte> const> memory() const noexcept;

    // Whoever runs has the variables of that thread pointer, from now on.
    static void take(void* pointer) noexcept {
        if (by_instruction) {
            asm volatile("wrfsbase %0" : : "r"(pointer) : "memory");
        } else {
            ::syscall(SYS_arch_prctl, ARCH_SET_FS, pointer);
        }
    }

private:
    struct owner;
    static owner& new_owner();

    static bool const by_instruction; // the system allows it

    owner* owner_ = nullptr;
    void* pointer_ = nullptr;
};

#else

class thread_locals {
public:
    void begin() noexcept {}
    void* pointer() const noexcept { return nullptr; }
    std::span<std::span<std::byte> const> memory() const noexcept { return {}; }
    static void take(void*) noexcept {}
};

#endif

} // namespace tandem::explore
