// program: the programs for the structures that tandem_random knows.
#pragma once

#include <tandem/stress/engine/program.hpp>
#include <tandem/stress/striped_counter_spec.hpp>

namespace tandem::stress {

// What programs for a queue may contain.
struct queue_abilities {
    bool batches = true;
    bool close = true;
    bool bounded = true;
    bool one_producer_one_consumer = false;
};

program random_queue_program(dice&, length, std::size_t threads, queue_abilities const&);
program random_counter_program(dice&, length, std::size_t threads);
program random_striped_counter_program(dice&, length, std::size_t threads);

} // namespace tandem::stress
