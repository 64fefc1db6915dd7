// scenario: the scenarios of the structures that tandem_random knows.
#pragma once

#include "program.hpp"

#include <tandem/stress/engine/scenario.hpp>

#include <functional>

namespace tandem::stress {

class queue_scenario : public judged_scenario<queue_spec> {
public:
    using factory = std::function<std::unique_ptr<object>(std::size_t capacity)>;

    queue_scenario(std::string structure, std::string half, length, queue_abilities, queue_spec::strength, factory);

    std::size_t most_threads() const override { return can_.one_producer_one_consumer ? 2 : 64; }
    program random_program(dice&, std::size_t threads) const override;
    std::unique_ptr<object> make(program const&) const override;
    void finish(afterwards&) const override;
    queue_spec initial(program const&) const override;

private:
    std::string twin() const override {
        return half == "locked" ? "" : half == "lockfree" ? "locked." + structure : "locked.bounded_queue";
    }

    queue_abilities can_;
    queue_spec::strength promise_;
    factory make_;
};

class counter_scenario : public judged_scenario<counter_spec> {
public:
    using factory = std::function<std::unique_ptr<object>()>;

    counter_scenario(std::string structure, std::string half, length, factory);

    program random_program(dice&, std::size_t threads) const override;
    std::unique_ptr<object> make(program const&) const override;
    void finish(afterwards&) const override;
    counter_spec initial(program const&) const override { return {}; }

private:
    std::string twin() const override { return half == "locked" ? "" : "locked.counter"; }

    factory make_;
};

class striped_counter_scenario : public judged_scenario<striped_counter_spec> {
public:
    using factory = counter_scenario::factory;

    striped_counter_scenario(std::string structure, std::string half, length, factory);

    program random_program(dice&, std::size_t threads) const override;
    std::unique_ptr<object> make(program const&) const override;
    void finish(afterwards&) const override;
    striped_counter_spec initial(program const&) const override { return {}; }

private:
    std::string twin() const override { return half == "locked" ? "" : "locked.striped_counter"; }

    factory make_;
};

} // namespace tandem::stress
