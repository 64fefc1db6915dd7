#pragma once

// The rules of the memory model, one by one. Each can be broken, to see that the litmus tests notice.

#include <array>
#include <cstddef>
#include <string_view>

namespace tandem::explore {

enum class rule : unsigned char {
    load_acquires,            // an acquire load knows what the message it reads carries
    load_keeps_for_fence,     // a relaxed load keeps it for an acquire fence
    fence_acquires,           // an acquire fence knows what earlier loads kept
    store_releases,           // a release store's message carries what its thread knows
    fence_releases,           // a release fence notes what its thread knows
    store_carries_fence,      // the messages of later stores carry that
    update_acquires,          // a read-modify-write acquires as a load does
    update_releases,          // and releases as a store does
    update_carries,           // its message carries what the one it read does: a release sequence
    only_updates_carry,       // a later store of the same thread does not (C++20, P0982)
    nothing_between_update,   // no message comes between the one that a read-modify-write reads and its own
    read_after_read,          // a thread does not read an older message than it has read
    read_after_write,         // nor one older than its own
    write_after_known,        // nor does it write an older one than it knows of
    write_before_unknown,     // but before others it may
    old_reads,                // a load may read any message that its thread does not know to be overwritten
    failed_exchange_is_load,  // as may a failing compare-exchange, of the failure's order
    sc_access_is_ordered,     // a seq_cst access comes after those of its location that were before it
    sc_access_orders,         // and before those that come after it
    sc_access_sees_fences,    // a seq_cst access comes after what seq_cst fences before it knew
    sc_fence_sees_accesses,   // a seq_cst fence knows of the seq_cst accesses before it
    sc_fence_sees_fences,     // and what those before it knew
    sc_fence_is_seen,         // and those after it know what it knew
    sc_fence_is_both,         // and it is an acquire and a release fence
    sc_load_acquires,
    sc_store_releases,
    light_sees_heavy,         // the light side of an asymmetric barrier knows what the heavy ones before it did
    heavy_sees_light,         // and the heavy side what the light ones did
    race_of_writes,           // two writes of a plain variable, neither known to whoever does the other
    race_of_read_and_write,   // a write after a read, not known
    race_of_write_and_read,   // a read after a write, not known
    steps_after_release,      // what a thread does after a release is not known to who acquires it
    steps_after_fence,        // nor what it does after a release fence
    start_is_known,           // a thread knows what was before it began
    count
};

inline constexpr std::size_t rules_count = static_cast<std::size_t>(rule::count);

constexpr std::array<std::string_view, rules_count> rule_names{
    "load_acquires",          "load_keeps_for_fence",   "fence_acquires",        "store_releases",
    "fence_releases",         "store_carries_fence",    "update_acquires",       "update_releases",
    "update_carries",         "only_updates_carry",     "nothing_between_update", "read_after_read",
    "read_after_write",       "write_after_known",      "write_before_unknown",  "old_reads",
    "failed_exchange_is_load", "sc_access_is_ordered",  "sc_access_orders",      "sc_access_sees_fences",
    "sc_fence_sees_accesses", "sc_fence_sees_fences",   "sc_fence_is_seen",      "sc_fence_is_both",
    "sc_load_acquires",       "sc_store_releases",      "light_sees_heavy",      "heavy_sees_light",
    "race_of_writes",         "race_of_read_and_write", "race_of_write_and_read", "steps_after_release",
    "steps_after_fence",      "start_is_known"};

class rules {
public:
    bool operator()(rule r) const noexcept { return broken_ != r; }
    void break_one(rule r) noexcept { broken_ = r; }

private:
    rule broken_ = rule::count;
};

} // namespace tandem::explore
