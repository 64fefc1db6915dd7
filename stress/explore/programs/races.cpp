// Races of plain data.
#include "families.hpp"

namespace tandem::litmus {

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
    all.push_back({"race of a write after what came after a release", verdict::race,
                   {[](state& s) {
                        s.y.store(1, rel);
                        s.d.read();
                        s.z.store(1, rlx);
                    },
                    [](state& s) {
                        if (s.y.load(acq) == 1 && s.z.load(rlx) == 1) {
                            s.d.write(1);
                        }
                    }}});
    all.push_back({"race after a fetch_add rel", verdict::race,
                   {[](state& s) {
                        s.y.fetch_add(1, rel);
                        s.d.write(1);
                        s.z.store(1, rlx);
                    },
                    [](state& s) {
                        if (s.y.load(acq) == 1 && s.z.load(rlx) == 1) {
                            s.d.read();
                        }
                    }}});
    all.push_back({"race of a write after a fence rel", verdict::race,
                   {[](state& s) {
                        fence(rel);
                        s.d.read();
                        s.y.store(1, rlx);
                    },
                    [](state& s) {
                        if (s.y.load(acq) == 1) {
                            s.d.write(1);
                        }
                    }}});
    all.push_back({"race after a fence rel, the flag an update", verdict::race,
                   {[](state& s) {
                        fence(rel);
                        s.d.write(1);
                        s.y.fetch_add(1, rlx);
                    },
                    [](state& s) {
                        if (s.y.load(acq) == 1) {
                            s.d.write(1);
                        }
                    }}});
    all.push_back({"race after a fence acq that comes too early", verdict::race,
                   {[](state& s) {
                        s.d.write(1);
                        s.y.store(1, rel);
                    },
                    [](state& s) {
                        fence(acq);
                        if (s.y.load(rlx) == 1) {
                            s.d.read();
                        }
                    }}});
    all.push_back({"race past a store rlx after a store rel", verdict::race, // since C++20
                   {[](state& s) {
                        s.d.write(1);
                        s.y.store(1, rel);
                        s.y.store(2, rlx);
                    },
                    [](state& s) {
                        if (s.y.load(acq) == 2) {
                            s.d.read();
                        }
                    }}});
    all.push_back({"plain data through a release sequence", verdict::no_race,
                   {[](state& s) {
                        s.d.write(1);
                        s.y.store(1, rel);
                    },
                    [](state& s) { s.y.fetch_add(1, rlx); },
                    [](state& s) {
                        if (s.y.load(acq) == 2) {
                            s.d.read();
                        }
                    }}});
    all.push_back({"the last one out", verdict::no_race,
                   {[](state& s) {
                        s.d.read();
                        if (s.x.fetch_add(1, both) == 1) {
                            s.d.write(1);
                        }
                    },
                    [](state& s) {
                        s.d.read();
                        if (s.x.fetch_add(1, both) == 1) {
                            s.d.write(1);
                        }
                    }}});
    each(orders<rlx, acq, rel>(), [&]<order o>() {
        all.push_back({"race of the last one out, fetch_add " + name_of(o), verdict::race,
                       {[](state& s) {
                            s.d.read();
                            if (s.x.fetch_add(1, o) == 1) {
                                s.d.write(1);
                            }
                        },
                        [](state& s) {
                            s.d.read();
                            if (s.x.fetch_add(1, o) == 1) {
                                s.d.write(1);
                            }
                        }}});
    });
    each(orders<rlx, acq>(), [&]<order failure>() {
        all.push_back({"plain data and a failing compare_exchange " + name_of(failure), races_unless(failure == acq),
                       {[](state& s) {
                            s.d.write(1);
                            s.y.store(1, rel);
                        },
                        [](state& s) {
                            value seen = 0;
                            if (!s.y.compare_exchange_strong(seen, 2, rlx, failure)) {
                                s.d.read();
                            }
                        }}});
    });
}

} // namespace tandem::litmus
