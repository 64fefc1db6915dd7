#pragma once

// What calls cost, counted: the same programs of calls, in a few orders of their steps.

#include "../model/channel_scenarios.hpp"
#include "calls.hpp"
#include "scenario_stage.hpp"

#include <tandem/stress/explore/meter.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::model::pricing {

// Each thread in its turn takes so many steps, and sees the newest.
class turns : public explore::chooser {
public:
    explicit turns(std::size_t steps) : each_(steps), left_(steps) {}
    std::size_t thread(std::span<explore::step const> next) override {
        auto chosen = std::ranges::find(next, last_, &explore::step::by);
        if (chosen == next.end() || left_ == 0) {
            chosen = std::ranges::find_if(next, [&](explore::step const& s) { return s.by > last_; });
            chosen = chosen == next.end() ? next.begin() : chosen;
            last_ = chosen->by;
            left_ = each_;
        }
        --left_;
        return static_cast<std::size_t>(chosen - next.begin());
    }
    std::size_t outcome(std::size_t) override { return 0; }

private:
    std::size_t each_, left_;
    explore::thread last_ = 0;
};

struct order_of_steps {
    char const* name;
    std::size_t turn;
};
inline constexpr std::array orders{order_of_steps{"one after the other", std::numeric_limits<std::size_t>::max()}, order_of_steps{"by turns of 8 steps", 8},
                            order_of_steps{"by turns of a step", 1}};

struct program {
    char const* structure;
    char const* half;
    char const* form; // one of several, as an addition to the names of calls
    maker priced;     // many calls
    maker searched;   // few

    std::string name_of(std::string_view call) const { return fmt::format("{}{}", call, form); }
};
template <class Many, class Few>
constexpr program of(char const* structure, char const* half, char const* form = "") {
    return {structure, half, form, made_of_scenario<Many>, made_of_scenario<Few>};
}

using in_pairs = lockfree_map<lockfree::map<int, int>>;
using in_nodes = lockfree_map_in_nodes<lockfree::map<int, int, std::hash<int>, own_equal>>;
using of_locks = locked_map<locked::map<int, int>>;
using in_epochs = asymmetric_rcu<lockfree::rcu_domain>;
using behind_a_lock = symmetric_rcu<locked::rcu_domain>;
using in_channel = asymmetric_form<lockfree_channel>;
using in_spsc_channel = asymmetric_form<lockfree_spsc_channel>;

inline constexpr std::array programs{
    of<one_way<lockfree::bounded_queue<int>, 32, 8>, one_way<lockfree::bounded_queue<int>, 2, 2>>("bounded_queue", "lockfree"),
    of<one_way<locked::bounded_queue<int>, 32, 8>, one_way<locked::bounded_queue<int>, 2, 2>>("bounded_queue", "locked"),
    of<with_barrier<one_way<lockfree::spsc_queue<int>, 32, 8>>, with_barrier<one_way<lockfree::spsc_queue<int>, 3, 2>>>("spsc_queue", "lockfree"),
    of<one_way<locked::spsc_queue<int>, 32, 8>, one_way<locked::spsc_queue<int>, 3, 2>>("spsc_queue", "locked"),
    of<counter_calls<lockfree::counter, 32>, counter_calls<lockfree::counter, 2>>("counter", "lockfree"),
    of<counter_calls<locked::counter, 32>, counter_calls<locked::counter, 2>>("counter", "locked"),
    of<striped_calls<lockfree::striped_counter, 32>, striped_calls<lockfree::striped_counter, 1>>("striped_counter", "lockfree"),
    of<striped_calls<locked::striped_counter, 32>, striped_calls<locked::striped_counter, 1>>("striped_counter", "locked"),
    of<rcu_calls<in_epochs, 16>, rcu_calls<in_epochs, 1>>("rcu_domain", "lockfree"),
    of<rcu_calls<behind_a_lock, 16>, rcu_calls<behind_a_lock, 1>>("rcu_domain", "locked"),
    of<with_barrier<map_calls<in_pairs, 16>>, with_barrier<map_calls<in_pairs, 1>>>("map", "lockfree"),
    of<with_barrier<map_calls<in_nodes, 16>>, with_barrier<map_calls<in_nodes, 1>>>("map", "lockfree", " in nodes"),
    of<map_calls<of_locks, 16>, map_calls<of_locks, 1>>("map", "locked"),
    of<channel_waits<in_channel, 32, 8>, channel_waits<in_channel, 2, 1>>("channel", "lockfree"),
    of<channel_tries<in_channel, 32, 8>, channel_tries<in_channel, 2, 1>>("channel", "lockfree"),
    of<channel_waits<locked_channel, 32, 8>, channel_waits<locked_channel, 2, 1>>("channel", "locked"),
    of<channel_tries<locked_channel, 32, 8>, channel_tries<locked_channel, 2, 1>>("channel", "locked"),
    of<channel_waits<in_spsc_channel, 32, 8>, channel_waits<in_spsc_channel, 2, 1>>("spsc_channel", "lockfree"),
    of<channel_tries<in_spsc_channel, 32, 8>, channel_tries<in_spsc_channel, 2, 1>>("spsc_channel", "lockfree"),
    of<channel_waits<locked_spsc_channel, 32, 8>, channel_waits<locked_spsc_channel, 2, 1>>("spsc_channel", "locked"),
    of<channel_tries<locked_spsc_channel, 32, 8>, channel_tries<locked_spsc_channel, 2, 1>>("spsc_channel", "locked"),
};

inline void run(scenario_stage& on, explore::chooser& choose, program const& p) {
    if (on.run(choose) == explore::execution::end::failed) {
        throw std::runtime_error(fmt::format("{} {}: {}", p.structure, p.half, on.run().failed().what));
    }
}

// Of one program, each call in each order, as a line of the page and as what it is made of.
struct price {
    std::string structure, half, call, order;
    explore::cost sum;

    double each(std::uint64_t count) const { return static_cast<double>(count) / static_cast<double>(sum.calls); }
    std::string line() const {
        return fmt::format("{:<16} {:<9} {:<21} {:<20} {:>6.2f} {:>6} {:>6.2f} {:>7.2f} {:>6.2f} {:>6.2f}\n", structure, half, call, order, each(sum.steps),
                           sum.most_steps, each(sum.locked), each(sum.misses), each(sum.allocations), each(sum.sleeps));
    }
};
inline std::vector<price> prices_of(program const& p) {
    std::vector<price> all;
    for (auto const& order : orders) {
        auto const on = std::make_unique<scenario_stage>(p.priced);
        explore::meter counted;
        on->run().measure(&counted);
        turns choose(order.turn);
        run(*on, choose, p);
        for (auto const& [call, sum] : counted.costs()) {
            all.push_back({p.structure, p.half, p.name_of(call), order.name, sum});
        }
    }
    return all;
}

} // namespace tandem::model::pricing
