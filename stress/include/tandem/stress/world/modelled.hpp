#pragma once

// What the worlds of the model checkers have in common once they have said what an atomic is: plain data and elements that are checked,
// memory, an asymmetric barrier, what belongs to a thread. Included by them.

#define TANDEM_MODELLED 1

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <source_location>
#include <type_traits>
#include <utility>

namespace tandem::inline TANDEM_ABI {

template <class T>
T& of_process() noexcept {
    return *world::of_process_now<T>;
}
template <class T>
T& of_thread() noexcept {
    struct owned {
        std::uint64_t life = 0;
        T it{};
    };
    static constinit std::array<owned, world::most_threads> each{};
    auto& mine = each[world::current_thread()];
    if (mine.life != world::lives.number()) {
        mine = {world::lives.number(), {}};
    }
    return mine.it;
}
template <void (*f)() noexcept>
void at_thread_exit() noexcept {
    world::lives.call_at_exit(f);
}
inline std::size_t thread_number() noexcept {
    return world::current_thread();
}

inline void* try_allocate(std::size_t bytes, std::size_t alignment,
                          std::source_location where = std::source_location::current()) noexcept {
    return world::misfortune_strikes() ? nullptr : world::allocate(bytes, alignment, where);
}
inline void deallocate(void* p, std::size_t bytes, std::size_t alignment,
                       std::source_location where = std::source_location::current()) noexcept {
    world::deallocate(p, bytes, alignment, where);
}

// Plain data that several threads reach under some protocol of their own.
template <class T>
class cell {
public:
    using where = std::source_location;

    constexpr cell() = default;
    constexpr explicit cell(T v) : value_(std::move(v)) {}
    cell(cell const&) = delete;
    cell& operator=(cell const&) = delete;

    T const& read(where at = where::current()) const noexcept {
        witness_.read(at);
        return value_;
    }
    void write(T v, where at = where::current()) noexcept(std::is_nothrow_move_assignable_v<T>) {
        witness_.write(0, at);
        value_ = std::move(v);
    }

private:
    world::witness witness_;
    T value_{};
};

// Storage for one T; whoever holds the slot says when the element begins and ends.
template <class T>
class slot {
    enum : int { vacant, alive };

public:
    using where = std::source_location;

    slot() noexcept : state_(vacant) {}
    ~slot() {
        if (state_.read(where::current()) == alive) {
            world::fail("the slot is gone, its element was never destroyed", world::wrong::leak,
                        where::current());
        }
    }
    slot(slot const&) = delete;
    slot& operator=(slot const&) = delete;

    template <class... Args>
    void construct(Args&&... args) noexcept(std::is_nothrow_constructible_v<T, Args...>) {
        if (state_.read(where::current()) == alive) {
            world::fail("an element is constructed over a living one", world::wrong::assertion,
                        where::current());
        }
        state_.write(alive, where::current());
        std::construct_at(&element_, std::forward<Args>(args)...);
    }
    T take(where at = where::current()) noexcept {
        end(at);
        T taken(std::move(element_));
        std::destroy_at(&element_);
        return taken;
    }
    void destroy(where at = where::current()) noexcept {
        end(at);
        std::destroy_at(&element_);
    }
    T const& get(where at = where::current()) const noexcept {
        require(at);
        return element_;
    }
    T& modify(where at = where::current()) noexcept {
        require(at);
        state_.write(alive, at);
        return element_;
    }

private:
    void require(where const& at) const {
        if (state_.read(at) != alive) {
            world::fail("there is no element in this slot", world::wrong::uninitialized, at);
        }
    }
    void end(where const& at) {
        require(at);
        state_.write(vacant, at);
    }

    world::witness state_;
    union {
        T element_;
    };
};

template <class T>
class allocator {
public:
    using value_type = T;

    allocator() = default;
    template <class U>
    constexpr allocator(allocator<U> const&) noexcept {}

    [[nodiscard]] T* allocate(std::size_t n) {
        return static_cast<T*>(world::allocate(n * sizeof(T), alignof(T), std::source_location::current()));
    }
    void deallocate(T* p, std::size_t n) noexcept {
        world::deallocate(p, n * sizeof(T), alignof(T), std::source_location::current());
    }

    template <class U>
    bool operator==(allocator<U> const&) const noexcept {
        return true;
    }
};

inline bool asymmetric() noexcept {
    return world::barrier != nullptr;
}
inline void light() noexcept {
    if (world::barrier != nullptr) {
        world::barrier->light();
    }
}
inline void heavy() noexcept {
    if (world::barrier != nullptr) {
        world::barrier->heavy();
    }
}

// One look shows what several would.
inline int spin_limit(int looks) noexcept {
    return std::min(looks, 1);
}
inline int yield_limit(int) noexcept {
    return 0;
}
// Two of anything show what many would.
constexpr std::size_t made_of(std::size_t count) noexcept {
    return std::min<std::size_t>(count, 2);
}

// What is taken a page at a time soon needs the next.
inline constexpr std::size_t page = 1;

} // namespace tandem::inline TANDEM_ABI
