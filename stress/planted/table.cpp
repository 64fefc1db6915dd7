#include "table.hpp"
#include "adapters.hpp"
#include "channel.hpp"
#include "channel_scenario.hpp"
#include "deadlock.hpp"
#include "epochs.hpp"
#include "leak.hpp"
#include "lost_update.hpp"
#include "map.hpp"
#include "map_scenario.hpp"
#include "ring.hpp"
#include "striped.hpp"
#include "use_after_free.hpp"

#include <tandem/stress/engine/sanitizer.hpp>

namespace tandem::planted {

using namespace stress;

namespace {

// A queue with try_push and try_pop alone.
template <class Queue>
class queue_object : public object {
public:
    explicit queue_object(std::size_t capacity) : queue_(make(capacity)) {}

    reply perform(std::uint32_t operation, values const& argument) override {
        return operation == queue_spec::try_push ? reply{queue_.try_push(argument[0])} : popped(queue_.try_pop());
    }

private:
    static Queue make(std::size_t capacity) {
        if constexpr (std::is_constructible_v<Queue, std::size_t>) {
            return Queue(capacity);
        } else {
            return Queue();
        }
    }

    Queue queue_;
};

template <class Queue>
std::vector<std::unique_ptr<scenario>> queue(std::string const& name, bool bounded = true) {
    std::vector<std::unique_ptr<scenario>> all;
    queue_abilities const can{.batches = false, .close = false, .bounded = bounded};
    for (auto const l : {length::brief, length::ring, length::stream}) {
        all.push_back(std::make_unique<queue_scenario>(
            name, "planted", l, can, queue_spec::strength::weak,
            [](std::size_t capacity) { return std::make_unique<queue_object<Queue>>(capacity); }));
    }
    return all;
}

template <class Counter>
std::vector<std::unique_ptr<scenario>> counter(std::string const& name) {
    std::vector<std::unique_ptr<scenario>> all;
    for (auto const l : {length::brief, length::stream}) {
        all.push_back(std::make_unique<counter_scenario>(name, "planted", l,
                                                         [] { return std::make_unique<counter_object<Counter>>(); }));
    }
    return all;
}

template <class Counter>
std::vector<std::unique_ptr<scenario>> striped(std::string const& name) {
    std::vector<std::unique_ptr<scenario>> all;
    for (auto const l : {length::brief, length::stream}) {
        all.push_back(std::make_unique<striped_counter_scenario>(
            name, "planted", l, [] { return std::make_unique<striped_counter_object<Counter>>(); }));
    }
    return all;
}

// Only the last handle of an end closes.
class planted_channel : public channel_scenario {
public:
    using channel_scenario::channel_scenario;

    program random_program(dice& d, std::size_t threads) const override {
        auto p = channel_scenario::random_program(d, threads);
        for (auto& lane : p.lanes) {
            std::erase_if(lane, [](action const& a) { return a.operation == channel_spec::close; });
        }
        return p;
    }
};

template <channel_bug Bug>
std::vector<std::unique_ptr<scenario>> channel(std::string const& name) {
    std::vector<std::unique_ptr<scenario>> all;
    for (auto const l : {length::brief, length::ring}) {
        all.push_back(std::make_unique<planted_channel>(
            name, "planted", l, false, [](program const& p) -> std::unique_ptr<object> {
                using core = channel_core<of_movables::type, Bug>;
                using ends = channel_object<of_movables, basic_sender<core>, basic_receiver<core>>;
                return std::make_unique<ends>(p, make_channel<core>(p.capacity, {}));
            }));
    }
    return all;
}

template <map_bug Bug>
std::vector<std::unique_ptr<scenario>> map(std::string const& name) {
    using T = std::int64_t;
    std::vector<std::unique_ptr<scenario>> all;
    for (auto const l : {length::brief, length::ring, length::stream}) {
        all.push_back(std::make_unique<map_scenario>(name, "planted", l, [](program const& p) {
            return std::make_unique<map_object<moving_map<T, T, std::hash<T>, Bug>, T, T>>(p.capacity, 0, std::hash<T>());
        }));
    }
    return all;
}

// Stores of one thread are seen in their order by every x86 processor; others may, and need not, show the bug.
#if defined(__x86_64__)
constexpr auto by_reordering = found::never;
#else
constexpr auto by_reordering = found::either;
#endif

} // namespace

std::vector<planted_bug> table() {
    using T = std::int64_t;
    using enum found;
    std::vector<planted_bug> all;
    auto const add = [&](std::string_view name, auto scenarios, found plain, found thread, found address,
                         std::size_t threads = 0, std::uint64_t budget = 12) {
        all.push_back({name, std::move(scenarios), plain, thread, address, threads, budget});
    };
    //   bug                                                                              plain          thread  address
    add("relaxed_publish", queue<ring<T, ring_bug::relaxed_publish>>("relaxed_publish"), by_reordering, always,
        by_reordering);
    add("off_by_one_lap", queue<ring<T, ring_bug::off_by_one_lap>>("off_by_one_lap"), always, always, always);
    add("lost_update", counter<lost_update>("lost_update"), always, always, always);
    add("stores_zero", striped<stores_zero>("stores_zero"), always, always, always, 0, 100);
    add("keeps_rest", striped<keeps_rest>("keeps_rest"), always, always, always, 0, 100);
    add("tag_from_local_epoch", counter<counter_of_blocks<epoch_bug::tag_from_local_epoch>>("tag_from_local_epoch"), always,
        always, always, 4, 100);
    add("epoch_freed_one_too_early",
        counter<counter_of_blocks<epoch_bug::epoch_freed_one_too_early>>("epoch_freed_one_too_early"), always, always, always,
        0, 100);
    add("use_after_free", queue<use_after_free<T>>("use_after_free", false), never, always, always);
    add("leak", queue<leak<T, box>>("leak"), never, never, always);
    add("over_aligned_leak", queue<leak<T, over_aligned_box>>("over_aligned_leak"), never, never, always);
    add("deadlock", queue<deadlock<T>>("deadlock"), always, always, always);
    using enum channel_bug;
    add("close_without_wakeup", channel<close_without_wakeup>("close_without_wakeup"), always, always, always);
    add("notify_when_empty", channel<notify_when_empty>("notify_when_empty"), always, always, always, 4);
    add("register_after_check", channel<register_after_check>("register_after_check"), always, always, always, 0, 200);
    add("swallowed_token", channel<swallowed_token>("swallowed_token"), always, always, always, 4, 200);
    add("rest_leaked", channel<rest_leaked>("rest_leaked"), always, always, always);
    add("rest_destroyed_twice", channel<rest_destroyed_twice>("rest_destroyed_twice"), always, always, always);
    using enum map_bug;
    add("map_write_lost", map<write_lost>("map_write_lost"), always, always, always);
    add("map_came_back", map<came_back>("map_came_back"), always, always, always);
    add("map_inserted_twice", map<inserted_twice>("map_inserted_twice"), always, always, always);
    add("map_seen_twice", map<seen_twice>("map_seen_twice"), always, always, always);
    add("map_not_seen", map<not_seen>("map_not_seen"), always, always, always);
    add("map_erased_twice", map<erased_twice>("map_erased_twice"), always, always, always);
    return all;
}

found planted_bug::expected() const {
    std::string_view const with = sanitizer();
    return with == "thread" ? thread_sanitizer : with == "address" ? address_sanitizer : plain;
}

} // namespace tandem::planted
