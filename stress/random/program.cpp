#include "program.hpp"

#include "processors.hpp"

#include <array>
#include <numeric>

namespace tandem::stress {

std::size_t program::calls() const {
    return std::accumulate(lanes.begin(), lanes.end(), std::size_t{0},
                           [](std::size_t sum, auto const& lane) { return sum + lane.size(); });
}

std::size_t program::values() const {
    std::size_t sum = 0;
    for (auto const& lane : lanes) {
        for (auto const& a : lane) {
            sum += a.argument.size();
        }
    }
    return sum;
}

namespace {

// How often a program rests, and how. A gap between calls orders them in real time; no gap makes them collide.
class tempo {
public:
    tempo(dice& d, length l) : dice_(d), kind_(d.below(5)), moves_(l != length::brief && d.one_in(4)) {}

    rest next() {
        if (moves_ && dice_.one_in(256)) {
            return {rest::kind::move, static_cast<std::uint16_t>(dice_.below(allowed_processors().size()))};
        }
        switch (kind_) {
        case 1:
            return spin(2, 64);
        case 2:
            return spin(4, 1024);
        case 3:
            return dice_.one_in(4) ? rest{rest::kind::yield} : spin(2, 64);
        case 4:
            return dice_.one_in(16) ? rest{rest::kind::yield} : rest{};
        default:
            return {};
        }
    }

private:
    rest spin(std::uint64_t seldom, std::uint64_t most) {
        if (!dice_.one_in(seldom)) {
            return {};
        }
        return {rest::kind::spin, static_cast<std::uint16_t>(dice_.between(1, most))};
    }

    dice& dice_;
    std::uint64_t kind_;
    bool moves_;
};

// Chooses operations by weight.
template <std::size_t N>
std::uint32_t choose(dice& d, std::array<unsigned, N> const& weights) {
    auto left = d.below(std::accumulate(weights.begin(), weights.end(), 0U));
    std::uint32_t which = 0;
    while (left >= weights[which]) {
        left -= weights[which++];
    }
    return which;
}

std::size_t calls_of_a_lane(dice& d, length l) {
    return l == length::brief ? d.between(1, 8) : d.between(1000, 3000);
}

using queue_weights = std::array<unsigned, 6>; // in the order of queue_spec's operations

queue_weights weights_of_a_lane(dice& d, length l, std::size_t lane, queue_abilities const& can) {
    queue_weights weights{};
    if (can.one_producer_one_consumer) {
        weights[lane == 0 ? queue_spec::try_push : queue_spec::try_pop] = 1;
        return weights;
    }
    constexpr std::array<std::array<unsigned, 2>, 4> characters{{{1, 1}, {4, 1}, {1, 4}, {2, 3}}};
    auto const [push, pop] = characters[d.below(characters.size())];
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
