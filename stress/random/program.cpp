#include "program.hpp"

#include <array>

namespace tandem::stress {

namespace {

using queue_weights = std::array<unsigned, 6>; // in the order of queue_spec's operations

queue_weights weights_of_a_lane(dice& d, length l, std::size_t lane, queue_abilities const& can) {
    queue_weights weights{};
    using character = std::array<unsigned, 2>;
    constexpr std::array<character, 4> characters{{{1, 1}, {4, 1}, {1, 4}, {2, 3}}};
    auto const one_of_many = [&] { return characters[d.below(characters.size())]; };
    auto const [push, pop] = !can.one_producer_one_consumer ? one_of_many() : lane == 0 ? character{1, 0} : character{0, 1};
    weights[queue_spec::try_push] = 4 * push;
    weights[queue_spec::try_pop] = 4 * pop;
    if (can.batches && l != length::stream && d.one_in(2)) {
        weights[queue_spec::try_push_n] = 2 * push;
        weights[queue_spec::try_pop_n] = 2 * pop;
    }
    if (can.close && l == length::brief && d.one_in(4)) {
        weights[queue_spec::close] = 1;
        weights[queue_spec::is_closed] = 1;
    }
    return weights;
}

} // namespace

program random_queue_program(dice& d, length l, std::size_t threads, queue_abilities const& can) {
    program made;
    if (can.bounded && l != length::stream) {
        made.capacity = l == length::brief ? d.between(1, 4) : d.between(1, 16);
    }
    tempo pace(d, l);
    std::size_t pushed = 0;
    for (std::size_t lane = 0; lane != threads; ++lane) {
        auto const weights = weights_of_a_lane(d, l, lane, can);
        auto& steps = made.lanes.emplace_back(calls_of_a_lane(d, l));
        std::int64_t sequence = 0;
        auto const unique = [&] { return static_cast<std::int64_t>(lane + 1) << 32 | ++sequence; };
        for (auto& s : steps) {
            s.before = pace.next();
            s.operation = choose(d, weights);
            auto const n = s.operation == queue_spec::try_push     ? 1
                           : s.operation == queue_spec::try_push_n ? d.between(1, max_batch)
                                                                   : 0;
            for (std::uint64_t i = 0; i != n; ++i) {
                s.argument.push_back(unique());
            }
            if (s.operation == queue_spec::try_pop_n) {
                s.argument.push_back(static_cast<std::int64_t>(d.between(1, max_batch)));
            }
        }
        pushed += static_cast<std::size_t>(sequence);
    }
    if (can.close && l == length::ring && d.one_in(4)) { // in the last quarter, while the others go on
        auto& steps = made.lanes[d.below(threads)];
        steps[steps.size() - 1 - d.below(steps.size() / 4)] = {queue_spec::close};
    }
    if (can.bounded && l == length::stream) {
        made.capacity = pushed + 1;
        made.roomy = true;
    }
    return made;
}

program random_striped_counter_program(dice& d, length l, std::size_t threads) {
    program made;
    tempo pace(d, l);
    bool const only_grows = d.one_in(2); // sums of one thread may then not go back
    for (std::size_t lane = 0; lane != threads; ++lane) {
        std::array<unsigned, 4> weights{}; // in the order of striped_counter_spec's operations
        for (auto& w : weights) {
            w = static_cast<unsigned>(d.below(4));
        }
        weights[striped_counter_spec::add] += 1;
        if (only_grows) {
            weights[striped_counter_spec::sub] = weights[striped_counter_spec::drain] = 0;
        }
        auto& steps = made.lanes.emplace_back(calls_of_a_lane(d, l));
        for (auto& s : steps) {
            s.before = pace.next();
            s.operation = choose(d, weights);
            if (s.operation == striped_counter_spec::add || s.operation == striped_counter_spec::sub) {
                s.argument.push_back(static_cast<std::int64_t>(d.between(1, 9)));
            }
        }
    }
    return made;
}

program random_counter_program(dice& d, length l, std::size_t threads) {
    program made;
    tempo pace(d, l);
    for (std::size_t lane = 0; lane != threads; ++lane) {
        std::array<unsigned, 5> weights{}; // in the order of counter_spec's operations
        for (auto& w : weights) {
            w = static_cast<unsigned>(d.below(4));
        }
        weights[counter_spec::fetch_add] += 1;
        if (l != length::brief) { // answers that tell the number keep a long search short
            weights[counter_spec::add] = weights[counter_spec::sub] = 0;
        }
        auto& steps = made.lanes.emplace_back(calls_of_a_lane(d, l));
        for (auto& s : steps) {
            s.before = pace.next();
            s.operation = choose(d, weights);
            if (s.operation != counter_spec::load) {
                s.argument.push_back(static_cast<std::int64_t>(d.between(1, 9)));
            }
        }
    }
    return made;
}

} // namespace tandem::stress
