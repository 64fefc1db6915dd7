// Two domains that show whether a test would notice memory that is freed too early.
//
//   immediate   frees what is retired at once, whatever sections there are: who reads there reads freed memory, which
//               AddressSanitizer and model checkers know
//   poison      over another domain: what is due is overwritten and kept, so that who finds it can tell, without either
#pragma once

#include <tandem/rcu.hpp>

#include <cstdint>
#include <memory>
#include <vector>

namespace tandem::stress {

class immediate {
public:
    void lock() noexcept { ++of_thread<own>().nesting; }
    bool try_lock() noexcept { return lock(), true; }
    void unlock() noexcept { --of_thread<own>().nesting; }
    bool in_section() const noexcept { return of_thread<own>().nesting != 0; }
    std::uint64_t now() noexcept { return 0; }
    bool expired(std::uint64_t) const noexcept { return true; }
    bool try_advance() noexcept { return true; }
    void retire(rcu_link& what, rcu_link::function how) noexcept { how(what); }
    void synchronize() noexcept {}
    void barrier() noexcept {}

private:
    struct own {
        int nesting = 0;
    };
};
static_assert(contract::rcu_domain<immediate>);

template <class Domain>
class poison {
    struct spoil;

public:
    class thing : public rcu_obj_base<thing, spoil> {
        friend poison;
        atomic<std::uint64_t> canary_{alive};
    };

    explicit poison(Domain& of) : of_(of) {}

    thing& make() { return *kept_.emplace_back(std::make_unique<thing>()); }
    static bool whole(thing const& what) noexcept { return what.canary_.load(order::relaxed) == alive; }
    void retire(thing& what) noexcept { what.retire(of_); }

private:
    static constexpr std::uint64_t alive = 0x600d'600d'600d'600d;
    static constexpr std::uint64_t dead = 0xdead'dead'dead'dead;
    struct spoil {
        void operator()(thing* what) const noexcept { what->canary_.store(dead, order::relaxed); }
    };

    Domain& of_;
    std::vector<std::unique_ptr<thing>> kept_;
};

} // namespace tandem::stress
