#include "scenario.hpp"

#include <tandem/stress/engine/crew.hpp>

namespace tandem::stress {

queue_scenario::queue_scenario(std::string s, std::string h, length l, queue_abilities can,
                               queue_spec::strength promise, factory make)
    : judged_scenario(std::move(s), std::move(h), l), can_(can), promise_(promise), make_(std::move(make)) {}

program queue_scenario::random_program(dice& d, std::size_t threads) const {
    return random_queue_program(d, kind, threads, can_);
}

std::unique_ptr<object> queue_scenario::make(program const& p) const {
    return make_(p.capacity);
}

// Whatever was pushed and not popped is still there, and nothing else is. A broken queue may never be empty.
void queue_scenario::finish(afterwards& t) const {
    auto pops = t.what().values() + 1;
    while (pops-- != 0 && t.then(queue_spec::try_pop).answer == status::success) {
    }
}

queue_spec queue_scenario::initial(program const& p) const {
    queue_spec promise;
    promise.capacity = p.roomy ? queue_spec::unbounded : p.capacity;
    promise.promise = promise_;
    promise.one_by_one = can_.one_producer_one_consumer;
    return promise;
}

counter_scenario::counter_scenario(std::string s, std::string h, length l, factory make)
    : judged_scenario(std::move(s), std::move(h), l), make_(std::move(make)) {}

program counter_scenario::random_program(dice& d, std::size_t threads) const {
    return random_counter_program(d, kind, threads);
}

std::unique_ptr<object> counter_scenario::make(program const&) const {
    return make_();
}

void counter_scenario::finish(afterwards& t) const {
    t.then(counter_spec::load);
}

striped_counter_scenario::striped_counter_scenario(std::string s, std::string h, length l, factory make)
    : judged_scenario(std::move(s), std::move(h), l), make_(std::move(make)) {}

program striped_counter_scenario::random_program(dice& d, std::size_t threads) const {
    return random_striped_counter_program(d, kind, threads);
}

std::unique_ptr<object> striped_counter_scenario::make(program const&) const {
    return make_();
}

// Quiet, so exact: whatever was lost or doubled shows.
void striped_counter_scenario::finish(afterwards& t) const {
    t.then(striped_counter_spec::sum);
    t.then(striped_counter_spec::drain);
    t.then(striped_counter_spec::sum);
}

} // namespace tandem::stress
