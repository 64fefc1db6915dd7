#include "sample.hpp"

#include <tandem/stress/channel_spec.hpp>
#include <tandem/stress/explain.hpp>

#include <gtest/gtest.h>

using namespace tandem::stress;
using tandem::status;
namespace sample = tandem::stress::sample;
using sample::when;

namespace {

using ch = channel_spec;

call does(std::uint32_t thread, std::uint32_t operation, when t, values argument = {}, values result = {},
          status answer = status::success) {
    return sample::make(thread, operation, t, argument, result, answer);
}
call send(std::uint32_t thread, std::int64_t v, when t, status answer = status::success) {
    return does(thread, ch::send, t, {v}, {}, answer);
}
call recv(std::uint32_t thread, std::int64_t v, when t) {
    return does(thread, ch::recv, t, {}, {v});
}
call fails(std::uint32_t thread, std::uint32_t operation, when t, status answer) {
    return does(thread, operation, t, {}, {}, answer);
}
call asleep(std::uint32_t thread, std::uint32_t operation, std::uint64_t invoked, values argument = {}) {
    auto c = does(thread, operation, {invoked}, argument);
    c.asleep = true;
    return c;
}

void expect_legal(history const& h, ch const& promise = {}) {
    EXPECT_NE(promise.monitor(h).is, verdict::violation) << promise.monitor(h).why;
    EXPECT_EQ(search<ch>(promise, h).run().is, verdict::linearizable);
}
// By the search, whatever the monitor makes of it.
void expect_impossible(history const& h, ch const& promise = {}) {
    EXPECT_EQ(search<ch>(promise, h).run().is, verdict::violation);
}
void expect_accused(history const& h, std::string_view what, ch const& promise = {}) {
    auto const found = promise.monitor(h);
    EXPECT_EQ(found.is, verdict::violation);
    EXPECT_EQ(found.what, what) << found.why;
    expect_impossible(h, promise);
}

} // namespace

TEST(channel, first_in_first_out) {
    expect_legal({send(0, 1, {1, 2}), send(0, 2, {3, 4}), recv(1, 1, {5, 6}), recv(1, 2, {7, 8})});
    expect_accused({send(0, 1, {1, 2}), send(0, 2, {3, 4}), recv(1, 2, {5, 6}), recv(1, 1, {7, 8})},
                   "not linearizable");
}

TEST(channel, full_is_exact) {
    ch const two{.capacity = 2};
    expect_legal({send(0, 1, {1, 2}), send(0, 2, {3, 4}), does(0, ch::try_send, {5, 6}, {3}, {}, status::full)}, two);
    expect_accused({send(0, 1, {1, 2}), does(0, ch::try_send, {5, 6}, {3}, {}, status::full)}, "not linearizable", two);
}

TEST(channel, no_answer_is_busy) {
    expect_accused({send(0, 1, {1, 9}), fails(1, ch::try_recv, {2, 3}, status::busy)}, "not linearizable");
}

TEST(channel, a_send_waits_for_room) {
    ch const one{.capacity = 1};
    expect_legal({send(0, 1, {1, 2}), send(0, 2, {3, 8}), recv(1, 1, {5, 6})}, one);
    expect_accused({send(0, 1, {1, 2}), send(0, 2, {3, 4}), recv(1, 1, {5, 6})}, "not linearizable", one);
}

TEST(channel, closed_only_when_drained) {
    expect_legal({send(0, 1, {1, 2}), does(0, ch::close, {3, 4}), recv(1, 1, {5, 6}),
                  fails(1, ch::recv, {7, 8}, status::closed), send(0, 2, {9, 10}, status::closed)});
    expect_accused({send(0, 1, {1, 2}), does(0, ch::close, {3, 4}), fails(1, ch::recv, {5, 6}, status::closed)},
                   "not linearizable");
}

TEST(channel, the_last_handle_closes) {
    ch const two{.senders = 2};
    expect_legal({does(0, ch::drop_sender, {1, 2}), does(1, ch::drop_sender, {3, 4}),
                  fails(2, ch::recv, {5, 6}, status::closed)},
                 two);
    expect_accused({does(0, ch::drop_sender, {1, 2}), fails(2, ch::recv, {5, 6}, status::closed)}, "not linearizable",
                   two);
    expect_accused({does(0, ch::drop_sender, {1, 2}), does(1, ch::drop_sender, {3, 4}),
                    fails(2, ch::try_recv, {5, 6}, status::empty)},
                   "not linearizable", two);
    expect_legal({does(0, ch::copy_sender, {1, 2}), does(0, ch::drop_sender, {3, 4}), does(0, ch::drop_sender, {5, 6}),
                  fails(2, ch::try_recv, {7, 8}, status::empty)},
                 two);
    expect_accused({does(2, ch::drop_receiver, {1, 2}), send(0, 1, {3, 4})}, "not linearizable");
}

