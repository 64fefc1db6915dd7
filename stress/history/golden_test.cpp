// The failure reports, word for word, against the files in stress/golden. TANDEM_GOLDEN_WRITE=1 in the environment
// writes them anew; the change then shows in the diff.
#include "golden.hpp"
#include "sample.hpp"

#include <tandem/stress/channel_spec.hpp>
#include <tandem/stress/explain.hpp>
#include <tandem/stress/map_spec.hpp>
#include <tandem/stress/striped_counter_spec.hpp>

#include <gtest/gtest.h>

using namespace tandem::stress;
using tandem::status;
namespace sample = tandem::stress::sample;
using sample::close, sample::pop, sample::pop_fails, sample::pop_n, sample::push, sample::push_n;

namespace {

using q = queue_spec;
using c = counter_spec;

labels const queue{"lockfree.bounded_queue", "locked.bounded_queue", "./tools/run replay L-7f3a-91c2-0c2e"};
labels const channel{"lockfree.channel", "locked.channel", "./tools/run replay L-7f3a-91c2-0c2e"};
labels const counter{"lockfree.counter", "locked.counter", "./tools/run replay L-7f3a-91c2-0c2e"};

// Calls that have nothing to do with the failure, before and around it.
history amid_others(history h) {
    for (auto& one : h) {
        one.invoked += 500;
        if (!one.pending()) {
            one.returned += 500;
        }
    }
    for (std::uint64_t i = 0; i < 12; ++i) {
        auto const v = static_cast<std::int64_t>(1000 + i);
        h.push_back(push(4, v, {40 * i, 40 * i + 20}));
        h.push_back(pop(5, v, {40 * i + 10, 40 * i + 30}));
        h.push_back(pop_fails(6, {40 * i + 5, 40 * i + 8}));
    }
    h.push_back(push(4, 2000, {490, 600}));
    h.push_back(pop(5, 2000, {495, 605}));
    return h;
}

} // namespace

TEST(golden, empty) {
    expect_golden("empty",
                  explain(q{}, amid_others({push(0, 1, {1, 2}), push(1, 2, {3, 6}), pop_fails(2, {4, 5})}), queue));
}

TEST(golden, empty_chain) {
    expect_golden("empty_chain", explain(q{},
                                         amid_others({push(0, 1, {1, 2}), push(0, 2, {4, 5}), pop(1, 1, {6, 7}),
                                                      pop(1, 2, {11, 12}), pop_fails(2, {3, 10})}),
                                         queue));
}

TEST(golden, doubled) {
    expect_golden("doubled",
                  explain(q{}, amid_others({push(0, 1, {1, 2}), pop(1, 1, {3, 6}), pop(2, 1, {4, 5})}), queue));
}

TEST(golden, inverted) {
    expect_golden("inverted",
                  explain(q{},
                          amid_others({push(0, 1, {1, 2}), push(1, 2, {3, 4}), pop(2, 2, {5, 6}), pop(2, 1, {7, 8})}),
                          queue));
}

TEST(golden, invented) {
    expect_golden("invented", explain(q{}, amid_others({push(0, 1, {1, 2}), pop(1, 7, {3, 4})}), queue));
}

TEST(golden, full) {
    expect_golden(
        "full", explain(q{.capacity = 3}, amid_others({push(0, 1, {1, 2}), push(1, 2, {3, 4}, status::full)}), queue));
}

TEST(golden, overflow) {
    expect_golden(
        "overflow",
        explain(q{.capacity = 2}, amid_others({push(0, 1, {1, 2}), push(1, 2, {3, 6}), push(0, 3, {4, 7})}), queue));
}

TEST(golden, closed) {
    expect_golden("closed",
                  explain(q{},
                          amid_others({push(0, 1, {1, 2}), close(1, {3, 4}), push(0, 2, {5, 6}), pop(2, 1, {7, 8})}),
                          queue));
}

TEST(golden, busy) {
    expect_golden("busy",
                  explain(q{.promise = q::strength::weak},
                          amid_others({push(0, 1, {200, 201}), pop_fails(1, {203, 204}, status::busy)}), queue));
}

