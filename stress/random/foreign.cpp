// Queues that others wrote, through the same generator: an adapter is how to push and how to pop.
#include "adapters.hpp"
#include "subjects.hpp"

#include <tandem/stress/engine/sanitizer.hpp>

#if __has_include(<boost/lockfree/queue.hpp>)
#include <boost/lockfree/queue.hpp>
#include <boost/lockfree/spsc_queue.hpp>
#define HAVE_BOOST_LOCKFREE 1
#endif
#if __has_include(<concurrentqueue/concurrentqueue.h>)
#include <concurrentqueue/concurrentqueue.h>
#define HAVE_MOODYCAMEL 1
#endif

namespace tandem::stress {

namespace {

[[maybe_unused]] scenario& add_queue(scenarios& all, char const* name, length l, queue_abilities can,
                                     queue_scenario::factory make) {
    return *all.emplace_back(
        std::make_unique<queue_scenario>(name, "foreign", l, can, queue_spec::strength::strong, std::move(make)));
}

// Structures that race as ThreadSanitizer understands races. Nothing is suppressed, so they are not run under it.
bool const under_thread_sanitizer = std::string_view(sanitizer()) == "thread";

constexpr auto push = [](auto& q, std::int64_t v) { return q.push(v); };
constexpr auto pop = [](auto& q, std::int64_t& v) { return q.pop(v); };
constexpr auto enqueue = [](auto& q, std::int64_t v) { return q.enqueue(v); };
constexpr auto try_dequeue = [](auto& q, std::int64_t& v) { return q.try_dequeue(v); };

} // namespace

void add_foreign_subjects([[maybe_unused]] scenarios& all) {
    [[maybe_unused]] constexpr queue_abilities unbounded{.batches = false, .close = false, .bounded = false};
    [[maybe_unused]] constexpr queue_abilities one_to_one{
        .batches = false, .close = false, .one_producer_one_consumer = true};
#if HAVE_BOOST_LOCKFREE
    for (auto const l : {length::brief, length::stream}) {
        if (under_thread_sanitizer) {
            break;
        }
        using queue = foreign_queue_object<boost::lockfree::queue<std::int64_t>, push, pop>;
        add_queue(all, "boost_queue", l, unbounded,
                  [](std::size_t) { return std::make_unique<queue>(std::size_t{8}); });
    }
    for (auto const l : {length::brief, length::ring, length::stream}) {
        using queue = foreign_queue_object<boost::lockfree::spsc_queue<std::int64_t>, push, pop>;
        add_queue(all, "boost_spsc_queue", l, one_to_one,
                  [](std::size_t capacity) { return std::make_unique<queue>(capacity); });
    }
#endif
#if HAVE_MOODYCAMEL
    for (auto const l : {length::brief, length::stream}) {
        if (under_thread_sanitizer) {
            break;
        }
        using queue = foreign_queue_object<moodycamel::ConcurrentQueue<std::int64_t>, enqueue, try_dequeue>;
        auto& added =
            add_queue(all, "moodycamel_queue", l, unbounded, [](std::size_t) { return std::make_unique<queue>(); });
        added.expect_within = 4;
        added.note =
            "its README says that it is not linearizable: elements of two producers may come out in either order";
    }
#endif
}

std::vector<left_out> subjects_left_out() {
    std::vector<left_out> out;
#if HAVE_BOOST_LOCKFREE
    if (under_thread_sanitizer) {
        out.push_back(
            {"boost_queue",
             "its free list reads nodes that another thread may already be writing, and discards what it read"});
    }
#else
    out.push_back({"boost_queue", "Boost.Lockfree is not installed"});
    out.push_back({"boost_spsc_queue", "Boost.Lockfree is not installed"});
#endif
#if HAVE_MOODYCAMEL
    if (under_thread_sanitizer) {
        out.push_back({"moodycamel_queue", "it orders its memory by fences, which ThreadSanitizer does not model"});
    }
#else
    out.push_back({"moodycamel_queue", "moodycamel's ConcurrentQueue is not installed"});
#endif
    return out;
}

} // namespace tandem::stress