TEST(channel, what_times_out_takes_nothing) {
    expect_legal({fails(1, ch::recv_for, {1, 2}, status::timeout), send(0, 1, {3, 4}), recv(1, 1, {5, 6})});
    expect_legal({send(0, 1, {1, 2}), send(0, 2, {3, 9}), fails(1, ch::recv_for, {4, 5}, status::timeout)});
    expect_impossible({send(0, 1, {1, 2}), fails(1, ch::recv_for, {4, 5}, status::timeout)});
    // It took 1, and says that it did not.
    expect_accused({send(0, 1, {1, 2}), fails(1, ch::recv_for, {3, 7}, status::timeout),
                    fails(2, ch::try_recv, {8, 9}, status::empty)},
                   "not linearizable");
}

TEST(channel, stopped_only_on_request) {
    auto const stop = [](std::int64_t s, when t) { return does(0, ch::stop, t, {s}); };
    auto const stopped = [](std::int64_t s, when t) { return does(1, ch::recv_unless, t, {s}, {}, status::stopped); };
    expect_legal({stop(1, {1, 2}), stopped(1, {3, 4})});
    expect_accused({stop(1, {5, 6}), stopped(1, {3, 4})}, "not linearizable");
    expect_accused({stop(2, {1, 2}), stopped(1, {3, 4})}, "not linearizable");
    expect_accused({asleep(1, ch::recv_unless, 1, {1}), stop(1, {2, 3})}, "lost wake-up");
    expect_legal({asleep(1, ch::recv_unless, 1, {1}), stop(2, {2, 3})});
}

TEST(channel, many_are_a_sequence) {
    // Between the two, another one.
    expect_legal({does(0, ch::send_many, {1, 9}, {1, 2}, {2}), send(1, 3, {2, 3}), recv(2, 1, {10, 11}),
                  recv(2, 3, {12, 13}), recv(2, 2, {14, 15})});
    expect_accused({does(0, ch::send_many, {1, 2}, {1, 2}, {2}), recv(2, 2, {3, 4}), recv(2, 1, {5, 6})},
                   "not linearizable");
    expect_legal({does(0, ch::send_many, {1, 9}, {1, 2, 3}, {1}), does(1, ch::close, {2, 3}),
                  does(2, ch::recv_many, {10, 11}, {4}, {1}), fails(2, ch::recv_many, {12, 13}, status::closed)});
    expect_accused({does(0, ch::send_many, {1, 9}, {1, 2, 3}, {1})}, "not linearizable"); // short, and not closed
    expect_impossible({does(0, ch::recv_many, {1, 2}, {2}, {})});
    expect_accused(
        {send(0, 1, {1, 5}), send(1, 2, {2, 6}), does(2, ch::recv_many, {3, 7}, {2}, {2, 1}), recv(3, 3, {8, 9})},
        "not linearizable");
    // In this order only: 2 before 1.
    expect_legal({send(0, 1, {1, 5}), send(1, 2, {2, 6}), does(2, ch::recv_many, {3, 7}, {2}, {2, 1})});
    expect_impossible({send(0, 1, {1, 5}), send(1, 2, {2, 6}), does(2, ch::recv_many, {3, 30}, {2}, {2, 1}),
                       does(3, ch::try_send, {10, 11}, {3}, {}, status::full), recv(3, 3, {12, 13})});
}

TEST(channel, lost_wakeup_of_a_receive) {
    expect_legal({asleep(1, ch::recv, 1), send(0, 1, {2, 3}), recv(2, 1, {4, 5})});
    expect_accused({asleep(1, ch::recv, 1), send(0, 1, {2, 3})}, "lost wake-up");
    expect_accused({asleep(1, ch::recv, 1), asleep(2, ch::recv_many, 1, {3}), send(0, 1, {2, 3}), send(0, 2, {4, 5}),
                    recv(3, 1, {6, 7})},
                   "lost wake-up");
    expect_accused({asleep(1, ch::recv, 1), does(0, ch::close, {2, 3})}, "lost wake-up");
    expect_accused({asleep(1, ch::recv, 1), does(0, ch::drop_sender, {2, 3})}, "lost wake-up");
}

TEST(channel, lost_wakeup_of_a_send) {
    ch const one{.capacity = 1};
    expect_legal({send(0, 1, {1, 2}), asleep(0, ch::send, 3, {2})}, one);
    expect_accused({send(0, 1, {1, 2}), asleep(0, ch::send, 3, {2}), recv(1, 1, {4, 5})}, "lost wake-up", one);
    expect_accused({send(0, 1, {1, 2}), asleep(0, ch::send, 3, {2}), does(1, ch::drop_receiver, {4, 5})},
                   "lost wake-up", one);
    expect_legal({asleep(0, ch::send_many, 3, {1, 2, 3}), recv(1, 1, {4, 5})}, one);
    expect_accused({asleep(0, ch::send_many, 3, {1, 2, 3}), recv(1, 1, {4, 5}), recv(1, 2, {6, 7})}, "lost wake-up",
                   one);
    expect_accused({asleep(0, ch::send_many, 3, {1, 2, 3}), asleep(1, ch::recv, 4)}, "lost wake-up", one);
}

