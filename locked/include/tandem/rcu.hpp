#pragma once

// rcu: what the rcu_domain of both halves have in common, in the verbs of C++26: what is retired, and the functions that
// take a domain.
//
//   a section    from a thread's lock() of the domain to its unlock(); sections of a thread nest
//   to retire    to have something that nobody can find any more destroyed once all sections that may have found it ended
//
// A domain is the only one of its kind in a process: `rcu_default_domain()` of either half. What is read in a section stays
// where it is until its end, whatever others take out and retire meanwhile. There is no limit to how much that is: a section
// that does not end keeps everything retired since.
//
// Deleters are called in retire, unlock and barrier, by any thread, also inside its sections, and one at a time for each
// list; they may open sections and retire more, and must neither throw nor wait for sections (synchronize, barrier).

#include <tandem/contract.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace tandem::inline TANDEM_ABI {

// What a domain writes into something retired: it needs no memory of its own.
class rcu_link {
public:
    using function = void (*)(rcu_link&) noexcept;

    rcu_link() noexcept = default;
    // A copy has not been retired.
    rcu_link(rcu_link const&) noexcept {}
    rcu_link& operator=(rcu_link const&) noexcept { return *this; }

    // The domain's, from the retirement on.
    cell<rcu_link*> next{nullptr};
    cell<function> reclaim{nullptr};
    cell<std::uint64_t> tag{0};
};

namespace contract {

// Keeps what was retired until every section that may still read it has ended. `now` is a tag for what was taken out before
// the call, `expired` says of a tag whether all those sections have ended; try_advance brings that nearer, once.
template <class D>
concept rcu_domain = requires(D& d, D const& r, rcu_link& what, rcu_link::function how, std::uint64_t tag) {
    { d.lock() } noexcept -> std::same_as<void>;
    { d.try_lock() } noexcept -> std::same_as<bool>;
    { d.unlock() } noexcept -> std::same_as<void>;
    { r.in_section() } noexcept -> std::same_as<bool>;
    { d.now() } noexcept -> std::same_as<std::uint64_t>;
    { r.expired(tag) } noexcept -> std::same_as<bool>;
    { d.try_advance() } noexcept -> std::same_as<bool>;
    { d.retire(what, how) } noexcept -> std::same_as<void>;
    { d.synchronize() } noexcept -> std::same_as<void>;
    { d.barrier() } noexcept -> std::same_as<void>;
};

} // namespace contract

// The base of a T that can be retired without memory.
template <class T, class Deleter = std::default_delete<T>>
class rcu_obj_base : rcu_link {
public:
    // retire   as the domain's retire. Precondition: nobody who is not in a section yet can find *this.
    template <contract::rcu_domain Domain>
    void retire(Domain& domain, Deleter deleter = Deleter()) noexcept {
        static_assert(std::is_nothrow_move_assignable_v<Deleter> && std::is_nothrow_move_constructible_v<Deleter>);
        deleter_ = std::move(deleter);
        domain.retire(*this, [](rcu_link& link) noexcept {
            auto& self = static_cast<rcu_obj_base&>(link);
            auto call = std::move(self.deleter_);
            call(static_cast<T*>(&self));
        });
    }

protected:
    rcu_obj_base() = default;
    rcu_obj_base(rcu_obj_base const&) = default;
    rcu_obj_base& operator=(rcu_obj_base const&) = default;
    ~rcu_obj_base() = default;

private:
    [[no_unique_address]] Deleter deleter_;
};

// rcu_retire   for a T without that base: a block of memory goes with it. Where there is none, waits for the sections and
// calls the deleter itself; inside a section, where that would be for ever, throws std::bad_alloc and does nothing.
template <contract::rcu_domain Domain, class T, class Deleter = std::default_delete<T>>
void rcu_retire(Domain& domain, T* what, Deleter deleter = Deleter()) {
    static_assert(std::is_nothrow_move_constructible_v<Deleter>);
    struct block : rcu_link {
        block(T* p, Deleter&& d) noexcept : what(p), deleter(std::move(d)) {}
        T* what;
        [[no_unique_address]] Deleter deleter;
    };
    if (auto* const memory = try_allocate(sizeof(block), alignof(block))) {
        auto* const made = ::new (memory) block(what, std::move(deleter));
        domain.retire(*made, [](rcu_link& link) noexcept {
            auto& self = static_cast<block&>(link);
            auto* const old = self.what;
            auto call = std::move(self.deleter);
            std::destroy_at(&self);
            deallocate(&self, sizeof(block), alignof(block));
            call(old);
        });
    } else if (!domain.in_section()) {
        domain.synchronize();
        deleter(what);
    } else {
        TANDEM_THROW(std::bad_alloc());
    }
}
// rcu_synchronize   waits until every section that began before has ended.
template <contract::rcu_domain Domain>
void rcu_synchronize(Domain& domain) noexcept {
    domain.synchronize();
}
// rcu_barrier   waits until the deleter of everything retired before has returned; calls them itself where need be.
template <contract::rcu_domain Domain>
void rcu_barrier(Domain& domain) noexcept {
    domain.barrier();
}

} // namespace tandem::inline TANDEM_ABI
