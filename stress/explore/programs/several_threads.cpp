// What three and four threads see of each other, and the order of seq_cst operations.
#include "families.hpp"

namespace tandem::litmus {

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
    // Three threads in a ring, each missing what the next one stored.
    constexpr auto all_miss = [](state const& s) { return s.r1 == 0 && s.r2 == 0 && s.r3 == 0; };
    each(orders<both, sc>(), [&]<order f>() {
        all.push_back({"SB of three+fences " + name_of(f), unless(f == sc),
                       {[](state& s) {
                            s.x.store(1, rlx);
                            fence(f);
                            s.r1 = s.y.load(rlx);
                        },
                        [](state& s) {
                            s.y.store(1, rlx);
                            fence(f);
                            s.r2 = s.z.load(rlx);
                        },
                        [](state& s) {
                            s.z.store(1, rlx);
                            fence(f);
                            s.r3 = s.x.load(rlx);
                        }},
                       all_miss});
    });
    all.push_back({"SB of three+fences sc, one missing", verdict::allowed,
                   {[](state& s) {
                        s.x.store(1, rlx);
                        fence(sc);
                        s.r1 = s.y.load(rlx);
                    },
                    [](state& s) {
                        s.y.store(1, rlx);
                        fence(sc);
                        s.r2 = s.z.load(rlx);
                    },
                    [](state& s) {
                        s.z.store(1, rlx);
                        s.r3 = s.x.load(rlx);
                    }},
                   all_miss});
    each_pair(orders<rel, sc>(), orders<acq, sc>(), [&]<order st, order ld>() {
        all.push_back({"SB of three+" + name_of(st) + "+" + name_of(ld), unless(st == sc && ld == sc),
                       {[](state& s) {
                            s.x.store(1, st);
                            s.r1 = s.y.load(ld);
                        },
                        [](state& s) {
                            s.y.store(1, st);
                            s.r2 = s.z.load(ld);
                        },
                        [](state& s) {
                            s.z.store(1, st);
                            s.r3 = s.x.load(ld);
                        }},
                       all_miss});
    });
    constexpr auto first_ones_stay = [](state const& s) { return last(s.x) == 1 && last(s.y) == 1 && last(s.z) == 1; };
    each(orders<both, sc>(), [&]<order f>() {
        all.push_back({"3+3W+fences " + name_of(f), unless(f == sc),
                       {[](state& s) {
                            s.x.store(1, rlx);
                            fence(f);
                            s.y.store(2, rlx);
                        },
                        [](state& s) {
                            s.y.store(1, rlx);
                            fence(f);
                            s.z.store(2, rlx);
                        },
                        [](state& s) {
                            s.z.store(1, rlx);
                            fence(f);
                            s.x.store(2, rlx);
                        }},
                       first_ones_stay});
    });
    each_pair(orders<rlx, rel>(), orders<rlx, acq>(), [&]<order st, order ld>() {
        all.push_back({"WWC+" + name_of(st) + "+" + name_of(ld), unless(st == rel && ld == acq),
                       {[](state& s) { s.x.store(2, rlx); },
                        [](state& s) {
                            s.r1 = s.x.load(rlx);
                            s.y.store(1, st);
                        },
                        [](state& s) {
                            s.r2 = s.y.load(ld);
                            s.x.store(1, rlx);
                        }},
                       [](state const& s) { return s.r1 == 2 && s.r2 == 1 && last(s.x) == 2; }});
    });
    each(orders<both, sc>(), [&]<order f>() {
        all.push_back({"IRIW+fence " + name_of(f) + " in one reader", verdict::allowed,
                       {write_x, [](state& s) { s.y.store(1, rlx); },
                        [](state& s) {
                            s.r1 = s.x.load(rlx);
                            fence(f);
                            s.r2 = s.y.load(rlx);
                        },
                        [](state& s) {
                            s.r3 = s.y.load(rlx);
                            s.r4 = s.x.load(rlx);
                        }},
                       disagree});
    });
    all.push_back({"IRIW+loads sc+fences sc", verdict::forbidden, // one reader has the loads, the other the fence
                   {write_x, [](state& s) { s.y.store(1, rlx); },
                    [](state& s) {
                        s.r1 = s.x.load(sc);
                        s.r2 = s.y.load(sc);
                    },
                    [](state& s) {
                        s.r3 = s.y.load(rlx);
                        fence(sc);
                        s.r4 = s.x.load(rlx);
                    }},
                   disagree});
    each_pair(orders<rlx, rel>(), orders<rlx, acq>(), [&]<order before, order after>() {
        all.push_back({"WRC+fences, before the flag " + name_of(before) + ", behind it " + name_of(after),
                       unless(before == rel && after == acq),
                       {write_x,
                        [](state& s) {
                            s.r1 = s.x.load(rlx);
                            if constexpr (before != rlx) {
                                fence(before);
                            }
                            s.y.store(1, rlx);
                        },
                        [](state& s) {
                            s.r2 = s.y.load(rlx);
                            if constexpr (after != rlx) {
                                fence(after);
                            }
                            s.r3 = s.x.load(rlx);
                        }},
                       [](state const& s) { return s.r1 == 1 && s.r2 == 1 && s.r3 == 0; }});
    });
}