TEST(channel, some_calls_never_sleep) {
    expect_accused({asleep(1, ch::try_recv, 1)}, "deadlock");
    expect_accused({asleep(1, ch::recv_for, 1)}, "deadlock");
    expect_accused({asleep(1, ch::close, 1)}, "deadlock");
}

TEST(channel, every_element_is_accounted_for) {
    expect_legal({send(0, 1, {1, 2}), does(0, ch::account, {3, 4}, {}, {0, 0, 0})});
    expect_accused({send(0, 1, {1, 2}), does(0, ch::account, {3, 4}, {}, {1, 0, 0})}, "elements lost");
    expect_accused({send(0, 1, {1, 2}), does(0, ch::account, {3, 4}, {}, {0, 2, 0})}, "elements doubled");
    expect_accused({send(0, 1, {1, 2}), does(0, ch::account, {3, 4}, {}, {0, 0, 1})}, "arguments spoiled");
}

// ---- random histories ----

namespace {

// A run of the sequential channel, each call stretched around its instant; some threads may be asleep at the end.
history random_run(sample::generator& random, ch state, std::uint64_t stretch, bool handles) {
    history calls;
    auto const threads = static_cast<std::uint32_t>(1 + sample::below(random, 4));
    auto const length = 2 + sample::below(random, 10);
    std::int64_t next = 1;
    std::vector<std::uint64_t> earliest(threads, 0);
    auto const random_call = [&](std::uint32_t thread) {
        call c;
        c.thread = thread;
        c.operation = static_cast<std::uint32_t>(sample::below(random, handles ? ch::account : ch::copy_sender));
        if (c.operation == ch::close && !sample::chance(random, 3)) {
            c.operation = ch::recv;
        }
        if (c.operation <= ch::send_many) {
            c.argument.push_back(next++);
        }
        if (c.operation == ch::send_many) {
            c.argument.push_back(next++);
        }
        if (c.operation == ch::send_unless || c.operation == ch::recv_unless || c.operation == ch::stop) {
            c.argument.push_back(static_cast<std::int64_t>(sample::below(random, 2)));
        }
        if (c.operation == ch::recv_many) {
            c.argument = {2};
        }
        return c;
    };
    for (std::uint64_t i = 0; i != length; ++i) {
        auto c = random_call(static_cast<std::uint32_t>(sample::below(random, threads)));
        bool const by_sender =
            c.operation <= ch::send_many || c.operation == ch::copy_sender || c.operation == ch::drop_sender;
        bool const by_anyone = c.operation == ch::close || c.operation == ch::is_closed || c.operation == ch::stop;
        if (!by_anyone && (by_sender ? state.senders : state.receivers) == 0) {
            continue;
        }
        if (c.operation == ch::send_many) {
            std::size_t n = 0;
            while (n != c.argument.size() && state.perform(ch::send, {c.argument[n]}).answer == status::success) {
                ++n;
            }
            if (n != c.argument.size() && !state.closed) {
                c.argument.count = static_cast<std::uint8_t>(n);
            }
            if (c.argument.empty()) {
                continue;
            }
            c.result = {static_cast<std::int64_t>(n)};
        } else if (c.operation == ch::recv_many) {
            if (state.items.empty() && !state.closed) {
                continue;
            }
            c.answer = state.items.empty() ? status::closed : status::success;
            for (int n = 0; n != 2 && !state.items.empty(); ++n) {
                c.result.push_back(state.perform(ch::recv, {}).result[0]);
            }
        } else {
            auto const said = state.perform(c.operation, c.argument);
            if (said.answer == status::busy) {
                continue;
            }
            c.answer = said.answer;
            c.result = said.result;
        }
        auto const at = 1000 + 10 * i;
        c.invoked = std::max(earliest[c.thread], at - sample::below(random, stretch + 1));
        c.returned = at + sample::below(random, 10);
        earliest[c.thread] = c.returned + 1;
        calls.push_back(c);
    }
    for (std::uint32_t t = 0; t != threads; ++t) {
        auto c = random_call(t);
        if (c.operation != ch::send_many && c.operation != ch::recv_many && state.waits(c) &&
            sample::chance(random, 2)) {
            c.invoked = earliest[t];
            c.asleep = true;
            calls.push_back(c);
        }
    }
    return calls;
}

void corrupt(sample::generator& random, history& calls) {
    auto& a = calls[sample::below(random, calls.size())];
    auto& b = calls[sample::below(random, calls.size())];
    switch (sample::below(random, 5)) {
    case 0:
        if (a.operation == b.operation && !a.pending() && !b.pending()) {
            std::swap(a.result, b.result), std::swap(a.answer, b.answer);
        }
        break;
    case 1:
        calls.erase(calls.begin() + (&a - calls.data()));
        break;
    case 2:
        if (!a.pending() && a.operation != ch::send_many && a.operation <= ch::recv_many) {
            a.result = {};
            a.answer = sample::chance(random, 2) ? status::closed : status::timeout;
        }
        break;
    case 3:
        if (!a.pending() && (a.operation == ch::recv || a.operation == ch::send)) {
            a.returned = never, a.result = {}, a.answer = status::success, a.asleep = true;
        }
        break;
    default:
        if (!a.pending()) {
            a.returned = a.invoked + sample::below(random, a.returned - a.invoked + 1);
        }
    }
}

ch random_promise(sample::generator& random) {
    return {.capacity = 1 + sample::below(random, 3),
            .senders = static_cast<std::int64_t>(1 + sample::below(random, 2)),
            .receivers = static_cast<std::int64_t>(1 + sample::below(random, 2))};
}

} // namespace

