#pragma once

// How the programs are written down, and the families of them.

#include "../litmus.hpp"

#include <atomic>
#include <string>
#include <vector>

namespace tandem::litmus {

using order = std::memory_order;
inline constexpr auto rlx = order::relaxed, acq = order::acquire, rel = order::release, both = order::acq_rel, sc = order::seq_cst;

inline std::string name_of(order o) {
    return o == rlx ? "rlx" : o == acq ? "acq" : o == rel ? "rel" : o == both ? "acq_rel" : "sc";
}
constexpr verdict unless(bool forbidden) {
    return forbidden ? verdict::forbidden : verdict::allowed;
}
constexpr verdict races_unless(bool synchronised) {
    return synchronised ? verdict::no_race : verdict::race;
}
constexpr bool is_release(order o) {
    return o == rel || o == both || o == sc;
}
constexpr bool is_acquire(order o) {
    return o == acq || o == both || o == sc;
}

// f.template operator()<store order, load order>() for each pair.
template <order... stores>
struct orders {};
template <order... a, order... b, class F>
void each_pair(orders<a...>, orders<b...>, F f) {
    auto const with = [&]<order first>() { (f.template operator()<first, b>(), ...); };
    (with.template operator()<a>(), ...);
}
template <order... a, class F>
void each(orders<a...>, F f) {
    (f.template operator()<a>(), ...);
}
using store_orders = orders<rlx, rel, sc>;
using load_orders = orders<rlx, acq, sc>;

using list = std::vector<test>;

void store_buffering(list&);
void message_passing(list&);
void last_writers(list&);
void release_sequences(list&);
void coherence(list&);
void updates(list&);
void exchanges_that_fail(list&);
void chains(list&);
void seq_cst(list&);
void limits(list&);
void races(list&);
void barriers(list&);
void waiting(list&);

} // namespace tandem::litmus
