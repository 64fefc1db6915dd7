// The parts of the model programs that are no scenario: the oracle, the sites, the report.

#include "fifo_oracle.hpp"
#include "report.hpp"

#include <tandem/stress/world/site.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <source_location>
#include <string>

namespace {

using namespace tandem;
using model::answers;
using model::fifo_oracle;

void push(fifo_oracle& o, int v, status answer = status::success) {
    o.call_begins().push(v, answer);
}
void pop(fifo_oracle& o, int v, status answer = status::success) {
    o.call_begins().pop(v, answer);
}
void close(fifo_oracle& o) {
    o.call_begins().close();
}

TEST(fifo_oracle, explains_first_in_first_out) {
    fifo_oracle o(2, answers::exact);
    push(o, 1);
    push(o, 2);
    push(o, 3, status::full);
    pop(o, 1);
    pop(o, 2);
    pop(o, 0, status::empty);
    EXPECT_TRUE(o.explained());
}
TEST(fifo_oracle, refuses_newest_first) {
    fifo_oracle o(2, answers::may_give_up);
    push(o, 1);
    push(o, 2);
    pop(o, 2);
    EXPECT_FALSE(o.explained());
}
TEST(fifo_oracle, refuses_what_was_taken_before) {
    fifo_oracle o(2, answers::may_give_up);
    push(o, 1);
    pop(o, 1);
    pop(o, 1);
    EXPECT_FALSE(o.explained());
}
TEST(fifo_oracle, refuses_what_was_never_pushed) {
    fifo_oracle o(2, answers::may_give_up);
    pop(o, 7);
    EXPECT_FALSE(o.explained());
}
TEST(fifo_oracle, refuses_a_lost_element) {
    fifo_oracle o(2, answers::may_give_up);
    push(o, 1);
    pop(o, 0, status::empty);
    EXPECT_FALSE(o.explained());
}
TEST(fifo_oracle, refuses_one_too_many) {
    fifo_oracle o(1, answers::may_give_up);
    push(o, 1);
    push(o, 2);
    EXPECT_FALSE(o.explained());
}
TEST(fifo_oracle, refuses_full_with_room) {
    fifo_oracle o(2, answers::may_give_up);
    push(o, 1);
    push(o, 2, status::full);
    EXPECT_FALSE(o.explained());
}
TEST(fifo_oracle, refuses_a_push_after_close) {
    fifo_oracle o(2, answers::may_give_up);
    close(o);
    push(o, 1);
    EXPECT_FALSE(o.explained());
}
TEST(fifo_oracle, refuses_closed_before_close) {
    fifo_oracle o(2, answers::may_give_up);
    push(o, 1, status::closed);
    close(o);
    EXPECT_FALSE(o.explained());
}
TEST(fifo_oracle, refuses_closed_before_drained) {
    fifo_oracle o(2, answers::may_give_up);
    push(o, 1);
    close(o);
    pop(o, 0, status::closed);
    EXPECT_FALSE(o.explained());
}
TEST(fifo_oracle, refuses_empty_after_close) {
    fifo_oracle o(2, answers::may_give_up);
    close(o);
    pop(o, 0, status::empty);
    EXPECT_FALSE(o.explained());
}
TEST(fifo_oracle, overlapping_calls_take_effect_in_either_order) {
    fifo_oracle o(2, answers::exact);
    auto slow = o.call_begins();
    push(o, 2);
    slow.push(1, status::success);
    pop(o, 2);
    pop(o, 1);
    EXPECT_TRUE(o.explained());
}
TEST(fifo_oracle, calls_one_after_the_other_do_not) {
    fifo_oracle o(2, answers::exact);
    push(o, 1);
    push(o, 2);
    pop(o, 2);
    pop(o, 1);
    EXPECT_FALSE(o.explained());
}
TEST(fifo_oracle, only_a_queue_that_may_give_up_answers_busy) {
    for (auto const allowed : {answers::exact, answers::may_give_up}) {
        fifo_oracle o(2, allowed);
        push(o, 1, status::busy);
        pop(o, 0, status::busy);
        EXPECT_EQ(o.explained(), allowed == answers::may_give_up);
    }
}
TEST(fifo_oracle, a_short_batch_is_a_way_to_give_up) {
    for (auto const allowed : {answers::exact, answers::may_give_up}) {
        fifo_oracle o(3, allowed);
        std::array const offered{1, 2};
        o.call_begins().push_n(offered, 1);
        pop(o, 1);
        EXPECT_EQ(o.explained(), allowed == answers::may_give_up);
    }
}
TEST(fifo_oracle, refuses_a_batch_out_of_order) {
    fifo_oracle o(3, answers::may_give_up);
    std::array const offered{1, 2};
    std::array const got{2, 1};
    o.call_begins().push_n(offered, 2);
    o.call_begins().pop_n(got, 2);
    EXPECT_FALSE(o.explained());
}
TEST(fifo_oracle, a_batch_takes_effect_at_one_instant) {
    fifo_oracle o(3, answers::may_give_up);
    std::array const offered{1, 2};
    auto slow = o.call_begins();
    push(o, 9);
    slow.push_n(offered, 2);
    pop(o, 1);
    pop(o, 9);
    EXPECT_FALSE(o.explained());
}
TEST(fifo_oracle, refuses_open_after_close) {
    fifo_oracle o(2, answers::may_give_up);
    close(o);
    o.call_begins().is_closed(false);
    EXPECT_FALSE(o.explained());
}
TEST(fifo_oracle, refuses_full_after_close) {
    fifo_oracle o(1, answers::may_give_up);
    push(o, 1);
    close(o);
    push(o, 2, status::full);
    EXPECT_FALSE(o.explained());
}

TEST(fifo_oracle, a_wait_may_end_without_effect) {
    fifo_oracle o(1, answers::exact);
    push(o, 1);
    push(o, 2, status::timeout);
    pop(o, 1);
    pop(o, 0, status::stopped);
    pop(o, 0, status::empty);
    EXPECT_TRUE(o.explained());
}
TEST(fifo_oracle, refuses_a_timeout_that_took_something) {
    fifo_oracle o(1, answers::exact);
    push(o, 1);
    pop(o, 1, status::timeout);
    pop(o, 0, status::empty);
    EXPECT_FALSE(o.explained());
}
TEST(fifo_oracle, another_thread_may_see_late_where_that_is_allowed) {
    for (auto const order : {model::timing::real, model::timing::of_each_thread}) {
        fifo_oracle o(2, answers::exact, order);
        o.call_begins(0).push(1, status::success);
        o.call_begins(1).pop(0, status::empty);
        EXPECT_EQ(o.explained(), order == model::timing::of_each_thread);
    }
}
TEST(fifo_oracle, no_thread_sees_its_own_calls_late) {
    fifo_oracle o(2, answers::exact, model::timing::of_each_thread);
    o.call_begins(0).push(1, status::success);
    o.call_begins(0).pop(0, status::empty);
    EXPECT_FALSE(o.explained());
}
TEST(fifo_oracle, nor_what_was_done_before_it_began) {
    fifo_oracle o(2, answers::exact, model::timing::of_each_thread);
    push(o, 1);
    o.call_begins(0).pop(0, status::empty);
    EXPECT_FALSE(o.explained());
}
// Each end is a step behind the other, as with two store buffers.
TEST(fifo_oracle, full_and_empty_cross_where_that_is_allowed) {
    for (auto const order : {model::timing::real, model::timing::of_each_thread}) {
        fifo_oracle o(1, answers::exact, order);
        push(o, 1);
        auto const of_producer = [&](int v, status answer) { o.call_begins(0).push(v, answer); };
        auto const of_consumer = [&](int v, status answer) { o.call_begins(1).pop(v, answer); };
        of_consumer(1, status::success);
        of_producer(2, status::success);
        of_consumer(0, status::empty);
        of_producer(3, status::full);
        pop(o, 2);
        EXPECT_EQ(o.explained(), order == model::timing::of_each_thread);
    }
}
TEST(fifo_oracle, nothing_is_full_for_who_has_seen_room_nor_empty_for_who_has_seen_more) {
    fifo_oracle full(2, answers::exact, model::timing::of_each_thread);
    push(full, 1);
    push(full, 2);
    full.call_begins(1).pop(1, status::success);
    full.call_begins(1).pop(2, status::success);
    full.call_begins(0).push(3, status::success); // into room that only the first pop made, or also the second
    full.call_begins(0).push(4, status::success); // both
    full.call_begins(0).push(5, status::full);
    EXPECT_TRUE(full.explained());
    full.call_begins(1).pop(3, status::success);
    full.call_begins(0).push(6, status::success);
    full.call_begins(0).push(7, status::full);
    EXPECT_TRUE(full.explained());
    full.call_begins(0).push(8, status::success); // into what room?
    EXPECT_FALSE(full.explained());

    fifo_oracle empty(2, answers::exact, model::timing::of_each_thread);
    empty.call_begins(0).push(1, status::success);
    empty.call_begins(1).pop(1, status::success);
    empty.call_begins(1).pop(0, status::empty);
    EXPECT_TRUE(empty.explained());
    pop(empty, 0, status::empty);
    push(empty, 2);
    empty.call_begins(1).pop(0, status::empty); // what was there before it began
    EXPECT_FALSE(empty.explained());
}
TEST(fifo_oracle, pushes_one_by_one_let_others_between) {
    fifo_oracle o(3, answers::exact);
    std::array const offered{1, 2};
    auto slow = o.call_begins();
    push(o, 9);
    slow.pushes(offered, 2);
    pop(o, 1);
    pop(o, 9);
    pop(o, 2);
    EXPECT_TRUE(o.explained());
}
TEST(fifo_oracle, refuses_pushes_one_by_one_out_of_order) {
    fifo_oracle o(3, answers::exact);
    std::array const offered{1, 2};
    std::array const got{2, 1};
    o.call_begins().pushes(offered, 2);
    o.call_begins().pops(got);
    EXPECT_FALSE(o.explained());
}
TEST(fifo_oracle, refuses_pushes_cut_short_without_a_close) {
    fifo_oracle o(3, answers::exact);
    std::array const offered{1, 2};
    o.call_begins().pushes(offered, 1);
    EXPECT_FALSE(o.explained());
}

using world::access;
using world::role;
using enum std::memory_order;

TEST(sites, one_step_weaker) {
    auto const first = [](access kind, std::memory_order from) { return world::weaker(kind, from).front(); };
    EXPECT_EQ(first(access::load, seq_cst), acquire);
    EXPECT_EQ(first(access::store, seq_cst), release);
    EXPECT_EQ(first(access::update, seq_cst), acq_rel);
    EXPECT_EQ(first(access::load, acquire), relaxed);
    EXPECT_EQ(first(access::store, release), relaxed);
    EXPECT_EQ(first(access::update, release), relaxed);
}
TEST(sites, acq_rel_has_two_weaker_neighbours) {
    auto const steps = world::weaker(access::update, acq_rel);
    ASSERT_EQ(steps.size(), 2u);
    EXPECT_EQ(steps[0], acquire);
    EXPECT_EQ(steps[1], release);
}
TEST(sites, relaxed_has_none) {
    EXPECT_TRUE(world::weaker(access::update, relaxed).empty());
}

TEST(sites, weakens_the_chosen_one_only) {
    auto const here = std::source_location::current();
    world::site_registry registry;
    registry.mutate(here.file_name(), here.line(), role::success, {});
    EXPECT_EQ(registry.visit(here, role::failure, access::load, acquire, "cas"), acquire);
    EXPECT_EQ(registry.visit(std::source_location::current(), role::success, access::update, seq_cst, "cas"), seq_cst);
    EXPECT_FALSE(registry.mutated());
    EXPECT_EQ(registry.visit(here, role::success, access::update, seq_cst, "cas"), acq_rel);
    EXPECT_EQ(registry.mutated(), acq_rel);
}
TEST(sites, weakens_to_the_order_asked_for) {
    auto const here = std::source_location::current();
    world::site_registry registry;
    registry.mutate(here.file_name(), here.line(), role::order, release);
    EXPECT_EQ(registry.visit(here, role::order, access::update, acq_rel, "exchange"), release);
}
TEST(sites, notes_each_once) {
    auto const here = std::source_location::current();
    world::site_registry registry;
    registry.record();
    for (int i = 0; i != 2; ++i) {
        registry.visit(here, role::order, access::load, acquire, "load");
    }
    ASSERT_EQ(registry.reached().size(), 1u);
    EXPECT_EQ(registry.reached()[0].line, here.line());
    EXPECT_EQ(registry.reached()[0].order, acquire);
}

TEST(report, one_line_a_step_and_nothing_of_this_machine) {
    auto const text = model::readable("DATA RACE (data race detected)\n"
                                      "iteration: 3\n\n"
                                      "execution history (5):\n"
                                      "[0] 0: [CTOR BEGIN], in fiber_proc_impl, /usr/include/relacy/context.hpp(457)\n"
                                      "[1] 0: <0x5580> atomic store, value=0, in , /tree/a.hpp(7)\n"
                                      "[2] 0: [BEFORE END], in fiber_proc_impl, /usr/include/relacy/context.hpp(457)\n"
                                      "[3] 1: <0x5590> load, value=0, in , /tree/a.hpp(9)\n"
                                      "[4] 1: <0x5580> atomic load, value=0, in , /tree/a.hpp(9)\n"
                                      "\nthread 0:\n"
                                      "[1] 0: <0x5580> atomic store, value=0, in , /tree/a.hpp(7)\n",
                                      "/tree");
    EXPECT_EQ(text, "DATA RACE (data race detected)\n"
                    "   -  <a> atomic store, value=0                                     a.hpp(7)\n"
                    "  t1  <a> atomic load, value=0                                      a.hpp(9)\n");
}

TEST(report, the_middle_of_a_long_one_is_left_out) {
    std::string history;
    for (int i = 0; i != 1000; ++i) {
        history += "[" + std::to_string(i) + "] 1: yield(1), in , /tree/a.hpp(" + std::to_string(i) + ")\n";
    }
    auto const text = model::readable(history, "/tree");
    EXPECT_EQ(std::ranges::count(text, '\n'), 121);
    EXPECT_NE(text.find("880 steps\n"), std::string::npos);
    EXPECT_NE(text.find("a.hpp(29)"), std::string::npos);
    EXPECT_EQ(text.find("a.hpp(30)"), std::string::npos);
    EXPECT_EQ(text.find("a.hpp(909)"), std::string::npos);
    EXPECT_NE(text.find("a.hpp(910)"), std::string::npos);
}

} // namespace
