// The asymmetric barrier and threads that sleep, as tandem/world.hpp promises them; of a word that is waited for C++20 says the same about
// atomic's wait(): whoever sleeps goes on when it is notified by somebody who changed the value before.

#include "families.hpp"

#include <chrono>

namespace tandem::litmus {

namespace {

enum class side { none, light, heavy };
template <side... s>
struct sides {};

template <side s>
void pass() {
    if constexpr (s == side::light) {
        light();
    } else if constexpr (s == side::heavy) {
        heavy();
    }
}
std::string name_of(side s) {
    return s == side::light ? "light" : s == side::heavy ? "heavy" : "nothing";
}
// Of a light and a heavy side the later one's thread knows what the other's did before; of two light or two heavy ones nothing is promised.
constexpr bool barrier(side a, side b) {
    return a != side::none && b != side::none && a != b;
}
template <side... a, side... b, class F>
void each_pair(sides<a...>, sides<b...>, F f) {
    auto const with = [&]<side first>() { (f.template operator()<first, b>(), ...); };
    (with.template operator()<a>(), ...);
}
using every = sides<side::none, side::light, side::heavy>;

void wait(state& s) {
    if (s.y.load(rlx) == 0) {
        park(s.y, 0);
    }
}
void store_and_notify(state& s) {
    s.y.store(1, rlx);
    unpark_one(s.y);
}

} // namespace

void barriers(list& all) {
    each_pair(every(), every(), [&]<side a, side b>() {
        all.push_back({"SB+" + name_of(a) + "+" + name_of(b) + ", of a barrier", unless(barrier(a, b)),
                       {[](state& s) {
                            s.x.store(1, rlx);
                            pass<a>();
                            s.r1 = s.y.load(rlx);
                        },
                        [](state& s) {
                            s.y.store(1, rlx);
                            pass<b>();
                            s.r2 = s.x.load(rlx);
                        }},
                       [](state const& s) { return s.r1 == 0 && s.r2 == 0; }});
        all.push_back({"MP+" + name_of(a) + "+" + name_of(b) + ", of a barrier", unless(barrier(a, b)),
                       {[](state& s) {
                            s.x.store(1, rlx);
                            pass<a>();
                            s.y.store(1, rlx);
                        },
                        [](state& s) {
                            s.r1 = s.y.load(rlx);
                            pass<b>();
                            s.r2 = s.x.load(rlx);
                        }},
                       [](state const& s) { return s.r1 == 1 && s.r2 == 0; }});
    });
    each_pair(every(), every(), [&]<side a, side b>() {
        all.push_back({"RWC+" + name_of(a) + "+" + name_of(b) + ", of a barrier", unless(barrier(a, b)),
                       {[](state& s) { s.x.store(1, rlx); },
                        [](state& s) {
                            s.r1 = s.x.load(rlx);
                            pass<a>();
                            s.r2 = s.y.load(rlx);
                        },
                        [](state& s) {
                            s.y.store(1, rlx);
                            pass<b>();
                            s.r3 = s.x.load(rlx);
                        }},
                       [](state const& s) { return s.r1 == 1 && s.r2 == 0 && s.r3 == 0; }});
    });
}

void waiting(list& all) {
    all.push_back({"a wait, and a notify after the store", verdict::never_stuck, {wait, store_and_notify}});
    all.push_back({"a wait, and a notify before the store", verdict::stuck,
                   {wait,
                    [](state& s) {
                        unpark_one(s.y);
                        s.y.store(1, rlx);
                    }}});
    all.push_back({"a wait, and a store that nobody is notified of", verdict::stuck, {wait, [](state& s) { s.y.store(1, rlx); }}});
    all.push_back({"a wait, and a notify of another word", verdict::stuck,
                   {wait,
                    [](state& s) {
                        s.y.store(1, rlx);
                        unpark_all(s.z);
                    }}});
    all.push_back({"a wait, and a store that is taken back before the notify", verdict::stuck,
                   {wait,
                    [](state& s) {
                        s.y.store(1, rlx);
                        s.y.store(0, rlx);
                        unpark_one(s.y);
                    }}});
    all.push_back({"a wait that comes after the store is taken back", verdict::stuck,
                   {wait,
                    [](state& s) {
                        store_and_notify(s);
                        s.y.store(0, rlx);
                    }}});
    all.push_back({"two that wait, and notify one", verdict::stuck, {wait, wait, store_and_notify}});
    all.push_back({"two that wait, and notify all", verdict::never_stuck,
                   {wait, wait,
                    [](state& s) {
                        s.y.store(1, rlx);
                        unpark_all(s.y);
                    }}});
    all.push_back({"two that wait, and two that notify one", verdict::never_stuck, {wait, wait, store_and_notify, store_and_notify}});
    all.push_back({"two that wait, and notify only when it was 0", verdict::stuck,
                   {wait, wait,
                    [](state& s) {
                        for (int i = 0; i != 2; ++i) {
                            if (s.y.fetch_add(1, rlx) == 0) {
                                unpark_one(s.y);
                            }
                        }
                    }}});
    all.push_back({"a wait until a time that comes", verdict::never_stuck,
                   {[](state& s) { park_until(s.y, 0, clock::now() + std::chrono::seconds(1)); }}});
    // Whoever is to notify looks whether somebody waits; whoever waits says so, and looks again: store buffering.
    each(orders<both, sc>(), [&]<order f>() {
        all.push_back({"a wait that is announced+fences " + litmus::name_of(f), f == sc ? verdict::never_stuck : verdict::stuck,
                       {[](state& s) {
                            s.z.store(1, rlx);
                            fence(f);
                            park(s.y, 0);
                        },
                        [](state& s) {
                            s.y.store(1, rlx);
                            fence(f);
                            if (s.z.load(rlx) == 1) {
                                unpark_one(s.y);
                            }
                        }}});
    });
    each_pair(every(), every(), [&]<side a, side b>() {
        all.push_back({"a wait that is announced+" + name_of(a) + "+" + name_of(b),
                       barrier(a, b) ? verdict::never_stuck : verdict::stuck,
                       {[](state& s) {
                            s.z.store(1, rlx);
                            pass<a>();
                            park(s.y, 0);
                        },
                        [](state& s) {
                            s.y.store(1, rlx);
                            pass<b>();
                            if (s.z.load(rlx) == 1) {
                                unpark_one(s.y);
                            }
                        }}});
    });
    // To be woken is to know nothing.
    each(orders<rlx, acq>(), [&]<order o>() {
        all.push_back({"plain data of who notifies, seen " + litmus::name_of(o), races_unless(o == acq),
                       {[](state& s) {
                            park(s.y, 0);
                            if (s.y.load(o) == 1) {
                                s.d.read();
                            }
                        },
                        [](state& s) {
                            s.d.write(1);
                            s.y.store(1, rel);
                            unpark_one(s.y);
                        }}});
    });
    all.push_back({"plain data of who notifies, not looked for", verdict::race,
                   {[](state& s) {
                        park(s.y, 0);
                        s.d.read();
                    },
                    [](state& s) {
                        s.d.write(1);
                        s.y.store(1, rel);
                        unpark_one(s.y);
                    }}});
    all.push_back({"a wait ends for no reason", verdict::allowed,
                   {[](state& s) {
                        park(s.y, 0);
                        s.z.store(1, rlx);
                    },
                    [](state& s) {
                        s.r1 = s.z.load(rlx);
                        store_and_notify(s);
                    }},
                   [](state const& s) { return s.r1 == 1; }});
}

} // namespace tandem::litmus
