// What everybody agrees on: the modification order of one variable, and what is passed on along it.
#include "families.hpp"

namespace tandem::litmus {

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
    all.push_back({"release sequence+two updates of one thread", verdict::forbidden,
                   {publish,
                    [](state& s) {
                        s.y.fetch_add(1, rlx);
                        s.y.fetch_add(1, rlx);
                    },
                    look},
                   [](state const& s) { return s.r1 == 3 && s.r2 == 0; }});
    all.push_back({"release sequence+exchange rlx", verdict::forbidden,
                   {publish, [](state& s) { s.r3 = s.y.exchange(2, rlx); }, look},
                   [](state const& s) { return s.r3 == 1 && s.r1 == 2 && s.r2 == 0; }});
    all.push_back({"release sequence+store and update of the same thread", verdict::allowed, // since C++20
                   {[](state& s) {
                        s.x.store(1, rlx);
                        s.y.store(1, rel);
                        s.y.store(2, rlx);
                        s.y.fetch_add(1, rlx);
                    },
                    look},
                   [](state const& s) { return s.r1 == 3 && s.r2 == 0; }});
    all.push_back({"release sequence of a fence+two updates", verdict::forbidden,
                   {[](state& s) {
                        s.x.store(1, rlx);
                        fence(rel);
                        s.y.store(1, rlx);
                    },
                    [](state& s) { s.y.fetch_add(1, rlx); }, [](state& s) { s.y.fetch_add(1, rlx); }, look},
                   [](state const& s) { return s.r1 == 3 && s.r2 == 0; }});
    // An update passes on what it read, and adds its own if it releases.
    each(orders<rlx, rel>(), [&]<order o>() {
        all.push_back({"release sequence+update " + name_of(o) + " that knows more", unless(o == rel),
                       {publish,
                        [](state& s) {
                            s.z.store(1, rlx);
                            s.r4 = s.y.fetch_add(1, o);
                        },
                        [](state& s) {
                            s.r1 = s.y.load(acq);
                            s.r2 = s.x.load(rlx);
                            s.r3 = s.z.load(rlx);
                        }},
                       [](state const& s) { return s.r4 == 1 && s.r1 == 2 && s.r3 == 0; }});
    });
    all.push_back({"release sequence+update rel, the first one's", verdict::forbidden,
                   {publish,
                    [](state& s) {
                        s.z.store(1, rlx);
                        s.r4 = s.y.fetch_add(1, rel);
                    },
                    look},
                   [](state const& s) { return s.r4 == 1 && s.r1 == 2 && s.r2 == 0; }});
    all.push_back({"release sequence+store of another thread, then an update", verdict::allowed,
                   {publish,
                    [](state& s) {
                        if (s.y.load(rlx) == 1) {
                            s.y.store(5, rlx);
                        }
                        s.y.fetch_add(1, rlx);
                    },
                    look},
                   [](state const& s) { return s.r1 == 6 && s.r2 == 0; }});
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
    all.push_back({"CoRR of an update", verdict::forbidden, {[](state& s) { s.x.fetch_add(1, rlx); }, look_twice},
                   [](state const& s) { return s.r1 == 1 && s.r2 == 0; }});
    all.push_back({"CoRR, load and update", verdict::forbidden,
                   {one,
                    [](state& s) {
                        s.r1 = s.x.load(rlx);
                        s.r2 = s.x.fetch_add(1, rlx);
                    }},
                   [](state const& s) { return s.r1 == 1 && s.r2 == 0; }});
    all.push_back({"CoRR, update and load", verdict::forbidden,
                   {one,
                    [](state& s) {
                        s.r1 = s.x.fetch_add(0, rlx);
                        s.r2 = s.x.load(rlx);
                    }},
                   [](state const& s) { return s.r1 == 1 && s.r2 == 0; }});
    all.push_back({"CoRR, load and failing compare_exchange", verdict::forbidden,
                   {one,
                    [](state& s) {
                        s.r1 = s.x.load(rlx);
                        s.r2 = 7;
                        s.x.compare_exchange_strong(s.r2, 8, rlx, rlx);
                    }},
                   [](state const& s) { return s.r1 == 1 && s.r2 == 0; }});
    all.push_back({"CoWR, an update of one's own", verdict::forbidden,
                   {[](state& s) {
                       s.x.fetch_add(1, rlx);
                       s.r1 = s.x.load(rlx);
                   }},
                   [](state const& s) { return s.r1 == 0; }});
    all.push_back({"CoWR, update after store", verdict::forbidden,
                   {[](state& s) {
                        s.x.store(1, rlx);
                        s.r1 = s.x.fetch_add(1, rlx);
                    },
                    two},
                   [](state const& s) { return s.r1 == 0; }});
    all.push_back({"CoWR, an update of what came before one's own store", verdict::forbidden,
                   {[](state& s) {
                        s.x.store(1, rlx);
                        s.r1 = s.x.load(rlx);
                    },
                    [](state& s) { s.x.fetch_add(10, rlx); }},
                   [](state const& s) { return s.r1 == 10; }});
    all.push_back({"CoRW, the store of an update", verdict::forbidden,
                   {[](state& s) {
                        s.r1 = s.x.load(rlx);
                        s.x.fetch_add(2, rlx);
                    },
                    one},
                   [](state const& s) { return s.r1 == 1 && last(s.x) == 1; }});
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
    all.push_back({"two exchanges of each other's value", verdict::forbidden,
                   {[](state& s) { s.r1 = s.x.exchange(1, rlx); }, [](state& s) { s.r2 = s.x.exchange(2, rlx); }},
                   [](state const& s) { return s.r1 == 2 && s.r2 == 1; }});
    all.push_back({"three fetch_adds, two of one value", verdict::forbidden,
                   {add, add_too, [](state& s) { s.r3 = s.x.fetch_add(1, rlx); }},
                   [](state const& s) { return s.r1 == s.r2 || s.r2 == s.r3 || s.r1 == s.r3; }});
    all.push_back({"a store between compare_exchange and what it read", verdict::forbidden,
                   {[](state& s) {
                        value seen = 0;
                        s.r1 = s.x.compare_exchange_strong(seen, 1, rlx, rlx) ? 1 : 0;
                    },
                    [](state& s) { s.x.store(5, rlx); }},
                   [](state const& s) { return s.r1 == 1 && last(s.x) == 1; }});
}


