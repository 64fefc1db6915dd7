#pragma once

// Sites: the places in the source where a memory order is written, as the model worlds see them.
//
// A site is (file, line, role). The role tells the two orders of a compare-exchange apart; two atomic
// operations on one line cannot be told apart at run time (columns differ by compiler), which is why
// shipped headers write one a line. The registry notes which sites an execution reached, and can weaken
// one of them: that is a mutant. Included by a world after TANDEM_ABI.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <source_location>
#include <span>

namespace tandem::inline TANDEM_ABI::world {

enum class role : std::uint8_t { order, success, failure };
enum class access : std::uint8_t { load, store, update };

constexpr char const* to_string(role r) noexcept {
    constexpr char const* names[] = {"order", "success", "failure"};
    return names[static_cast<std::size_t>(r)];
}
constexpr char const* to_string(std::memory_order o) noexcept {
    constexpr char const* names[] = {"relaxed", "consume", "acquire", "release", "acq_rel", "seq_cst"};
    return names[static_cast<std::size_t>(o)];
}

// The orders one step weaker that the operation allows: two below acq_rel, none below relaxed.
inline constexpr std::memory_order steps_down[] = {std::memory_order::acq_rel, std::memory_order::acquire,
                                                   std::memory_order::release, std::memory_order::relaxed};
constexpr std::span<std::memory_order const> weaker(access kind, std::memory_order from) noexcept {
    using enum std::memory_order;
    std::span<std::memory_order const> const steps(steps_down);
    switch (from) {
    case seq_cst:
        return steps.subspan(kind == access::update ? 0 : kind == access::load ? 1 : 2, 1);
    case acq_rel:
        return steps.subspan(1, 2);
    case acquire:
    case consume:
    case release:
        return steps.subspan(3, 1);
    default:
        return {};
    }
}

struct site {
    char const* file; // as the compiler spells it
    std::uint32_t line;
    world::role role;
    access kind;
    std::memory_order order; // as written
    char const* operation;
};

// No allocation and no locks: it is used inside executions, whose fibers share one thread.
class site_registry {
public:
    // Weakens one site by one step; which step, where there are two, says `to` if given.
    void mutate(char const* file, std::uint32_t line, world::role role, std::optional<std::memory_order> to) noexcept {
        mutant_ = {file, line, role, access::load, std::memory_order::seq_cst, nullptr};
        wanted_ = to;
        active_ = mutating_ = true;
    }
    void record() noexcept { active_ = recording_ = true; }

    std::span<site const> reached() const noexcept { return {sites_.data(), count_}; }
    // What the mutant's order became; nothing when it was not reached, or has nothing weaker.
    std::optional<std::memory_order> mutated() const noexcept { return mutated_; }

    // The order to use at this site.
    std::memory_order visit(std::source_location const& where, world::role role, access kind, std::memory_order order,
                            char const* operation) noexcept {
        return active_ ? visited({where.file_name(), where.line(), role, kind, order, operation}) : order;
    }

private:
    [[gnu::noinline]] std::memory_order visited(site const& here) noexcept {
        if (recording_) {
            note(here);
        }
        return mutating_ && same(here, mutant_) ? weakened(here) : here.order;
    }
    static bool same(site const& a, site const& b) noexcept {
        return a.line == b.line && a.role == b.role && (a.file == b.file || std::strcmp(a.file, b.file) == 0);
    }
    void note(site const& here) noexcept {
        for (auto const& known : reached()) {
            if (same(known, here)) {
                return;
            }
        }
        if (count_ != sites_.size()) {
            sites_[count_++] = here;
        }
    }
    std::memory_order weakened(site const& here) noexcept {
        for (auto const to : weaker(here.kind, here.order)) {
            if (!wanted_ || *wanted_ == to) {
                mutated_ = to;
                return to;
            }
        }
        return here.order;
    }

    bool active_ = false;
    bool recording_ = false;
    bool mutating_ = false;
    site mutant_{};
    std::optional<std::memory_order> wanted_;
    std::optional<std::memory_order> mutated_;
    std::array<site, 512> sites_{};
    std::size_t count_ = 0;
};
inline site_registry sites;

} // namespace tandem::inline TANDEM_ABI::world