// A push that never returned may explain one answer, but not two.
TEST(golden, pending) {
    expect_golden("pending", explain(q{}, amid_others({push(0, 1, {1}), pop(1, 1, {2, 3}), pop(2, 1, {5, 6})}), queue));
}

// No pattern of the monitor; the search finds it. A batch that took effect at one instant would give 1 and 2 together.
TEST(golden, torn_batch) {
    expect_golden("torn_batch",
                  explain(q{}, {push_n(0, {1, 2}, 2, {1, 8}), pop_n(1, 2, {1}, {2, 3}), pop(1, 2, {9, 10})}, queue));
}

TEST(golden, lost_update) {
    history h;
    for (std::uint64_t i = 0; i < 30; ++i) {
        h.push_back(sample::fetch_add(0, 1, static_cast<std::int64_t>(i), {10 * i, 10 * i + 5}));
    }
    h.push_back(sample::fetch_add(0, 1, 30, {1000, 1010}));
    h.push_back(sample::fetch_add(1, 1, 30, {1005, 1015}));
    expect_golden("lost_update", explain(c{}, h, counter));
}

TEST(golden, stale_load) {
    history h;
    for (std::uint64_t i = 0; i < 30; ++i) {
        h.push_back(sample::add(static_cast<std::uint32_t>(i % 2), 1, {10 * i, 10 * i + 12}));
    }
    h.push_back(sample::load(2, 29, {1000, 1010}));
    expect_golden("stale_load", explain(c{}, h, counter));
}

namespace {

using st = striped_counter_spec;

labels const striped{"lockfree.striped_counter", "locked.striped_counter", "./tools/run replay L-7f3a-91c2-0c2e"};

// Two threads that add one each time, now and then drained, so that ten are left.
history amid_additions(history const& last) {
    history h;
    for (std::uint64_t i = 0; i < 20; ++i) {
        h.push_back(sample::make(static_cast<std::uint32_t>(i % 2), st::add, {10 * i + 1, 10 * i + 12}, {1}));
    }
    h.push_back(sample::make(3, st::drain, {1, 14}, {}, {1}));
    h.push_back(sample::make(3, st::drain, {95, 105}, {}, {9}));
    for (auto one : last) {
        one.invoked += 500;
        one.returned += one.pending() ? 0 : 500;
        h.push_back(one);
    }
    return h;
}

} // namespace

TEST(golden, striped_addition_lost) {
    expect_golden("striped_addition_lost", explain(st{},
                                                   amid_additions({sample::make(0, st::add, {1, 20}, {5}),
                                                                   sample::make(1, st::sub, {2, 19}, {2}),
                                                                   sample::make(2, st::sum, {10, 12}, {}, {7}),
                                                                   sample::make(2, st::sum, {30, 31}, {}, {13})}),
                                                   striped));
}

TEST(golden, striped_drained_twice) {
    expect_golden("striped_drained_twice", explain(st{},
                                                   amid_additions({sample::make(0, st::drain, {1, 5}, {}, {10}),
                                                                   sample::make(1, st::drain, {6, 9}, {}, {10}),
                                                                   sample::make(2, st::add, {4, 8}, {3})}),
                                                   striped));
}

TEST(golden, striped_went_back) {
    expect_golden("striped_went_back", explain(st{},
                                               amid_additions({sample::make(0, st::add, {1, 30}, {5}),
                                                               sample::make(1, st::add, {2, 12}, {1}),
                                                               sample::make(2, st::sum, {10, 14}, {}, {16}),
                                                               sample::make(2, st::sum, {16, 20}, {}, {11})}),
                                               striped));
}

