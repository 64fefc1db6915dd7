// fifo: is this history of a queue impossible, by the patterns that no queue can show. O(n log n).
//
// Every pushed value must be unique (std::invalid_argument otherwise); a thread and a sequence number in one integer
// will do. The patterns, after Henzinger, Sezgin and Vafeiadis (2013) and Bouajjani, Emmi, Enea and Hamza (2015);
// "before" is in real time, returned before invoked:
//
//   invented    a value is popped that no push put in
//   doubled     a value is popped twice
//   early       a value is popped before its push
//   inverted    push a before push b, and pop b before pop a, or a is never popped
//   empty       a pop finds nothing, though at every moment of it some value was surely there
//   full        a push finds no room, though at no moment of it `capacity` values can have been there
//   overflow    more than `capacity` values were surely there
//   closed      an answer that says closed before any close, or one that says open after that
//   busy        a call is refused as busy while no other is in progress, or by a queue that promised never to
//
// Every accusation is true: no order of the calls explains such a history. The converse, that a history it does not
// accuse has an explanation, holds for the first five patterns on an unbounded queue, and the monitor then says
// `linearizable`; pending pushes and excused busy answers do not change that. It says `unknown` when it found nothing
// in a history with
//   a capacity        full and overflow compare bounds of the number of elements, not one order for all calls;
//   a batch           its values are taken as calls of their own that overlap, in order, but not as one instant;
//   a close           its moment is bounded by every answer, but chosen by each question anew;
//   a pending pop     it may have taken any one value, but here every value that is missing;
//   an initial state  elements that are there, or a queue closed, before the first call: nothing is checked at all.
// The search (search.hpp) decides these when they are short.
#pragma once

#include <tandem/stress/spec.hpp>

#include <span>
#include <string_view>

namespace tandem::stress {

// `names` are those of the calls, where they are not called as the queue's operations are.
finding monitor_fifo(queue_spec const& promise, history const& calls, std::span<std::string_view const> names = {});

} // namespace tandem::stress
