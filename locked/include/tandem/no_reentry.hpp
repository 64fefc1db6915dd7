#pragma once

// no_reentry: debug builds end the program, with a message, where a thread calls an object in the middle of an
// operation of its own on the same object; other builds would wait for ever, or have luck.

#include <tandem/world.hpp>

#include <cassert>

namespace tandem::inline TANDEM_ABI {

#if defined(NDEBUG)

class [[maybe_unused]] no_reentry {
public:
    explicit no_reentry(void const*) noexcept {}
};

#else

class no_reentry {
public:
    explicit no_reentry(void const* object) noexcept : object_(object), outer_(of_thread<innermost>().one) {
        for (auto const* one = outer_; one != nullptr; one = one->outer_) {
            assert(one->object_ != object && "tandem: a function given to a locked map must not call the same map");
        }
        of_thread<innermost>().one = this;
    }
    ~no_reentry() { of_thread<innermost>().one = outer_; }
    no_reentry(no_reentry const&) = delete;
    no_reentry& operator=(no_reentry const&) = delete;

private:
    struct innermost {
        no_reentry const* one = nullptr;
    };
    void const* const object_;
    no_reentry const* const outer_;
};

#endif

} // namespace tandem::inline TANDEM_ABI
