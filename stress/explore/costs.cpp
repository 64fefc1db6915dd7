// What calls cost, counted: the same programs of calls, in a few orders of their steps; and the longest that a call was, in all the executions
// that were looked at.

#include "../model/record_file.hpp"
#include "calls.hpp"
#include "scenario_stage.hpp"

#include <tandem/stress/explore/meter.hpp>
#include <tandem/stress/explore/search.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <exception>
#include <fstream>
#include <functional>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

using namespace tandem;
using namespace tandem::model;
using nlohmann::json;

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
constexpr std::array orders{order_of_steps{"one after the other", std::numeric_limits<std::size_t>::max()}, order_of_steps{"by turns of 8 steps", 8},
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

constexpr std::array programs{
    of<one_way<lockfree::bounded_queue<int>, 32, 8>, one_way<lockfree::bounded_queue<int>, 2, 2>>("bounded_queue", "lockfree"),
    of<one_way<locked::bounded_queue<int>, 32, 8>, one_way<locked::bounded_queue<int>, 2, 2>>("bounded_queue", "locked"),
    of<with_barrier<one_way<lockfree::spsc_queue<int>, 32, 8>>, with_barrier<one_way<lockfree::spsc_queue<int>, 3, 2>>>("spsc_queue", "lockfree"),
    of<counter_calls<lockfree::counter, 32>, counter_calls<lockfree::counter, 2>>("counter", "lockfree"),
    of<counter_calls<locked::counter, 32>, counter_calls<locked::counter, 2>>("counter", "locked"),
    of<striped_calls<lockfree::striped_counter, 32>, striped_calls<lockfree::striped_counter, 1>>("striped_counter", "lockfree"),
    of<striped_calls<locked::striped_counter, 32>, striped_calls<locked::striped_counter, 1>>("striped_counter", "locked"),
    of<rcu_calls<in_epochs, 16>, rcu_calls<in_epochs, 1>>("rcu_domain", "lockfree"),
    of<rcu_calls<behind_a_lock, 16>, rcu_calls<behind_a_lock, 1>>("rcu_domain", "locked"),
    of<with_barrier<map_calls<in_pairs, 16>>, with_barrier<map_calls<in_pairs, 1>>>("map", "lockfree"),
    of<with_barrier<map_calls<in_nodes, 16>>, with_barrier<map_calls<in_nodes, 1>>>("map", "lockfree", " in nodes"),
    of<map_calls<of_locks, 16>, map_calls<of_locks, 1>>("map", "locked"),
};

void run(scenario_stage& on, explore::chooser& choose, program const& p) {
    if (on.run(choose) == explore::execution::end::failed) {
        throw std::runtime_error(fmt::format("{} {}: {}", p.structure, p.half, on.run().failed().what));
    }
}

// Of each call, the most steps that it took.
struct longest {
    explore::meter found{};
    std::uint64_t executions = 0;
    bool exhaustive = false;
};
void search(program const& p, longest& all) {
    constexpr std::uint64_t most = 10'000;
    scenario_stage on(p.searched);
    on.run().measure(&all.found);
    explore::exhaustive_search choose;
    do {
        run(on, choose, p);
        ++all.executions;
        all.exhaustive = !choose.another();
    } while (!all.exhaustive && all.executions != most);
    for (std::uint64_t number = 1; !all.exhaustive && number != most; ++number) {
        explore::random_search any(number);
        run(on, any, p);
        ++all.executions;
    }
}

struct page {
    std::string text{};
    json rows = json::array();
};

page priced() {
    page all;
    all.text = fmt::format("{:<16} {:<9} {:<21} {:<20} {:>6} {:>6} {:>6} {:>7} {:>6} {:>6}\n", "structure", "half", "call", "order of steps", "steps",
                           "most", "locked", "misses", "allocs", "sleeps");
    for (auto const& p : programs) {
        for (auto const& order : orders) {
            auto const on = std::make_unique<scenario_stage>(p.priced);
            explore::meter counted;
            on->run().measure(&counted);
            turns choose(order.turn);
            run(*on, choose, p);
            for (auto const& [call, sum] : counted.costs()) {
                auto const each = [&, n = static_cast<double>(sum.calls)](std::uint64_t count) { return static_cast<double>(count) / n; };
                all.text += fmt::format("{:<16} {:<9} {:<21} {:<20} {:>6.2f} {:>6} {:>6.2f} {:>7.2f} {:>6.2f} {:>6.2f}\n", p.structure, p.half, p.name_of(call),
                                        order.name, each(sum.steps), sum.most_steps, each(sum.locked), each(sum.misses), each(sum.allocations),
                                        each(sum.sleeps));
                all.rows.push_back({{"structure", p.structure},
                                    {"half", p.half},
                                    {"call", p.name_of(call)},
                                    {"order", order.name},
                                    {"calls", sum.calls},
                                    {"steps", each(sum.steps)},
                                    {"most_steps", sum.most_steps},
                                    {"locked", each(sum.locked)},
                                    {"misses", each(sum.misses)},
                                    {"allocations", each(sum.allocations)},
                                    {"sleeps", each(sum.sleeps)}});
            }
        }
    }
    all.text += fmt::format("\n{:<16} {:<9} {:<21} {:>10}  {}\n", "structure", "half", "call", "most steps", "in");
    for (auto const& p : programs) {
        longest found;
        search(p, found);
        for (auto const& [call, sum] : found.found.costs()) {
            all.text += fmt::format("{:<16} {:<9} {:<21} {:>10}  {} executions{}\n", p.structure, p.half, p.name_of(call), sum.most_steps, found.executions,
                                    found.exhaustive ? ", all there are" : "");
            all.rows.push_back({{"structure", p.structure},
                                {"half", p.half},
                                {"call", p.name_of(call)},
                                {"most_steps", sum.most_steps},
                                {"executions", found.executions},
                                {"exhaustive", found.exhaustive}});
        }
    }
    return all;
}

std::string read(std::string const& file) {
    std::ifstream in(file);
    if (!in) {
        throw std::runtime_error(fmt::format("cannot read {}", file));
    }
    return {std::istreambuf_iterator<char>(in), {}};
}

// The first line that differs, of each.
std::string difference(std::string_view had, std::string_view has) {
    auto const line = [](std::string_view& text) {
        auto const end = std::min(text.find('\n'), text.size());
        auto const first = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        return first;
    };
    while (!had.empty() || !has.empty()) {
        auto const before = line(had), now = line(has);
        if (before != now) {
            return fmt::format("- {}\n+ {}\n", before, now);
        }
    }
    return {};
}

} // namespace

int main(int argc, char** argv) {
    CLI::App app{"What calls cost: steps, locked instructions, cache misses, allocations; counted, and so the same everywhere."};
    std::string file, known;
    app.add_option("--json", file, "where the results go");
    app.add_option("--same-as", known, "a page that must come out the same");
    CLI11_PARSE(app, argc, argv);
    try {
        auto const now = priced();
        if (!file.empty()) {
            write_record(file, "costs", true, now.rows);
        }
        if (known.empty()) {
            fmt::print("{}", now.text);
            return 0;
        }
        auto const other = difference(read(known), now.text);
        fmt::print("{}", other.empty() ? "the same\n" : other);
        return other.empty() ? 0 : 1;
    } catch (std::exception const& error) {
        fmt::print(stderr, "tandem_costs: {}\n", error.what());
        return 2;
    }
}