// A compare-exchange that fails is a load; a weak one may fail with the expected value.
void exchanges_that_fail(list& all) {
    constexpr auto fail_by_weak = [](state& s) {
        s.r2 = 0;
        s.r1 = s.x.compare_exchange_weak(s.r2, 1, rlx, rlx) ? 1 : 0;
    };
    all.push_back({"compare_exchange_weak fails for no reason", verdict::allowed, {fail_by_weak},
                   [](state const& s) { return s.r1 == 0 && s.r2 == 0; }});
    all.push_back({"compare_exchange_strong fails for no reason", verdict::forbidden,
                   {[](state& s) {
                       s.r2 = 0;
                       s.r1 = s.x.compare_exchange_strong(s.r2, 1, rlx, rlx) ? 1 : 0;
                   }},
                   [](state const& s) { return s.r1 == 0; }});
    all.push_back({"compare_exchange_weak fails and stores", verdict::forbidden, {fail_by_weak},
                   [](state const& s) { return s.r1 == 0 && last(s.x) == 1; }});
    all.push_back({"compare_exchange_weak fails, another succeeds", verdict::allowed,
                   {fail_by_weak,
                    [](state& s) {
                        value seen = 0;
                        s.r3 = s.x.compare_exchange_weak(seen, 2, rlx, rlx) ? 1 : 0;
                    }},
                   [](state const& s) { return s.r1 == 0 && s.r2 == 0 && s.r3 == 1; }});
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
    all.push_back({"failing compare_exchanges miss each other's store", verdict::allowed,
                   {[](state& s) {
                        s.x.store(1, rlx);
                        s.r1 = 7;
                        s.y.compare_exchange_strong(s.r1, 8, rlx, rlx);
                    },
                    [](state& s) {
                        s.y.store(1, rlx);
                        s.r2 = 7;
                        s.x.compare_exchange_strong(s.r2, 8, rlx, rlx);
                    }},
                   [](state const& s) { return s.r1 == 0 && s.r2 == 0; }});
    all.push_back({"a failing compare_exchange, two stores back", verdict::allowed,
                   {[](state& s) {
                        s.x.store(1, rlx);
                        s.x.store(2, rlx);
                        s.y.store(1, rlx);
                    },
                    [](state& s) {
                        s.r1 = s.y.load(rlx);
                        s.r2 = 7;
                        s.x.compare_exchange_strong(s.r2, 8, rlx, rlx);
                    }},
                   [](state const& s) { return s.r1 == 1 && s.r2 == 0; }});
}

} // namespace tandem::litmus
