#include "table.hpp"
#include "adapters.hpp"
#include "deadlock.hpp"
#include "leak.hpp"
#include "lost_update.hpp"
#include "ring.hpp"
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
    auto const add = [&](std::string_view name, auto scenarios, found plain, found thread, found address) {
        all.push_back({name, std::move(scenarios), plain, thread, address});
    };
    //   bug                                                                              plain          thread  address
    add("relaxed_publish", queue<ring<T, ring_bug::relaxed_publish>>("relaxed_publish"), by_reordering, always,
        by_reordering);
    add("off_by_one_lap", queue<ring<T, ring_bug::off_by_one_lap>>("off_by_one_lap"), always, always, always);
    add("lost_update", counter<lost_update>("lost_update"), always, always, always);
    add("use_after_free", queue<use_after_free<T>>("use_after_free", false), never, always, always);
    add("leak", queue<leak<T, box>>("leak"), never, never, always);
    add("over_aligned_leak", queue<leak<T, over_aligned_box>>("over_aligned_leak"), never, never, always);
    add("deadlock", queue<deadlock<T>>("deadlock"), always, always, always);
    return all;
}

found planted_bug::expected() const {
    std::string_view const with = sanitizer();
    return with == "thread" ? thread_sanitizer : with == "address" ? address_sanitizer : plain;
}

} // namespace tandem::planted