namespace {

using m = map_spec;

labels const map{"lockfree.map", "locked.map", "./tools/run replay L-7f3a-91c2-0c2e"};

// Other keys come and go, and this one did so before.
history amid_other_keys(history const& last) {
    history h;
    for (std::uint64_t i = 0; i < 12; ++i) {
        auto const k = static_cast<std::int64_t>(30 + i % 3);
        auto const v = static_cast<std::int64_t>(100 + i);
        h.push_back(sample::make(0, m::insert, {40 * i + 1, 40 * i + 8}, {k, v}, {1}));
        h.push_back(sample::make(1, m::find, {40 * i + 10, 40 * i + 20}, {k}, {v}));
        h.push_back(sample::make(2, m::for_each, {40 * i + 12, 40 * i + 22}, {k, 3}, {v, 0}));
        h.push_back(sample::make(0, m::erase, {40 * i + 30, 40 * i + 35}, {k}, {v}));
    }
    h.push_back(sample::make(1, m::insert, {485, 486}, {3, 5}, {1}));
    h.push_back(sample::make(1, m::erase, {487, 488}, {3}, {5}));
    h.push_back(sample::make(0, m::insert, {490, 700}, {31, 90}, {1}));
    for (auto one : last) {
        one.invoked += 500;
        one.returned += one.pending() ? 0 : 500;
        h.push_back(one);
    }
    return h;
}
m const sixteen = [] {
    m all;
    for (std::int64_t k = 11; k != 27; ++k) {
        all.entries[k] = k;
    }
    return all;
}();

} // namespace

TEST(golden, map_lost_update) {
    expect_golden("map_lost_update", explain(sixteen,
                                             amid_other_keys({sample::make(1, m::insert, {1, 2}, {3, 7}, {1}),
                                                              sample::make(1, m::update, {3, 6}, {3, 10}, {1}),
                                                              sample::make(2, m::update, {4, 5}, {3, 20}, {1}),
                                                              sample::make(2, m::contains, {6, 7}, {3}, {1}),
                                                              sample::make(2, m::find, {8, 9}, {3}, {27})}),
                                             map));
}

TEST(golden, map_came_back) {
    expect_golden("map_came_back", explain(sixteen,
                                           amid_other_keys({sample::make(2, m::erase, {1, 2}, {17}, {17}),
                                                            sample::make(1, m::insert, {3, 8}, {3, 7}, {1}),
                                                            sample::make(2, m::visit, {9, 10}, {17}, {17})}),
                                           map));
}

TEST(golden, map_inserted_twice) {
    expect_golden("map_inserted_twice", explain(sixteen,
                                                amid_other_keys({sample::make(1, m::insert, {1, 5}, {3, 7}, {1}),
                                                                 sample::make(2, m::try_emplace, {2, 6}, {3, 8}, {1})}),
                                                map));
}

TEST(golden, map_erased_twice) {
    expect_golden("map_erased_twice", explain(sixteen,
                                              amid_other_keys({sample::make(1, m::erase, {1, 5}, {20}, {20}),
                                                               sample::make(2, m::erase, {2, 6}, {20}, {20})}),
                                              map));
}

TEST(golden, map_not_seen) {
    expect_golden("map_not_seen", explain(sixteen,
                                          amid_other_keys({sample::make(1, m::insert, {1, 2}, {3, 7}, {1}),
                                                           sample::make(1, m::for_each, {3, 9}, {12, 3, 30}, {12, 0, 0}),
                                                           sample::make(2, m::insert_or_assign, {4, 5}, {3, 8}, {0}),
                                                           sample::make(2, m::insert, {6, 7}, {4, 9}, {1})}),
                                          map));
}

TEST(golden, map_seen_twice) {
    expect_golden("map_seen_twice", explain(sixteen,
                                            amid_other_keys({sample::make(1, m::for_each, {1, 9}, {12, 3, 30}, {-12, 7, 0}),
                                                             sample::make(2, m::insert, {4, 5}, {3, 7}, {1}),
                                                             sample::make(2, m::insert, {6, 7}, {4, 9}, {1})}),
                                            map));
}

TEST(golden, map_left_behind) {
    expect_golden("map_left_behind", explain(sixteen,
                                             amid_other_keys({sample::make(1, m::insert, {1, 2}, {3, 7}, {1}),
                                                              sample::make(1, m::clear, {3, 8}),
                                                              sample::make(2, m::insert, {5, 6}, {4, 8}, {1}),
                                                              sample::make(2, m::contains, {9, 10}, {3}, {1})}),
                                             map));
}

TEST(golden, map_not_erased) {
    expect_golden("map_not_erased", explain(sixteen,
                                            amid_other_keys({sample::make(1, m::insert, {1, 2}, {3, 7}, {1}),
                                                             sample::make(1, m::erase_each, {3, 8}, {3, 3, 1}, {0}),
                                                             sample::make(2, m::update, {5, 6}, {3, 8}, {1})}),
                                            map));
}

