#pragma once

// Puts a queue adapter into the catalogue. An adapter has
//
//   static constexpr identity who;
//   static constexpr bool single;         one producer and one consumer only
//   explicit adapter(setup const&);
//   bool push(message); bool pop(message&);                    whether they did
//   push_n(std::span<message>), pop_n(std::span<message>)      where batches are measured: for how many
//
// What waits by itself is in channels.hpp.

#include "catalogue.hpp"
#include "wait_loop.hpp"
#include "workload/batch.hpp"
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
    extent const one_capacity{.capacities = {1024}};
    all.offers.push_back(
        {"stream", Queue::who, ends_of<Queue>, shared::name, "", true, "items/s", stream<Queue, shared>, one_capacity});
    all.offers.push_back({"latency", Queue::who, crowd::one_each, close::name, "", true, "items/s",
                          latency<Queue, close>, one_capacity});
    all.offers.push_back({"pairs", Queue::who, crowd::one_thread, "", "", true, "items/s", pairs<Queue>, one_capacity});
    if constexpr (requires(Queue & q) { q.push_n({}); }) {
        all.offers.push_back({"batch",
                              Queue::who,
                              ends_of<Queue>,
                              shared::name,
                              "",
                              true,
                              "items/s",
                              batch<Queue, shared>,
                              {.threads = {2, 4}, .capacities = {1024}, .batches = {16, 64}}});
    }
}

// The stream as the library's own examples write it: they retry at once. A thread that waits so takes the processor from
// the one it waits for, so there must be a core for each.
template <class Queue>
void offer_customary(catalogue& all) {
    all.offers.push_back({"stream",
                          Queue::who,
                          ends_of<Queue>,
                          "customary",
                          "retry at once",
                          false,
                          "items/s",
                          stream<Queue, retry_at_once>,
                          {.capacities = {1024}}});
}

} // namespace tandem::bench