TEST(channel, the_monitor_accuses_nobody_without_cause) {
    int legal = 0, illegal = 0, accused = 0, asleep = 0;
    sample::generator random(51);
    for (int round = 0; round != 20'000; ++round) {
        auto const promise = random_promise(random);
        auto h = random_run(random, promise, sample::below(random, 60), true);
        ASSERT_EQ(search<ch>(promise, h).run().is, verdict::linearizable) << round;
        for (auto n = sample::below(random, 4); n > 0 && !h.empty(); --n) {
            corrupt(random, h);
        }
        auto const truth = search<ch>(promise, h).run().is;
        auto const found = promise.monitor(h);
        ASSERT_NE(truth, verdict::unknown);
        ASSERT_FALSE(found.is == verdict::violation && truth == verdict::linearizable) << found.why << ' ' << round;
        ASSERT_FALSE(found.is == verdict::linearizable && truth == verdict::violation) << round;
        ++(truth == verdict::violation ? illegal : legal);
        accused += found.is == verdict::violation ? 1 : 0;
        asleep += found.what == "lost wake-up" ? 1 : 0;
    }
    EXPECT_GT(legal, 2000);
    EXPECT_GT(illegal, 2000);
    EXPECT_GT(accused, illegal / 2);
    EXPECT_GT(asleep, 200);
}

TEST(channel, shrinking_keeps_what_has_an_explanation) {
    sample::generator random(52);
    std::size_t smaller = 0;
    for (int round = 0; round != 10'000; ++round) {
        auto const promise = random_promise(random);
        auto const h = random_run(random, promise, sample::below(random, 60), true);
        auto const some = [&](std::size_t n) {
            std::vector<bool> drop(n);
            auto const one_in = 1 + sample::below(random, 4);
            for (std::size_t i = 0; i != n; ++i) {
                drop[i] = sample::chance(random, one_in);
            }
            return drop;
        };
        auto const drop = some(h.size());
        auto const projected = promise.without(h, drop);
        ASSERT_EQ(search<ch>(promise, projected).run().is, verdict::linearizable) << round;
        auto const shorter = detail::cut(projected, 1000 + sample::below(random, 100));
        ASSERT_EQ(search<ch>(promise, shorter).run().is, verdict::linearizable) << round;
        auto const both = promise.without(shorter, some(shorter.size()));
        ASSERT_EQ(search<ch>(promise, both).run().is, verdict::linearizable) << round;
        smaller += both.size() < h.size() ? 1 : 0;
    }
    EXPECT_GT(smaller, 5000u);
}

TEST(channel, a_lost_wakeup_shrinks_to_what_shows_it) {
    history h;
    for (std::uint64_t i = 0; i != 300; ++i) {
        auto const v = static_cast<std::int64_t>(i + 1);
        h.push_back(send(0, v, {10 * i + 1, 10 * i + 4}));
        h.push_back(recv(1 + static_cast<std::uint32_t>(i % 2), v, {10 * i + 2, 10 * i + 6}));
    }
    h.push_back(asleep(1, ch::recv, 5000));
    h.push_back(send(0, 1000, {5001, 5002}));
    auto const with_an_element = shrink(ch{}, h);
    EXPECT_EQ(with_an_element.calls.size(), 2u);
    EXPECT_TRUE(with_an_element.calls[with_an_element.impossible].asleep);
    h.pop_back();
    h.push_back(does(0, ch::close, {5001, 5002}));
    EXPECT_EQ(shrink(ch{}, h).calls.size(), 2u);
    h.pop_back();
    EXPECT_TRUE(shrink(ch{}, h).calls.empty());
}