TEST(golden, map_size) {
    expect_golden("map_size", explain(sixteen,
                                      amid_other_keys({sample::make(1, m::insert, {1, 2}, {3, 7}, {1}),
                                                       sample::make(2, m::insert, {4, 8}, {4, 8}, {1}),
                                                       sample::make(1, m::approx_size, {5, 6}, {}, {20})}),
                                      map));
}

namespace {

using ch = channel_spec;

// A ping-pong that went well, and then these.
history after_others(history const& last) {
    history h;
    for (std::uint64_t i = 0; i < 12; ++i) {
        auto const v = static_cast<std::int64_t>(1000 + i);
        h.push_back(sample::make(0, ch::send, {40 * i, 40 * i + 20}, {v}));
        h.push_back(sample::make(1, ch::recv, {40 * i + 10, 40 * i + 30}, {}, {v}));
    }
    for (auto one : last) {
        one.invoked += 500;
        one.returned += one.pending() ? 0 : 500;
        h.push_back(one);
    }
    return h;
}
call asleep(std::uint32_t thread, std::uint32_t operation, std::uint64_t invoked, values argument = {}) {
    auto one = sample::make(thread, operation, {invoked}, argument);
    one.asleep = true;
    return one;
}

} // namespace

TEST(golden, lost_wakeup_recv) {
    expect_golden("lost_wakeup_recv",
                  explain(ch{}, after_others({asleep(1, ch::recv, 1), sample::make(0, ch::send, {2, 3}, {7})}), channel));
}

TEST(golden, lost_wakeup_send) {
    expect_golden("lost_wakeup_send", explain(ch{.capacity = 1},
                                              after_others({sample::make(0, ch::send, {1, 2}, {7}),
                                                            asleep(0, ch::send, 3, {8}),
                                                            sample::make(1, ch::recv, {4, 5}, {}, {7})}),
                                              channel));
}

TEST(golden, lost_wakeup_close) {
    expect_golden("lost_wakeup_close",
                  explain(ch{.senders = 2},
                          after_others({asleep(2, ch::recv, 1), sample::make(0, ch::drop_sender, {2, 3}),
                                        sample::make(1, ch::drop_sender, {4, 5})}),
                          channel));
}

TEST(golden, timeout_that_consumed) {
    expect_golden("timeout_that_consumed",
                  explain(ch{},
                          after_others({sample::make(0, ch::send, {1, 2}, {7}),
                                        sample::make(1, ch::recv_for, {3, 7}, {}, {}, status::timeout),
                                        sample::make(2, ch::try_recv, {8, 9}, {}, {}, status::empty)}),
                          channel));
}

TEST(golden, closed_before_drained) {
    expect_golden("closed_before_drained",
                  explain(ch{},
                          after_others({sample::make(0, ch::send, {1, 2}, {7}), sample::make(0, ch::close, {3, 4}),
                                        sample::make(1, ch::recv, {5, 6}, {}, {}, status::closed)}),
                          channel));
}

// The table of style.md: nothing was shrunk here, so the push that does not matter is in it.
TEST(golden, table) {
    history const h{push(0, 1, {1, 2}), push(1, 2, {3, 6}), pop_fails(2, {4, 5})};
    failure_text const words{.subject = "lockfree.bounded_queue",
                             .verdict = "not linearizable",
                             .recorded = 41,
                             .why = "push(1) had returned before try_pop began, so `empty` cannot be explained",
                             .twin = "locked.bounded_queue answers 1",
                             .again = queue.again};
    std::string_view const operations[] = {"push", "try_pop"};
    expect_golden("table", render(words, operations, h, 2));
}

TEST(golden, long_table) {
    history h;
    for (std::uint64_t i = 0; i < 20; ++i) {
        h.push_back(push(static_cast<std::uint32_t>(i % 3), static_cast<std::int64_t>(i), {10 * i, 10 * i + 25}));
    }
    h.push_back(pop_fails(3, {300, 310}));
    failure_text const words{.subject = "lockfree.bounded_queue",
                             .verdict = "not linearizable",
                             .before = "a",
                             .why = "b",
                             .twin = "c",
                             .again = "d"};
    expect_golden("long_table", render(words, q::operations, h, 20));
}
