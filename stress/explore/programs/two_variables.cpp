// Two threads and two variables.
#include "families.hpp"

namespace tandem::litmus {

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
    each(orders<acq, sc>(), [&]<order ld>() {
        all.push_back({"SB+exchange sc+load " + name_of(ld), unless(ld == sc),
                       {[](state& s) {
                            s.x.exchange(1, sc);
                            s.r1 = s.y.load(ld);
                        },
                        [](state& s) {
                            s.y.exchange(1, sc);
                            s.r2 = s.x.load(ld);
                        }},
                       neither});
    });
    all.push_back({"SB+store sc, load sc+fetch_add rlx, load sc", verdict::allowed, // the update has no place in the order of seq_cst
                   {[](state& s) {
                        s.x.store(1, sc);
                        s.r1 = s.y.load(sc);
                    },
                    [](state& s) {
                        s.y.fetch_add(1, rlx);
                        s.r2 = s.x.load(sc);
                    }},
                   neither});
    // What fails is a load of the failure's order, whatever the success's is.
    each_pair(orders<rlx, sc>(), orders<rlx, acq, sc>(), [&]<order success, order failure>() {
        all.push_back({"SB+failing compare_exchange " + name_of(success) + ", " + name_of(failure), unless(failure == sc),
                       {[](state& s) {
                            s.x.store(1, sc);
                            s.r1 = 7;
                            s.y.compare_exchange_strong(s.r1, 8, success, failure);
                        },
                        [](state& s) {
                            s.y.store(1, sc);
                            s.r2 = 7;
                            s.x.compare_exchange_strong(s.r2, 8, success, failure);
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
    each_pair(orders<rlx, acq>(), orders<rlx, acq, sc>(), [&]<order success, order failure>() {
        all.push_back({"MP+failing compare_exchange " + name_of(success) + ", " + name_of(failure), unless(is_acquire(failure)),
                       {[](state& s) {
                            s.x.store(1, rlx);
                            s.y.store(1, rel);
                        },
                        [](state& s) {
                            s.r1 = 7;
                            s.y.compare_exchange_strong(s.r1, 8, success, failure);
                            s.r2 = s.x.load(rlx);
                        }},
                       flag_only});
    });
    // A weak one that fails although the value is the expected one.
    each(orders<rlx, acq>(), [&]<order failure>() {
        all.push_back({"MP+compare_exchange_weak that fails for no reason " + name_of(failure), unless(is_acquire(failure)),
                       {[](state& s) {
                            s.x.store(1, rlx);
                            s.y.store(1, rel);
                        },
                        [](state& s) {
                            s.r1 = 1;
                            s.r3 = s.y.compare_exchange_weak(s.r1, 2, acq, failure) ? 1 : 0;
                            s.r2 = s.x.load(rlx);
                        }},
                       [](state const& s) { return s.r3 == 0 && s.r1 == 1 && s.r2 == 0; }});
    });
    all.push_back({"MP+one fence rel, two flags", verdict::forbidden,
                   {[](state& s) {
                        s.x.store(1, rlx);
                        fence(rel);
                        s.y.store(1, rlx);
                        s.z.store(1, rlx);
                    },
                    [](state& s) {
                        s.r1 = s.z.load(acq);
                        s.r2 = s.x.load(rlx);
                    }},
                   flag_only});
    all.push_back({"MP+one fence acq, two flags", verdict::forbidden,
                   {[](state& s) {
                        s.x.store(1, rlx);
                        s.y.store(1, rel);
                    },
                    [](state& s) {
                        s.r1 = s.y.load(rlx);
                        s.r3 = s.z.load(rlx);
                        fence(acq);
                        s.r2 = s.x.load(rlx);
                    }},
                   flag_only});
    all.push_back({"MP+fence rel+fetch_add rlx", verdict::forbidden,
                   {[](state& s) {
                        s.x.store(1, rlx);
                        fence(rel);
                        s.y.fetch_add(1, rlx);
                    },
                    [](state& s) {
                        s.r1 = s.y.load(acq);
                        s.r2 = s.x.load(rlx);
                    }},
                   flag_only});
    all.push_back({"MP+fetch_add rlx+fence acq", verdict::forbidden,
                   {[](state& s) {
                        s.x.store(1, rlx);
                        s.y.store(1, rel);
                    },
                    [](state& s) {
                        s.r1 = s.y.fetch_add(1, rlx);
                        fence(acq);
                        s.r2 = s.x.load(rlx);
                    }},
                   flag_only});
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
    all.push_back({"2+2W+one store rlx", verdict::allowed,
                   {[](state& s) {
                        s.x.store(1, sc);
                        s.y.store(2, sc);
                    },
                    [](state& s) {
                        s.y.store(1, sc);
                        s.x.store(2, rlx);
                    }},
                   [](state const& s) { return last(s.x) == 1 && last(s.y) == 1; }});
    all.push_back({"2+2W+accesses sc+fence sc", verdict::forbidden,
                   {[](state& s) {
                        s.x.store(1, sc);
                        s.y.store(2, sc);
                    },
                    [](state& s) {
                        s.y.store(1, rlx);
                        fence(sc);
                        s.x.store(2, rlx);
                    }},
                   [](state const& s) { return last(s.x) == 1 && last(s.y) == 1; }});
    each(orders<both, sc>(), [&]<order o>() {
        all.push_back({"2+2W+exchanges " + name_of(o), verdict::forbidden,
                       {[](state& s) {
                            s.x.exchange(1, o);
                            s.y.exchange(2, o);
                        },
                        [](state& s) {
                            s.y.exchange(1, o);
                            s.x.exchange(2, o);
                        }},
                       [](state const& s) { return last(s.x) == 1 && last(s.y) == 1; }});
    });
    each_pair(orders<rlx, rel>(), orders<rlx, acq>(), [&]<order before, order after>() {
        all.push_back({"S+fences, before the flag " + name_of(before) + ", behind it " + name_of(after),
                       unless(before == rel && after == acq),
                       {[](state& s) {
                            s.x.store(2, rlx);
                            if constexpr (before != rlx) {
                                fence(before);
                            }
                            s.y.store(1, rlx);
                        },
                        [](state& s) {
                            s.r1 = s.y.load(rlx);
                            if constexpr (after != rlx) {
                                fence(after);
                            }
                            s.x.store(1, rlx);
                        }},
                       [](state const& s) { return s.r1 == 1 && last(s.x) == 2; }});
    });
}

} // namespace tandem::litmus