// seq_cst accesses and fences among others.
void seq_cst(list& all) {
    constexpr auto late = [](state const& s) { return s.r1 == 1 && s.r2 == 0 && s.r3 == 0; };
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
    // A store that is not seq_cst, between seq_cst accesses of the same variable: whoever sees it has an order all the same (P0668).
    all.push_back({"RWC+a store rlx seen by loads sc", verdict::forbidden,
                   {[](state& s) { s.x.store(1, rlx); },
                    [](state& s) {
                        s.r1 = s.x.load(sc);
                        s.r2 = s.y.load(sc);
                    },
                    [](state& s) {
                        s.y.store(1, sc);
                        s.r3 = s.x.load(sc);
                    }},
                   late});
    all.push_back({"RWC+a store rlx seen by a load acq", verdict::allowed,
                   {[](state& s) { s.x.store(1, rlx); },
                    [](state& s) {
                        s.r1 = s.x.load(acq);
                        s.r2 = s.y.load(sc);
                    },
                    [](state& s) {
                        s.y.store(1, sc);
                        s.r3 = s.x.load(sc);
                    }},
                   late});
    all.push_back({"RWC+accesses sc+fence sc", verdict::forbidden,
                   {[](state& s) { s.x.store(1, sc); },
                    [](state& s) {
                        s.r1 = s.x.load(sc);
                        s.r2 = s.y.load(sc);
                    },
                    [](state& s) {
                        s.y.store(1, rlx);
                        fence(sc);
                        s.r3 = s.x.load(rlx);
                    }},
                   late});
    all.push_back({"a load sc of what was overwritten before a fence sc", verdict::forbidden,
                   {[](state& s) {
                        s.x.store(1, rlx);
                        s.x.store(2, rlx);
                        fence(sc);
                        s.r1 = s.y.load(sc);
                    },
                    [](state& s) {
                        s.y.store(1, sc);
                        s.r2 = s.x.load(sc);
                    }},
                   [](state const& s) { return s.r1 == 0 && s.r2 == 1; }});
    all.push_back({"loads sc of two stores rlx in either order", verdict::forbidden,
                   {[](state& s) { s.x.store(1, rlx); }, [](state& s) { s.x.store(2, rlx); },
                    [](state& s) {
                        s.r1 = s.x.load(sc);
                        s.r2 = s.x.load(sc);
                    },
                    [](state& s) {
                        s.r3 = s.x.load(sc);
                        s.r4 = s.x.load(sc);
                    }},
                   [](state const& s) { return s.r1 == 1 && s.r2 == 2 && s.r3 == 2 && s.r4 == 1; }});
    all.push_back({"a store sc and its own later store rlx", verdict::allowed, // what is read is no seq_cst store
                   {[](state& s) {
                        s.x.store(1, sc);
                        s.x.store(2, rlx);
                        s.r1 = s.y.load(sc);
                    },
                    [](state& s) {
                        s.y.store(1, sc);
                        s.r2 = s.x.load(sc);
                    }},
                   [](state const& s) { return s.r1 == 0 && s.r2 == 1; }});
    all.push_back({"a store sc and its own later store rlx, both missed", verdict::forbidden,
                   {[](state& s) {
                        s.x.store(1, sc);
                        s.x.store(2, rlx);
                        s.r1 = s.y.load(sc);
                    },
                    [](state& s) {
                        s.y.store(1, sc);
                        s.r2 = s.x.load(sc);
                    }},
                   [](state const& s) { return s.r1 == 0 && s.r2 == 0; }});
}

// Allowed, and not produced; and what looks alike.
void limits(list& all) {
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

} // namespace tandem::litmus
