#include "litmus.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace tandem::litmus {

namespace {

using order = std::memory_order;
constexpr auto rlx = order::relaxed, acq = order::acquire, rel = order::release, both = order::acq_rel, sc = order::seq_cst;

std::string name_of(order o) {
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

using list = std::vector<test>;

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

// Store buffering: can two threads each miss what the other wrote before it looked?
void store_buffering(list& all) {
    constexpr auto neither = [](state const& s) { return s.r1 == 0 && s.r2 == 0; };
    each_pair(store_orders(), load_orders(), [&]<order st, order ld>() {
        all.push_back({"SB+" + name_of(st) + "+" + name_of(ld), unless(st == sc && ld == sc),
                       {[](state& s) {
                            s.x.store(1, st);
                            s.r1 = s.y.load(ld);
                        },
                        [](state& s) {
                            s.y.store(1, st);
                            s.r2 = s.x.load(ld);
                        }},
                       neither});
    });
    each(orders<acq, rel, both, sc>(), [&]<order f>() {
        all.push_back({"SB+fences " + name_of(f), unless(f == sc),
                       {[](state& s) {
                            s.x.store(1, rlx);
                            fence(f);
                            s.r1 = s.y.load(rlx);
                        },
                        [](state& s) {
                            s.y.store(1, rlx);
                            fence(f);
                            s.r2 = s.x.load(rlx);
                        }},
                       neither});
    });
    all.push_back({"SB+one fence sc", verdict::allowed,
                   {[](state& s) {
                        s.x.store(1, rlx);
                        fence(sc);
                        s.r1 = s.y.load(rlx);
                    },
                    [](state& s) {
                        s.y.store(1, rlx);
                        s.r2 = s.x.load(rlx);
                    }},
                   neither});
    all.push_back({"SB+fence sc+accesses sc", verdict::forbidden,
                   {[](state& s) {
                        s.x.store(1, rlx);
                        fence(sc);
                        s.r1 = s.y.load(rlx);
                    },
                    [](state& s) {
                        s.y.store(1, sc);
                        s.r2 = s.x.load(sc);
                    }},
                   neither});
    each(orders<rlx, both, sc>(), [&]<order o>() {
        all.push_back({"SB+exchange " + name_of(o) + "+load rlx", verdict::allowed, // an update is no fence
                       {[](state& s) {
                            s.x.exchange(1, o);
                            s.r1 = s.y.load(rlx);
                        },
                        [](state& s) {
                            s.y.exchange(1, o);
                            s.r2 = s.x.load(rlx);
                        }},
                       neither});
        all.push_back({"SB+store rlx+fetch_add " + name_of(o), verdict::allowed,
                       {[](state& s) {
                            s.x.store(1, rlx);
                            s.r1 = s.y.fetch_add(0, o);
                        },
                        [](state& s) {
                            s.y.store(1, rlx);
                            s.r2 = s.x.fetch_add(0, o);
                        }},
                       neither});
    });
    // Whichever of the two updates of z comes last knows of the other's store.
    each(orders<rlx, both>(), [&]<order o>() {
        all.push_back({"SB+updates of one variable " + name_of(o), unless(o == both),
                       {[](state& s) {
                            s.x.store(1, rlx);
                            s.z.fetch_add(1, o);
                            s.r1 = s.y.load(rlx);
                        },
                        [](state& s) {
                            s.y.store(1, rlx);
                            s.z.fetch_add(1, o);
                            s.r2 = s.x.load(rlx);
                        }},
                       neither});
    });
}

// Message passing: does who sees the flag see what came before it?
void message_passing(list& all) {
    constexpr auto flag_only = [](state const& s) { return s.r1 == 1 && s.r2 == 0; };
    each_pair(store_orders(), load_orders(), [&]<order st, order ld>() {
        bool const synchronised = is_release(st) && is_acquire(ld);
        all.push_back({"MP+" + name_of(st) + "+" + name_of(ld), unless(synchronised),
                       {[](state& s) {
                            s.x.store(1, rlx);
                            s.y.store(1, st);
                        },
                        [](state& s) {
                            s.r1 = s.y.load(ld);
                            s.r2 = s.x.load(rlx);
                        }},
                       flag_only});
        all.push_back({"MP of plain data+" + name_of(st) + "+" + name_of(ld), races_unless(synchronised),
                       {[](state& s) {
                            s.d.write(1);
                            s.y.store(1, st);
                        },
                        [](state& s) {
                            if (s.y.load(ld) == 1) {
                                s.d.read();
                            }
                        }}});
    });
    each_pair(orders<rlx, rel, both, sc>(), orders<rlx, acq, both, sc>(), [&]<order st, order ld>() {
        all.push_back({"MP+fetch_add " + name_of(st) + "+fetch_add " + name_of(ld), unless(is_release(st) && is_acquire(ld)),
                       {[](state& s) {
                            s.x.store(1, rlx);
                            s.y.fetch_add(1, st);
                        },
                        [](state& s) {
                            s.r1 = s.y.fetch_add(0, ld);
                            s.r2 = s.x.load(rlx);
                        }},
                       flag_only});
    });
    each_pair(orders<rel, both, sc, acq>(), orders<acq, both, sc, rel>(), [&]<order st, order ld>() {
        all.push_back({"MP+fence " + name_of(st) + "+fence " + name_of(ld), unless(is_release(st) && is_acquire(ld)),
                       {[](state& s) {
                            s.x.store(1, rlx);
                            fence(st);
                            s.y.store(1, rlx);
                        },
                        [](state& s) {
                            s.r1 = s.y.load(rlx);
                            fence(ld);
                            s.r2 = s.x.load(rlx);
                        }},
                       flag_only});
    });
    all.push_back({"MP+fence rel+load acq", verdict::forbidden,
                   {[](state& s) {
                        s.x.store(1, rlx);
                        fence(rel);
                        s.y.store(1, rlx);
                    },
                    [](state& s) {
                        s.r1 = s.y.load(acq);
                        s.r2 = s.x.load(rlx);
                    }},
                   flag_only});
    all.push_back({"MP+store rel+fence acq", verdict::forbidden,
                   {[](state& s) {
                        s.x.store(1, rlx);
                        s.y.store(1, rel);
                    },
                    [](state& s) {
                        s.r1 = s.y.load(rlx);
                        fence(acq);
                        s.r2 = s.x.load(rlx);
                    }},
                   flag_only});
    all.push_back({"MP+fence rel before the data", verdict::allowed,
                   {[](state& s) {
                        fence(rel);
                        s.x.store(1, rlx);
                        s.y.store(1, rlx);
                    },
                    [](state& s) {
                        s.r1 = s.y.load(acq);
                        s.r2 = s.x.load(rlx);
                    }},
                   flag_only});
    all.push_back({"MP+fence acq before the flag", verdict::allowed,
                   {[](state& s) {
                        s.x.store(1, rlx);
                        s.y.store(1, rel);
                    },
                    [](state& s) {
                        fence(acq);
                        s.r1 = s.y.load(rlx);
                        s.r2 = s.x.load(rlx);
                    }},
                   flag_only});
    // Through a compare-exchange that fails.
    each(orders<rlx, acq, sc>(), [&]<order failure>() {
        all.push_back({"MP+failing compare_exchange " + name_of(failure), unless(is_acquire(failure)),
                       {[](state& s) {
                            s.x.store(1, rlx);
                            s.y.store(1, rel);
                        },
                        [](state& s) {
                            s.r1 = 7;
                            s.y.compare_exchange_strong(s.r1, 8, both, failure);
                            s.r2 = s.x.load(rlx);
                        }},
                       flag_only});
    });
    // And through one that succeeds.
    each(orders<rlx, acq, both>(), [&]<order success>() {
        all.push_back({"MP+compare_exchange " + name_of(success), unless(is_acquire(success)),
                       {[](state& s) {
                            s.x.store(1, rlx);
                            s.y.store(1, rel);
                        },
                        [](state& s) {
                            value seen = 1;
                            s.r1 = s.y.compare_exchange_strong(seen, 2, success, rlx) ? 1 : 0;
                            s.r2 = s.x.load(rlx);
                        }},
                       flag_only});
    });
}

void release_sequences(list& all) {
    constexpr auto second_only = [](state const& s) { return s.r1 == 2 && s.r2 == 0; };
    constexpr auto look = [](state& s) {
        s.r1 = s.y.load(acq);
        s.r2 = s.x.load(rlx);
    };
    constexpr auto publish = [](state& s) {
        s.x.store(1, rlx);
        s.y.store(1, rel);
    };
    all.push_back({"release sequence+fetch_add rlx", verdict::forbidden,
                   {publish, [](state& s) { s.y.fetch_add(1, rlx); }, look}, second_only});
    all.push_back({"release sequence+compare_exchange rlx", verdict::forbidden,
                   {publish,
                    [](state& s) {
                        value seen = 1;
                        s.y.compare_exchange_strong(seen, 2, rlx, rlx);
                    },
                    look},
                   second_only});
    all.push_back({"release sequence+two updates", verdict::forbidden,
                   {publish, [](state& s) { s.y.fetch_add(1, rlx); }, [](state& s) { s.y.fetch_add(1, rlx); }, look},
                   [](state const& s) { return s.r1 == 3 && s.r2 == 0; }});
    all.push_back({"release sequence+store of another thread", verdict::allowed,
                   {publish,
                    [](state& s) {
                        if (s.y.load(rlx) == 1) {
                            s.y.store(2, rlx);
                        }
                    },
                    look},
                   second_only});
    all.push_back({"release sequence+store of the same thread", verdict::allowed, // since C++20
                   {[](state& s) {
                        s.x.store(1, rlx);
                        s.y.store(1, rel);
                        s.y.store(2, rlx);
                    },
                    look},
                   second_only});
    all.push_back({"release sequence+update of the same thread", verdict::forbidden,
                   {[](state& s) {
                        s.x.store(1, rlx);
                        s.y.store(1, rel);
                        s.y.fetch_add(1, rlx);
                    },
                    look},
                   second_only});
    all.push_back({"fence rel+two stores", verdict::forbidden,
                   {[](state& s) {
                        s.x.store(1, rlx);
                        fence(rel);
                        s.y.store(1, rlx);
                        s.y.store(2, rlx);
                    },
                    look},
                   second_only});
    all.push_back({"release sequence of a fence", verdict::forbidden,
                   {[](state& s) {
                        s.x.store(1, rlx);
                        fence(rel);
                        s.y.store(1, rlx);
                    },
                    [](state& s) { s.y.fetch_add(1, rlx); }, look},
                   second_only});
    all.push_back({"release sequence+fence acq", verdict::forbidden,
                   {publish, [](state& s) { s.y.fetch_add(1, rlx); },
                    [](state& s) {
                        s.r1 = s.y.load(rlx);
                        fence(acq);
                        s.r2 = s.x.load(rlx);
                    }},
                   second_only});
}

// Of one variable everybody agrees.
void coherence(list& all) {
    constexpr auto one = [](state& s) { s.x.store(1, rlx); };
    constexpr auto two = [](state& s) { s.x.store(2, rlx); };
    constexpr auto look_twice = [](state& s) {
        s.r1 = s.x.load(rlx);
        s.r2 = s.x.load(rlx);
    };
    constexpr auto look_twice_too = [](state& s) {
        s.r3 = s.x.load(rlx);
        s.r4 = s.x.load(rlx);
    };
    all.push_back({"CoRR", verdict::forbidden, {one, look_twice}, [](state const& s) { return s.r1 == 1 && s.r2 == 0; }});
    all.push_back({"CoRR, new after old", verdict::allowed, {one, look_twice},
                   [](state const& s) { return s.r1 == 0 && s.r2 == 1; }});
    all.push_back({"CoRR of two writers", verdict::forbidden, {one, two, look_twice, look_twice_too},
                   [](state const& s) { return s.r1 == 1 && s.r2 == 2 && s.r3 == 2 && s.r4 == 1; }});
    all.push_back({"CoWW", verdict::forbidden,
                   {[](state& s) {
                        s.x.store(1, rlx);
                        s.x.store(2, rlx);
                    },
                    look_twice},
                   [](state const& s) { return s.r1 == 2 && s.r2 == 1; }});
    all.push_back({"CoWW, the last one stays", verdict::forbidden,
                   {[](state& s) {
                       s.x.store(1, rlx);
                       s.x.store(2, rlx);
                   }},
                   [](state const& s) { return last(s.x) == 1; }});
    all.push_back({"CoWR", verdict::forbidden,
                   {[](state& s) {
                        s.x.store(1, rlx);
                        s.r1 = s.x.load(rlx);
                    },
                    two},
                   [](state const& s) { return s.r1 == 0; }});
    all.push_back({"CoWR, another's", verdict::allowed,
                   {[](state& s) {
                        s.x.store(1, rlx);
                        s.r1 = s.x.load(rlx);
                    },
                    two},
                   [](state const& s) { return s.r1 == 2; }});
    all.push_back({"CoRW", verdict::forbidden,
                   {[](state& s) {
                        s.r1 = s.x.load(rlx);
                        s.x.store(2, rlx);
                    },
                    one},
                   [](state const& s) { return s.r1 == 1 && last(s.x) == 1; }});
    all.push_back({"CoRW, seen by a third", verdict::forbidden,
                   {[](state& s) {
                        s.r1 = s.x.load(rlx);
                        s.x.store(2, rlx);
                    },
                    one,
                    [](state& s) {
                        s.r2 = s.x.load(rlx);
                        s.r3 = s.x.load(rlx);
                    }},
                   [](state const& s) { return s.r1 == 1 && s.r2 == 2 && s.r3 == 1; }});
    all.push_back({"an old value, four stores back", verdict::allowed,
                   {[](state& s) {
                        for (value v = 1; v != 5; ++v) {
                            s.x.store(v, rlx);
                        }
                        s.y.store(1, rlx);
                    },
                    [](state& s) {
                        s.r1 = s.y.load(rlx);
                        s.r2 = s.x.load(rlx);
                    }},
                   [](state const& s) { return s.r1 == 1 && s.r2 == 1; }});
}

void updates(list& all) {
    constexpr auto add = [](state& s) { s.r1 = s.x.fetch_add(1, rlx); };
    constexpr auto add_too = [](state& s) { s.r2 = s.x.fetch_add(1, rlx); };
    all.push_back({"two fetch_adds of one value", verdict::forbidden, {add, add_too},
                   [](state const& s) { return s.r1 == s.r2; }});
    all.push_back({"an addition lost", verdict::forbidden, {add, add_too}, [](state const& s) { return last(s.x) != 2; }});
    all.push_back({"two compare_exchanges succeed", verdict::forbidden,
                   {[](state& s) {
                        value seen = 0;
                        s.r1 = s.x.compare_exchange_strong(seen, 1, rlx, rlx) ? 1 : 0;
                    },
                    [](state& s) {
                        value seen = 0;
                        s.r2 = s.x.compare_exchange_strong(seen, 2, rlx, rlx) ? 1 : 0;
                    }},
                   [](state const& s) { return s.r1 == 1 && s.r2 == 1; }});
    all.push_back({"a store between a fetch_add and what it read", verdict::forbidden,
                   {add, [](state& s) { s.x.store(5, rlx); }},
                   [](state const& s) { return s.r1 == 0 && last(s.x) == 1; }});
    all.push_back({"a store after a fetch_add", verdict::allowed, {add, [](state& s) { s.x.store(5, rlx); }},
                   [](state const& s) { return s.r1 == 0 && last(s.x) == 5; }});
    all.push_back({"a fetch_add reads what is not the newest", verdict::allowed,
                   {[](state& s) {
                        s.x.store(5, rlx);
                        s.y.store(1, rlx);
                    },
                    [](state& s) {
                        s.r1 = s.y.load(rlx);
                        s.r2 = s.x.fetch_add(1, rlx);
                    }},
                   [](state const& s) { return s.r1 == 1 && s.r2 == 0 && last(s.x) == 5; }});
    each(orders<rlx, acq>(), [&]<order o>() {
        all.push_back({"failing compare_exchange, an old value, flag " + name_of(o), unless(o == acq),
                       {[](state& s) {
                            s.x.store(1, rlx);
                            s.y.store(1, rel);
                        },
                        [](state& s) {
                            s.r1 = s.y.load(o);
                            s.r2 = 7;
                            s.x.compare_exchange_strong(s.r2, 8, rlx, rlx);
                        }},
                       [](state const& s) { return s.r1 == 1 && s.r2 == 0; }});
    });
    all.push_back({"a failing compare_exchange sees the expected value", verdict::forbidden,
                   {[](state& s) { s.x.store(1, rlx); },
                    [](state& s) {
                        s.r1 = 0;
                        s.r2 = s.x.compare_exchange_strong(s.r1, 8, rlx, rlx) ? 1 : 0;
                    }},
                   [](state const& s) { return s.r1 == 0 && s.r2 == 0; }});
}

// Two writers of two variables, and others that end where modification order decides.
void last_writers(list& all) {
    each(store_orders(), [&]<order st>() {
        all.push_back({"2+2W+" + name_of(st), unless(st == sc),
                       {[](state& s) {
                            s.x.store(1, st);
                            s.y.store(2, st);
                        },
                        [](state& s) {
                            s.y.store(1, st);
                            s.x.store(2, st);
                        }},
                       [](state const& s) { return last(s.x) == 1 && last(s.y) == 1; }});
    });
    each(orders<both, sc>(), [&]<order f>() {
        all.push_back({"2+2W+fences " + name_of(f), unless(f == sc),
                       {[](state& s) {
                            s.x.store(1, rlx);
                            fence(f);
                            s.y.store(2, rlx);
                        },
                        [](state& s) {
                            s.y.store(1, rlx);
                            fence(f);
                            s.x.store(2, rlx);
                        }},
                       [](state const& s) { return last(s.x) == 1 && last(s.y) == 1; }});
    });
    each_pair(orders<rlx, rel>(), orders<rlx, acq>(), [&]<order st, order ld>() {
        all.push_back({"S+" + name_of(st) + "+" + name_of(ld), unless(st == rel && ld == acq),
                       {[](state& s) {
                            s.x.store(2, rlx);
                            s.y.store(1, st);
                        },
                        [](state& s) {
                            s.r1 = s.y.load(ld);
                            s.x.store(1, rlx);
                        }},
                       [](state const& s) { return s.r1 == 1 && last(s.x) == 2; }});
    });
    each_pair(orders<rlx, rel, sc>(), orders<rlx, acq, sc>(), [&]<order st, order ld>() {
        all.push_back({"R+" + name_of(st) + "+" + name_of(ld), unless(st == sc && ld == sc),
                       {[](state& s) {
                            s.x.store(1, st);
                            s.y.store(1, st);
                        },
                        [](state& s) {
                            s.y.store(2, st);
                            s.r1 = s.x.load(ld);
                        }},
                       [](state const& s) { return last(s.y) == 2 && s.r1 == 0; }});
    });
    each(orders<both, sc>(), [&]<order f>() {
        all.push_back({"R+fences " + name_of(f), unless(f == sc),
                       {[](state& s) {
                            s.x.store(1, rlx);
                            fence(f);
                            s.y.store(1, rlx);
                        },
                        [](state& s) {
                            s.y.store(2, rlx);
                            fence(f);
                            s.r1 = s.x.load(rlx);
                        }},
                       [](state const& s) { return last(s.y) == 2 && s.r1 == 0; }});
    });
}

// What three and four threads see of each other.
void chains(list& all) {
    constexpr auto write_x = [](state& s) { s.x.store(1, rlx); };
    each_pair(orders<rlx, rel>(), orders<rlx, acq>(), [&]<order st, order ld>() {
        all.push_back({"WRC+" + name_of(st) + "+" + name_of(ld), unless(st == rel && ld == acq),
                       {write_x,
                        [](state& s) {
                            s.r1 = s.x.load(rlx);
                            s.y.store(1, st);
                        },
                        [](state& s) {
                            s.r2 = s.y.load(ld);
                            s.r3 = s.x.load(rlx);
                        }},
                       [](state const& s) { return s.r1 == 1 && s.r2 == 1 && s.r3 == 0; }});
    });
    each_pair(orders<rlx, acq>(), orders<rlx, rel>(), [&]<order ld, order st>() {
        all.push_back({"ISA2, in the middle " + name_of(ld) + "+" + name_of(st), unless(ld == acq && st == rel),
                       {[](state& s) {
                            s.x.store(1, rlx);
                            s.y.store(1, rel);
                        },
                        [](state& s) {
                            s.r1 = s.y.load(ld);
                            s.z.store(1, st);
                        },
                        [](state& s) {
                            s.r2 = s.z.load(acq);
                            s.r3 = s.x.load(rlx);
                        }},
                       [](state const& s) { return s.r1 == 1 && s.r2 == 1 && s.r3 == 0; }});
    });
    constexpr auto disagree = [](state const& s) { return s.r1 == 1 && s.r2 == 0 && s.r3 == 1 && s.r4 == 0; };
    each_pair(store_orders(), load_orders(), [&]<order st, order ld>() {
        all.push_back({"IRIW+" + name_of(st) + "+" + name_of(ld), unless(ld == sc),
                       {[](state& s) { s.x.store(1, st); }, [](state& s) { s.y.store(1, st); },
                        [](state& s) {
                            s.r1 = s.x.load(ld);
                            s.r2 = s.y.load(ld);
                        },
                        [](state& s) {
                            s.r3 = s.y.load(ld);
                            s.r4 = s.x.load(ld);
                        }},
                       disagree});
    });
    each(orders<acq, both, sc>(), [&]<order f>() {
        all.push_back({"IRIW+fences " + name_of(f), unless(f == sc),
                       {write_x, [](state& s) { s.y.store(1, rlx); },
                        [](state& s) {
                            s.r1 = s.x.load(rlx);
                            fence(f);
                            s.r2 = s.y.load(rlx);
                        },
                        [](state& s) {
                            s.r3 = s.y.load(rlx);
                            fence(f);
                            s.r4 = s.x.load(rlx);
                        }},
                       disagree});
    });
    constexpr auto late = [](state const& s) { return s.r1 == 1 && s.r2 == 0 && s.r3 == 0; };
    each_pair(store_orders(), load_orders(), [&]<order st, order ld>() {
        all.push_back({"RWC+" + name_of(st) + "+" + name_of(ld), unless(st == sc && ld == sc),
                       {[](state& s) { s.x.store(1, st); },
                        [](state& s) {
                            s.r1 = s.x.load(ld);
                            s.r2 = s.y.load(ld);
                        },
                        [](state& s) {
                            s.y.store(1, st);
                            s.r3 = s.x.load(ld);
                        }},
                       late});
    });
    each(orders<both, sc>(), [&]<order f>() {
        all.push_back({"RWC+fences " + name_of(f), unless(f == sc),
                       {write_x,
                        [](state& s) {
                            s.r1 = s.x.load(rlx);
                            fence(f);
                            s.r2 = s.y.load(rlx);
                        },
                        [](state& s) {
                            s.y.store(1, rlx);
                            fence(f);
                            s.r3 = s.x.load(rlx);
                        }},
                       late});
        all.push_back({"W+RWC+fences " + name_of(f), unless(f == sc),
                       {[](state& s) {
                            s.x.store(1, rlx);
                            s.y.store(1, rel);
                        },
                        [](state& s) {
                            s.r1 = s.y.load(acq);
                            fence(f);
                            s.r2 = s.z.load(rlx);
                        },
                        [](state& s) {
                            s.z.store(1, rlx);
                            fence(f);
                            s.r3 = s.x.load(rlx);
                        }},
                       late});
    });
}

// seq_cst accesses and fences among others.
void mixed(list& all) {
    all.push_back({"a fence sc before an access sc that another's fence follows", verdict::forbidden,
                   {[](state& s) {
                        s.x.store(1, rlx);
                        fence(sc);
                        s.y.store(1, sc);
                    },
                    [](state& s) {
                        s.y.store(2, sc);
                        s.r1 = s.x.load(sc);
                    }},
                   [](state const& s) { return last(s.y) == 2 && s.r1 == 0; }});
    all.push_back({"an access sc misses what a fence sc before it knew", verdict::forbidden,
                   {[](state& s) {
                        s.x.store(1, rlx);
                        fence(sc);
                        s.r1 = s.y.load(sc);
                    },
                    [](state& s) {
                        s.y.store(1, sc);
                        s.r2 = s.x.load(sc);
                    }},
                   [](state const& s) { return s.r1 == 0 && s.r2 == 0; }});
    all.push_back({"loads sc do not order a store rlx behind", verdict::allowed,
                   {[](state& s) {
                        s.x.store(1, sc);
                        s.r1 = s.y.load(rlx);
                    },
                    [](state& s) {
                        s.y.store(1, sc);
                        s.r2 = s.x.load(rlx);
                    }},
                   [](state const& s) { return s.r1 == 0 && s.r2 == 0; }});
    each(orders<rlx, acq>(), [&]<order ld>() {
        all.push_back({"LB+" + name_of(ld), ld == acq ? verdict::forbidden : verdict::not_produced,
                       {[](state& s) {
                            s.r1 = s.x.load(ld);
                            s.y.store(1, ld == acq ? rel : rlx);
                        },
                        [](state& s) {
                            s.r2 = s.y.load(ld);
                            s.x.store(1, ld == acq ? rel : rlx);
                        }},
                       [](state const& s) { return s.r1 == 1 && s.r2 == 1; }});
    });
    all.push_back({"Z6.U", verdict::not_produced,
                   {[](state& s) {
                        s.x.store(1, sc);
                        s.y.store(1, rel);
                    },
                    [](state& s) {
                        s.r1 = s.y.fetch_add(1, sc);
                        s.r2 = s.y.load(rlx);
                    },
                    [](state& s) {
                        s.y.store(3, sc);
                        s.r3 = s.x.load(sc);
                    }},
                   [](state const& s) { return s.r1 == 1 && s.r2 == 3 && s.r3 == 0; }});
}

void races(list& all) {
    constexpr auto write = [](state& s) { s.d.write(1); };
    constexpr auto read = [](state& s) { s.d.read(); };
    all.push_back({"race of two writes", verdict::race, {write, write}});
    all.push_back({"race of a read and a write", verdict::race, {read, write}});
    all.push_back({"two reads", verdict::no_race, {read, read}});
    all.push_back({"a read of what was written before the threads began", verdict::no_race, {read}});
    all.push_back({"race of a write after a read", verdict::race,
                   {[](state& s) {
                        s.d.read();
                        s.y.store(1, rlx);
                    },
                    [](state& s) {
                        if (s.y.load(rlx) == 1) {
                            s.d.write(1);
                        }
                    }}});
    all.push_back({"a write after a read, known", verdict::no_race,
                   {[](state& s) {
                        s.d.read();
                        s.y.store(1, rel);
                    },
                    [](state& s) {
                        if (s.y.load(acq) == 1) {
                            s.d.write(1);
                        }
                    }}});
    all.push_back({"race after a release", verdict::race,
                   {[](state& s) {
                        s.y.store(1, rel);
                        s.d.write(1);
                    },
                    [](state& s) {
                        if (s.y.load(acq) == 1) {
                            s.d.read();
                        }
                    }}});
    all.push_back({"race of a read after what came after a release", verdict::race,
                   {[](state& s) {
                        s.y.store(1, rel);
                        s.d.write(1);
                        s.z.store(1, rlx);
                    },
                    [](state& s) {
                        if (s.y.load(acq) == 1 && s.z.load(rlx) == 1) {
                            s.d.read();
                        }
                    }}});
    all.push_back({"race after a fence rel", verdict::race,
                   {[](state& s) {
                        fence(rel);
                        s.d.write(1);
                        s.y.store(1, rlx);
                    },
                    [](state& s) {
                        if (s.y.load(acq) == 1) {
                            s.d.read();
                        }
                    }}});
    all.push_back({"a fence rel before a store", verdict::no_race,
                   {[](state& s) {
                        s.d.write(1);
                        fence(rel);
                        s.y.store(1, rlx);
                    },
                    [](state& s) {
                        if (s.y.load(rlx) == 1) {
                            fence(acq);
                            s.d.read();
                        }
                    }}});
    all.push_back({"fences sc order no plain data", verdict::race,
                   {[](state& s) {
                        s.d.write(1);
                        fence(sc);
                        s.x.store(1, rlx);
                    },
                    [](state& s) {
                        if (s.x.load(rlx) == 1) {
                            s.d.read();
                        }
                    }}});
    all.push_back({"a lock of one word", verdict::no_race,
                   {[](state& s) {
                        if (s.x.exchange(1, acq) == 0) {
                            s.d.write(1);
                            s.x.store(0, rel);
                        }
                    },
                    [](state& s) {
                        if (s.x.exchange(1, acq) == 0) {
                            s.d.write(1);
                            s.x.store(0, rel);
                        }
                    }}});
    all.push_back({"a lock of one word, unlocked relaxed", verdict::race,
                   {[](state& s) {
                        if (s.x.exchange(1, acq) == 0) {
                            s.d.write(1);
                            s.x.store(0, rlx);
                        }
                    },
                    [](state& s) {
                        if (s.x.exchange(1, acq) == 0) {
                            s.d.write(1);
                            s.x.store(0, rlx);
                        }
                    }}});
}

} // namespace

std::span<test const> tests() {
    static auto const all = [] {
        list made;
        for (auto* const family :
             {store_buffering, message_passing, release_sequences, coherence, updates, last_writers, chains, mixed, races}) {
            family(made);
        }
        return made;
    }();
    return all;
}

bool possible(verdict v) noexcept {
    return v == verdict::allowed || v == verdict::not_produced || v == verdict::race || v == verdict::stuck;
}

void went_wrong(test const& t, std::string const& what, finding& f) {
    bool const of_races = t.expected == verdict::race || t.expected == verdict::no_race;
    if (t.outcome == nullptr && what.starts_with(of_races ? "DATA RACE" : "DEADLOCK")) {
        ++f.seen;
    } else {
        f.accused = what;
    }
}

bool right(test const& t, finding const& f) noexcept {
    return f.accused.empty() && (f.seen != 0) == possible(t.expected);
}

char const* to_string(verdict v) noexcept {
    constexpr std::array names{"allowed", "forbidden", "allowed, not produced", "race", "no race", "stuck", "never stuck"};
    return names[static_cast<std::size_t>(v)];
}

} // namespace tandem::litmus
