// Both halves of tandem.
#include "adapters.hpp"
#include "subjects.hpp"

#include <tandem/locked/bounded_queue.hpp>
#include <tandem/locked/counter.hpp>
#include <tandem/locked/spsc_queue.hpp>
#include <tandem/locked/striped_counter.hpp>
#include <tandem/lockfree/bounded_queue.hpp>
#include <tandem/lockfree/counter.hpp>
#include <tandem/lockfree/spsc_queue.hpp>
#include <tandem/lockfree/striped_counter.hpp>

namespace tandem::stress {

namespace {

template <class Queue>
void add_queue(scenarios& all, std::string const& structure, std::string const& half, queue_spec::strength promise) {
    queue_abilities const can{.one_producer_one_consumer = structure == "spsc_queue"};
    for (auto const l : {length::brief, length::ring, length::stream}) {
        all.push_back(std::make_unique<queue_scenario>(
            structure, half, l, can, promise,
            [](std::size_t capacity) { return std::make_unique<bounded_queue_object<Queue>>(capacity); }));
    }
}

template <class Counter>
void add_counter(scenarios& all, std::string const& half) {
    for (auto const l : {length::brief, length::stream}) {
        all.push_back(std::make_unique<counter_scenario>("counter", half, l,
                                                         [] { return std::make_unique<counter_object<Counter>>(); }));
    }
}

template <class Counter>
void add_striped_counter(scenarios& all, std::string const& half) {
    for (auto const l : {length::brief, length::stream}) {
        all.push_back(std::make_unique<striped_counter_scenario>(
            "striped_counter", half, l, [] { return std::make_unique<striped_counter_object<Counter>>(); }));
    }
}

} // namespace

void add_own_subjects(scenarios& all) {
    add_queue<locked::bounded_queue<std::int64_t>>(all, "bounded_queue", "locked", queue_spec::strength::strong);
    add_queue<lockfree::bounded_queue<std::int64_t>>(all, "bounded_queue", "lockfree", queue_spec::strength::weak);
    add_queue<locked::spsc_queue<std::int64_t>>(all, "spsc_queue", "locked", queue_spec::strength::strong);
    add_queue<lockfree::spsc_queue<std::int64_t>>(all, "spsc_queue", "lockfree", queue_spec::strength::strong);
    add_counter<locked::counter>(all, "locked");
    add_counter<lockfree::counter>(all, "lockfree");
    add_striped_counter<locked::striped_counter>(all, "locked");
    add_striped_counter<lockfree::striped_counter>(all, "lockfree");
}

} // namespace tandem::stress
