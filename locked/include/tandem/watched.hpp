#pragma once

// watched: a number that is looked at after every publication of something else, and seldom changed: how
// many threads wait for the publication, or that its reader has closed.
//
//   publisher   publish; look()            whoever changes it   change(); look for publications
//
// At least one of the two sees what the other has done. With an asymmetric barrier (asymmetric()) the
// publisher pays one load for that, and the change a microsecond or more; without one, bit 0 is set, and the
// publisher pays a locked instruction on the number itself. No seq_cst: of two updates of one number the
// later reads from the earlier.
//
// Edges:
//   look    acq_rel => change  acq_rel   the change comes later: what was published is seen after it
//   look    acq_rel => raise   acquire   the flag comes later: what was published is seen after it
//   change  acq_rel => look    acq_rel   the look comes later: it sees the change, and what was done before it
//   change  acq_rel => read    acquire   whoever is told of the change sees what was done before it

#include <tandem/world.hpp>

#include <cstdint>

namespace tandem::inline TANDEM_ABI {

class watched {
    static constexpr std::uint32_t symmetric = 1;
    static constexpr std::uint32_t raised = 2;

public:
    watched() noexcept : word_(asymmetric() ? 0 : symmetric) {}
    watched(watched const&) = delete;
    watched& operator=(watched const&) = delete;

    std::uint32_t look() noexcept {
        light();
        auto seen = word_.load(order::relaxed); // relaxed: between light() and heavy(), or a hint
        if (seen != 0) [[unlikely]] {
            seen = word_.fetch_add(0, order::acq_rel); // look
        }
        return seen >> 1;
    }
    bool any() const noexcept { return word_.load(order::acquire) > symmetric; } // read
    void add(std::uint32_t n) noexcept {
        auto const before = word_.fetch_add(n << 1, order::acq_rel); // change
        if ((before & symmetric) == 0) {
            heavy();
        }
    }
    // As a flag: raised it reads 1, and whoever raised it may sleep for as long as it is up. One of the sleepers is
    // woken when it is lowered, and raises it again for the others.
    std::uint32_t raise() noexcept {
        auto const before = word_.fetch_or(raised, order::acquire); // raise
        if ((before & symmetric) == 0) {
            heavy();
        }
        return before | raised;
    }
    void sleep(std::uint32_t up) const noexcept { park(word_, up); } // what raise() answered
    void lower() noexcept {
        word_.fetch_and(symmetric, order::relaxed); // relaxed: whoever is woken looks for itself
        unpark_one(word_);
    }

    // Without the barrier: for a change that nobody needs to see at once.
    void subtract(std::uint32_t n) noexcept {
        word_.fetch_sub(n << 1, order::relaxed); // relaxed: a publisher that misses it only looks in vain
    }

private:
    atomic<std::uint32_t> word_;
};

} // namespace tandem::inline TANDEM_ABI
