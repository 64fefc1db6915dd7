#pragma once

// Puts a queue adapter into the catalogue. An adapter has
//
//   static constexpr identity who;
//   static constexpr bool waits;          push and pop wait until they can; else they answer whether they did
//   static constexpr bool single;         one producer and one consumer only
//   explicit adapter(setup const&);
//   bool push(message); bool pop(message&);

#include "catalogue.hpp"
#include "wait_loop.hpp"
#include "workload/latency.hpp"
#include "workload/pairs.hpp"
#include "workload/stream.hpp"

namespace tandem::bench {

template <class Queue>
constexpr crowd ends_of = Queue::single ? crowd::one_each : crowd::many_each;

// Every workload, under the wait loop that is the same for all.
template <class Queue>
void offer_queue(catalogue& all) {
    using shared = pause_then_yield;
    using close = pause_and_look;
    all.offers.push_back(
        {"stream", Queue::who, ends_of<Queue>, shared::name, "", true, "items/s", stream<Queue, shared>});
    all.offers.push_back(
        {"latency", Queue::who, crowd::one_each, close::name, "", true, "items/s", latency<Queue, close>});
    all.offers.push_back({"pairs", Queue::who, crowd::one_thread, "", "", true, "items/s", pairs<Queue>});
}

// The stream as the library's own examples write it. Where they retry at once, a thread that waits takes the
// processor from the one it waits for, so there must be a core for each.
template <class Queue>
void offer_customary(catalogue& all) {
    if constexpr (Queue::waits) {
        all.offers.push_back({"stream", Queue::who, ends_of<Queue>, "customary", Queue::how, true, "items/s",
                              stream<Queue, retry_at_once>});
    } else {
        all.offers.push_back({"stream", Queue::who, ends_of<Queue>, "customary", "retry at once", false, "items/s",
                              stream<Queue, retry_at_once>});
    }
}

} // namespace tandem::bench
